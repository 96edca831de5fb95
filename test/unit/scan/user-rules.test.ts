import { describe, expect, test } from "vitest";
import { isAllowlisted } from "../../../src/scan/allowlist.js";
import type { Match } from "../../../src/scan/match.js";
import { createUserRules, entropyOf, findByUserRules } from "../../../src/scan/user-rules.js";
import type { UserRuleSettings } from "../../../src/core/scan-settings.js";
import { makeAllow, makeUserRule, safeRegex } from "../../support/scan-settings.js";

function find(
  settings: readonly UserRuleSettings[],
  content: string,
  path: string | undefined = "a.txt",
): readonly Match[] {
  return findByUserRules(createUserRules(settings), { bytes: Buffer.from(content, "latin1"), path });
}

function secrets(settings: UserRuleSettings, content: string, path?: string): readonly string[] {
  return find([settings], content, path).map(({ secret }) => secret);
}

describe("a user's rule finds nothing", () => {
  test("where none of its keywords stands", () => {
    const rule = makeUserRule("[a-z]{5}", { keywords: ["acme"] });
    expect(secrets(rule, "hello world")).toEqual([]);
    expect(secrets(rule, "hello ACME world")).toEqual(["hello", "world"]);
  });

  test("in a path that it is not for, nor in a text without a path", () => {
    const rule = makeUserRule("[a-z]{5}", { path: { kind: "glob", glob: "*.env" } });
    expect(secrets(rule, "hello", "a.txt")).toEqual([]);
    expect(findByUserRules(createUserRules([rule]), { bytes: Buffer.from("hello"), path: undefined })).toEqual([]);
    expect(secrets(rule, "hello", "x/.env")).toEqual(["hello"]);
  });

  test("below its entropy", () => {
    const rule = makeUserRule("[a-z]{8}", { entropy: 2.5 });
    expect(secrets(rule, "aaaabbbb abcdefgh")).toEqual(["abcdefgh"]);
  });

  test("that its allowlist allows", () => {
    const allow = [makeAllow({ stopwords: ["example"] })];
    expect(secrets(makeUserRule("acme_[a-zA-Z]+", { allow }), "acme_MyExample acme_real")).toEqual(["acme_real"]);
    const line = [makeAllow({ regexes: [safeRegex("harmless")], target: "line" })];
    expect(secrets(makeUserRule("acme_[a-z]+", { allow: line }), "acme_a harmless\nacme_b")).toEqual(["acme_b"]);
    const whole = [makeAllow({ regexes: [safeRegex("^key=x")], target: "match" })];
    expect(secrets(makeUserRule("key=([a-z]+)", { allow: whole }), "key=xyz key=abc")).toEqual(["abc"]);
  });

  test("of the empty text, and ends", () => {
    expect(secrets(makeUserRule("a*"), "bbb")).toEqual([]);
  });
});

describe("a user's rule", () => {
  test("answers bytes, severity and rule, sorted by place over all rules", () => {
    const found = find(
      [makeUserRule("bbb", { id: "u/b", severity: "warn" }), makeUserRule("aaa", { id: "u/a" })],
      "aaa bbb aaa",
    );
    expect(found.map(({ rule, start, end, severity }) => [rule, start, end, severity])).toEqual([
      ["u/a", 0, 3, "block"],
      ["u/b", 4, 7, "warn"],
      ["u/a", 8, 11, "block"],
    ]);
    expect(found[0]).toMatchObject({ certainty: "format", name: undefined, via: [], secret: "aaa" });
  });

  test.each([
    [0, ["one"]],
    [2, ["two"]],
    [3, []],
  ])("with the group %i takes %j", (secretGroup, found) => {
    expect(
      secrets(
        makeUserRule("a(x)?(?:=)(one)?(two)?", { secretGroup: secretGroup === 0 ? 0 : secretGroup + 1 }),
        secretGroup === 0 ? "a=one" : secretGroup === 2 ? "a=two" : "a=one",
      ),
    ).toEqual(found);
  });

  test("sees what stands round its window: word edges and the ends of the text", () => {
    const pad = "-".repeat(6000);
    expect(secrets(makeUserRule(String.raw`\bacme\b`, { keywords: ["acme"] }), `${pad}xacme acme acmex${pad}`)).toEqual(
      ["acme"],
    );
    expect(secrets(makeUserRule("^acme", { keywords: ["acme"] }), `acme\nacme`)).toEqual(["acme"]);
    expect(
      find([makeUserRule("acme$", { keywords: ["acme"] })], `${pad}acme\n${pad}acme`).map(({ start }) => start),
    ).toEqual([12_005]);
  });

  test("finds every secret in a text of many windows once, wherever windows begin", () => {
    const rule = makeUserRule("acme_[0-9]{6}", { keywords: ["acme_"] });
    for (const gap of [1, 7, 100, 511, 2047, 2048, 4000]) {
      const text = Array.from({ length: 40 }, (_, at) => `acme_${String(at).padStart(6, "0")}`).join("x".repeat(gap));
      expect(secrets(rule, text)).toHaveLength(40);
      expect(secrets({ ...rule, keywords: [] }, text)).toHaveLength(40);
      expect(secrets({ ...rule, keywords: ["acme_", "00"] }, text)).toHaveLength(40);
    }
  });

  test("whose window is short finds what fits into half of it", () => {
    const rule = makeUserRule(".*key.*val", { keywords: ["key"] });
    expect(rule.regex.window).toBeLessThan(600);
    expect(secrets(rule, `${"x".repeat(5000)}\nkey ${"y".repeat(50)} val`)).toEqual([`key ${"y".repeat(50)} val`]);
  });

  test("stops at a thousand findings in one text", () => {
    expect(find([makeUserRule("aa")], "aa".repeat(5000))).toHaveLength(1000);
  });

  test("looks at bytes, so that letters beyond ASCII count as they are stored", () => {
    const bytes = Buffer.from("schlüssel=geheim");
    const [match] = findByUserRules(createUserRules([makeUserRule("schlüssel=([a-z]+)", { keywords: ["schl"] })]), {
      bytes,
      path: undefined,
    });
    expect(bytes.subarray(match?.start, match?.end).toString()).toBe("geheim");
  });
});

