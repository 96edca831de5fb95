import { describe, expect, test } from "vitest";
import { builtRules } from "../../../src/scan/built-rules.js";
import { createScanner } from "../../../src/scan/create-scanner.js";
import { genericWords, judgeWord } from "../../../src/scan/generic/judge.js";
import { prepareRules } from "../../../src/scan/prepare.js";
import { countPrepared, decodePrepared, encodePrepared } from "../../../src/scan/prepared-bytes.js";
import type { Rule } from "../../../src/scan/rule.js";
import { allRules } from "../../../src/scan/rules/all.js";
import { addRules, openScanner, scanText, tryScanText, type LazyScanner } from "../../../src/scan/scanner.js";

const generic = { words: genericWords, judge: judgeWord };
const bytes = builtRules();

function decoded(from: Uint8Array = bytes) {
  const prepared = decodePrepared(from);
  if (prepared === undefined) throw new Error("nothing was decoded");
  return prepared;
}

function textOf(content: string) {
  return { bytes: Buffer.from(content, "latin1"), path: "src/settings.ts" };
}

const anyRule = allRules.find(({ id }) => id === "github/personal-access-token");
const example = anyRule?.hits[0]?.text() ?? "";

describe("kept bytes are none of ours", () => {
  test.each([
    ["nothing", new Uint8Array()],
    ["less than a lead", bytes.subarray(0, 60)],
    ["bytes of another byte order", Buffer.concat([Buffer.from([1, 2, 3, 4]), bytes.subarray(4)])],
  ])("where they are %s", (_, given) => {
    expect(countPrepared(given)).toBeUndefined();
    expect(decodePrepared(given)).toBeUndefined();
  });

  test("where one is missing or one too many", () => {
    expect(decodePrepared(bytes.subarray(0, -1))).toBeUndefined();
    expect(decodePrepared(Buffer.concat([bytes, Buffer.alloc(1)]))).toBeUndefined();
  });
});

function open(): LazyScanner {
  return openScanner(decoded(), { generic });
}

describe("a scanner without its rules", () => {
  test("does not answer where one of them has to look, not even inside of base64", () => {
    expect(tryScanText(open(), textOf(example))).toBeUndefined();
    expect(tryScanText(open(), textOf(Buffer.from(example).toString("base64")))).toBeUndefined();
  });

  test("refuses others, be they more or in another order", () => {
    expect(() => addRules(open(), allRules.slice(1))).toThrow(RangeError);
    const turned = addRules(open(), allRules.toReversed());
    expect(() => scanText(turned, textOf(example))).toThrow(RangeError);
  });

  test("answers by itself where none of them matches: nothing, or what a name gives away", () => {
    expect(tryScanText(open(), textOf("const token = read(key);"))).toEqual([]);
    const value = ["q8Zr", "3kVx", "71Lm", "Tw0p"].join("");
    const found = tryScanText(open(), textOf(`password = "${value}"`));
    expect(found?.map(({ rule }) => rule)).toEqual(["generic/password"]);
  });

  test("asks none that is disabled", () => {
    const off = openScanner(decoded(), { disabled: new Set([anyRule?.id ?? ""]) });
    expect(tryScanText(off, textOf(example))).toEqual([]);
  });
});

function examples({ hits, nearMisses }: Rule): readonly string[] {
  return [...hits.slice(0, 1), ...nearMisses.slice(0, 1)].map(({ text }) => text());
}

describe("rules that were kept as bytes", () => {
  test("are those that are prepared anew, to the last byte", () => {
    const kept = decoded();
    expect(Buffer.compare(encodePrepared(kept), bytes)).toBe(0);
    expect(kept.ruleCount).toBe(allRules.length);
    const { planOf, words } = prepareRules(allRules, genericWords);
    expect(allRules.map((_, rule) => kept.planOf(rule))).toEqual(allRules.map((_, rule) => planOf(rule)));
    expect(kept.words.literals.map(String)).toEqual(words.literals.map(String));
  });

  test.each([1, 2])("are read wherever they lie in memory (%i)", (shift) => {
    const room = new Uint8Array(bytes.length + 4);
    room.set(bytes, shift);
    const kept = decoded(room.subarray(shift, shift + bytes.length));
    expect(Buffer.compare(encodePrepared(kept), bytes)).toBe(0);
  });

  test("find what the others find, in an example of every rule and in what comes close", () => {
    const whole = createScanner({ rules: allRules, generic });
    const kept = addRules(openScanner(decoded(), { generic }), allRules);
    for (const text of allRules.flatMap(examples))
      expect(scanText(kept, textOf(text)), text).toEqual(scanText(whole, textOf(text)));
  });

  test("may be none", () => {
    const none = openScanner(decoded(encodePrepared(prepareRules([], []))), {});
    expect(tryScanText(none, textOf(example))).toEqual([]);
  });
});
