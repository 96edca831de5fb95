import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Surroundings, Verdict } from "../../../../src/scan/rule.js";
import { sample } from "../../../../src/scan/rules/example.js";
import { judgePem } from "../../../../src/scan/rules/pem.js";

const nowhere: Surroundings = { before: "", after: "", path: undefined };
const dashes = "-----";
const passphrase = "q8Zt3";

function judge(text: string, around: Partial<Surroundings> = {}): Verdict {
  return judgePem(text, { ...nowhere, ...around });
}

function block(kind: string, body: string): string {
  return `${dashes}BEGIN ${kind}${dashes}\n${body}\n${dashes}END ${kind}${dashes}`;
}

function openssh(cipher: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(cipher.length);
  const rest = Buffer.from(sample("abcdefghij0123456789", 120, 4));
  const der = Buffer.concat([Buffer.from("openssh-key-v1\0"), length, Buffer.from(cipher), rest]);
  return block("OPENSSH PRIVATE KEY", der.toString("base64").replaceAll(/(.{70})/g, "$1\n"));
}

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const ed = generateKeyPairSync("ed25519").privateKey;
const plain = ed.export({ type: "pkcs8", format: "pem" }).toString();
const no = { kind: "no" };
const blocks = { kind: "yes", certainty: "checked", severity: "block" };
const warn = { kind: "yes", certainty: "checked", severity: "warn" };

describe("no key", () => {
  test.each([
    ["nothing", ""],
    ["an ellipsis", "..."],
    ["stars", "*".repeat(80)],
    ["one letter", "x".repeat(128)],
    ["a sentence", "put the content of the key in here before the deployment of it to production servers"],
    ["half a line", sample("ABCDEFabcdef0123456789", 40, 1)],
  ])("%s between the lines", (_, body) => {
    expect(judge(block("PRIVATE KEY", body))).toEqual(no);
  });

  test("a first line alone", () => {
    expect(judge(`${dashes}BEGIN PRIVATE KEY${dashes}`)).toEqual(no);
    expect(judge("")).toEqual(no);
  });
});

describe("a key that opens something", () => {
  test("in every form that Node writes", () => {
    expect(judge(plain)).toEqual(blocks);
    expect(judge(ec.export({ type: "sec1", format: "pem" }).toString())).toEqual(blocks);
    expect(judge(ec.export({ type: "pkcs8", format: "pem" }).toString())).toEqual(blocks);
    expect(judge(openssh("none"))).toEqual(blocks);
  });

  test("in every dress", () => {
    expect(judge(plain.replaceAll("\n", String.raw`\n`))).toEqual(blocks);
    expect(judge(plain.replaceAll("\n", String.raw`\r\n`))).toEqual(blocks);
    expect(judge(plain.replaceAll("\n", "\n    "))).toEqual(blocks);
    expect(judge(plain.replaceAll("\n", '" +\n  "'))).toEqual(blocks);
    expect(judge(plain.replaceAll("\n", " "))).toEqual(blocks);
  });
});

describe("a key that is shown and does not block", () => {
  test("an encrypted one", () => {
    const encrypted = ec.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }).toString();
    const old = ec.export({ type: "sec1", format: "pem", cipher: "aes-256-cbc", passphrase }).toString();
    expect(judge(encrypted)).toEqual(warn);
    expect(judge(old)).toMatchObject({ kind: "yes", severity: "warn" });
    expect(judge(openssh("aes256-ctr"))).toEqual(warn);
  });

  test("one that is marked as made for tests, by its file or its name", () => {
    expect(judge(plain, { path: "src/test/keys/a.pem" })).toEqual(warn);
    expect(judge(plain, { path: "certs/dummy.pem" })).toEqual(warn);
    expect(judge(plain, { path: "usr/lib64/libssl.so.3" })).toEqual(warn);
    expect(judge(plain, { before: 'fakeKey = "' })).toEqual(warn);
    expect(judge(plain, { path: "src/latest/keys/attestation.pem" })).toEqual(blocks);
    expect(judge(plain, { before: 'signingKey = "' })).toEqual(blocks);
  });

  test("one that holds no key's structure", () => {
    const body = `zz${sample("ABCDEFGHabcdefgh0123456789", 200, 2)}`;
    expect(judge(block("RSA PRIVATE KEY", body))).toEqual({ kind: "yes", certainty: "format", severity: "warn" });
    expect(judge(block("PGP PRIVATE KEY BLOCK", body))).toEqual({ kind: "yes", certainty: "format", severity: "warn" });
    expect(judge(block("PGP PRIVATE KEY BLOCK", `lQOY${body}`))).toEqual({
      kind: "yes",
      certainty: "format",
      severity: "block",
    });
  });
});
