import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { encodeUtf8 } from "../../../src/core/bytes.js";
import { SecretsError } from "../../../src/core/errors.js";
import { encodeSecretFile, parseSecretFile, recordsOf, type SecretFile } from "../../../src/core/secret-file.js";
import { parseTrustRoot, rootId } from "../../../src/core/trust-root.js";
import { makeStore } from "../../support/core-fixture.js";
import { makePerson } from "../../support/core-people.js";
import { fileArbitrary } from "../../support/record-arbitraries.js";

/** What the `yaml` package makes of a text with nothing but strings, lists and maps; undefined when it sees any fault. */
function readByYaml(text: string): unknown[] | undefined {
  const documents = parseAllDocuments(text, { schema: "failsafe", version: "1.2", uniqueKeys: true, strict: true });
  if (!Array.isArray(documents) || documents.some(({ errors, warnings }) => errors.length + warnings.length > 0))
    return undefined;
  return documents.map((document): unknown => document.toJS());
}

function findParsed(text: string): SecretFile | undefined {
  try {
    return parseSecretFile(encodeUtf8(text));
  } catch (error) {
    if (error instanceof SecretsError && (error.code === "secret/malformed" || error.code === "format/newer"))
      return undefined;
    throw error;
  }
}

function findRootId(bytes: Uint8Array): string | undefined {
  try {
    return parseTrustRoot(bytes).id;
  } catch (error) {
    if (error instanceof SecretsError) return undefined;
    throw error;
  }
}

const asYaml = (file: SecretFile): unknown => recordsOf(file).map((record) => ({ ...record, v: "1" }));

test("what is written is read back to the same, and to the same bytes", () => {
  fc.assert(
    fc.property(fileArbitrary, (file) => {
      const text = encodeSecretFile(file);
      const parsed = parseSecretFile(encodeUtf8(text));
      expect(parsed).toEqual(file);
      expect(encodeSecretFile(parsed)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test("a YAML reader sees the same data in every file that is accepted", () => {
  fc.assert(
    fc.property(fileArbitrary, (file) => {
      expect(readByYaml(encodeSecretFile(file))).toEqual(asYaml(file));
    }),
    { numRuns: 300 },
  );
});

describe("whatever else a text may be", () => {
  const edits: readonly ((text: string, at: number, by: string) => string)[] = [
    (text, at, by) => text.slice(0, at) + by + text.slice(at),
    (text, at, by) => text.slice(0, at) + by + text.slice(at + by.length),
    (text, at) => text.slice(0, at) + text.slice(at + 1),
    (text, at) => {
      const lines = text.split("\n");
      const line = at % lines.length;
      return [...lines.slice(0, line), lines[line] ?? "", ...lines.slice(line)].join("\n");
    },
    (text, at) => {
      const lines = text.split("\n");
      const line = at % lines.length;
      return [...lines.slice(0, line), ...lines.slice(line + 1)].join("\n");
    },
  ];
  const piece = fc.constantFrom(
    " ",
    "  ",
    "\n",
    "\r",
    "\t",
    '"',
    "'",
    "[",
    "]",
    ", ",
    ": ",
    "#",
    "&a ",
    "*a",
    "|",
    ">",
    "!!str ",
    "---\n",
    "...\n",
    "- ",
    "{",
    "%",
    "\u0085",
    "\u2028",
    "\ufeff",
    "\ufffe",
    "é",
    "e\u0301",
    "0",
    "a",
    "A",
  );

  test("it is refused, or a YAML reader sees the same data in it", () => {
    let accepted = 0;
    fc.assert(
      fc.property(fileArbitrary, fc.nat(), fc.constantFrom(...edits), piece, (file, place, edit, by) => {
        const text = encodeSecretFile(file);
        // Through bytes, as an edit may cut a character in two.
        const edited = Buffer.from(edit(text, place % text.length, by), "utf8").toString("utf8");
        const parsed = findParsed(edited);
        if (!parsed) return;
        accepted++;
        expect(readByYaml(edited)).toEqual(asYaml(parsed));
        expect(encodeSecretFile(parsed)).toBe(edited);
      }),
      { numRuns: 2000 },
    );
    // Some edits make another valid file (a digit for a digit); without any this test would show nothing.
    expect(accepted).toBeGreaterThan(0);
  });
});

test("a trust root is refused after any edit, or read back to the same bytes", () => {
  const bytes = Buffer.from(
    makeStore([makePerson("alice"), makePerson("bob", { role: "read", names: ["app/*", "db"] })]).files.get(
      ".secrets/trust/0001.root",
    ) ?? [],
  );
  fc.assert(
    fc.property(fc.nat(bytes.byteLength - 1), fc.nat(255), (at, value) => {
      const edited = Buffer.from(bytes);
      edited[at] = value;
      expect(findRootId(edited) === rootId(bytes)).toBe(edited.equals(bytes));
    }),
    { numRuns: 2000 },
  );
});
