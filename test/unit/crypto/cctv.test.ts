import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import * as age from "age-encryption";
import * as vectorFiles from "cctv-age";
import { describe, expect, test } from "vitest";
import { armorAge, dearmorAge } from "../../../src/core/age-armor.js";
import { encodeMac, encodeMacInput, parseAgeHeader } from "../../../src/core/age-header.js";
import { SecretsError } from "../../../src/core/errors.js";
import { openByLibrary } from "../../../src/crypto/age-library.js";
import { openAge } from "../../../src/crypto/age-open.js";
import { generateIdentity, parseIdentity } from "../../../src/crypto/identity.js";
import { random } from "./material.js";

interface Vector {
  readonly name: string;
  readonly expect: string;
  readonly payload: string | undefined;
  readonly identities: readonly string[];
  readonly passphrases: readonly string[];
  readonly armored: boolean;
  readonly file: Uint8Array;
}

function parseVector(name: string, bytes: Uint8Array): Vector {
  const buffer = Buffer.from(bytes);
  const end = buffer.indexOf("\n\n");
  const fields = buffer
    .subarray(0, end)
    .toString("utf8")
    .split("\n")
    .map((line) => line.split(/: (.*)/s, 2) as [string, string]);
  const all = (key: string): string[] => fields.filter(([field]) => field === key).map(([, value]) => value);
  const rest = buffer.subarray(end + 2);
  return {
    name,
    expect: all("expect")[0] ?? "",
    payload: all("payload")[0],
    identities: all("identity"),
    passphrases: all("passphrase"),
    armored: all("armored").includes("yes"),
    file: all("compressed").includes("zlib") ? inflateSync(rest) : rest,
  };
}

const codes: Readonly<Record<string, string>> = {
  "no match": "identity/unfit",
  "HMAC failure": "age/corrupt",
  "header failure": "age/malformed",
  "payload failure": "age/corrupt",
  "armor failure": "age/malformed",
};

// age takes these three spellings of the armor; a signed file has one spelling only, so gitseal does not.
const otherArmor: ReadonlySet<string> = new Set(["armor_crlf", "armor_no_eol", "armor_whitespace_outside"]);

const vectors = Object.entries({ ...vectorFiles })
  .filter(([, bytes]) => bytes instanceof Uint8Array)
  .map(([name, bytes]) => parseVector(name, bytes));
const nativeIdentities = (vector: Vector): string[] =>
  vector.identities.filter((text) => text.startsWith("AGE-SECRET-KEY-1"));
const isNative = (vector: Vector): boolean =>
  vector.passphrases.length === 0 && (vector.identities.length === 0 || nativeIdentities(vector).length > 0);
// Only names go into the titles' tables: the runner would print megabytes of a vector's bytes.
const titled = (chosen: readonly Vector[]): [name: string, expected: string][] =>
  chosen.map(({ name, expect: expected }) => [name, expected]);
function getVector(name: string): Vector {
  const vector = vectors.find((candidate) => candidate.name === name);
  if (vector === undefined) throw new Error(`no vector ${name}`);
  return vector;
}

const native = vectors.filter((vector) => isNative(vector) || vector.name === "scrypt_and_x25519");
const byLibrary = vectors.filter((vector) => !isNative(vector) || vector.name === "hybrid_x25519_arg");

const binaryOf = (vector: Vector): Uint8Array =>
  vector.armored ? dearmorAge(Buffer.from(vector.file).toString("latin1")) : vector.file;

async function outcomeOf(open: () => Uint8Array | Promise<Uint8Array>): Promise<string> {
  try {
    return createHash("sha256")
      .update(await open())
      .digest("hex");
  } catch (error) {
    if (error instanceof SecretsError) return error.code;
    throw error;
  }
}

const wanted = (vector: Vector): string | undefined =>
  vector.expect === "success" ? vector.payload : codes[vector.expect];

describe("the public test vectors of age (CCTV)", () => {
  test("every vector goes through our own code, the library's, or both", () => {
    expect(vectors.length).toBe(143);
    expect(new Set([...native, ...byLibrary].map(({ name }) => name)).size).toBe(vectors.length);
    expect({ native: native.length, byLibrary: byLibrary.length }).toEqual({ native: 100, byLibrary: 45 });
  });

  test.each(titled(native.filter(({ name }) => !otherArmor.has(name))))(
    "our own code meets %s with %s",
    async (name) => {
      const vector = getVector(name);
      const texts = nativeIdentities(vector);
      const identities = texts.length === 0 ? [generateIdentity(random).identity] : texts.map(parseIdentity);
      for (const identity of identities)
        expect(await outcomeOf(() => openAge(binaryOf(vector), identity))).toBe(wanted(vector));
    },
  );

  test.each(titled(byLibrary))("the library behind our adapter meets %s with %s", async (name) => {
    const vector = getVector(name);
    const opened = (): Promise<Uint8Array> =>
      openByLibrary(binaryOf(vector), (decrypter) => {
        for (const passphrase of vector.passphrases) decrypter.addPassphrase(passphrase);
        for (const identity of vector.identities) decrypter.addIdentity(identity);
      });
    expect(await outcomeOf(opened)).toBe(wanted(vector));
  });

  test.each([...otherArmor])("%s is a spelling of the armor that age takes and we refuse", async (name) => {
    const vector = getVector(name);
    const text = Buffer.from(vector.file).toString("latin1");
    expect(await outcomeOf(() => dearmorAge(text))).toBe("age/malformed");
    const [identity = ""] = vector.identities;
    expect(await outcomeOf(() => openAge(age.armor.decode(text), parseIdentity(identity)))).toBe(vector.payload);
  });

  const readable = vectors.filter(({ expect: expected, armored }) => !armored && expected !== "header failure");

  test.each(readable.map(({ name }) => name))("the header of %s is written again byte for byte", (name) => {
    const vector = getVector(name);
    const header = parseAgeHeader(vector.file);
    const again = Buffer.concat([encodeMacInput(header.stanzas), encodeMac(header.mac)]);
    expect(again.equals(vector.file.subarray(0, header.headerEnd))).toBe(true);
    expect(Buffer.from(vector.file).equals(dearmorAge(armorAge(vector.file)))).toBe(true);
  });
});
