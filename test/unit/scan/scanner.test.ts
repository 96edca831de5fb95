import { describe, expect, test } from "vitest";
import type { Matcher, Rule } from "../../../src/scan/rule.js";
import { createScanner, type ScannerOptions } from "../../../src/scan/create-scanner.js";
import { scanText } from "../../../src/scan/scanner.js";

function rule(id: string, matcher: Matcher, more: Partial<Rule> = {}): Rule {
  return {
    id,
    vendor: "v",
    title: "t",
    grants: "g",
    revoke: "r",
    certainty: "format",
    severity: "block",
    matcher,
    hits: [],
    nearMisses: [],
    ...more,
  };
}

const token = rule("v/token", { kind: "token", starts: ["tok_"], pattern: "tok_[A-Za-z0-9]{20}" });
const key = rule("v/key", { kind: "anchor", anchors: ["-----begin"], pattern: "-----BEGIN(?<secret>[a-z\\n]+)END" });
const url = rule("v/url", { kind: "anchor", anchors: ["://"], reach: 10, pattern: "[a-z]{2,9}://(?<secret>\\w+)@" });
const near = rule("v/near", { kind: "context", words: ["acme"], body: "[0-9a-f]{32}", also: ["secret", "hush"] });
const rules = [token, key, url, near];
const body = "A1b2C3d4E5f6G7h8I9j0";
const hex = "0123456789abcdef".repeat(2);

const base64 = (text: string) => Buffer.from(text, "latin1").toString("base64");
const nothing = () => [];

function found(text: string, options: Partial<ScannerOptions> = {}): readonly string[] {
  const scanner = createScanner({ rules, ...options });
  return scanText(scanner, { bytes: Buffer.from(text, "latin1"), path: "f" }).map((match) =>
    `${match.rule} ${match.start}-${match.end} ${match.secret} ${match.via.join()}`.trimEnd(),
  );
}

describe("tokens", () => {
  test.each([
    ["a letter before it", `xtok_${body}`],
    ["a digit behind it", `tok_${body}1`],
    ["another case", `TOK_${body}`],
    ["too few bytes", `tok_${body.slice(1)}`],
    ["a backslash and a letter that is no escape", `\\qtok_${body}`],
  ])("with %s it is none", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  test.each(["", " ", "_", "-", "=", "\\n", "%3D", "ä"])("it begins behind %j", (before) => {
    const at = Buffer.from(before, "latin1").length;
    expect(found(`${before}tok_${body}.`)).toEqual([`v/token ${at}-${at + 24} tok_${body}`]);
  });

  test("the check has the last word, and sees what stands around", () => {
    const seen: unknown[] = [];
    const checked = rule("v/token", token.matcher, {
      check: (secret, around) => {
        seen.push({ secret, ...around });
        return secret.endsWith("0") ? { kind: "yes", certainty: "checked", severity: "warn" } : { kind: "no" };
      },
    });
    const scanner = createScanner({ rules: [checked] });
    const text = { bytes: Buffer.from(`a tok_${body} b tok_${body.slice(1)}x c`), path: "p" };
    expect(scanText(scanner, text).map(({ certainty, severity }) => [certainty, severity])).toEqual([
      ["checked", "warn"],
    ]);
    expect(seen[0]).toEqual({ secret: `tok_${body}`, before: "a ", after: ` b tok_${body.slice(1)}x c`, path: "p" });
  });
});

describe("anchors", () => {
  test("are found in any case, their pattern only in its own", () => {
    expect(found("-----begin\nabc\nEND")).toEqual([]);
    expect(found("-----BEGIN\nabc\nEND")).toEqual(["v/key 10-15 \nabc"].map((line) => `${line}\n`.trimEnd()));
  });

  test("look back as far as they reach", () => {
    expect(found("see https://me@host")).toEqual(["v/url 12-14 me"]);
    expect(found("x://me@host")).toEqual([]);
  });
});

describe("bodies near words", () => {
  test.each([
    ["without the further word", `acme ${hex}`],
    ["without the word", `secret ${hex}`],
    ["before the word", `secret ${hex} acme`],
    ["too far behind it", `secret acme${" ".repeat(101)}${hex}`],
    ["behind a fourth line end", `secret acme\n\n\n\n${hex}`],
    ["inside a longer run", `secret acme ${hex}0`],
    ["inside a name", `secret acme x_${hex}`],
  ])("%s there is none", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  test("it is found once, near however many words", () => {
    expect(found(`hush Acme acme ACME_KEY\n\n\n= "${hex}"`)).toEqual([`v/near 29-61 ${hex}`]);
    expect(found(`acme secret\\n${hex}`)).toEqual([`v/near 13-45 ${hex}`]);
    expect(found(`secret acme${" ".repeat(100)}${hex}`)).toHaveLength(1);
  });
});

describe("a scan", () => {
  test("disabled rules find nothing, and severities can be set", () => {
    expect(found(`tok_${body}`, { disabled: new Set(["v/token"]) })).toEqual([]);
    const scanner = createScanner({ rules, severities: new Map([["v/token", "warn"]]) });
    expect(scanText(scanner, { bytes: Buffer.from(`tok_${body}`), path: undefined })[0]?.severity).toBe("warn");
  });

  test("what is encoded three times is left", () => {
    expect(found(base64(base64(base64(`x = tok_${body}`))))).toEqual([]);
  });

  test("encoded texts are scanned, and the place is that of the encoded run", () => {
    const once = base64(`x = tok_${body}; `);
    const twice = base64(`"${once}"`);
    expect(found(`data ${once} end`)).toEqual([`v/token 5-${5 + once.length} tok_${body} base64`]);
    expect(found(twice)).toEqual([`v/token 0-${twice.length} tok_${body} base64,base64`]);
  });

  test("percent and other escapes are taken off, and the place is exact", () => {
    expect(found(`a?b=tok%5F${body}&c=%20`)).toEqual([`v/token 4-30 tok_${body} percent`]);
    const line = String.raw`say "\x74\u006fk\x5f` + body + `" or not`;
    expect(found(line)).toEqual([`v/token 5-${5 + 4 + 6 + 1 + 4 + 20} tok_${body} escapes`]);
    const hexed = Buffer.from(`x tok_${body}`).toString("hex");
    expect(found(`f(${hexed})`)).toEqual([`v/token 2-${2 + hexed.length} tok_${body} hex`]);
  });

  test("the judge of words is asked at its words, and known values and user rules are asked once a text", () => {
    const asked: string[] = [];
    const judge = (text: { bytes: Buffer }, at: number, end: number) => {
      asked.push(text.bytes.toString("latin1", at, end));
      return undefined;
    };
    found("passWORD, key: acme", {
      generic: { words: ["password", "key", "acme"], judge },
      known: nothing,
      userRules: nothing,
    });
    expect(asked).toEqual(["passWORD", "key", "acme"]);
  });
});
