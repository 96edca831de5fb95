import type { KeyObject } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  encodeMac,
  encodeMacInput,
  maxAgeStanzas,
  parseAgeHeader,
  type AgeStanza,
} from "../../../src/core/age-header.js";
import { sealInto } from "../../../src/crypto/aead.js";
import { headerMac, sealPayload } from "../../../src/crypto/age-payload.js";
import { openAge } from "../../../src/crypto/age-open.js";
import { sealAge } from "../../../src/crypto/age-seal.js";
import { bindSshKey, findX25519Stanza } from "../../../src/crypto/age-stanza.js";
import { hkdf } from "../../../src/crypto/hkdf.js";
import { generateIdentity, identityRecipient, parseIdentity, type Identity } from "../../../src/crypto/identity.js";
import type { Recipient } from "../../../src/crypto/recipient.js";
import { generateEphemeral, getX25519PublicKey } from "../../../src/crypto/x25519.js";
import { encodeLittle } from "../core/slow-edwards.js";
import { codeOf, flipBit, opensshFile, random } from "./material.js";

const alice = generateIdentity(random).identity;
const bob = generateIdentity(random).identity;
const ci = parseIdentity(opensshFile(random(32)));
const agent = parseIdentity(opensshFile(random(32)));
const stranger = generateIdentity(random).identity;
const strangeSsh = parseIdentity(opensshFile(random(32)));
const everybody: readonly Identity[] = [alice, ci, bob, agent];
const recipients = everybody.map(identityRecipient);
const plaintext = Buffer.from("the value of a secret");
const chunk = 64 * 1024;

const isPlaintext = (opened: Uint8Array, wanted: Uint8Array = plaintext): boolean => Buffer.from(wanted).equals(opened);
const sealedSize = (length: number): number => 16 + length + 16 * Math.max(1, Math.ceil(length / chunk));

/** A file with the stanzas given and a good MAC, as a hostile writer who knows the file key can make. */
function craft(fileKey: Uint8Array, stanzas: readonly AgeStanza[], content: Uint8Array = plaintext): Uint8Array {
  const macInput = encodeMacInput(stanzas);
  return sealPayload(fileKey, Buffer.concat([macInput, encodeMac(headerMac(fileKey, macInput))]), content);
}

function stanzaFor(identity: typeof alice, fileKey: Uint8Array): AgeStanza {
  const stanza = findX25519Stanza(fileKey, getX25519PublicKey(identity.publicKey), identity.publicKey);
  if (stanza === undefined) throw new Error("no stanza");
  return stanza;
}

afterEach(() => vi.restoreAllMocks());

describe("trap 1: a generated KeyObject is never exported as JWK, which can deadlock Node 20", () => {
  test("sealing and opening for each kind of key export no public or private key at all", () => {
    const generated = generateEphemeral().privateKey;
    const kinds = [
      Object.getPrototypeOf(generated),
      Object.getPrototypeOf(getX25519PublicKey(alice.publicKey)),
    ] as KeyObject[];
    const spies = kinds.map((kind) => vi.spyOn(kind, "export"));
    expect(new Set(kinds).size).toBe(2);
    const file = sealAge(plaintext, recipients);
    for (const identity of everybody) expect(isPlaintext(openAge(file, identity))).toBe(true);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    expect(generated.export({ format: "der", type: "pkcs8" }).byteLength).toBe(48);
    expect(spies[0]).toHaveBeenCalledOnce();
  });
});

describe("trap 3: what age-encryption lets through is refused", () => {
  test("sealing to nobody is an error", () => {
    expect(codeOf(() => sealAge(plaintext, []))).toBe("usage/invalid");
  });
});

