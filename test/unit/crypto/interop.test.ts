import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { armorAge, dearmorAge } from "../../../src/core/age-armor.js";
import { encodeHex } from "../../../src/core/bytes.js";
import { encodeSshWire } from "../../../src/core/ssh-key.js";
import { openAge } from "../../../src/crypto/age-open.js";
import { sealAge } from "../../../src/crypto/age-seal.js";
import { bindSshKey } from "../../../src/crypto/age-stanza.js";
import { hkdf } from "../../../src/crypto/hkdf.js";
import { generateIdentity, identityRecipient, parseIdentity } from "../../../src/crypto/identity.js";
import { encodeRecipient } from "../../../src/crypto/recipient.js";
import { createX25519PrivateKey, x25519PublicBytes } from "../../../src/crypto/x25519.js";
import { hasTool, opensshFile, random } from "./material.js";

const native = generateIdentity(random);
const sshFile = opensshFile(random(32));
const people = [
  { name: "X25519", identity: native.identity, text: native.text },
  { name: "ssh-ed25519", identity: parseIdentity(sshFile), text: sshFile },
];
const recipients = people.map(({ identity }) => identityRecipient(identity));
const sizes = [0, 1, 512, 65_535, 65_536, 65_537, 200_000];

const encrypt = (value: Uint8Array, to: readonly string[], ...options: readonly string[]): Buffer =>
  execFileSync("age", ["--encrypt", ...options, ...to.flatMap((each) => ["--recipient", each])], {
    input: value,
    maxBuffer: 1 << 24,
  });
const publicOf = (secret: Uint8Array): string => encodeHex(x25519PublicBytes(createX25519PrivateKey(secret)));

describe.skipIf(!hasTool("age"))("against the real age, which is needed here", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "gitseal-"));
    for (const { name, text } of people) writeFileSync(join(folder, name), text, { mode: 0o600 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const decrypt = (name: string, file: Uint8Array | string): Buffer =>
    execFileSync("age", ["--decrypt", "--identity", join(folder, name)], {
      input: file,
      maxBuffer: 1 << 24,
      stdio: ["pipe", "pipe", "ignore"],
    });

  test.each(["X25519", "ssh-ed25519"])("age refuses a file of ours that was changed, as %s", (name) => {
    const file = sealAge(random(100), recipients);
    file[file.byteLength - 1] = (file[file.byteLength - 1] ?? 0) ^ 1;
    expect(spawnSync("age", ["--decrypt", "--identity", join(folder, name)], { input: file }).status).not.toBe(0);
  });

  test.each(["X25519", "ssh-ed25519"])("age opens what we seal, binary and armored, as %s", (name) => {
    for (const size of sizes) {
      const value = random(size);
      const file = sealAge(value, recipients);
      expect(decrypt(name, file).equals(value)).toBe(true);
      expect(decrypt(name, armorAge(file)).equals(value)).toBe(true);
    }
  });

  test.each(people.map(({ name }, place) => [name, place] as const))(
    "we open what age seals, binary and armored, as %s",
    (name, place) => {
      const identity = people.find((each) => each.name === name)?.identity;
      if (identity === undefined) throw new Error("no identity");
      for (const size of sizes) {
        const value = random(size);
        const to = recipients.map(encodeRecipient);
        expect(Buffer.from(value).equals(openAge(encrypt(value, to), identity, place))).toBe(true);
        expect(
          Buffer.from(value).equals(openAge(dearmorAge(encrypt(value, to, "--armor").toString("latin1")), identity)),
        ).toBe(true);
      }
    },
  );

  test("trap 4: the tweak of an SSH key has an empty secret and the wire blob as salt; swapped, age would not open ours", () => {
    for (let round = 0; round < 3; round++) {
      const text = opensshFile(random(32));
      const identity = parseIdentity(text);
      writeFileSync(join(folder, "one"), text, { mode: 0o600 });
      const value = random(40);
      expect(decrypt("one", sealAge(value, [identityRecipient(identity)])).equals(value)).toBe(true);
      expect(
        Buffer.from(value).equals(openAge(encrypt(value, [encodeRecipient(identityRecipient(identity))]), identity)),
      ).toBe(true);
    }
  });
});

test("trap 4: the tweak is not the one with secret and salt swapped", () => {
  const { publicKey } = parseIdentity(sshFile);
  const wire = encodeSshWire(publicKey);
  const info = "age-encryption.org/v1/ssh-ed25519";
  const made = encodeHex(x25519PublicBytes(bindSshKey(publicKey).tweak));
  expect(made).not.toBe(publicOf(hkdf(wire, "", info)));
  expect(made).toBe(publicOf(hkdf(new Uint8Array(0), wire, info)));
  expect(`${bindSshKey(publicKey).tag}==`).toBe(
    createHash("sha256").update(wire).digest().subarray(0, 4).toString("base64"),
  );
});
