import { createPrivateKey, createPublicKey, hkdfSync, sign, verify } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { bech32 } from "@scure/base";
import { identityToRecipient } from "age-encryption";
import { describe, expect, test } from "vitest";
import { encodeHex } from "../../../src/core/bytes.js";
import { encodeSshWire, fingerprint } from "../../../src/core/ssh-key.js";
import { generateIdentity, identityRecipient, parseIdentity, signingKey } from "../../../src/crypto/identity.js";
import { encodeRecipient } from "../../../src/crypto/recipient.js";
import { codeOf, edPublicKey, errorOf, flipBit, hasTool, opensshFile, random } from "./material.js";

const secret = new Uint8Array(32).fill(7);
const { identity, text } = generateIdentity(() => secret);
const seed = new Uint8Array(32).fill(8);
const publicKey = edPublicKey(seed);
const file = opensshFile(seed);

const unreadable: readonly [what: string, text: string][] = [
  ["nothing", ""],
  ["only comments", "# created: today\n\n# public key: none\n"],
  ["two keys", `${text}\n${text}\n`],
  ["a key and a word", `${text}\nhello`],
  ["lower case", text.toLowerCase()],
  ["a lower-case letter", text.replace(/.$/, (last) => last.toLowerCase())],
  ["a wrong checksum", text.replace(/.$/, (last) => (last === "Q" ? "P" : "Q"))],
  ["a character missing", text.slice(0, -1)],
  ["a space in front", ` ${text}`],
  ["a byte order mark", `\ufeff${text}`],
  ["31 bytes", bech32.encodeFromBytes("AGE-SECRET-KEY-", new Uint8Array(31)).toUpperCase()],
  ["33 bytes", bech32.encodeFromBytes("AGE-SECRET-KEY-", new Uint8Array(33)).toUpperCase()],
  ["a post-quantum identity", bech32.encodeFromBytes("AGE-SECRET-KEY-PQ-", secret).toUpperCase()],
  ["a plugin's identity", "AGE-PLUGIN-YUBIKEY-1QQQQ"],
  ["a passphrase", "7k3v-9wq2-7k3v-9wq2-7k3v-9wq2-7k3v"],
  ["a public key", encodeRecipient(identityRecipient(identity))],
  ["megabytes", "A".repeat(4_000_000)],
  ["an OpenSSH key under a passphrase", opensshFile(seed, { cipher: "aes256-ctr", kdf: "bcrypt", kdfOptions: "salt" })],
  ["an OpenSSH key with a key derivation alone", opensshFile(seed, { kdf: "bcrypt" })],
  ["an OpenSSH key with options alone", opensshFile(seed, { kdfOptions: "x" })],
  ["an OpenSSH file of two keys", opensshFile(seed, { keys: 2 })],
  ["an OpenSSH file of another magic", opensshFile(seed, { magic: "openssh-key-v2\0" })],
  ["an OpenSSH key whose check numbers differ", opensshFile(seed, { secondCheck: 8 })],
  ["an OpenSSH key of another type", opensshFile(seed, { type: "ssh-rsa" })],
  [
    "an OpenSSH key with another public key outside",
    opensshFile(seed, { publicWire: encodeSshWire(edPublicKey(secret)) }),
  ],
  ["an OpenSSH key with another public key inside", opensshFile(seed, { innerPublic: edPublicKey(secret) })],
  ["an OpenSSH key whose halves differ", opensshFile(seed, { both: Buffer.concat([secret, publicKey]) })],
  ["an OpenSSH key of 63 bytes", opensshFile(seed, { both: Buffer.concat([seed, publicKey.subarray(1)]) })],
  ["an OpenSSH key with wrong padding", opensshFile(seed, { padding: Uint8Array.of(2, 1) })],
  ["an OpenSSH key with too much padding", opensshFile(seed, { padding: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) })],
  ["an OpenSSH key with bytes behind it", opensshFile(seed, { after: Uint8Array.of(0) })],
  ["an OpenSSH key cut short", file.replace(/\n.{20}/, "\n")],
  ["an OpenSSH key without its end", file.replace(/-----END.*\n/, "")],
  ["two OpenSSH keys", file + file],
];

describe("what is no identity", () => {
  test.each(unreadable.map(([what]) => what))("%s is refused, and no part of it is in the error", (what) => {
    const wrong = unreadable.find(([name]) => name === what)?.[1] ?? "";
    const error = errorOf(() => parseIdentity(wrong));
    expect(error?.code).toBe("identity/unreadable");
    const [shown] = inspect(error, { depth: null }).split("\n    at ");
    const pieces = Array.from({ length: 100 }, (_, at) => wrong.slice(4 * at, 4 * at + 12));
    // The names of the formats are ours to say; what was typed behind them is not.
    const telling = pieces.filter((piece) => piece.length === 12 && !/AGE-|-----|OPENSSH|PRIVATE|KEY/.test(piece));
    for (const piece of telling) expect(shown).not.toContain(piece);
  });

  test("a key under a passphrase gets a hint of what to do", () => {
    expect(() => parseIdentity(opensshFile(seed, { cipher: "aes256-ctr", kdf: "bcrypt" }))).toThrow(
      /not supported yet/,
    );
  });

  test("a changed byte anywhere in an OpenSSH key is refused, but in its comment", () => {
    const blob = Buffer.from(file.split("\n").slice(1, -2).join(""), "base64");
    const comment = blob.indexOf("a comment");
    let refused = 0;
    for (let at = 0; at < blob.byteLength; at++) {
      if (at >= comment && at < comment + 9) continue;
      const lines = Buffer.from(flipBit(blob, at))
        .toString("base64")
        .replaceAll(/.{1,70}/g, "$&\n");
      expect(
        codeOf(() => parseIdentity(`-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}-----END OPENSSH PRIVATE KEY-----\n`)),
      ).toBe("identity/unreadable");
      refused++;
    }
    expect(refused).toBe(blob.byteLength - 9);
  });

  test("a random source that gives too little makes no identity", () => {
    expect(() => generateIdentity(() => new Uint8Array(31))).toThrow(RangeError);
  });
});

