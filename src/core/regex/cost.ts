import { addAll, overlaps, setOf, type CharSet } from "./char-set.js";
import type { RegexNode } from "./node.js";

/** What a backtracking matcher may have to do with a part of an expression, from one place of the text. */
interface Effort {
  /** In how many ways the part can match there. */
  readonly ways: number;
  /** How many characters it may look at for all of them. */
  readonly steps: number;
  readonly first: CharSet;
  readonly nullable: boolean;
}

/** The most steps of matching, by an upper bound that is far above the truth for ordinary expressions. */
export interface Cost {
  /** Over all starts in a text of `length` characters, for an expression without exponential repetitions. */
  readonly steps: number;
  /** Whether the number of ways from one start does not grow with the text. */
  readonly isBounded: boolean;
}

export function costOf(node: RegexNode, length: number): Cost {
  const items = node.kind === "all" ? node.items : [node];
  const one = measure(node, setOf(), length);
  return {
    steps: Math.ceil(length / periodOf(wordAt(items, 0))) * one.steps,
    isBounded: one.ways === measure(node, setOf(), 2 * length).ways,
  };
}

/** `next`: what may stand behind the part. */
function measure(node: RegexNode, next: CharSet, length: number): Effort {
  switch (node.kind) {
    case "set":
      return { ways: 1, steps: 1, first: node.set, nullable: false };
    case "place":
      return { ways: 1, steps: 1, first: setOf(), nullable: true };
    case "group":
      return measure(node.item, next, length);
    case "all":
      return measureAll(node.items, next, length);
    case "any":
      return measureAny(node.items, next, length);
    case "repeat":
      return measureRepeat(node, next, length);
  }
}

function measureAll(items: readonly RegexNode[], next: CharSet, length: number): Effort {
  let behind = next;
  const efforts = items.toReversed().map((item) => {
    const effort = measure(item, behind, length);
    behind = effort.nullable ? union(effort.first, behind) : effort.first;
    return effort;
  });
  let ways = 1;
  let steps = 0;
  let nullable = true;
  const first = setOf();
  for (const [at, effort] of efforts.toReversed().entries()) {
    steps += ways * effort.steps;
    // A word behind a repetition of one character can stand only at every so many of the places where the repetition can end.
    const item = items[at];
    const sparse = item?.kind === "repeat" && item.item.kind === "set" ? periodOf(wordAt(items, at + 1)) : 1;
    ways *= Math.ceil(effort.ways / sparse);
    if (nullable) addAll(first, effort.first);
    nullable &&= effort.nullable;
  }
  return { ways, steps, first, nullable };
}

/** The single characters that stand from an item on. */
function wordAt(items: readonly RegexNode[], at: number): readonly CharSet[] {
  const end = items.findIndex((item, place) => place >= at && item.kind !== "set");
  return items.slice(at, end < 0 ? undefined : end).flatMap((item) => (item.kind === "set" ? [item.set] : []));
}

/** How far apart two places of a text must be, at least, at which a word stands. */
function periodOf(word: readonly CharSet[]): number {
  for (let shift = 1; shift < word.length; shift++)
    if (word.slice(shift).every((set, at) => overlaps(set, word[at] ?? set))) return shift;
  return Math.max(1, word.length);
}

function measureAny(items: readonly RegexNode[], next: CharSet, length: number): Effort {
  const efforts = items.map((item) => measure(item, next, length));
  const rivals = items.map((item, at) => 1 + items.slice(at + 1).filter((other) => canBothMatch(item, other)).length);
  return {
    ways: Math.max(...rivals) * Math.max(...efforts.map(({ ways }) => ways)),
    steps: efforts.reduce((sum, { steps }) => sum + steps, 0),
    first: efforts.map(({ first }) => first).reduce(union, setOf()),
    nullable: efforts.some(({ nullable }) => nullable),
  };
}

function measureRepeat(node: Extract<RegexNode, { readonly kind: "repeat" }>, next: CharSet, length: number): Effort {
  const { item, min, max } = node;
  const count = Math.min(max, length);
  const inner = measure(item, next, length);
  const one =
    max > 1 && !(item.kind === "set" && min === max) ? measure(item, union(next, inner.first), length) : inner;
  // Where what is repeated and what comes behind begin differently, the number of repetitions is decided by the text.
  const isOpen = min !== max && overlaps(one.first, next);
  const few = max <= 4 ? one.ways ** max : one.ways;
  // Which of the demanded ones match nothing is a choice for each.
  const empty = one.nullable && min > 1 ? 2 ** min : 1;
  return {
    ways: (isOpen ? Math.max(2, count - Math.min(min, count) + 1) : 1) * few * empty,
    steps: Math.max(1, count) * one.steps * empty,
    first: one.first,
    nullable: one.nullable || min === 0,
  };
}

/** False only for two that begin with single characters of which two at the same place differ. */
function canBothMatch(a: RegexNode, b: RegexNode): boolean {
  const [left, right] = [beginningOf(a), beginningOf(b)];
  return left.every((set, at) => overlaps(set, right[at] ?? set));
}

/** The single characters that an expression begins with, as far as they are certain. */
function beginningOf(node: RegexNode): readonly CharSet[] {
  switch (node.kind) {
    case "set":
      return [node.set];
    case "group":
      return beginningOf(node.item);
    case "repeat":
      return node.min > 0 ? beginningOf(node.item).slice(0, 1) : [];
    case "any": {
      const firsts = node.items.map((item) => beginningOf(item)[0]);
      return firsts.every((set) => set !== undefined) ? [firsts.reduce(union, setOf())] : [];
    }
    case "all": {
      const end = node.items.findIndex(({ kind }) => kind !== "set");
      const next = node.items[end];
      const word = node.items.slice(0, end < 0 ? undefined : end).flatMap(beginningOf);
      return next === undefined ? word : [...word, ...beginningOf(next).slice(0, 1)];
    }
    case "place":
      return [];
  }
}

function union(a: CharSet, b: CharSet): CharSet {
  const both = Uint8Array.from(a);
  addAll(both, b);
  return both;
}
