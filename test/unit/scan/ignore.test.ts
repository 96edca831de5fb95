import { describe, expect, test } from "vitest";
import {
  encodeIgnore,
  findIgnore,
  fingerprintOfPath,
  type Ignore,
  ignorePath,
  isExpired,
  parseIgnore,
  readIgnores,
} from "../../../src/scan/ignore.js";
import { classifyPath } from "../../../src/core/layout.js";
import { catchError } from "../../support/errors.js";

const fingerprint = "00112233445566778899aabbccddeeff";
const at = Date.UTC(2026, 10, 25, 10);
const ignore: Ignore = {
  fingerprint,
  rule: "acme/token",
  reason: "a test key: never valid",
  by: "alice",
  at,
  until: undefined,
};
const text = `v: 1
rule: acme/token
reason: "a test key: never valid"
by: "alice"
at: 2026-11-25T10:00:00.000Z
until: never
`;

function parse(content: string | Uint8Array): Ignore {
  return parseIgnore(fingerprint, typeof content === "string" ? Buffer.from(content) : content);
}

describe("a file that accepts nothing", () => {
  test.each([
    ["an unknown key", text.replace("until:", "forever: yes\nuntil:")],
    ["an unknown key at the end", `${text}also: x\n`],
    ["a key twice", text.replace("by:", 'reason: "other"\nby:')],
    ["another order", text.replace('by: "alice"\n', "").replace("v: 1\n", 'v: 1\nby: "alice"\n')],
    ["no reason", text.replace(/reason: .*\n/, "")],
    ["an empty reason", text.replace(/reason: .*\n/, 'reason: ""\n')],
    ["a blank reason", text.replace(/reason: .*\n/, 'reason: "  "\n')],
    ["an unquoted reason", text.replace(/reason: .*\n/, "reason: because\n")],
    ["a reason of 501 characters", text.replace(/reason: .*\n/, `reason: "${"x".repeat(501)}"\n`)],
    ["a reason with a bidirectional control", text.replace(/reason: .*\n/, 'reason: "\u202ex"\n')],
    ["nobody who wrote it", text.replace(/by: .*\n/, "")],
    ["no time", text.replace(/at: .*\n/, "")],
    ["a time without milliseconds", text.replace("10:00:00.000Z", "10:00:00Z")],
    ["no end, not even never", text.replace(/until: .*\n/, "")],
    ["a rule with blanks", text.replace("acme/token", "acme token")],
    ["a newer version", text.replace("v: 1", "v: 2")],
    ["a comment", `# fine\n${text}`],
    ["carriage returns", text.replaceAll("\n", "\r\n")],
    ["no line feed at its end", text.slice(0, -1)],
    ["YAML that means the same", text.replace('"alice"', "'alice'")],
    ["nothing", ""],
  ])("has %s", (_what, content) => {
    expect(catchError(() => parse(content))).toMatchObject({ code: "config/invalid" });
  });

  test("is larger than 8 KiB, or no UTF-8", () => {
    expect(catchError(() => parse("x".repeat(9000)))).toMatchObject({ code: "config/invalid" });
    expect(catchError(() => parse(Buffer.from([0xff, 0x0a])))).toMatchObject({ code: "config/invalid" });
  });

  test("is named in the problems, and the others count all the same", () => {
    const good = ignorePath(fingerprint);
    const bad = ignorePath("f".repeat(32));
    const { byFingerprint, problems } = readIgnores([
      { path: bad, bytes: Buffer.from(`${text}x: y\n`) },
      { path: good, bytes: Buffer.from(text) },
      { path: ".secrets/scan-ignore/\u202eabc.yaml", bytes: Buffer.from(text) },
    ]);
    expect([...byFingerprint.keys()]).toEqual([fingerprint]);
    expect(problems).toEqual([
      `${bad} accepts nothing: line 7: not expected here`,
      String.raw`.secrets/scan-ignore/\u{202e}abc.yaml is not named after a finding's fingerprint`,
    ]);
  });
});

describe("an ignore", () => {
  const ignores = readIgnores([{ path: ignorePath(fingerprint), bytes: Buffer.from(text) }]);
  const leak = { fingerprint, rule: "acme/token", secret: null };

  test("never accepts a value of the store", () => {
    expect(findIgnore(ignores, { ...leak, secret: "api-key-acme" }, at)).toBeUndefined();
    const any = readIgnores([
      { path: ignorePath(fingerprint), bytes: Buffer.from(encodeIgnore({ ...ignore, rule: "store/value" })) },
    ]);
    expect(findIgnore(any, { ...leak, rule: "store/value" }, at)).toBeUndefined();
  });

  test("accepts neither another secret nor another rule", () => {
    expect(findIgnore(ignores, { ...leak, fingerprint: "f".repeat(32) }, at)).toBeUndefined();
    expect(findIgnore(ignores, { ...leak, rule: "other/rule" }, at)).toBeUndefined();
    expect(findIgnore(ignores, leak, at)).toEqual(ignore);
  });

  test("without a rule accepts every rule's finding of that fingerprint", () => {
    const any = { byFingerprint: new Map([[fingerprint, { ...ignore, rule: undefined }]]), problems: [] };
    expect(findIgnore(any, { ...leak, rule: "other/rule" }, at)).toBeDefined();
  });

  test("ends at its moment, not after it", () => {
    const ending = { ...ignore, until: at + 1 };
    expect(isExpired(ending, at)).toBe(false);
    expect(isExpired(ending, at + 1)).toBe(true);
    expect(isExpired(ignore, Number.MAX_SAFE_INTEGER)).toBe(false);
    const any = { byFingerprint: new Map([[fingerprint, ending]]), problems: [] };
    expect(findIgnore(any, leak, at + 1)).toBeUndefined();
  });

  test.each([ignore, { ...ignore, rule: undefined, until: at + 5, reason: 'with "quotes" and ü\\' }])(
    "is read back as it was written",
    (one) => {
      expect(parse(encodeIgnore(one))).toEqual(one);
    },
  );

  test("has this spelling and no other", () => {
    expect(encodeIgnore(ignore)).toBe(text);
  });

  test.each([
    ["an empty reason", { reason: " " }],
    ["a line feed", { reason: "a\nb" }],
    ["too long a reason", { reason: "x".repeat(501) }],
    ["an author with an escape", { by: "\u001b[2J" }],
  ])("is not written with %s", (_what, with_) => {
    expect(catchError(() => encodeIgnore({ ...ignore, ...with_ }))).toMatchObject({ code: "usage/invalid" });
  });
});

describe("the path of an ignore", () => {
  test.each([
    "scan-ignore/00112233445566778899aabbccddeeff.yaml",
    ".secrets/scan-ignore/00112233445566778899aabbccddeeff.yml",
    ".secrets/scan-ignore/0.yaml",
    ".secrets/scan-ignore/00112233445566778899AABBCCDDEEFF.yaml",
    ".secrets/scan-ignore/x/00112233445566778899aabbccddeeff.yaml",
  ])("is not %s", (path) => {
    expect(fingerprintOfPath(path)).toBeUndefined();
  });

  test("is one that verify lets stand below .secrets/", () => {
    expect(fingerprintOfPath(ignorePath(fingerprint))).toBe(fingerprint);
    expect(classifyPath(ignorePath(fingerprint))).toEqual({ area: "ignore" });
  });
});
