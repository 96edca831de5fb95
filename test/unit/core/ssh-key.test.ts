import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeHex } from "../../../src/core/bytes.js";
import {
  checkPublicKey,
  encodeSshPublicKey,
  encodeSshWire,
  fingerprint,
  isFieldElement,
  isSmallOrder,
  keyIdHex,
  parseSshPublicKey,
} from "../../../src/core/ssh-key.js";
import { codeOf, edPublicKey, flipBit, hasTool, random } from "../crypto/material.js";
import { encodePoint, multiply, pointOrder, randomPoint, torsionPoints } from "./slow-edwards.js";

const raw = edPublicKey(new Uint8Array(32).fill(5));
const text = encodeSshPublicKey(raw);

describe("the text of an SSH public key", () => {
  test.each([
    ["an empty text", ""],
    ["a missing character", text.slice(0, -1)],
    ["a character behind it", `${text}A`],
    ["a final newline", `${text}\n`],
    ["the URL alphabet", `${text.slice(0, -1)}-`],
    ["a space inside", `${text.slice(0, 30)} ${text.slice(31)}`],
    ["another algorithm", Buffer.from(flipBit(encodeSshWire(raw), 5)).toString("base64")],
    ["another inner length", Buffer.from(flipBit(encodeSshWire(raw), 18)).toString("base64")],
  ])("%s is refused", (_what, wrong) => {
    expect(codeOf(() => parseSshPublicKey(wrong))).toBe("trust/malformed");
  });

  test("a key of 31 or 33 bytes is never written", () => {
    for (const length of [0, 31, 33])
      expect(codeOf(() => encodeSshPublicKey(new Uint8Array(length)))).toBe("trust/malformed");
  });

  test("what is written is read back, and begins as every ssh-ed25519 key does", () => {
    expect(text.startsWith("AAAAC3NzaC1lZDI1NTE5AAAAI")).toBe(true);
    expect(encodeHex(parseSshPublicKey(text))).toBe(encodeHex(raw));
  });
});

describe("points that anybody can sign for", () => {
  // Each of these is checked by slow arithmetic below, so the list in the source is not just compared with itself.
  const encodings = torsionPoints().flatMap((point) => encodePoint(point));

  test("there are 14 encodings of 8 points of small order", () => {
    expect(torsionPoints().every((point) => 8n % pointOrder(point) === 0n)).toBe(true);
    expect(torsionPoints().length).toBe(8);
    expect(new Set(encodings.map(encodeHex)).size).toBe(14);
  });

  test.each(encodings.map((bytes) => [encodeHex(bytes), bytes] as const))("%s is refused", (_hex, bytes) => {
    expect(isSmallOrder(bytes)).toBe(true);
    expect(codeOf(() => parseSshPublicKey(encodeSshPublicKey(bytes)))).toBe("trust/malformed");
  });

  test("a point of full order is not taken for one of them", () => {
    for (let seed = 1n; seed < 5n; seed++)
      for (const bytes of encodePoint(multiply(randomPoint(seed), 8n))) expect(isSmallOrder(bytes)).toBe(false);
  });

  test("a key that shares a first byte with them is taken", () => {
    for (const first of [0x00, 0x01, 0xc7, 0x26, 0xec, 0xed, 0xee]) {
      const bytes = new Uint8Array(32).fill(3);
      bytes[0] = first;
      expect(isSmallOrder(bytes)).toBe(false);
    }
  });
});

describe("a second spelling of a point", () => {
  test("y of p or more is refused, with either sign", () => {
    for (const first of [0xed, 0xf0, 0xff])
      for (const last of [0x7f, 0xff]) {
        const bytes = Uint8Array.of(first, ...new Uint8Array(30).fill(0xff), last);
        expect(isFieldElement(bytes)).toBe(false);
        expect(codeOf(() => checkPublicKey(bytes))).toBe("trust/malformed");
      }
  });

  test("y just below p is a field element, and so is any with one lower byte", () => {
    expect(isFieldElement(Uint8Array.of(0xec, ...new Uint8Array(30).fill(0xff), 0x7f))).toBe(true);
    expect(isFieldElement(Uint8Array.of(0xff, ...new Uint8Array(29).fill(0xff), 0xfe, 0x7f))).toBe(true);
    expect(isFieldElement(Uint8Array.of(0xff, ...new Uint8Array(30).fill(0xff), 0x7e))).toBe(true);
  });
});

const keygen = hasTool("ssh-keygen");

test.skipIf(!keygen)("the fingerprint is the one that ssh-keygen -l shows (needs ssh-keygen)", () => {
  const folder = mkdtempSync(join(tmpdir(), "gitseal-"));
  try {
    const key = edPublicKey(random(32));
    writeFileSync(join(folder, "key.pub"), `ssh-ed25519 ${encodeSshPublicKey(key)} somebody\n`);
    const shown = execFileSync("ssh-keygen", ["-l", "-f", join(folder, "key.pub")], { encoding: "utf8" });
    expect(shown).toContain(` ${fingerprint(key)} `);
    expect(fingerprint(key)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(`SHA256:${Buffer.from(keyIdHex(key), "hex").toString("base64").replace("=", "")}`).toBe(fingerprint(key));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
