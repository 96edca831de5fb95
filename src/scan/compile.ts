import type { AnchorMatcher, ContextMatcher, Rule, TokenMatcher } from "./rule.js";
import { shapeOf } from "./pattern-shape.js";
import { buildStarts, shortestRun, type Starts } from "./starts.js";

interface Compiled {
  readonly rule: Rule;
  /** Place of the rule in the scanner's list: where a scan keeps what it remembers of it. */
  readonly index: number;
  readonly regex: RegExp;
  /** The same with places of groups, which costs more: only for what matched. */
  readonly placed: RegExp;
  /** Bytes behind the start that are enough to tell whether it matches there: 4,096 at most. */
  readonly reads: number;
}

export interface CompiledToken extends Compiled {
  readonly kind: "token";
  readonly starts: readonly Uint8Array[];
  readonly isInside: boolean;
}

export interface CompiledAnchor extends Compiled {
  readonly kind: "anchor";
  readonly reach: number;
  /** 1 for bytes that a match may hold, 2 for one that every match holds, from where it begins to where it ends; 0 for others. */
  readonly held: Uint8Array | undefined;
}

export interface CompiledContext extends Compiled {
  readonly kind: "context";
  readonly within: number;
  /** Lower case; empty where none is demanded. */
  readonly also: readonly string[];
  /** Every body holds a run of so many bytes of a run. */
  readonly run: number;
}

export type CompiledRule = CompiledToken | CompiledAnchor | CompiledContext;

/** A rule, compiled when it is tried for the first time: most texts need a few of all rules. */
export interface LazyRule {
  readonly rule: Rule;
  readonly index: number;
  compiled: CompiledRule | undefined;
}

/** Every literal that some rule begins with, in lower case, with the rules to try where it stands. */
export interface Dictionary {
  readonly literals: readonly string[];
  readonly rules: readonly (readonly LazyRule[])[];
  /** Of the rules that are not looked for by their literals, but where a run is. */
  readonly starts: Starts;
}

// What may stand beside a body: no letter, digit, `_` or `-`, unless it is the last of an escape such as `\n` or `%3D`.
const boundedBefore = String.raw`(?<=^|[^A-Za-z0-9_-]|\\[nrt]|%[0-9A-Fa-f]{2})`;
const boundedBehind = "(?![A-Za-z0-9_-])";

/** A regex sees no more of a text than this. */
const longestRead = 4_096;

function compilePattern(source: string, flags: string): Pick<Compiled, "regex" | "placed" | "reads"> {
  // One byte more tells whether a match that is at its longest goes on.
  const reads = Math.min(shapeOf(source).longest + 1, longestRead);
  return { regex: new RegExp(source, flags), placed: new RegExp(source, `${flags}d`), reads };
}

function compileToken(rule: Rule, index: number, matcher: TokenMatcher): CompiledToken {
  const starts = matcher.starts.map((start) => Uint8Array.from(Buffer.from(start, "latin1")));
  return {
    kind: "token",
    rule,
    index,
    starts,
    isInside: matcher.inside === true,
    ...compilePattern(matcher.pattern, "y"),
  };
}

/** Undefined where every match holds no byte but those of the anchors. */
function heldBytes(pattern: string, anchors: readonly string[]): Uint8Array | undefined {
  const { bytes, needs } = shapeOf(pattern);
  const held = Uint8Array.from({ length: 256 }, (_, byte) => Number((bytes >> BigInt(byte)) & 1n));
  const isNeeded = (byte: number): boolean =>
    ((needs >> BigInt(byte)) & 1n) === 1n && !anchors.some((anchor) => anchor.includes(String.fromCharCode(byte)));
  // Signs are rarer than letters and digits.
  const needed = Buffer.from("@=\"'#$%&+~;,:/").find(isNeeded);
  if (needed === undefined) return undefined;
  held[needed] = 2;
  return held;
}

// A pattern that reaches back is tried from the earliest place on, in one go. The group tells where it began.
function compileAnchor(rule: Rule, index: number, matcher: AnchorMatcher): CompiledAnchor {
  const { reach = 0, pattern, ignoreCase } = matcher;
  const source = reach === 0 ? pattern : `[^]{0,${reach}}?(?<whole>${pattern})`;
  const held = ignoreCase === true ? undefined : heldBytes(pattern, matcher.anchors);
  return { kind: "anchor", rule, index, reach, held, ...compilePattern(source, ignoreCase === true ? "yi" : "y") };
}

function compileContext(rule: Rule, index: number, matcher: ContextMatcher): CompiledContext {
  return {
    kind: "context",
    rule,
    index,
    within: matcher.within ?? 100,
    also: matcher.also ?? [],
    run: shapeOf(matcher.body).run,
    ...compilePattern(`${boundedBefore}(?:${matcher.body})${boundedBehind}`, "g"),
  };
}

/** Throws a SyntaxError for a pattern that is no regular expression. */
export function compileRule(lazy: LazyRule): CompiledRule {
  const { rule, index } = lazy;
  switch (rule.matcher.kind) {
    case "token":
      return (lazy.compiled = compileToken(rule, index, rule.matcher));
    case "anchor":
      return (lazy.compiled = compileAnchor(rule, index, rule.matcher));
    case "context":
      return (lazy.compiled = compileContext(rule, index, rule.matcher));
  }
}

function literalsOf({ matcher }: Rule): readonly string[] {
  switch (matcher.kind) {
    case "token":
      return matcher.starts;
    case "anchor":
      return matcher.anchors;
    case "context":
      return matcher.words;
  }
}

/** Makes ASCII letters small, and no others. */
export function foldLatin1(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** True for tokens that begin with a long run, as most do: there are far fewer of those in a text than of places. */
function beginsWithRun(matcher: Rule["matcher"]): matcher is TokenMatcher {
  return matcher.kind === "token" && matcher.inside !== true && shapeOf(matcher.pattern).prefix >= shortestRun;
}

/** Lists the rules' literals, with further words behind them that no rule has to know. */
export function buildDictionary(rules: readonly Rule[], words: readonly string[]): Dictionary {
  const byLiteral = new Map<string, LazyRule[]>();
  const runs: { readonly rule: LazyRule; readonly starts: readonly string[] }[] = [];
  rules.forEach((rule, index) => {
    const lazy: LazyRule = { rule, index, compiled: undefined };
    if (beginsWithRun(rule.matcher)) {
      runs.push({ rule: lazy, starts: rule.matcher.starts });
      return;
    }
    for (const literal of new Set(literalsOf(rule).map(foldLatin1))) {
      const others = byLiteral.get(literal);
      if (others === undefined) byLiteral.set(literal, [lazy]);
      else others.push(lazy);
    }
  });
  for (const word of words) if (!byLiteral.has(word)) byLiteral.set(word, []);
  return { literals: [...byLiteral.keys()], rules: [...byLiteral.values()], starts: buildStarts(runs) };
}
