import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { compileRegex, type SafeRegex } from "../../../../src/core/regex/compile.js";

function compile(text: string): SafeRegex {
  const compiled = compileRegex(text);
  if ("problem" in compiled) throw new Error(compiled.problem);
  return compiled;
}

function problemOf(text: string): string | undefined {
  const compiled = compileRegex(text);
  return "problem" in compiled ? compiled.problem : undefined;
}

/** All that an expression matches in a text, as bytes. */
function matches(text: string, subject: string): readonly string[] {
  const bytes = Buffer.from(subject, "utf8").toString("latin1");
  return Array.from(bytes.matchAll(new RegExp(compile(text).source, "g")), ([found]) =>
    Buffer.from(found, "latin1").toString("utf8"),
  );
}

describe("an expression that could run for hours is refused", () => {
  test.each([
    "(a+)+",
    "(a+)+$",
    "(a|a)*b",
    "(a*)*",
    "(?:a|ab|b)*c",
    "(x+x+)+y",
    String.raw`(?:\w+\s?)*=`,
    String.raw`^(([a-z])+.)+[A-Z]([a-z])+$`,
    "(?:(?:a|b)+)+c",
    "(?:[0-9]+[0-9]*)*x",
    "((a{1,9}){1,9}){1,9}b",
    "(?:.*a){12}",
    "(?:a?){30}a{30}",
    `${"a?".repeat(40)}${"a".repeat(40)}`,
    "[a-z]*[a-y]*[a-x]*;",
    ".*a.*b.*c",
    "a{0,100}a{0,100}a{0,100}b",
    "[0-9a-z]{0,50}[a-z]{0,50}[a-f]{0,50}z",
    String.raw`\w{0,200}\w{0,200}\d`,
  ])("%s", (text) => {
    expect(problemOf(text)).toMatch(/repetition/);
  });
});

describe("an expression whose time grows with the text alone is taken", () => {
  test.each([
    ["(?:ab|ac)+x", 4096],
    [String.raw`"(?:[^"\\]|\\.)*"`, 4096],
    [String.raw`\b((?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b`, 4096],
    [String.raw`(?i)-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----[\s\S-]{64,}?KEY(?: BLOCK)?-----`, 4096],
    [String.raw`(?:[0-9a-f]{4}-){3}[0-9a-f]{4}`, 4096],
    ["acme_[a-z0-9]{20}", 4096],
    [".{0,80}token.{0,80}=.{0,80}['\"]$", 4096],
    [String.raw`\b[A-Za-z0-9+/]{40}\b`, 4096],
    [".*a.*b", 256],
    ["(?:a?)*a*", 256],
  ])("%s, over %i bytes at once", (text, window) => {
    expect(compile(text).window).toBe(window);
  });

  test("also the one that gitleaks finds generic keys with, over few bytes at once", () => {
    const text = String.raw`(?i)[\w.-]{0,50}?(?:access|auth|(?-i:[Aa]pi|API)|credential|creds|key|passw(?:or)?d|secret|token)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([\w.=-]{10,150}|[a-z0-9][a-z0-9+/]{11,}={0,3})(?:[\x60'"\s;]|\\[nr]|$)`;
    expect(compile(text).window).toBe(256);
    expect(compile(text).words).toEqual([
      "access",
      "auth",
      "api",
      "credential",
      "creds",
      "key",
      "passw",
      "secret",
      "token",
    ]);
    expect(new RegExp(compile(text).source).exec(`my_API_key = "abcdefghij0123"`)?.[1]).toBe("abcdefghij0123");
  });
});

describe("what RE2 does not have, or bytes cannot express, is said", () => {
  test.each([
    ["", "it is empty"],
    ["(?=a)b", "it has lookahead or lookbehind, which RE2 does not have"],
    ["(?<!a)b", "it has lookahead or lookbehind, which RE2 does not have"],
    ["(?>a)b", "it has an atomic group, which RE2 does not have"],
    ["(?#x)", "it has an unknown kind of group"],
    [String.raw`(a)\1`, "it has a backreference, which RE2 does not have"],
    [String.raw`\pL`, String.raw`it has a Unicode class (\p): write the ASCII characters`],
    [String.raw`[\p{Greek}]`, String.raw`it has a Unicode class (\p): write the ASCII characters`],
    ["[é]", "it has a character beyond ASCII in [ ]: write it as an alternative"],
    ["[[:word:][:nope:]]", "it has an unknown class [: :]"],
    [String.raw`\y`, String.raw`it has the escape \y, which is not known`],
    ["\\", "it has a backslash at the end"],
    ["a**", "it has a repetition of a repetition, such as a** or a++, which RE2 does not have"],
    ["a++", "it has a repetition of a repetition, such as a** or a++, which RE2 does not have"],
    ["a{2}{3}", "it has a repetition of a repetition, such as a** or a++, which RE2 does not have"],
    ["a{1001}", "it has a repetition of more than 1000"],
    ["a{3,2}", "it has a repetition whose bounds are the wrong way round"],
    ["*a", "it has nothing stands before *"],
    ["^*", "it has a repetition of what matches no character"],
    ["[b-a]", "it has a range in [ ] that is the wrong way round"],
    ["[a", "it has a [ without its ]"],
    ["(a", "it has a ( without its )"],
    ["a)", "it has an unexpected )"],
    [String.raw`\x{110000}`, "it has a code point beyond Unicode"],
    ["(".repeat(60) + ")".repeat(60), "it has groups inside groups, more than 50 deep"],
    ["a".repeat(8001), "it is longer than 8000 characters"],
  ])("%s", (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });
});

