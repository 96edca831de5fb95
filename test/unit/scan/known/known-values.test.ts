import { describe, expect, test } from "vitest";
import { buildKnownValues, findKnownValues } from "../../../../src/scan/known/known-values.js";
import { decodeText } from "../../../../src/scan/text.js";
import { createDice } from "../../../support/known-cases.js";

const dice = createDice(31);
const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const value = `K7'"${dice.text(letters, 24)}\\&%x$9`;
const known = buildKnownValues([{ name: "db/password", value: Buffer.from(value) }]);

function find(text: string | Buffer, among = known): readonly (readonly [string, string])[] {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  return findKnownValues(among, bytes).map(({ start, end, via }) => [
    bytes.subarray(start, end).toString("latin1"),
    via.join(" "),
  ]);
}

function pemOf(lines: number): readonly string[] {
  return Array.from({ length: lines }, () => dice.text(`${letters}+/`, 64));
}

describe("what is not a value of the store is not found", () => {
  test.each([
    ["a text without it", "password = hunter2"],
    ["all of it but the last byte", value.slice(0, -1)],
    ["all of it but the first byte", value.slice(1)],
    ["it in another case", value.toUpperCase()],
    [
      "its base64 with one character changed",
      Buffer.from(value).toString("base64").replace(/.$/m, "~").replace("S", "T"),
    ],
    ["nothing", ""],
    ["three bytes", "abc"],
  ])("%s", (_what, text) => {
    expect(find(text)).toEqual([]);
  });

  test("an empty store finds nothing", () => {
    expect(find(value, buildKnownValues([]))).toEqual([]);
  });
});

describe("a match", () => {
  test("carries the name and never the value", () => {
    const [match] = findKnownValues(known, Buffer.from(`x = ${value};`));
    expect(match).toEqual({
      rule: "store/value",
      certainty: "known",
      severity: "block",
      start: 4,
      end: 4 + value.length,
      secret: "",
      name: "db/password",
      via: [],
    });
  });

  test("is found at every alignment in memory, and at both ends of the text", () => {
    for (let shift = 0; shift < 16; shift++) {
      const bytes = Buffer.concat([Buffer.alloc(shift, "."), Buffer.from(value)]);
      expect(findKnownValues(known, bytes).map(({ start }) => start)).toEqual([shift]);
      expect(findKnownValues(known, bytes.subarray(shift)).map(({ start }) => start)).toEqual([0]);
    }
  });

  test("goes by the first of several names with one value, and is found once for several versions of one text", () => {
    const both = buildKnownValues([
      { name: "b", value: Buffer.from(value) },
      { name: "a", value: Buffer.from(`${value}\n`) },
    ]);
    expect(both.values).toBe(1);
    expect(findKnownValues(both, Buffer.from(value)).map(({ name }) => name)).toEqual(["a"]);
  });

  test("covers the longer of two values, where one is a part of the other", () => {
    const both = buildKnownValues([
      { name: "part", value: Buffer.from(value.slice(4, 20)) },
      { name: "whole", value: Buffer.from(value) },
    ]);
    const found = findKnownValues(both, Buffer.from(`${value} ${value.slice(4, 20)}`));
    expect(found.map(({ name }) => name)).toEqual(["whole", "part"]);
  });

  test("stands for each place: twice on a line is two", () => {
    expect(find(`a=${value}&b=${value}`)).toHaveLength(2);
  });
});

