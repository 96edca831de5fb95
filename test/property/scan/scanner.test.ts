import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { genericWords, judgeWord } from "../../../src/scan/generic/judge.js";
import type { Match } from "../../../src/scan/match.js";
import type { Rule } from "../../../src/scan/rule.js";
import { allRules } from "../../../src/scan/rules/all.js";
import { createScanner } from "../../../src/scan/create-scanner.js";
import { scanText } from "../../../src/scan/scanner.js";
import { decodeText } from "../../../src/scan/text.js";
import { scanSlowly } from "../../support/scan-twin.js";

const generic = { words: genericWords, judge: judgeWord };
const complete = createScanner({ rules: allRules, generic });
const runs = 300;

function literalsOf({ matcher }: Rule): readonly string[] {
  if (matcher.kind === "token") return matcher.starts;
  return matcher.kind === "anchor" ? matcher.anchors : [...matcher.words, ...(matcher.also ?? [])];
}

const examples = allRules.flatMap((rule) => rule.hits.map((hit) => hit.text()));
const glue = [
  " ",
  "\n",
  "\\n",
  "%3D",
  "=",
  ": ",
  '"',
  "'",
  "_",
  "-",
  "x",
  "/",
  "+",
  "@",
  "\0",
  "\r\n",
  "://",
  "é",
  ">",
];

/** Pieces of what the rules look for, whole, cut, in another case, encoded, and joined by what may stand between. */
const piece = fc.oneof(
  fc.constantFrom(...glue),
  fc.constantFrom(...new Set(allRules.flatMap(literalsOf))),
  fc.constantFrom(...genericWords),
  fc.constantFrom(...examples),
  fc.tuple(fc.constantFrom(...examples), fc.nat({ max: 60 })).map(([text, cut]) => text.slice(cut)),
  fc.tuple(fc.constantFrom(...examples), fc.nat({ max: 60 })).map(([text, cut]) => text.slice(0, -1 - cut)),
  fc.constantFrom(...examples).map((text) => text.toUpperCase()),
  fc.constantFrom(...examples).map((text) => Buffer.from(text).toString("base64")),
  fc.constantFrom(...examples).map((text) => Buffer.from(text).toString("hex")),
  fc.constantFrom(...examples).map(encodeURIComponent),
  fc.constantFrom(...examples).map((text) => JSON.stringify(text)),
  fc.string({ maxLength: 40 }),
);
const made = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join("")));
const random = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));
const texts = fc.oneof({ weight: 4, arbitrary: made }, { weight: 1, arbitrary: random });

function show(matches: readonly Match[]): readonly string[] {
  return matches.map(({ rule, certainty, start, end, via, secret }) =>
    [rule, certainty, start, end, via.join("+"), secret].join(" "),
  );
}

describe("a scan of any text", () => {
  test("throws nothing, answers places inside of the text, sorted, and the same each time", () => {
    fc.assert(
      fc.property(texts, (bytes) => {
        const text = decodeText(bytes, "src/settings.py");
        const found = scanText(complete, text);
        let last = 0;
        for (const { start, end } of found) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.bytes.length);
          last = start;
        }
        expect(show(scanText(complete, text))).toEqual(show(found));
      }),
      { numRuns: runs },
    );
  });

  test("finds what every rule tried at every place finds", () => {
    fc.assert(
      fc.property(
        texts,
        fc.uniqueArray(fc.constantFrom(...allRules), { minLength: 1, maxLength: 25 }),
        (bytes, rules) => {
          const text = decodeText(bytes, "src/settings.py");
          expect(show(scanText(createScanner({ rules }), text))).toEqual(show(scanSlowly(rules, text)));
        },
      ),
      { numRuns: runs },
    );
  });

  test("does not depend on where the bytes lie in memory", () => {
    fc.assert(
      fc.property(texts, fc.nat({ max: 7 }), (bytes, shift) => {
        const moved = Buffer.concat([Buffer.alloc(shift, 0x20), bytes]).subarray(shift);
        const [here, there] = [bytes, moved].map((each) => show(scanText(complete, { bytes: each, path: undefined })));
        expect(there).toEqual(here);
      }),
      { numRuns: runs },
    );
  });

  test("finds each rule's own example among any others", () => {
    for (const rule of allRules)
      for (const hit of rule.hits.slice(0, 2)) {
        const bytes = Buffer.from(hit.text());
        const text = { bytes, path: hit.path };
        expect(show(scanText(createScanner({ rules: [rule] }), text)), rule.id).toEqual(show(scanSlowly([rule], text)));
      }
  });
});
