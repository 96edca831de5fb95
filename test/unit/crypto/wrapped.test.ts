import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import { describe, expect, test } from "vitest";
import { encodeMac, encodeMacInput, parseAgeHeader, type AgeStanza } from "../../../src/core/age-header.js";
import { findUtf8 } from "../../../src/core/bytes.js";
import { openByLibrary } from "../../../src/crypto/age-library.js";
import { sealAge } from "../../../src/crypto/age-seal.js";
import { generateIdentity, identityRecipient } from "../../../src/crypto/identity.js";
import { generatePassphrase, unwrapIdentity, wrapIdentity } from "../../../src/crypto/wrapped.js";
import { codeOfPromise, flipBit, random } from "./material.js";

const { identity, text } = generateIdentity(random);
const passphrase = generatePassphrase(random);
const salt = "AAAAAAAAAAAAAAAAAAAAAA";
const scrypt: AgeStanza = { type: "scrypt", args: [salt, "18"], body: new Uint8Array(32) };
const craft = (...stanzas: readonly AgeStanza[]): Uint8Array =>
  Buffer.concat([encodeMacInput(stanzas), encodeMac(new Uint8Array(32)), new Uint8Array(48)]);

describe("a wrapped identity is refused before any work", () => {
  test.each([
    ["work factor 1", craft({ ...scrypt, args: [salt, "1"] })],
    ["work factor 17", craft({ ...scrypt, args: [salt, "17"] })],
    ["work factor 19", craft({ ...scrypt, args: [salt, "19"] })],
    ["work factor 99", craft({ ...scrypt, args: [salt, "99"] })],
    ["work factor 018", craft({ ...scrypt, args: [salt, "018"] })],
    ["work factor +18", craft({ ...scrypt, args: [salt, "+18"] })],
    ["work factor 18.0", craft({ ...scrypt, args: [salt, "18.0"] })],
    ["no work factor", craft({ ...scrypt, args: [salt] })],
    ["an argument too many", craft({ ...scrypt, args: [salt, "18", "18"] })],
    ["two scrypt stanzas", craft(scrypt, scrypt)],
    ["a stanza beside it", craft(scrypt, { type: "x-grease", args: [], body: new Uint8Array(0) })],
    ["another type", craft({ ...scrypt, type: "X25519" })],
    ["sealed to a recipient", sealAge(Buffer.from(text), [identityRecipient(identity)])],
  ])("%s", async (_what, file) => {
    await expect(unwrapIdentity(file, passphrase)).rejects.toMatchObject({
      code: "identity/unreadable",
      message: "cannot read the wrapped identity: its only stanza must be scrypt with work factor 18",
    });
  });

  test.each([
    ["no age file", Buffer.from("hello")],
    ["an empty file", new Uint8Array(0)],
    ["a salt of another length", craft({ ...scrypt, args: ["AAAA", "18"] })],
    ["a salt with spare bits", craft({ ...scrypt, args: [salt.replace(/.$/, "B"), "18"] })],
    ["no payload nonce", craft(scrypt).subarray(0, -40)],
  ])("%s", async (_what, file) => {
    expect(await codeOfPromise(unwrapIdentity(file, passphrase))).toBe("identity/unreadable");
  });
});

describe("a wrapped identity", () => {
  test(
    "is opened by its passphrase, by age's own library too, and by no other; a changed one is unreadable",
    { timeout: 60_000 },
    async () => {
      const file = await wrapIdentity(text, passphrase);
      expect(await codeOfPromise(unwrapIdentity(file, generatePassphrase(random)))).toBe("identity/wrong-passphrase");
      const changed = flipBit(file, file.byteLength - 1);
      const failure = await unwrapIdentity(changed, passphrase).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ code: "identity/unreadable" });
      expect(String(failure)).not.toContain(passphrase);
      expect(parseAgeHeader(file).stanzas.map(({ type, args }) => [type, args[1]])).toEqual([["scrypt", "18"]]);
      expect(await unwrapIdentity(file, passphrase)).toBe(text);
      const decrypter = new Decrypter();
      decrypter.addPassphrase(passphrase);
      expect(findUtf8(await decrypter.decrypt(file))).toBe(text);
    },
  );
});