describe("sealing", () => {
  test("to a key of small order, or to an SSH key that is no point, is refused", () => {
    for (const u of [0n, 1n, 2n ** 255n - 20n]) {
      const bad: Recipient = { kind: "x25519", publicKey: encodeLittle(u) };
      expect(codeOf(() => sealAge(plaintext, [identityRecipient(alice), bad]))).toBe("usage/invalid");
    }
    expect(codeOf(() => sealAge(plaintext, [{ kind: "ssh-ed25519", publicKey: encodeLittle(2n) }]))).toBe(
      "usage/invalid",
    );
  });

  test("to more recipients than a header may have is refused before any work", () => {
    const [one] = recipients;
    if (one === undefined) throw new Error("no recipient");
    expect(
      codeOf(() =>
        sealAge(
          plaintext,
          Array.from({ length: maxAgeStanzas + 1 }, () => one),
        ),
      ),
    ).toBe("usage/invalid");
  });

  test("writes the stanza of each recipient at the recipient's place", () => {
    const { stanzas } = parseAgeHeader(sealAge(plaintext, recipients));
    expect(stanzas.map(({ type }) => type)).toEqual(["X25519", "ssh-ed25519", "X25519", "ssh-ed25519"]);
    expect([stanzas[1]?.args[0], stanzas[3]?.args[0]]).toEqual(
      [ci, agent].map(({ publicKey }) => bindSshKey(publicKey).tag),
    );
    const reversed = sealAge(plaintext, recipients.toReversed());
    expect(parseAgeHeader(reversed).stanzas.map(({ type }) => type)).toEqual([
      "ssh-ed25519",
      "X25519",
      "ssh-ed25519",
      "X25519",
    ]);
  });

  test("the same twice gives files that share nothing but their form", () => {
    const [one, two] = [sealAge(plaintext, recipients), sealAge(plaintext, recipients)].map(parseAgeHeader);
    for (let at = 0; at < recipients.length; at++) {
      expect(one?.stanzas[at]?.args.at(-1)).not.toBe(two?.stanzas[at]?.args.at(-1));
      expect(Buffer.from(one?.stanzas[at]?.body ?? []).equals(two?.stanzas[at]?.body ?? new Uint8Array(0))).toBe(false);
    }
  });

  test("leaves the plaintext as it was, and adds to it what the format says", () => {
    const value = Uint8Array.from(plaintext);
    for (const length of [0, 1, chunk - 1, chunk, chunk + 1]) {
      const file = sealAge(new Uint8Array(length), recipients);
      expect(file.byteLength - parseAgeHeader(file).headerEnd).toBe(sealedSize(length));
    }
    sealAge(value, recipients);
    expect(isPlaintext(value)).toBe(true);
  });
});

describe("opening is refused", () => {
  const file = sealAge(plaintext, recipients);
  const { headerEnd } = parseAgeHeader(file);

  test("to those who are not among the recipients, wherever they believe to stand", () => {
    for (const identity of [stranger, strangeSsh])
      for (const guess of [undefined, 0, 1, 3, 4, -1, 1.5, Number.NaN])
        expect(codeOf(() => openAge(file, identity, guess))).toBe("identity/unfit");
  });

  test("when any byte of the file was changed, in the header or the payload", () => {
    for (const [place, identity] of everybody.entries())
      for (let at = 0; at < file.byteLength; at++) {
        const code = codeOf(() => openAge(flipBit(file, at, (at + place) % 8), identity, place));
        expect(code).toMatch(at < headerEnd ? /^(age\/malformed|age\/corrupt|identity\/unfit)$/ : /^age\/corrupt$/);
      }
  });

  test("when the file is cut at any place, or anything follows it", () => {
    for (let length = 0; length < file.byteLength; length++) {
      const code = codeOf(() => openAge(file.subarray(0, length), alice, 0));
      expect(code).toBe(length < headerEnd + 16 ? "age/malformed" : "age/corrupt");
    }
    for (const length of [1, 16, 17, chunk + 16])
      expect(codeOf(() => openAge(Buffer.concat([file, new Uint8Array(length)]), alice))).toBe("age/corrupt");
    expect(codeOf(() => openAge(Buffer.concat([file, file]), alice))).toBe("age/corrupt");
  });

  test.each([1, 2, 3])("when the last of %i whole chunks is cut off, doubled or swapped", (chunks) => {
    const value = random(chunks * chunk);
    const long = sealAge(value, recipients);
    const begin = parseAgeHeader(long).headerEnd + 16;
    const part = (at: number): Uint8Array => long.subarray(begin + at * (chunk + 16), begin + (at + 1) * (chunk + 16));
    const parts = Array.from({ length: chunks }, (_, at) => part(at));
    const join = (...some: readonly Uint8Array[]): Uint8Array => Buffer.concat([long.subarray(0, begin), ...some]);
    expect(isPlaintext(openAge(join(...parts), alice), value)).toBe(true);
    const last = parts.at(-1) ?? new Uint8Array(0);
    for (const wrong of [
      join(...parts.slice(0, -1)),
      join(...parts, last),
      join(...parts.slice(1), ...parts.slice(0, 1), last),
      join(...parts, last.subarray(0, 16)),
    ])
      expect(codeOf(() => openAge(wrong, alice))).toBe("age/corrupt");
  });

  test("when an empty last chunk follows a whole one, though its tag is good", () => {
    const fileKey = random(16);
    const long = craft(fileKey, [stanzaFor(alice, fileKey)], random(chunk + 1));
    const begin = parseAgeHeader(long).headerEnd;
    const key = hkdf(fileKey, long.subarray(begin, begin + 16), "payload");
    const emptied = Uint8Array.from(long.subarray(0, -1));
    const nonce = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
    sealInto(emptied, emptied.byteLength - 16, key, nonce, new Uint8Array(0));
    expect(codeOf(() => openAge(emptied, alice))).toBe("age/corrupt");
    // The same place with the one byte that makes it good.
    const filled = Uint8Array.from(long);
    sealInto(filled, filled.byteLength - 17, key, nonce, new Uint8Array(1));
    expect(openAge(filled, alice).byteLength).toBe(chunk + 1);
  });

  test("when a share is a point of small order, so that no secret is agreed", () => {
    const fileKey = random(16);
    for (const u of [0n, 1n, 2n ** 255n - 20n, 2n ** 255n - 19n, 2n ** 255n - 18n]) {
      const share = Buffer.from(encodeLittle(u)).toString("base64").slice(0, 43);
      const native = craft(fileKey, [{ type: "X25519", args: [share], body: new Uint8Array(32) }]);
      expect(codeOf(() => openAge(native, alice))).toBe("age/malformed");
      const ssh = craft(fileKey, [
        { type: "ssh-ed25519", args: [bindSshKey(ci.publicKey).tag, share], body: new Uint8Array(32) },
      ]);
      expect(codeOf(() => openAge(ssh, ci))).toBe("age/malformed");
    }
  });

  test("when a stanza of a known type is not well formed, even behind the one that fits", () => {
    const fileKey = random(16);
    const good = stanzaFor(alice, fileKey);
    const [share = ""] = good.args;
    const ssh: AgeStanza = { type: "ssh-ed25519", args: ["AAAAAA", share], body: new Uint8Array(32) };
    const bad: readonly AgeStanza[] = [
      { ...good, args: [] },
      { ...good, args: [share, "x"] },
      { ...good, args: [share.slice(1)] },
      { ...good, args: [`${share}A`] },
      { ...good, args: [share.replace(/.$/, "B")] },
      { ...good, body: new Uint8Array(31) },
      { ...good, body: new Uint8Array(33) },
      { ...ssh, args: [share] },
      { ...ssh, args: ["AAAAA", share] },
      { ...ssh, args: ["AAAAAB", share] },
      { ...ssh, args: ["AAAAAA", share, "x"] },
      { ...ssh, body: new Uint8Array(0) },
      { type: "scrypt", args: ["A", "18"], body: new Uint8Array(32) },
    ];
    for (const stanza of bad)
      expect(codeOf(() => openAge(craft(fileKey, [good, stanza]), alice, 0))).toBe("age/malformed");
    expect(isPlaintext(openAge(craft(fileKey, [good, ssh]), alice, 0))).toBe(true);
  });

  test("when the file key is not 16 bytes, though the stanza fits", () => {
    const fileKey = random(16);
    const good = stanzaFor(alice, fileKey);
    expect(codeOf(() => openAge(craft(fileKey, [{ ...good, body: random(48) }]), alice))).toBe("age/malformed");
  });
});

