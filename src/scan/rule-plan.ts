import { shapeOf } from "./pattern-shape.js";
import type { AnchorMatcher, ContextMatcher, Matcher, Rule, TokenMatcher } from "./rule.js";
import { shortestRun } from "./long-runs.js";

interface Planned {
  readonly id: string;
  readonly source: string;
  readonly flags: string;
  /** Bytes behind the start that are enough to tell whether it matches there: 4,096 at most. */
  readonly reads: number;
}

export interface TokenPlan extends Planned {
  readonly kind: "token";
  readonly starts: readonly string[];
  readonly isInside: boolean;
  /** It begins with a long run, as most tokens do: there are far fewer of those in a text than of places. */
  readonly isRun: boolean;
}

export interface AnchorPlan extends Planned {
  readonly kind: "anchor";
  readonly anchors: readonly string[];
  readonly reach: number;
  /** A digit for each byte: 1 for those that a match may hold, 2 for one that every match holds, from where it begins to where it ends; 0 for others. */
  readonly held: string | undefined;
}

export interface ContextPlan extends Planned {
  readonly kind: "context";
  readonly words: readonly string[];
  readonly within: number;
  /** Lower case; empty where none is demanded. */
  readonly also: readonly string[];
  /** Every body holds a run of so many bytes of a run. */
  readonly run: number;
}

/** All that a scan needs of a rule until one of its places matches: plain data, so that the rules themselves need not be loaded for it. */
export type RulePlan = TokenPlan | AnchorPlan | ContextPlan;

// What may stand beside a body: no letter, digit, `_` or `-`, unless it is the last of an escape such as `\n` or `%3D`.
const boundedBefore = String.raw`(?<=^|[^A-Za-z0-9_-]|\\[nrt]|%[0-9A-Fa-f]{2})`;
const boundedBehind = "(?![A-Za-z0-9_-])";

/** A regex sees no more of a text than this. */
const longestRead = 4_096;

// One byte more tells whether a match that is at its longest goes on.
function readsOf(source: string): number {
  return Math.min(shapeOf(source).longest + 1, longestRead);
}

function planToken(id: string, { starts, pattern, inside }: TokenMatcher): TokenPlan {
  const isInside = inside === true;
  const isRun = !isInside && shapeOf(pattern).prefix >= shortestRun;
  return { kind: "token", id, starts, isInside, isRun, source: pattern, flags: "y", reads: readsOf(pattern) };
}

/** Undefined where every match holds no byte but those of the anchors. */
function heldBytes(pattern: string, anchors: readonly string[]): string | undefined {
  const { bytes, needs } = shapeOf(pattern);
  const isNeeded = (byte: number): boolean =>
    ((needs >> BigInt(byte)) & 1n) === 1n && !anchors.some((anchor) => anchor.includes(String.fromCharCode(byte)));
  // Signs are rarer than letters and digits.
  const needed = Buffer.from("@=\"'#$%&+~;,:/").find(isNeeded);
  if (needed === undefined) return undefined;
  const kindOf = (byte: number): string => (byte === needed ? "2" : String((bytes >> BigInt(byte)) & 1n));
  return Array.from({ length: 256 }, (_, byte) => kindOf(byte)).join("");
}

// A pattern that reaches back is tried from the earliest place on, in one go. The group tells where it began.
function planAnchor(id: string, { anchors, reach = 0, pattern, ignoreCase }: AnchorMatcher): AnchorPlan {
  const source = reach === 0 ? pattern : `[^]{0,${reach}}?(?<whole>${pattern})`;
  const held = ignoreCase === true ? undefined : heldBytes(pattern, anchors);
  return {
    kind: "anchor",
    id,
    anchors,
    reach,
    held,
    source,
    flags: ignoreCase === true ? "yi" : "y",
    reads: readsOf(source),
  };
}

function planContext(id: string, { words, body, within = 100, also = [] }: ContextMatcher): ContextPlan {
  const source = `${boundedBefore}(?:${body})${boundedBehind}`;
  const { run } = shapeOf(body);
  return { kind: "context", id, words, within, also, run, source, flags: "g", reads: readsOf(source) };
}

/** Works out how a rule is looked for. A pattern that is no regular expression is found out where it is first tried. */
export function planRule({ id, matcher }: Pick<Rule, "id" | "matcher">): RulePlan {
  switch (matcher.kind) {
    case "token":
      return planToken(id, matcher);
    case "anchor":
      return planAnchor(id, matcher);
    case "context":
      return planContext(id, matcher);
  }
}

/** The literals that are looked for, as the rule has them. */
export function literalsOf(matcher: Matcher): readonly string[] {
  switch (matcher.kind) {
    case "token":
      return matcher.starts;
    case "anchor":
      return matcher.anchors;
    case "context":
      return matcher.words;
  }
}
