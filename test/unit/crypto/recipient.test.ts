import { bech32 } from "@scure/base";
import { describe, expect, test } from "vitest";
import { encodeHex } from "../../../src/core/bytes.js";
import { encodeSshPublicKey } from "../../../src/core/ssh-key.js";
import { generateIdentity, identityRecipient } from "../../../src/crypto/identity.js";
import { encodeRecipient, parseRecipient } from "../../../src/crypto/recipient.js";
import { encodeLittle } from "../core/slow-edwards.js";
import { codeOf, edPublicKey, errorOf, random } from "./material.js";

const native = encodeRecipient(
  identityRecipient(generateIdentity((length) => new Uint8Array(length).fill(21)).identity),
);
const ssh = `ssh-ed25519 ${encodeSshPublicKey(edPublicKey(new Uint8Array(32).fill(22)))}`;
const ageText = (bytes: Uint8Array): string => bech32.encodeFromBytes("age", bytes);
const p = 2n ** 255n - 19n;

describe("a text that is no recipient", () => {
  test.each([
    ["empty", ""],
    ["upper case", native.toUpperCase()],
    ["mixed case", native.replace(/.$/, (last) => last.toUpperCase())],
    ["a wrong checksum", native.replace(/.$/, (last) => (last === "q" ? "p" : "q"))],
    ["a space behind it", `${native} `],
    ["another prefix", bech32.encodeFromBytes("agf", new Uint8Array(32).fill(3))],
    ["31 bytes", ageText(new Uint8Array(31).fill(3))],
    ["33 bytes", ageText(new Uint8Array(33).fill(3))],
    ["an SSH key with a comment", `${ssh} alice@laptop`],
    ["an SSH key with two spaces", ssh.replace(" ", "  ")],
    ["an SSH key with a newline", `${ssh}\n`],
    ["an SSH key without its type", ssh.replace("ssh-ed25519 ", "")],
    ["megabytes", `age1${"q".repeat(4_000_000)}`],
  ])("is refused: %s", (_what, text) => {
    expect(codeOf(() => parseRecipient(text))).toBe("usage/invalid");
    expect(codeOf(() => parseRecipient(text, "trust/malformed"))).toBe("trust/malformed");
  });

  test("X25519 points of small order and second spellings are refused", () => {
    const order8 = [
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ];
    const bad = [0n, 1n, p - 1n, p, p + 1n, p + 9n, 9n + 2n ** 255n].map(encodeLittle);
    for (const raw of [...bad, ...order8.map((text) => Buffer.from(text, "hex"))])
      expect(codeOf(() => parseRecipient(ageText(raw)))).toBe("usage/invalid");
    expect(codeOf(() => parseRecipient(ageText(encodeLittle(9n))))).toBeUndefined();
  });

  test("an SSH key of small order, or that is no point of the curve, is refused", () => {
    for (const y of [0n, 1n, 2n, p - 1n])
      expect(codeOf(() => parseRecipient(`ssh-ed25519 ${encodeSshPublicKey(encodeLittle(y))}`))).toBe("usage/invalid");
    expect(codeOf(() => parseRecipient(`ssh-ed25519 ${encodeSshPublicKey(encodeLittle(3n))}`))).toBeUndefined();
  });

  test.each([
    ["a post-quantum recipient", `age1pq1${"q".repeat(1950)}`, /post-quantum recipients .* not supported yet/],
    ["a plugin's recipient", "age1yubikey1qqqqqqqq", /plugins are not supported/],
    ["a tag recipient", "age1tag1qqqqqqqq", /plugins are not supported/],
    ["an RSA key", "ssh-rsa AAAAB3NzaC1yc2E", /only ssh-ed25519/],
    ["a hardware key", "sk-ssh-ed25519@openssh.com AAAA", /only ssh-ed25519/],
  ])("%s is refused by name, whatever code was asked for", (_what, text, message) => {
    const attempt = (): unknown => parseRecipient(text, "trust/malformed");
    expect(attempt).toThrow(message);
    expect(codeOf(attempt)).toBe("usage/invalid");
  });

  test("an identity pasted in its place is not echoed", () => {
    const { text } = generateIdentity(random);
    const error = errorOf(() => parseRecipient(text));
    expect(error?.code).toBe("usage/invalid");
    expect(`${String(error)} ${String(error?.cause)} ${error?.hint}`).not.toContain(text.slice(15, 40));
  });
});

test("each kind is read and written in its one spelling", () => {
  for (const text of [native, ssh]) expect(encodeRecipient(parseRecipient(text))).toBe(text);
  expect([parseRecipient(native).kind, parseRecipient(ssh).kind]).toEqual(["x25519", "ssh-ed25519"]);
  expect(encodeHex(parseRecipient(ssh).publicKey)).toBe(encodeHex(edPublicKey(new Uint8Array(32).fill(22))));
});
