import { didYouMean } from "../../core/did-you-mean.js";
import { fail } from "../../core/errors.js";
import { maskLine } from "../../scan/mask.js";
import { createPlaces } from "../../scan/place.js";
import type { Certainty, Example, Matcher, Rule, ScanSeverity } from "../../scan/rule.js";
import { allRules } from "../../scan/rules/all.js";
import { createScanner } from "../../scan/create-scanner.js";
import { scanText } from "../../scan/scanner.js";
import { storeRules } from "../../scan/store/store-rules.js";
import { decodeText } from "../../scan/text.js";

/** One kind of finding, as a list shows it. */
export interface RuleFacts {
  readonly id: string;
  readonly vendor: string;
  readonly title: string;
  readonly severity: ScanSeverity;
  readonly certainty: Certainty;
}

export interface ExplainedRule extends RuleFacts {
  /** What somebody who has such a secret can do. */
  readonly grants: string;
  readonly revoke: string;
  /** How it is found, one line. */
  readonly how: string;
  /** Texts in which it finds something, with the secret masked. */
  readonly examples: readonly string[];
}

const inGeneral = {
  vendor: "any",
  grants: "does what the account it belongs to may do",
  revoke: "where it was made; what it was is not known",
  examples: [],
} as const;

// What is found by other means than the table of rules.
const otherRules: readonly ExplainedRule[] = [
  ...storeRules.map((rule): ExplainedRule => ({ ...rule, vendor: "gitseal", examples: [] })),
  ...(
    [
      ["generic/password", "a password that a name gives away"],
      ["generic/secret", "a secret that a name gives away"],
      ["generic/key", "a key that a name gives away"],
    ] as const
  ).map(([id, title]): ExplainedRule => ({
    ...inGeneral,
    id,
    title,
    severity: "block",
    certainty: "likely",
    how: "by the name that it is assigned to, that it is a literal and no reference, and how rare its letters are; blocks when all of them speak for it, else warns",
  })),
];

/** Every kind of finding that needs no settings of a user, by id. */
export function listRules(): readonly RuleFacts[] {
  return [...otherRules, ...allRules]
    .map(({ id, vendor, title, severity, certainty }) => ({ id, vendor, title, severity, certainty }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** What is known of one rule. Throws `usage/invalid` for an id that no rule has. */
export function explainRule(id: string): ExplainedRule {
  const other = otherRules.find((rule) => rule.id === id);
  if (other !== undefined) return other;
  const rule = allRules.find((one) => one.id === id);
  if (rule !== undefined) return explain(rule);
  const hint = didYouMean(
    listRules().map((one) => one.id),
    id,
  );
  return fail("usage/invalid", "no rule has this id", { hint: hint ?? "list them with: secrets scan rules" });
}

const mostExamples = 3;

function explain(rule: Rule): ExplainedRule {
  const { id, vendor, title, severity, certainty, grants, revoke, matcher, hits } = rule;
  const examples = hits.slice(0, mostExamples).flatMap((hit) => maskExample(rule, hit));
  return { id, vendor, title, severity, certainty, grants, revoke, how: describe(matcher), examples };
}

function describe(matcher: Matcher): string {
  switch (matcher.kind) {
    case "token":
      return `begins with ${listWords(matcher.starts)} and has the form ${matcher.pattern}`;
    case "anchor":
      return `at ${listWords(matcher.anchors)} in any case, with the form ${matcher.pattern}`;
    case "context":
      return `behind a word with ${listWords(matcher.words)} in it, with the form ${matcher.body}`;
  }
}

const mostWords = 6;

function listWords(words: readonly string[]): string {
  const shown = words.slice(0, mostWords).join(", ");
  return words.length > mostWords ? `${shown} or one of ${words.length - mostWords} more` : shown;
}

// The example itself is never shown: copied somewhere, it would be a finding.
function maskExample(rule: Rule, { text, path }: Example): readonly string[] {
  const decoded = decodeText(Buffer.from(text(), "latin1"), path);
  const matches = scanText(createScanner({ rules: [rule] }), decoded);
  const [first] = matches;
  if (first === undefined) return [];
  const places = createPlaces(decoded.bytes);
  return [maskLine(decoded.bytes, places.line(places.place(first.start).line), first, matches)];
}
