import { hkdfSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { encodeHex } from "../../../src/core/bytes.js";
import { findOpened, sealInto } from "../../../src/crypto/aead.js";
import { findMontgomery } from "../../../src/crypto/edwards.js";
import { hkdf } from "../../../src/crypto/hkdf.js";
import {
  createX25519PrivateKey,
  createX25519PublicKey,
  findSharedSecret,
  generateEphemeral,
  getX25519PublicKey,
  x25519PublicBytes,
} from "../../../src/crypto/x25519.js";
import { encodeLittle } from "../core/slow-edwards.js";
import { flipBit, random } from "./material.js";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

describe("X25519", () => {
  // RFC 7748 §6.1: the keys of Alice and Bob, and the secret that they agree on.
  const alice = createX25519PrivateKey(hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
  const bob = createX25519PrivateKey(hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
  const p = 2n ** 255n - 19n;

  test("points of small order give no shared secret, in any spelling", () => {
    const small = [0n, 1n, p - 1n, p, p + 1n].flatMap((u) => [encodeLittle(u), encodeLittle(u + 2n ** 255n)]);
    small.push(hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"));
    small.push(hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"));
    for (const raw of small) expect(findSharedSecret(alice, createX25519PublicKey(raw))).toBeUndefined();
  });

  test("the vectors of RFC 7748 hold", () => {
    const ofAlice = x25519PublicBytes(alice);
    const ofBob = x25519PublicBytes(bob);
    expect(encodeHex(ofAlice)).toBe("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    expect(encodeHex(ofBob)).toBe("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    const shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
    expect(encodeHex(findSharedSecret(alice, createX25519PublicKey(ofBob)) ?? new Uint8Array(0))).toBe(shared);
    expect(encodeHex(findSharedSecret(bob, getX25519PublicKey(ofAlice)) ?? new Uint8Array(0))).toBe(shared);
  });

  test("every ephemeral key is another, and its share is its public key", () => {
    const pairs = Array.from({ length: 20 }, generateEphemeral);
    expect(new Set(pairs.map(({ share }) => encodeHex(share))).size).toBe(20);
    for (const { privateKey, share } of pairs) expect(encodeHex(x25519PublicBytes(privateKey))).toBe(encodeHex(share));
  });
});

describe("HKDF-SHA-256", () => {
  test("the third case of RFC 5869, with empty salt and info, holds for its first block", () => {
    const okm = hkdf(new Uint8Array(22).fill(0x0b), "", "");
    expect(encodeHex(okm)).toBe("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
  });

  test("it is what node's own does, for empty secrets and long salts too", () => {
    for (const [secret, salt] of [
      [0, 51],
      [16, 0],
      [16, 16],
      [32, 64],
      [32, 200],
    ] as const) {
      const [ikm, bytes] = [random(secret), random(salt)];
      expect(encodeHex(hkdf(ikm, bytes, "info"))).toBe(
        encodeHex(new Uint8Array(hkdfSync("sha256", ikm, bytes, "info", 32))),
      );
    }
  });
});

describe("ChaCha20-Poly1305", () => {
  const key = random(32);
  const nonce = random(12);
  const sealed = new Uint8Array(16 + 16);
  sealInto(sealed, 0, key, nonce, new Uint8Array(16).fill(9));

  test("nothing is opened with a changed byte, another key or nonce, or without a whole tag", () => {
    for (let at = 0; at < sealed.byteLength; at++) expect(findOpened(key, nonce, flipBit(sealed, at))).toBeUndefined();
    expect(findOpened(flipBit(key, 0), nonce, sealed)).toBeUndefined();
    expect(findOpened(key, flipBit(nonce, 0), sealed)).toBeUndefined();
    for (const length of [0, 1, 15, 16, 31]) expect(findOpened(key, nonce, sealed.subarray(0, length))).toBeUndefined();
  });

  test("what is sealed is opened", () => {
    expect(encodeHex(findOpened(key, nonce, sealed) ?? new Uint8Array(0))).toBe("09".repeat(16));
  });
});

test("bytes that are no point of the curve have no X25519 form", () => {
  const onCurve = Array.from({ length: 40 }, (_, at) => findMontgomery(encodeLittle(BigInt(at + 2))) !== undefined);
  // y = 2 is no point; y = 3 is one; about half of all numbers are.
  expect(onCurve.slice(0, 2)).toEqual([false, true]);
  expect(onCurve.filter(Boolean).length).toBeGreaterThan(8);
  expect(onCurve.filter(Boolean).length).toBeLessThan(32);
});
