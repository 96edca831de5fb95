import { Decrypter, Encrypter, armor } from "age-encryption";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { armorAge, dearmorAge } from "../../../src/core/age-armor.js";
import { encodeMac, encodeMacInput, parseAgeHeader } from "../../../src/core/age-header.js";
import { encodeHex } from "../../../src/core/bytes.js";
import { openAge } from "../../../src/crypto/age-open.js";
import { sealAge } from "../../../src/crypto/age-seal.js";
import { findMontgomery } from "../../../src/crypto/edwards.js";
import { generateIdentity, identityRecipient, parseIdentity } from "../../../src/crypto/identity.js";
import { encodeRecipient, parseRecipient } from "../../../src/crypto/recipient.js";
import { codeOf, flipBit, opensshFile } from "../../unit/crypto/material.js";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const native = bytes32.map((secret) => generateIdentity(() => secret));
const anyIdentity = fc.oneof(
  native.map(({ identity }) => identity),
  bytes32.map((seed) => parseIdentity(opensshFile(seed))),
);
const value = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  fc.integer({ min: 65_530, max: 65_540 }).map((length) => new Uint8Array(length).fill(length)),
);
const same = (one: Uint8Array, two: Uint8Array): boolean => Buffer.from(one).equals(two);

test("whoever is among the recipients opens, at any guess, and nobody else does", () => {
  fc.assert(
    fc.property(
      value,
      fc.array(anyIdentity, { minLength: 1, maxLength: 4 }),
      anyIdentity,
      fc.nat(5),
      (plaintext, identities, other, guess) => {
        const file = sealAge(plaintext, identities.map(identityRecipient));
        for (const identity of identities) expect(same(openAge(file, identity, guess), plaintext)).toBe(true);
        const known = identities.some(({ publicKey }) => same(publicKey, other.publicKey));
        expect(codeOf(() => openAge(file, other, guess))).toBe(known ? undefined : "identity/unfit");
      },
    ),
    { numRuns: 60 },
  );
});

test("a changed bit anywhere never opens", () => {
  fc.assert(
    fc.property(
      value,
      fc.array(anyIdentity, { minLength: 1, maxLength: 3 }),
      fc.nat(),
      fc.nat(7),
      (plaintext, identities, place, bit) => {
        const file = sealAge(plaintext, identities.map(identityRecipient));
        for (const identity of identities)
          expect(codeOf(() => openAge(flipBit(file, place % file.byteLength, bit), identity))).toMatch(
            /^(age|identity)\//,
          );
      },
    ),
    { numRuns: 150 },
  );
});

test("age-encryption opens what we seal", async () => {
  await fc.assert(
    fc.asyncProperty(value, native, anyIdentity, async (plaintext, { identity, text }, other) => {
      const decrypter = new Decrypter();
      decrypter.addIdentity(text);
      expect(
        same(
          await decrypter.decrypt(sealAge(plaintext, [identityRecipient(other), identityRecipient(identity)])),
          plaintext,
        ),
      ).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test("we open what age-encryption seals", async () => {
  await fc.assert(
    fc.asyncProperty(value, fc.array(native, { minLength: 1, maxLength: 3 }), async (plaintext, people) => {
      const encrypter = new Encrypter();
      for (const { identity } of people) encrypter.addRecipient(encodeRecipient(identityRecipient(identity)));
      const file = await encrypter.encrypt(plaintext);
      for (const [place, { identity }] of people.entries())
        expect(same(openAge(file, identity, place), plaintext)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test("the header parser takes any bytes without another error than its own, and what it takes it can write again", () => {
  const start = Buffer.from("age-encryption.org/v1\n");
  const line = fc.oneof(
    fc.constantFrom("-> X25519 a", "->", "--- ", "---", "", "A".repeat(64), "A".repeat(43)),
    fc.string({ maxLength: 70 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.uint8Array({ maxLength: 50 }), (lines, rest) => {
      const file = Buffer.concat([start, Buffer.from(lines.join("\n")), rest]);
      const code = codeOf(() => {
        const { stanzas, mac, headerEnd } = parseAgeHeader(file);
        expect(same(Buffer.concat([encodeMacInput(stanzas), encodeMac(mac)]), file.subarray(0, headerEnd))).toBe(true);
      });
      expect([undefined, "age/malformed"]).toContain(code);
    }),
    { numRuns: 2000 },
  );
});

test("armor is read back, is age-encryption's, and a changed character is refused or gives other bytes", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 400 }),
      fc.nat(),
      fc.string({ minLength: 1, maxLength: 1 }),
      (bytes, place, character) => {
        const text = armorAge(bytes);
        expect(same(dearmorAge(text), bytes)).toBe(true);
        expect(text).toBe(armor.encode(bytes));
        const at = place % text.length;
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        const code = codeOf(() => expect(changed === text || !same(dearmorAge(changed), bytes)).toBe(true));
        expect([undefined, "age/malformed"]).toContain(code);
      },
    ),
    { numRuns: 1000 },
  );
});

test("the X25519 form of an SSH public key is the public key of the X25519 form of the private one", () => {
  fc.assert(
    fc.property(bytes32, (seed) => {
      const identity = parseIdentity(opensshFile(seed));
      if (identity.kind !== "ssh-ed25519") throw new Error("wrong kind");
      expect(encodeHex(findMontgomery(identity.publicKey) ?? new Uint8Array(0))).toBe(encodeHex(identity.publicBytes));
    }),
    { numRuns: 60 },
  );
});

test("identities and recipients are read back as they were written", () => {
  fc.assert(
    fc.property(native, anyIdentity, ({ identity, text }, other) => {
      expect(encodeHex(parseIdentity(text).publicKey)).toBe(encodeHex(identity.publicKey));
      for (const recipient of [identityRecipient(identity), identityRecipient(other)])
        expect(parseRecipient(encodeRecipient(recipient))).toEqual(recipient);
    }),
    { numRuns: 60 },
  );
});