describe("an allowlist over all rules", () => {
  const bytes = Buffer.from("key = realsecretvalue # harmless\nnext");
  const match: Match = {
    rule: "acme/token",
    certainty: "format",
    severity: "block",
    start: 6,
    end: 21,
    secret: "realsecretvalue",
    name: undefined,
    via: [],
  };
  const isAllowed = (with_: Parameters<typeof makeAllow>[0], over: Partial<Match> = {}) =>
    isAllowlisted([makeAllow(with_)], { ...match, ...over }, { bytes, path: "src/a.ts" });

  test("never allows a value of the store", () => {
    expect(isAllowed({ stopwords: ["real"] }, { name: "db-password" })).toBe(false);
    expect(isAllowed({ stopwords: ["real"] }, { rule: "store/value" })).toBe(false);
  });

  test("that says nothing allows nothing", () => {
    expect(isAllowed({})).toBe(false);
    expect(isAllowed({ rules: ["acme/token"] })).toBe(false);
  });

  test.each([
    [{ stopwords: ["other"] }, false],
    [{ stopwords: ["secret"] }, true],
    [{ rules: ["other/*"], stopwords: ["secret"] }, false],
    [{ rules: ["acme/*"], stopwords: ["secret"] }, true],
    [{ paths: [{ kind: "glob", glob: "test/" }] }, false],
    [{ paths: [{ kind: "glob", glob: "src/" }] }, true],
    [{ paths: [{ kind: "regex", regex: safeRegex(String.raw`\.ts$`) }] }, true],
    [{ paths: [{ kind: "regex", regex: safeRegex(String.raw`^a\.ts$`) }] }, false],
    [{ regexes: [safeRegex("harmless")] }, false],
    [{ regexes: [safeRegex("harmless")], target: "line" }, true],
    [{ regexes: [safeRegex("next")], target: "line" }, false],
    [{ regexes: [safeRegex("^real")], target: "match" }, true],
    [{ paths: [{ kind: "glob", glob: "src/" }], stopwords: ["other"], all: true }, false],
    [{ paths: [{ kind: "glob", glob: "src/" }], stopwords: ["real"], all: true }, true],
  ] as const)("%j: %s", (with_, allowed) => {
    expect(isAllowed(with_)).toBe(allowed);
  });

  test("looks through a long line in windows", () => {
    const long = Buffer.from(`${"x".repeat(1500)}harmless${"y".repeat(400)}SECRET`);
    const at = { ...match, start: long.length - 6, end: long.length, secret: "SECRET" };
    const allow = [makeAllow({ regexes: [safeRegex("harm.*less|harmless")], target: "line" })];
    expect(isAllowlisted(allow, at, { bytes: long, path: undefined })).toBe(true);
  });
});

test("entropy is counted in bits a character", () => {
  expect(entropyOf("aaaa")).toBe(0);
  expect(entropyOf("abab")).toBe(1);
  expect(entropyOf("abcd")).toBe(2);
});