describe("a passphrase", () => {
  test("is not made from a source that gives too little", () => {
    expect(() => generatePassphrase(() => new Uint8Array(27))).toThrow(RangeError);
  });

  test("is seven groups of four, without letters that are taken for digits, and uses 140 bits", () => {
    const all = Array.from({ length: 300 }, () => generatePassphrase(random));
    for (const each of all) expect(each).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){6}$/);
    expect(new Set(all).size).toBe(300);
    expect(new Set(all.join("").replaceAll("-", "")).size).toBe(32);
    expect(generatePassphrase((length) => Uint8Array.from({ length }, (_, at) => at + 224))).toBe(
      "0123-4567-89ab-cdef-ghjk-mnpq-rstv",
    );
  });
});

const weak = async (): Promise<Uint8Array> => {
  const encrypter = new Encrypter();
  encrypter.setPassphrase("right");
  encrypter.setScryptWorkFactor(1);
  return await encrypter.encrypt("value");
};
const withPassphrase = (file: Uint8Array, typed: string): Promise<Uint8Array> =>
  openByLibrary(file, (decrypter) => decrypter.addPassphrase(typed));
const headerOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, parseAgeHeader(bytes).headerEnd);
const withOtherMac = (file: Uint8Array): Uint8Array => {
  const { macInput, headerEnd } = parseAgeHeader(file);
  return Buffer.concat([macInput, encodeMac(new Uint8Array(32)), file.subarray(headerEnd)]);
};

const messageOf = async (file: Uint8Array, typed: string): Promise<string> => {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(typed);
  const settled = await Promise.allSettled([decrypter.decryptHeader(headerOf(file))]);
  return settled.map((result) => (result.status === "rejected" ? String(result.reason) : "")).join("");
};

describe("trap 3, library trap 5: the plain errors of age-encryption are told apart, and its laxness is known", () => {
  test("a wrong passphrase, a wrong MAC, a bad stanza and a bad payload each have their own code", async () => {
    const file = await weak();
    const { headerEnd } = parseAgeHeader(file);
    expect(await codeOfPromise(withPassphrase(file, "wrong"))).toBe("identity/unfit");
    expect(await codeOfPromise(withPassphrase(withOtherMac(file), "right"))).toBe("age/corrupt");
    expect(await codeOfPromise(withPassphrase(craft({ ...scrypt, args: [salt, "0"] }), "right"))).toBe("age/malformed");
    expect(await codeOfPromise(withPassphrase(file.subarray(0, headerEnd + 8), "right"))).toBe("age/malformed");
    expect(await codeOfPromise(withPassphrase(flipBit(file, file.byteLength - 1), "right"))).toBe("age/corrupt");
    expect(findUtf8(await withPassphrase(file, "right"))).toBe("value");
  });

  test("the texts that the adapter knows are still those of the library", async () => {
    const file = await weak();
    expect(await messageOf(file, "wrong")).toBe("Error: no identity matched any of the file's recipients");
    expect(await messageOf(withOtherMac(file), "right")).toBe("Error: invalid header HMAC");
  });

  test("the library seals to nobody and mixes post-quantum with other recipients, which is why we never seal with it", async () => {
    const nobody = await new Encrypter().encrypt("value");
    expect(Buffer.from(nobody).toString("latin1")).toContain("age-encryption.org/v1\n--- ");
    const mixed = new Encrypter();
    for (const made of [await generateX25519Identity(), await generateHybridIdentity()])
      mixed.addRecipient(await identityToRecipient(made));
    expect(parseAgeHeader(await mixed.encrypt("value")).stanzas.map(({ type }) => type)).toEqual([
      "X25519",
      "mlkem768x25519",
    ]);
  });
});
