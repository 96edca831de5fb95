import type { AnchorMatcher, ContextMatcher, Rule, TokenMatcher } from "./rule.js";
import { foldedByte } from "./words.js";

interface Compiled {
  readonly rule: Rule;
  /** Place of the rule in the scanner's list: where a scan keeps what it remembers of it. */
  readonly index: number;
  readonly regex: RegExp;
  /** The same with places of groups, which costs more: only for what matched. */
  readonly placed: RegExp;
}

export interface CompiledToken extends Compiled {
  readonly kind: "token";
  readonly starts: readonly Uint8Array[];
  readonly isInside: boolean;
}

export interface CompiledAnchor extends Compiled {
  readonly kind: "anchor";
  readonly reach: number;
}

export interface CompiledContext extends Compiled {
  readonly kind: "context";
  readonly within: number;
  /** Lower case; empty where none is demanded. */
  readonly also: readonly string[];
}

export type CompiledRule = CompiledToken | CompiledAnchor | CompiledContext;

/** Every literal that some rule begins with, in lower case, with the rules to try where it stands. */
export interface Dictionary {
  readonly literals: readonly string[];
  readonly rules: readonly (readonly CompiledRule[])[];
}

// What may stand beside a body: no letter, digit, `_` or `-`, unless it is the last of an escape such as `\n` or `%3D`.
const boundedBefore = String.raw`(?<=^|[^A-Za-z0-9_-]|\\[nrt]|%[0-9A-Fa-f]{2})`;
const boundedBehind = "(?![A-Za-z0-9_-])";

function compilePair(source: string, flags: string): { readonly regex: RegExp; readonly placed: RegExp } {
  return { regex: new RegExp(source, flags), placed: new RegExp(source, `${flags}d`) };
}

function compileToken(rule: Rule, index: number, matcher: TokenMatcher): CompiledToken {
  const starts = matcher.starts.map((start) => Uint8Array.from(Buffer.from(start, "latin1")));
  const pair = compilePair(matcher.pattern, "y");
  return { kind: "token", rule, index, starts, isInside: matcher.inside === true, ...pair };
}

// A pattern that reaches back is tried from the earliest place on, in one go. The group tells where it began.
function compileAnchor(rule: Rule, index: number, matcher: AnchorMatcher): CompiledAnchor {
  const { reach = 0, pattern, ignoreCase } = matcher;
  const source = reach === 0 ? pattern : `[^]{0,${reach}}?(?<whole>${pattern})`;
  return { kind: "anchor", rule, index, reach, ...compilePair(source, ignoreCase === true ? "yi" : "y") };
}

function compileContext(rule: Rule, index: number, matcher: ContextMatcher): CompiledContext {
  const pair = compilePair(`${boundedBefore}(?:${matcher.body})${boundedBehind}`, "g");
  return { kind: "context", rule, index, within: matcher.within ?? 100, also: matcher.also ?? [], ...pair };
}

function compileRule(rule: Rule, index: number): CompiledRule {
  switch (rule.matcher.kind) {
    case "token":
      return compileToken(rule, index, rule.matcher);
    case "anchor":
      return compileAnchor(rule, index, rule.matcher);
    case "context":
      return compileContext(rule, index, rule.matcher);
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

export function foldLatin1(text: string): string {
  return Buffer.from(Buffer.from(text, "latin1").map((byte) => foldedByte[byte] ?? byte)).toString("latin1");
}

/** Compiles the rules and lists their literals, with further words behind them that no rule has to know. */
export function compileRules(rules: readonly Rule[], words: readonly string[]): Dictionary {
  const byLiteral = new Map<string, CompiledRule[]>();
  rules.forEach((rule, index) => {
    const compiled = compileRule(rule, index);
    for (const literal of new Set(literalsOf(rule).map(foldLatin1)))
      byLiteral.set(literal, [...(byLiteral.get(literal) ?? []), compiled]);
  });
  for (const word of words) if (!byLiteral.has(word)) byLiteral.set(word, []);
  return { literals: [...byLiteral.keys()], rules: [...byLiteral.values()] };
}