describe("an expression means what it means in Go", () => {
  test.each<readonly [string, string, readonly string[]]>([
    ["(?i)abc", "ABC abc aBc", ["ABC", "abc", "aBc"]],
    ["a(?i)b(?-i)c", "aBc aBC abc", ["aBc", "abc"]],
    ["(?i:a)b", "Ab aB AB", ["Ab"]],
    ["(a(?i)b)c", "aBc aBC", ["aBc"]],
    ["(?i)[a-c]+", "aBCd", ["aBC"]],
    ["(?i)[^a]+", "aAb", ["b"]],
    ["a.c", "a\rc a\nc", ["a\rc"]],
    ["(?s)a.c", "a\nc", ["a\nc"]],
    ["^a", "a\na", ["a"]],
    ["(?m)^a$", "a\na\rb\na", ["a", "a"]],
    ["a$", "a\na", ["a"]],
    [String.raw`\Aa|b\z`, "aab\nb", ["a", "b"]],
    [String.raw`\bfoo\b`, "foo food xfoo foo", ["foo", "foo"]],
    [String.raw`o\B`, "fo of", ["o"]],
    [String.raw`\s`, "\t\n\v\f\r \u00a0", ["\t", "\n", "\f", "\r", " "]],
    [String.raw`[[:upper:]][[:^alpha:]]`, "A1 AB", ["A1"]],
    [String.raw`[\w-]+`, "a-b c", ["a-b", "c"]],
    [String.raw`[]a]+`, "]a", ["]a"]],
    [String.raw`[^]a]+`, "]ab", ["b"]],
    ["[a-]+", "a-b", ["a-"]],
    [String.raw`\Qa.b*\E+`, "a.b** aab", ["a.b**"]],
    [String.raw`\x41\x{42}\103\n`, "ABC\n", ["ABC\n"]],
    ["(?P<k>a)(?<l>b)", "ab", ["ab"]],
    ["a{,2}", "a{,2} aa", ["a{,2}"]],
    ["a{2,}b?", "aaab a", ["aaab"]],
    ["(?U)a+", "aaa", ["a", "a", "a"]],
    ["a+?", "aa", ["a", "a"]],
    ["ü+", "xüü", ["üü"]],
    ["a|b|", "ab", ["a", "b", ""]],
    ["a{0}b", "ab", ["b"]],
    [String.raw`\/\-\.\@`, "/-.@", ["/-.@"]],
  ])("%s in %j", (text, subject, found) => {
    expect(matches(text, subject)).toEqual(found);
  });

  test("with the numbers of its groups", () => {
    const { source, groups } = compile("(a)(?:b)(?P<name>c(d))");
    expect(groups).toBe(3);
    expect([...(new RegExp(source).exec("abcd") ?? [])]).toEqual(["abcd", "a", "cd", "d"]);
  });
});

describe("the words that every match holds", () => {
  test.each([
    ["acme_[a-z0-9]{20}", ["acme_"]],
    ["(?i)Secret[0-9]", ["secret"]],
    ["(foo|barbar)[0-9]", ["foo", "barbar"]],
    ["(foo|b)[0-9]", []],
    ["(foo)?x", []],
    ["(?:foo)+x", ["foo"]],
    ["ab[0-9]longer", ["longer"]],
    ["[0-9a-f]{32}", []],
  ])("of %s are %j", (text, words) => {
    expect(compile(text).words).toEqual(words);
  });
});

describe("any text at all", () => {
  test("is refused with a problem or becomes an expression that JavaScript takes", () => {
    const piece = constantFrom(
      "a",
      "b",
      "(",
      ")",
      "[",
      "]",
      "*",
      "+",
      "?",
      "|",
      "{2,3}",
      "{5,}",
      "\\",
      "\\w",
      "^",
      "$",
      ".",
      "(?i)",
      "(?:",
      "-",
      "é",
    );
    assert(
      property(array(piece, { maxLength: 12 }), (pieces) => {
        const compiled = compileRegex(pieces.join(""));
        if (!("problem" in compiled)) expect(() => new RegExp(compiled.source, "g")).not.toThrow();
      }),
      { numRuns: 1500 },
    );
  });
});