describe("opening", () => {
  test("gives each recipient the plaintext, with a right guess, a wrong one or none", () => {
    const file = sealAge(plaintext, recipients);
    for (const identity of everybody)
      for (const guess of [undefined, 0, 1, 2, 3, 4, -1])
        expect(isPlaintext(openAge(file, identity, guess))).toBe(true);
  });

  test("with a right guess does not try the stanzas of others", () => {
    const fileKey = random(16);
    const small: AgeStanza = { type: "X25519", args: ["A".repeat(43)], body: new Uint8Array(32) };
    const file = craft(fileKey, [small, stanzaFor(alice, fileKey)]);
    expect(codeOf(() => openAge(file, alice))).toBe("age/malformed");
    expect(isPlaintext(openAge(file, alice, 1))).toBe(true);
  });

  test("passes over stanzas whose type is the name of something that every object has", () => {
    const fileKey = random(16);
    const odd = ["constructor", "__proto__", "toString"].map((type): AgeStanza => ({
      type,
      args: [],
      body: random(3),
    }));
    expect(isPlaintext(openAge(craft(fileKey, [...odd, stanzaFor(bob, fileKey)]), bob))).toBe(true);
  });

  test("passes over stanzas of unknown types, which other readers of the format may add", () => {
    const fileKey = random(16);
    const grease: AgeStanza = { type: "x-grease", args: ["a", "b"], body: random(7) };
    expect(isPlaintext(openAge(craft(fileKey, [grease, stanzaFor(bob, fileKey), grease]), bob, 0))).toBe(true);
  });

  test("gives bytes of their own: changing them changes neither the file nor a second opening", () => {
    const file = sealAge(plaintext, recipients);
    openAge(file, alice).fill(0);
    expect(isPlaintext(openAge(file, alice))).toBe(true);
  });

  test("works on a part of a larger buffer", () => {
    const file = sealAge(plaintext, recipients);
    const larger = Buffer.concat([random(13), file, random(7)]);
    expect(isPlaintext(openAge(larger.subarray(13, 13 + file.byteLength), ci))).toBe(true);
  });
});
