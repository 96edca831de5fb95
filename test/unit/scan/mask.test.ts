import { array, assert, property, string, stringMatching, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { maskLine, maskSecret } from "../../../src/scan/mask.js";
import type { Match } from "../../../src/scan/match.js";

const stars = "*".repeat(20);

function match(start: number, end: number, secret: string, more: Partial<Match> = {}): Match {
  const rule = "vendor/kind";
  return { rule, certainty: "format", severity: "block", start, end, secret, name: undefined, via: [], ...more };
}

function maskIn(text: string, ...secrets: readonly string[]): string {
  const bytes = Buffer.from(text, "utf8");
  const matches = secrets.map((secret) => {
    const start = bytes.indexOf(secret);
    return match(start, start + Buffer.byteLength(secret), secret);
  });
  const [first = match(0, 0, "")] = matches;
  return maskLine(bytes, { start: 0, end: bytes.byteLength }, first, matches);
}

describe("of a secret is shown", () => {
  test.each([
    ["nothing, when it is short", "elevenchars", stars],
    ["nothing, when it is binary", "\u0001\u0002\u0003binary\u00ff\u00fe long enough", stars],
    [
      "nothing, when it is in another alphabet, of which these are the bytes",
      "p\u00c3\u00a4ssw\u00c3\u00b6rter",
      stars,
    ],
    ["the last three characters, when it is long", "twelve-chars", `${stars}ars`],
    ["the end of a key of several lines, not its line feed", "-----BEGIN X\nabc\n-----END X-----\n", `${stars}---`],
  ])("%s", (_what, secret, shown) => {
    expect(maskSecret(match(0, 1, secret))).toBe(shown);
  });

  test("nothing, when it is a value of the store", () => {
    expect(maskSecret(match(0, 1, "twelve-chars", { name: "api-key" }))).toBe(stars);
  });
});

describe("a line is shown", () => {
  test("with every secret in it masked, not only the one that it is about", () => {
    expect(maskIn("a=first-secret-1 b=second-secret-2;", "first-secret-1", "second-secret-2")).toBe(
      `a=${stars}t-1 b=${stars}t-2;`,
    );
  });

  test("with nothing of secrets that overlap, whose ends may lie within one another", () => {
    const bytes = Buffer.from("x abcdefghijklmnopqrst y");
    const [a, b] = [match(2, 16, "abcdefghijklmn"), match(10, 22, "ijklmnopqrst")];
    expect(maskLine(bytes, { start: 0, end: 24 }, a, [b, a])).toBe(`x ${stars} y`);
  });

  test("with only stars for what is encoded, of which the end says nothing and the rest may say all", () => {
    const bytes = Buffer.from("x=c2VjcmV0LXNlY3JldA== y");
    const one = match(2, 22, "secret-secret", { via: ["base64"] });
    expect(maskLine(bytes, { start: 0, end: 24 }, one, [one])).toBe(`x=${stars} y`);
  });

  test("up to its end, when the secret goes on behind it", () => {
    const text = "key: -----BEGIN\nbody\n-----END";
    const one = match(5, text.length, text.slice(5));
    expect(maskLine(Buffer.from(text), { start: 0, end: 15 }, one, [one])).toBe(`key: ${stars}`);
  });

  test("without its indentation, and cut to 160 characters with the secret among them", () => {
    expect(maskIn("    x=my-long-secret-1", "my-long-secret-1")).toBe(`x=${stars}t-1`);
    for (const [before, behind] of [
      [0, 1000],
      [1000, 0],
      [1000, 1000],
      [159, 3],
    ] as const) {
      const shown = maskIn(`${"é".repeat(before)}my-long-secret-1${"ü".repeat(behind)}`, "my-long-secret-1");
      expect(shown.length).toBeLessThanOrEqual(160);
      expect(shown).toContain(`${stars}t-1`);
      expect(shown.startsWith("…")).toBe(before > 160 || (before + behind + 23 > 160 && before > 60));
    }
  });

  test("without half a character at the cuts", () => {
    const shown = maskIn(`${"😀".repeat(500)}my-long-secret-1${"😀".repeat(500)}`, "my-long-secret-1");
    expect(Buffer.from(shown, "utf8").toString("utf8")).toBe(shown);
    expect(shown).not.toContain("\ufffd");
  });

  test("and whatever stands around, nothing of a secret but its last three characters is", () => {
    const secret = stringMatching(/^[A-Za-z0-9+=._-]{12,60}$/);
    const around = string({ unit: "binary", maxLength: 200 }).map((text) => text.replaceAll("\n", " "));
    assert(
      property(array(tuple(around, secret), { minLength: 1, maxLength: 6 }), around, (parts, tail) => {
        let bytes = Buffer.alloc(0);
        const matches = parts.map(([before, one]) => {
          const lead = Buffer.from(before, "utf8");
          const start = bytes.byteLength + lead.byteLength;
          bytes = Buffer.concat([bytes, lead, Buffer.from(one)]);
          return match(start, bytes.byteLength, one);
        });
        bytes = Buffer.concat([bytes, Buffer.from(tail, "utf8")]);
        for (const one of matches) {
          const shown = maskLine(bytes, { start: 0, end: bytes.byteLength }, one, matches);
          expect(shown.length).toBeLessThanOrEqual(160);
          const outside = parts.map(([before]) => before).join("\n") + tail + stars;
          const leaks = matches.filter(({ secret: text }) => {
            const piece = text.slice(0, 8);
            return shown.includes(piece) && !outside.includes(piece);
          });
          expect(leaks).toEqual([]);
        }
      }),
    );
  });
});