describe("an identity", () => {
  test("shows no secret when it is printed or serialised", () => {
    const ssh = parseIdentity(file);
    const derived = new Uint8Array(hkdfSync("sha256", secret, "gitseal/v1/signing-key", "X25519", 32));
    for (const each of [identity, ssh, signingKey(identity), signingKey(ssh)]) {
      const shown = inspect(each, { depth: null, showHidden: true }) + JSON.stringify(each);
      for (const bytes of [secret, seed, derived])
        for (const form of ["hex", "base64", "base64url"] as const)
          expect(shown).not.toContain(Buffer.from(bytes).toString(form).slice(0, 12));
      expect(shown).not.toMatch(/\b7,\s*7,\s*7,\s*7|\b8,\s*8,\s*8,\s*8/);
    }
  });

  test("is read from its line alone, from an age-keygen file, and with the line ends of Windows", () => {
    const keygen = `# created: 2026-01-01T00:00:00Z\n# public key: age1…\n\n${text}\n`;
    for (const each of [text, `${text}\n`, keygen, keygen.replaceAll("\n", "\r\n")])
      expect(encodeRecipient(identityRecipient(parseIdentity(each)))).toBe(
        encodeRecipient(identityRecipient(identity)),
      );
  });

  test("has the recipient that age-encryption derives", async () => {
    for (let count = 0; count < 5; count++) {
      const made = generateIdentity(random);
      expect(encodeRecipient(identityRecipient(made.identity))).toBe(await identityToRecipient(made.text));
    }
  });

  test.skipIf(!hasTool("age-keygen"))(
    "is read from what age-keygen writes, with the recipient that it names (needs age-keygen)",
    () => {
      const written = execFileSync("age-keygen", { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      expect(written).toContain(`# public key: ${encodeRecipient(identityRecipient(parseIdentity(written)))}\n`);
    },
  );

  test("of SSH is read in either line end, and has its own public key as recipient", () => {
    for (const each of [file, file.replaceAll("\n", "\r\n")]) {
      const recipient = identityRecipient(parseIdentity(each));
      expect([recipient.kind, encodeHex(recipient.publicKey)]).toEqual(["ssh-ed25519", encodeHex(publicKey)]);
    }
  });

  test.skipIf(!hasTool("ssh-keygen"))(
    "of SSH is read from what ssh-keygen writes, and one under a passphrase is not (needs ssh-keygen)",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "gitseal-"));
      try {
        for (const [name, passphrase] of [
          ["open", ""],
          ["closed", "a passphrase"],
        ] as const)
          execFileSync("ssh-keygen", [
            "-q",
            "-t",
            "ed25519",
            "-N",
            passphrase,
            "-C",
            "someone",
            "-f",
            join(folder, name),
          ]);
        expect(() => parseIdentity(readFileSync(join(folder, "closed"), "utf8"))).toThrow(
          /under a passphrase are not supported yet/,
        );
        const read = parseIdentity(readFileSync(join(folder, "open"), "utf8"));
        expect(`${encodeRecipient(identityRecipient(read))} someone\n`).toBe(
          readFileSync(join(folder, "open.pub"), "utf8"),
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

describe("the signing key", () => {
  test("of an age identity is the one of the format: HKDF with that salt and info, and no other", () => {
    const seedOf = (salt: string, info: string): Uint8Array =>
      new Uint8Array(hkdfSync("sha256", secret, salt, info, 32));
    const { privateKey, publicKey: made } = signingKey(identity);
    expect(encodeHex(made)).toBe(encodeHex(edPublicKey(seedOf("gitseal/v1/signing-key", "X25519"))));
    expect(encodeHex(made)).not.toBe(encodeHex(edPublicKey(seedOf("X25519", "gitseal/v1/signing-key"))));
    expect(encodeHex(made)).not.toBe(encodeHex(edPublicKey(secret)));
    const message = Buffer.from("message");
    expect(verify(null, message, createPublicKey(privateKey), sign(null, message, privateKey))).toBe(true);
    // Pinned: a member's key in a trust root must be found again by every later release.
    expect(fingerprint(made)).toBe("SHA256:bg2WgrMUSqm6GP0fcgr8IzUCuovbo1U+E7KIlrXkXjw");
  });

  test("of an SSH identity is itself", () => {
    const { privateKey, publicKey: made } = signingKey(parseIdentity(file));
    expect(encodeHex(made)).toBe(encodeHex(publicKey));
    const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
    expect(privateKey.equals(createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }))).toBe(true);
  });

  test("is derived once for an identity", () => {
    expect(signingKey(identity)).toBe(signingKey(identity));
    expect(encodeHex(signingKey(parseIdentity(text)).publicKey)).toBe(encodeHex(signingKey(identity).publicKey));
  });
});
