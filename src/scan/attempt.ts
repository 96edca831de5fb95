import {
  compilePlan,
  disabledRule,
  type CompiledAnchor,
  type CompiledContext,
  type CompiledRule,
  type CompiledToken,
} from "./compile.js";
import type { Match } from "./match.js";
import type { Rule, Verdict } from "./rule.js";
import type { RulePlan } from "./rule-plan.js";
import { findRun } from "./runs.js";
import { runBytes } from "./long-runs.js";
import { foldLatin1 } from "./text.js";

/** The rules of a scanner. */
export interface RuleBook {
  readonly planOf: (rule: number) => RulePlan | undefined;
  /** Of those that were tried so far: most texts need a few of all rules. */
  readonly compiled: (CompiledRule | undefined)[];
  /** The rules themselves, in the same order; undefined as long as they are not loaded. */
  readonly rules: readonly Rule[] | undefined;
}

/** What one scan of one text knows and has found. */
export interface Attempts {
  readonly book: RuleBook;
  readonly bytes: Buffer;
  readonly path: string | undefined;
  readonly found: Match[];
  /** For each rule, the place before which it is not tried again. */
  readonly triedTo: Int32Array;
  /** Something matched, and the rule that has to look closer at it is not loaded. */
  isShort: boolean;
}

const around = 200;
const mostLineEnds = 3;
const shortestRun = 16;
const latestRun = 64;

const isAlphanumeric = new Uint8Array(256);
const isTokenByte = new Uint8Array(256);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") {
  isAlphanumeric[character.charCodeAt(0)] = 1;
  isTokenByte[character.charCodeAt(0)] = 1;
}
isTokenByte[0x5f] = 1;
isTokenByte[0x2d] = 1;

/** A letter is no neighbour of a token where it ends an escape: `\n`, `\t`, `%3D`. */
function endsEscape(bytes: Buffer, at: number): boolean {
  const byte = bytes[at - 1] ?? 0;
  if (bytes[at - 2] === 0x5c) return byte === 0x6e || byte === 0x72 || byte === 0x74;
  return bytes[at - 3] === 0x25 && /^[0-9A-Fa-f]{2}$/.test(bytes.toString("latin1", at - 2, at));
}

function isBoundedBefore(bytes: Buffer, at: number): boolean {
  return at === 0 || isAlphanumeric[bytes[at - 1] ?? 0] === 0 || endsEscape(bytes, at);
}

function isBoundedBehind(bytes: Buffer, end: number): boolean {
  return end >= bytes.length || isAlphanumeric[bytes[end] ?? 0] === 0;
}

/** True when a run of 16 token bytes begins at most 64 bytes behind the start. */
function hasTokenRun(bytes: Buffer, start: number): boolean {
  const last = Math.min(bytes.length, start + latestRun + shortestRun);
  let run = 0;
  for (let at = start; at < last; at++) {
    run = isTokenByte[bytes[at] ?? 0] === 1 ? run + 1 : 0;
    if (run === shortestRun) return true;
  }
  return false;
}

