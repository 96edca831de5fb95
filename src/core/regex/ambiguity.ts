import { overlaps, type CharSet } from "./char-set.js";
import type { RegexNode } from "./node.js";

/** Positions of an expression and which may follow which (Glushkov's automaton), each way by itself: two ways to the same one are two. */
interface Graph {
  readonly sets: CharSet[];
  readonly follow: number[][];
  /** Ranges of positions that are repeated as a whole and hold more than one. */
  readonly loops: (readonly [from: number, to: number])[];
}

interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

const mostPositions = 2000;
const mostSteps = 500_000;
const nothing: Part = { first: [], last: [], nullable: true };

/**
 * Whether a repetition can match one text in ways whose number grows exponentially, as in `(a+)+` or `(a|a)*`: a loop that can go
 * two ways over the same text and meet again. Undefined when the expression is too large to tell.
 */
export function isExponential(node: RegexNode): boolean | undefined {
  const graph: Graph = { sets: [], follow: [], loops: [] };
  build(graph, node);
  if (graph.sets.length > mostPositions) return undefined;
  let isUnknown = false;
  for (const [from, to] of graph.loops) {
    const verdict = isAmbiguous(graph, from, to);
    if (verdict === true) return true;
    isUnknown ||= verdict === undefined;
  }
  return isUnknown ? undefined : false;
}

function build(graph: Graph, node: RegexNode): Part {
  if (graph.sets.length > mostPositions) return nothing;
  switch (node.kind) {
    case "set":
      graph.sets.push(node.set);
      graph.follow.push([]);
      return { first: [graph.sets.length - 1], last: [graph.sets.length - 1], nullable: false };
    case "place":
      return nothing;
    case "all":
      return node.items.map((item) => build(graph, item)).reduce((a, b) => join(graph, a, b), nothing);
    case "any": {
      const parts = node.items.map((item) => build(graph, item));
      return {
        first: parts.flatMap(({ first }) => first),
        last: parts.flatMap(({ last }) => last),
        nullable: parts.some(({ nullable }) => nullable),
      };
    }
    case "group":
      return build(graph, node.item);
    case "repeat":
      return buildRepeat(graph, node);
  }
}

function join(graph: Graph, a: Part, b: Part): Part {
  for (const from of a.last) graph.follow[from]?.push(...b.first);
  return {
    first: a.nullable ? [...a.first, ...b.first] : a.first,
    last: b.nullable ? [...a.last, ...b.last] : b.last,
    nullable: a.nullable && b.nullable,
  };
}

function buildRepeat(graph: Graph, { item, min, max }: Extract<RegexNode, { readonly kind: "repeat" }>): Part {
  if (max === 0) return nothing;
  const from = graph.sets.length;
  const part = build(graph, item);
  // A fixed number of one character can be matched in one way only.
  if (max > 1 && !(item.kind === "set" && min === max)) {
    for (const last of part.last) graph.follow[last]?.push(...part.first);
    if (item.kind !== "set") graph.loops.push([from, graph.sets.length]);
  }
  return { ...part, nullable: part.nullable || min === 0 };
}

function isAmbiguous({ sets, follow }: Graph, from: number, to: number): boolean | undefined {
  const inside = follow.slice(from, to).map((next) => next.filter((at) => at >= from && at < to));
  const seen = new Set<number>();
  const queue: (readonly [number, number])[] = [];
  let steps = 0;
  /** True when two ways meet; what does not meet yet is looked at later. */
  const meet = (a: readonly number[], b: readonly number[], isSame: boolean): boolean => {
    for (const [x, left] of a.entries())
      for (const right of isSame ? b.slice(x + 1) : b) {
        steps++;
        if (!overlaps(sets[left] ?? new Uint8Array(), sets[right] ?? new Uint8Array())) continue;
        if (left === right) return true;
        const key = Math.min(left, right) * mostPositions * 2 + Math.max(left, right);
        if (!seen.has(key)) queue.push([left, right]);
        seen.add(key);
      }
    return false;
  };
  for (const next of inside) if (meet(next, next, true)) return true;
  for (let pair = queue.pop(); pair !== undefined; pair = queue.pop()) {
    if (steps > mostSteps) return undefined;
    if (meet(inside[pair[0] - from] ?? [], inside[pair[1] - from] ?? [], false)) return true;
  }
  return false;
}
