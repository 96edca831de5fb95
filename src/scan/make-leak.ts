import { fingerprintOf } from "./fingerprint.js";
import type { Leak } from "./leak.js";
import { maskLine, maskSecret } from "./mask.js";
import type { Match, ScanText } from "./match.js";
import type { Place, Places } from "./place.js";
import type { Certainty } from "./rule.js";

/** What is known of the text beside its bytes. */
export interface LeakOrigin {
  /** As it is shown, of a file or of what it is otherwise: `commit message`. Untrusted. */
  readonly shown: string;
  readonly blob: string | null;
  readonly commits: readonly string[];
  /** Where the text begins, when it is a later part of a large file. */
  readonly begin: Place;
}

export interface LeakContext {
  readonly text: ScanText;
  readonly places: Places;
  /** All matches in the text, those that are no findings too: they are masked. */
  readonly matches: readonly Match[];
  readonly origin: LeakOrigin;
  readonly titleOf: (rule: string) => string | undefined;
  readonly fingerprintKey: string;
}

/** A finding as it may be shown: where, what and why, and nothing of the secret. */
export function makeLeak(match: Match, context: LeakContext): Leak {
  const { text, places, matches, origin, titleOf } = context;
  const from = places.place(match.start);
  const to = places.place(match.end);
  const start = moveBy(origin.begin, from);
  const end = moveBy(origin.begin, to);
  return {
    path: origin.shown,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    rule: match.rule,
    title: titleOf(match.rule) ?? match.rule,
    severity: match.severity,
    certainty: match.certainty,
    secret: match.name ?? null,
    masked: maskSecret(match),
    excerpt: maskLine(text.bytes, places.line(from.line), match, matches),
    why: `${reasons[match.certainty]}${match.via.length === 0 ? "" : `, behind ${match.via.join(" in ")}`}`,
    via: match.via,
    fingerprint: fingerprintOf(context.fingerprintKey, match),
    blob: origin.blob,
    commits: origin.commits,
    pushed: false,
  };
}

const reasons: Readonly<Record<Certainty, string>> = {
  known: "it is a value of this repository's store",
  checked: "it has the form, and what is built in to check it is right",
  format: "nothing else has this form",
  context: "it has the form, and stands where the name says so",
  likely: "it is named like a secret and looks random",
  possible: "it is named like a secret",
};

/** The place in the whole of a place in a part that begins at `begin`. */
export function moveBy(begin: Place, { line, column }: Place): Place {
  return line === 1 ? { line: begin.line, column: begin.column + column - 1 } : { line: begin.line + line - 1, column };
}