function isAt(bytes: Buffer, at: number, start: Uint8Array): boolean {
  for (let i = 0; i < start.length; i++) if (bytes[at + i] !== start[i]) return false;
  return true;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where in a slice the secret is, given that the regex matches at `lastIndex`. */
function secretSpan(placed: RegExp, slice: string, lastIndex: number): Span | undefined {
  placed.lastIndex = lastIndex;
  const match = placed.exec(slice);
  const indices = match?.indices;
  const place = indices?.groups?.["secret"] ?? indices?.groups?.["whole"] ?? indices?.[0];
  return place === undefined ? undefined : { start: place[0], end: place[1] };
}

/** Throws a RangeError where the rules are not those of the plans: none may pass for another one. */
function judge(attempts: Attempts, { index, id }: CompiledToken | CompiledAnchor | CompiledContext, span: Span): void {
  const { bytes, path, found } = attempts;
  const rule = attempts.book.rules?.[index];
  if (rule === undefined) {
    attempts.isShort = true;
    return;
  }
  if (rule.id !== id) throw new RangeError("the scanner was prepared from other rules");
  const secret = bytes.toString("latin1", span.start, span.end);
  const verdict: Verdict = rule.check?.(secret, {
    before: bytes.toString("latin1", Math.max(0, span.start - around), span.start),
    after: bytes.toString("latin1", span.end, Math.min(bytes.length, span.end + around)),
    path,
  }) ?? { kind: "yes", certainty: rule.certainty, severity: rule.severity };
  if (verdict.kind === "no" || span.end <= span.start) return;
  const { certainty, severity } = verdict;
  found.push({ rule: rule.id, certainty, severity, ...span, secret, name: undefined, via: [] });
}

function mayBeToken(bytes: Buffer, token: CompiledToken, at: number): boolean {
  if (!token.starts.some((start) => isAt(bytes, at, start))) return false;
  return (token.isInside || isBoundedBefore(bytes, at)) && hasTokenRun(bytes, at);
}

function tryToken(attempts: Attempts, token: CompiledToken, at: number): void {
  const { bytes } = attempts;
  // A token holds no second one of its own kind; what begins inside is not tried, so repetitions cost nothing.
  if (at < (attempts.triedTo[token.index] ?? 0) || !mayBeToken(bytes, token, at)) return;
  const slice = bytes.toString("latin1", at, Math.min(bytes.length, at + token.reads));
  token.regex.lastIndex = 0;
  const match = token.regex.exec(slice);
  if (match === null) return;
  const end = at + match[0].length;
  if (!token.isInside && !isBoundedBehind(bytes, end)) return;
  const span = match.groups === undefined ? { start: 0, end: match[0].length } : secretSpan(token.placed, slice, 0);
  if (span === undefined) return;
  attempts.triedTo[token.index] = end;
  judge(attempts, token, { start: at + span.start, end: at + span.end });
}

/** True when a byte that every match holds stands before the anchor, or behind it with nothing between that no match holds. */
function mayHold(bytes: Buffer, held: Uint8Array, from: number, at: number, to: number): boolean {
  const end = Math.min(to, bytes.length);
  for (let i = at; i < end; i++) {
    const kind = held[bytes[i] ?? 0];
    if (kind === 2) return true;
    if (kind === 0) break;
  }
  for (let i = from; i < at; i++) if (held[bytes[i] ?? 0] === 2) return true;
  return false;
}

function tryAnchor(attempts: Attempts, anchor: CompiledAnchor, at: number): void {
  const { bytes } = attempts;
  if (at < (attempts.triedTo[anchor.index] ?? 0)) return;
  const from = Math.max(0, at - anchor.reach);
  if (anchor.held !== undefined && !mayHold(bytes, anchor.held, from, at, at + anchor.reads)) return;
  const slice = bytes.toString("latin1", from, Math.min(bytes.length, at + anchor.reads));
  anchor.regex.lastIndex = 0;
  const match = anchor.regex.exec(slice);
  if (match === null || from + match[0].length <= at) return;
  attempts.triedTo[anchor.index] = from + match[0].length;
  const span = match.groups === undefined ? { start: 0, end: match[0].length } : secretSpan(anchor.placed, slice, 0);
  if (span !== undefined) judge(attempts, anchor, { start: from + span.start, end: from + span.end });
}

/** Where the last body behind a word may begin: `within` bytes on, and not behind the fourth line end. */
function lastBegin(bytes: Buffer, end: number, within: number): number {
  const last = Math.min(bytes.length, end + within);
  let lines = 0;
  for (let at = end; at < last; at++) if (bytes[at] === 0x0a && ++lines > mostLineEnds) return at;
  return last;
}

/** Looks for bodies that begin at `from` or later and not behind `to`. Answers where the last one ends. */
function findBodies(attempts: Attempts, context: CompiledContext, from: number, to: number): number {
  const { bytes } = attempts;
  const { regex, reads, run } = context;
  const end = Math.min(bytes.length, to + reads);
  if (run > 0 && findRun(bytes, runBytes, run, from, end) < 0) return from;
  const sliceFrom = Math.max(0, from - 3);
  const slice = bytes.toString("latin1", sliceFrom, end);
  regex.lastIndex = from - sliceFrom;
  let behind = from;
  for (let match = regex.exec(slice); match !== null; match = regex.exec(slice)) {
    const start = sliceFrom + match.index;
    if (start > to) break;
    const next = Math.max(regex.lastIndex, match.index + 1);
    behind = sliceFrom + next;
    const span = match.groups === undefined ? undefined : secretSpan(context.placed, slice, match.index);
    const secret = span ?? { start: match.index, end: match.index + match[0].length };
    if (hasAlso(bytes, context, start))
      judge(attempts, context, { start: sliceFrom + secret.start, end: sliceFrom + secret.end });
    regex.lastIndex = next;
  }
  return behind;
}

function hasAlso(bytes: Buffer, { also }: CompiledContext, start: number): boolean {
  if (also.length === 0) return true;
  const before = foldLatin1(bytes.toString("latin1", Math.max(0, start - around), start));
  return also.some((word) => before.includes(word));
}

/** Tries a rule behind one of its words, which ends before `end`, except where it was tried for an earlier word. */
function tryContext(attempts: Attempts, context: CompiledContext, end: number): void {
  const { triedTo } = attempts;
  const from = Math.max(end, triedTo[context.index] ?? 0);
  const last = lastBegin(attempts.bytes, end, context.within);
  if (last < from) return;
  triedTo[context.index] = Math.max(last + 1, findBodies(attempts, context, from, last));
}

function compile({ planOf, compiled }: RuleBook, index: number): CompiledRule {
  const plan = planOf(index);
  const rule = plan === undefined ? disabledRule : compilePlan(plan, index);
  compiled[index] = rule;
  return rule;
}

/** Tries a rule at one of its literals, which stands, in some case, from `at` up to `end`. The places of a rule grow from call
 * to call. */
export function tryRule(attempts: Attempts, index: number, at: number, end: number): void {
  const rule = attempts.book.compiled[index] ?? compile(attempts.book, index);
  switch (rule.kind) {
    case "token":
      tryToken(attempts, rule, at);
      return;
    case "anchor":
      tryAnchor(attempts, rule, at);
      return;
    case "context":
      tryContext(attempts, rule, end);
      return;
    case "disabled":
      return;
  }
}