describe("an encoding is taken off", () => {
  const bytes = Buffer.from(value);
  const hex = bytes.toString("hex");
  test.each([
    ["base64", "base64", bytes.toString("base64")],
    ["base64 with something before it", "base64", Buffer.from(`user:${value}:x`).toString("base64")],
    [
      "base64 of UTF-16, as PowerShell takes commands",
      "base64 utf-16le",
      Buffer.from(`$p='${value}'`, "utf16le").toString("base64"),
    ],
    ["hex", "hex", hex],
    ["hex in capitals", "hex", hex.toUpperCase()],
    ["hex with colons", "hex", hex.replaceAll(/..(?=.)/g, "$&:")],
    ["hex with spaces", "hex", hex.replaceAll(/..(?=.)/g, "$& ")],
    ["an array of numbers", "bytes", JSON.stringify([...bytes]).slice(1, -1)],
    ["an array of numbers for people", "bytes", [...bytes].join(", ")],
    ["percent-encoding", "percent", encodeURIComponent(value)],
    ["JSON", "escapes", JSON.stringify(value).slice(1, -1)],
    ["C, all of it", "escapes", [...bytes].map((byte) => String.raw`\x${byte.toString(16)}`).join("")],
    ["HTML", "html", value.replaceAll("&", "&amp;").replaceAll("'", "&apos;").replaceAll('"', "&quot;")],
    ["quotes of the shell", "shell", value.replaceAll("'", String.raw`'\''`)],
    ["quotes of SQL", "doubled", value.replaceAll("'", "''")],
  ])("%s", (_what, via, text) => {
    const found = find(`before "${text}" behind`);
    expect(found.map(([, encodings]) => encodings)).toEqual([via]);
    // Where the characters round it belong to the encoding too, the match may be shorter than the whole.
    expect(text).toContain(found[0]?.[0]);
  });

  test("two of them, one in the other", () => {
    const marks = buildKnownValues([{ name: "marks", value: Buffer.from("x9???k2???m4??q?") }]);
    const text = Buffer.from("a=x9???k2???m4??q?").toString("base64");
    expect(find(text.replaceAll("/", String.raw`\/`), marks).map(([, via]) => via)).toEqual(["escapes base64"]);
    expect(find(encodeURIComponent(text), marks).map(([, via]) => via)).toEqual(["percent base64"]);
  });

  test("of a value with spaces, as forms send them", () => {
    const phrase = buildKnownValues([{ name: "phrase", value: Buffer.from("tmb vdq 7xk & zpw") }]);
    expect(find("a=tmb+vdq+7xk+%26+zpw", phrase)).toEqual([["tmb+vdq+7xk+%26+zpw", "percent form"]]);
  });

  test.each([
    ["at 64", 64, "\n"],
    ["at 76 with CRLF", 76, "\r\n"],
    ["at 20 and indented", 20, "\n        "],
    ["at 9", 9, "\n"],
    ["in parts joined by plus signs", 16, '" +\n   "'],
    ["in strings that follow each other", 16, '"\n   "'],
  ])("base64 in lines %s", (_what, width, between) => {
    const whole = Buffer.from(`${"a".repeat(40)}${value}${"b".repeat(70)}`).toString("base64");
    const text = whole.replaceAll(new RegExp(`.{${width}}`, "g"), (line) => line + between);
    expect(find(text).map(([, via]) => via)).toEqual(["line-breaks base64"]);
  });

  test("UTF-16 inside a file of bytes", () => {
    expect(find(Buffer.from(`\u0101${value}`, "utf16le")).map(([, via]) => via)).toEqual(["utf-16le"]);
    expect(find(Buffer.from(`\u0101${value}`, "utf16le").swap16()).map(([, via]) => via)).toEqual(["utf-16be"]);
  });

  test("text of the upper half of Latin-1, written as bytes of either encoding", () => {
    const umlauts = buildKnownValues([{ name: "u", value: Buffer.from("pä55wörd-Ünklar") }]);
    expect(find(Buffer.from("x pä55wörd-Ünklar", "latin1"), umlauts)).toHaveLength(1);
    expect(find(String.raw`"p\xe455w\xf6rd-\xdcnklar"`, umlauts)).toHaveLength(1);
    expect(find(String.raw`"p\u00e455w\u00F6rd-\u{dc}nklar"`, umlauts)).toHaveLength(1);
  });

  test("binary values, also where NULs were taken out of the text", () => {
    const key = Buffer.concat([dice.bytes(10), Buffer.from([0, 0]), dice.bytes(10)]);
    const binary = buildKnownValues([{ name: "key", value: key }]);
    expect(find(key, binary)).toHaveLength(1);
    expect(find(key.toString("base64"), binary)).toHaveLength(1);
    expect(find(key.filter((byte) => byte !== 0) as Buffer, binary)).toHaveLength(1);
    expect(find(decodeText(key, undefined).bytes, binary)).toHaveLength(1);
  });
});

describe("a value of several lines", () => {
  const lines = pemOf(12);
  const label = ["PRIVATE", "KEY"].join(" ");
  const pem = [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
  const key = buildKnownValues([{ name: "tls/key", value: Buffer.from(pem) }]);

  test("is not found in another key's header and footer", () => {
    expect(find(`-----BEGIN ${label}-----\n${pemOf(3).join("\n")}\n-----END ${label}-----\n`, key)).toEqual([]);
  });

  test.each([
    ["as it is", pem],
    ["with CRLF", pem.replaceAll("\n", "\r\n")],
    ["indented", pem.replaceAll("\n", "\n    ")],
    ["in a JSON string", JSON.stringify(pem)],
    ["on one line without line ends", lines.join("")],
    ["wrapped anew at 76", lines.join("").replaceAll(/.{76}/g, "$&\n")],
    ["in base64", Buffer.from(pem).toString("base64")],
    ["quoted in a mail", pem.replaceAll("\n", "\n> ")],
  ])("%s is one finding", (_what, text) => {
    const found = findKnownValues(key, Buffer.from(`k: ${text}\nend`));
    expect(found.map(({ name }) => name)).toEqual(["tls/key"]);
    expect((found[0]?.end ?? 0) - (found[0]?.start ?? 0)).toBeGreaterThan(0.8 * text.length);
  });

  test("is found by one of its lines alone", () => {
    for (const line of lines) expect(find(`"${line}"`, key)).toEqual([[line, ""]]);
  });

  test("in two places far from each other is two findings", () => {
    expect(find(`${pem}${"-".repeat(500)}\n${pem}`, key)).toHaveLength(2);
  });
});

describe("values that cannot be protected", () => {
  test("are named and not looked for", () => {
    const mixed = buildKnownValues([
      { name: "short", value: Buffer.from("Zk9$x1q") },
      { name: "padded", value: Buffer.from("  Zk9$x \n") },
      { name: "word", value: Buffer.from("production") },
      { name: "good", value: Buffer.from(value) },
    ]);
    expect(mixed.tooShort).toEqual(["padded", "short", "word"]);
    expect(mixed.values).toBe(1);
    expect(find("production Zk9$x1q", mixed)).toEqual([]);
  });
});

test("what was built is plain data, which a thread can be given", () => {
  expect(findKnownValues(structuredClone(known), Buffer.from(`a ${value}`))).toHaveLength(1);
});

test("many values of 8 bytes are told apart", () => {
  const values = Array.from({ length: 300 }, (_, at) => ({
    name: `s${at}`,
    value: Buffer.from(dice.text(letters, 8)),
  }));
  const many = buildKnownValues(values);
  for (const { name, value: one } of values.slice(0, 40)) {
    const found = findKnownValues(many, Buffer.from(`x=${one.toString()}`));
    expect(found.map((match) => match.name)).toEqual([name]);
  }
});
