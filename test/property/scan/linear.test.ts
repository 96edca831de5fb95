import { describe, expect, test } from "vitest";
import { genericWords, judgeWord } from "../../../src/scan/generic/judge.js";
import type { Rule } from "../../../src/scan/rule.js";
import { allRules } from "../../../src/scan/rules/all.js";
import { createScanner } from "../../../src/scan/create-scanner.js";
import { scanText, type Scanner } from "../../../src/scan/scanner.js";

// Time cannot be tested, work can: whatever a regular expression or a check may see is first copied out of the text, so what is
// copied bounds what they do. Twice the text must not copy more than twice as much.

interface Work {
  readonly slices: number;
  readonly bytes: number;
}

// Of each kind the most that one rule may copy for a byte of a text made for it. Each slice is looked at once, in at most 4,096 ways
// (test/unit/scan/rules/table.test.ts); so this is a rule's budget of time, in work.
const budgets: Readonly<Record<Rule["matcher"]["kind"], number>> = { token: 500, anchor: 560, context: 80 };

/** Scans and counts what was copied out of the text. */
function measureWork(scanner: Scanner, content: string): Work {
  const bytes = Buffer.from(content, "latin1");
  let slices = 0;
  let copied = 0;
  const toString = bytes.toString.bind(bytes);
  bytes.toString = (encoding, start = 0, end = bytes.length) => {
    slices++;
    copied += Math.max(0, end - start);
    return toString(encoding, start, end);
  };
  scanText(scanner, { bytes, path: "src/settings.py" });
  return { slices, bytes: copied };
}

function repeated(unit: string, size: number): string {
  return unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
}

function literalsOf({ matcher }: Rule): readonly string[] {
  if (matcher.kind === "token") return matcher.starts;
  return matcher.kind === "anchor" ? matcher.anchors : matcher.words;
}

const scanner = createScanner({ rules: allRules, generic: { words: genericWords, judge: judgeWord } });
const size = 6_000;
// A byte of a text is copied for a few attempts of at most 4,096 bytes each, never for all that came before it.
const mostCopies = 4_096;

function expectLinear(unit: string): void {
  const once = measureWork(scanner, repeated(unit, size));
  const twice = measureWork(scanner, repeated(unit, 2 * size));
  const label = JSON.stringify(unit);
  expect(twice.slices, label).toBeLessThanOrEqual(2.3 * once.slices + 20);
  // At the end of a text less is left to copy.
  const missing = ((once.slices * mostCopies) / size) * (mostCopies / 2);
  expect(twice.bytes, label).toBeLessThanOrEqual(2.3 * once.bytes + missing + 20 * mostCopies);
  expect(once.bytes, label).toBeLessThanOrEqual(mostCopies * size);
}

describe("work grows with the text and no faster", () => {
  test.each([
    "=",
    "\"'`",
    '{"a":"',
    '\\"',
    "a://b:c@",
    "x",
    "A",
    "\\",
    "%41",
    "\\u0041",
    "password='",
    'key("',
    "\n",
    "<password>",
  ])("for nothing but %j", (unit) => {
    expectLinear(unit);
  });

  test("for any rule's beginning or word, again and again", () => {
    for (const literal of new Set(allRules.flatMap(literalsOf))) expectLinear(literal);
  });

  test("for any rule's own example, again and again", () => {
    for (const rule of allRules) expectLinear(`${rule.hits[0]?.text() ?? rule.id}\n`);
  });
});

test("each rule alone stays within its budget", () => {
  const short = 1_500;
  for (const rule of allRules) {
    const alone = createScanner({ rules: [rule] });
    const units = [...literalsOf(rule).slice(0, 2), `${rule.hits[0]?.text() ?? rule.id}\n`];
    const worst = Math.max(...units.map((unit) => measureWork(alone, repeated(unit, short)).bytes));
    expect([rule.id, worst <= budgets[rule.matcher.kind] * short]).toEqual([rule.id, true]);
  }
});

/** How many bytes it reads of a text, at most, at one of fifty places of its words. */
function readsOf(content: string): number {
  let reads = 0;
  const bytes = new Proxy(Buffer.from(content, "latin1"), {
    get: (target, key) => {
      if (typeof key === "string" && /^\d+$/.test(key)) reads++;
      const found: unknown = Reflect.get(target, key, target);
      return typeof found === "function" ? found.bind(target) : found;
    },
  });
  const places = [...content.matchAll(/key|pass|token|auth|secret/g)];
  expect(places.length).toBeGreaterThan(50);
  const chosen = places.filter((_, at) => at % Math.floor(places.length / 50) === 0);
  return Math.max(
    ...chosen.map(({ index, 0: word }) => {
      reads = 0;
      judgeWord({ bytes, path: "src/settings.py" }, index, index + word.length);
      return reads;
    }),
  );
}

describe("the judge of names and values", () => {
  const most = 4_096;

  const units = [
    "key:",
    "key=[",
    'password="',
    "password=='",
    "auth=(",
    "token={{",
    "key\\\\=",
    "set token ",
    "secret: |\n ",
    "//key=",
    "pass",
  ];
  test.each(units)("reads no more than is round each word, in nothing but %j", (unit) => {
    expect(readsOf(repeated(unit, 60_000))).toBeLessThanOrEqual(most);
  });
});
