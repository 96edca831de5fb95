import type { PreparedRules } from "./prepare.js";
import type { RulePlan } from "./rule-plan.js";
import type { Starts } from "./starts.js";

// A lead of numbers: one that tells the byte order of the machine that wrote, how many rules there are, the size in bytes of each
// array. Then the arrays, those of the widest numbers first so that all are aligned.
const order = 0x01020304;
const arrayCount = 14;
const leadSize = 4 * (2 + arrayCount);

function endsOf(parts: readonly { readonly length: number }[]): Int32Array {
  let end = 0;
  return Int32Array.from(parts, ({ length }) => (end += length));
}

/** Prepared rules as bytes, to be made when the program is built: preparing them takes longer than all else that a start does. */
export function encodePrepared(prepared: PreparedRules): Uint8Array {
  const { ruleCount, planOf, words, firstRule, rulesOf, isJudged, lengths, starts } = prepared;
  const plans = Array.from({ length: ruleCount }, (_, rule) =>
    Buffer.from(JSON.stringify(planOf(rule) ?? null), "utf8"),
  );
  const triples = Int32Array.from(starts.byTriple.keys());
  const lists = [...starts.byTriple.values()];
  const wide = [words.filter, words.entries, starts.filter, triples, endsOf(lists), endsOf(plans)];
  const halves = [words.heads, firstRule, rulesOf, Uint16Array.from(lists.flat())];
  const octets = [isJudged, lengths, Buffer.concat(words.literals), Buffer.concat(plans)];
  const parts = [...wide, ...halves, ...octets].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  const lead = Int32Array.from([order, ruleCount, ...parts.map(({ length }) => length)]);
  return Buffer.concat([Buffer.from(lead.buffer), ...parts]);
}

/** How many rules were prepared; undefined for bytes that a machine of another byte order wrote, or that are none of ours. */
export function countPrepared(bytes: Uint8Array): number | undefined {
  if (bytes.length < leadSize) return undefined;
  const [mark, count] = new Int32Array(Uint8Array.from(bytes.subarray(0, leadSize)).buffer);
  return mark === order ? count : undefined;
}

/** What {@link encodePrepared} wrote, without a copy; undefined where {@link countPrepared} is, and for bytes that are cut off. */
export function decodePrepared(bytes: Uint8Array): PreparedRules | undefined {
  const ruleCount = countPrepared(bytes);
  if (ruleCount === undefined) return undefined;
  const { buffer, byteOffset } = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  const sizes = new Int32Array(buffer, byteOffset + 8, arrayCount);
  if (leadSize + sizes.reduce((sum, size) => sum + size, 0) !== bytes.length) return undefined;
  let field = 0;
  let at = byteOffset + leadSize;
  const next = (): readonly [start: number, size: number] => {
    const size = sizes[field++] ?? 0;
    at += size;
    return [at - size, size];
  };
  const words = (): Int32Array => {
    const [start, size] = next();
    return new Int32Array(buffer, start, size / 4);
  };
  const halves = (): Uint16Array => {
    const [start, size] = next();
    return new Uint16Array(buffer, start, size / 2);
  };
  const octets = (): Uint8Array => {
    const [start, size] = next();
    return new Uint8Array(buffer, start, size);
  };
  // In the order in which they were written.
  const [filter, entries, startFilter, triples, listEnds, planEnds] = [
    words(),
    words(),
    words(),
    words(),
    words(),
    words(),
  ];
  const [heads, firstRule, rulesOf, lists] = [halves(), halves(), halves(), halves()];
  const [isJudged, lengths, literals, plans] = [octets(), octets(), octets(), octets()];
  return {
    ruleCount,
    planOf: (rule) => planIn(plans, planEnds, rule),
    words: { filter, heads, entries, literals: cut(literals, lengths) },
    firstRule,
    rulesOf,
    isJudged,
    lengths,
    starts: { filter: startFilter, byTriple: listsOf(triples, listEnds, lists) },
  };
}

function planIn(plans: Uint8Array, ends: Int32Array, rule: number): RulePlan {
  const start = rule === 0 ? 0 : (ends[rule - 1] ?? 0);
  const text = Buffer.from(plans.buffer, plans.byteOffset + start, (ends[rule] ?? 0) - start).toString("utf8");
  return JSON.parse(text) as RulePlan;
}

function cut(bytes: Uint8Array, lengths: Uint8Array): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; i < lengths.length; i++) {
    const end = at + (lengths[i] ?? 0);
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}

function listsOf(triples: Int32Array, ends: Int32Array, rules: Uint16Array): Starts["byTriple"] {
  const lists = new Map<number, readonly number[]>();
  let at = 0;
  for (let i = 0; i < triples.length; i++) {
    const end = ends[i] ?? 0;
    lists.set(triples[i] ?? 0, [...rules.subarray(at, end)]);
    at = end;
  }
  return lists;
}
