import { describe, expect, test } from "vitest";
import { generatePassphrase } from "../../../../src/crypto/wrapped.js";
import { findPlaintextEnv, variableOf } from "../../../../src/scan/store/env-names.js";
import { findIdentities } from "../../../../src/scan/store/identities.js";
import { storeRules } from "../../../../src/scan/store/store-rules.js";
import { findDecryptedTwin } from "../../../../src/scan/store/twins.js";
import { createDice } from "../../../support/known-cases.js";

const dice = createDice(41);
const key = ["AGE", "SECRET", `KEY-1${dice.text("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)}`].join("-");
const sops = `ENC[AES256_GCM,data:${dice.text("abcdef", 20)},iv:x,tag:y,type:str]`;

function file(path: string, text: string): { readonly path: string; readonly bytes: Buffer } {
  return { path, bytes: Buffer.from(text) };
}

function twin(path: string, beside: readonly string[], text = "a: b\n"): string | undefined {
  return findDecryptedTwin(file(path, text), (one) => beside.includes(one))?.severity;
}

function findKeys(path: string, text: string): readonly string[] {
  return findIdentities(file(path, text)).map(({ why, start, end }) => `${why}: ${text.slice(start, end)}`);
}

describe("a decrypted twin", () => {
  test.each([
    ["a file alone", "secrets.yaml", []],
    ["the encrypted file itself", "secrets.yaml.age", ["secrets.yaml"]],
    ["an encrypted file in another folder", "a/secrets.yaml", ["b/secrets.enc.yaml", "secrets.enc.yaml"]],
    ["a template", ".env.example", [".env.example.enc", ".env.encrypted"]],
    ["another stem", "secrets.yaml", ["passwords.enc.yaml"]],
    ["a word that ends like a mark", "codec.yaml", ["co.yaml"]],
  ])("%s is none", (_what, path, beside) => {
    expect(twin(path, beside)).toBeUndefined();
  });

  test("a file that is encrypted itself is none, and neither is an empty one", () => {
    expect(twin("secrets.yaml", ["secrets.enc.yaml"], `a: ${sops}\n`)).toBeUndefined();
    expect(twin("secrets.yaml", ["secrets.enc.yaml"], "")).toBeUndefined();
  });

  test.each([
    ["k8s/secrets.yaml", "k8s/secrets.enc.yaml"],
    ["secrets.yaml", "secrets.sops.yaml"],
    ["x.dec.yaml", "x.yaml"],
    ["x.dec.yaml", "x.enc.yaml"],
    ["x-decrypted.json", "x.json"],
    ["x.yaml.dec", "x.yaml.gpg"],
    [".env", ".env.encrypted"],
    [".env.production", ".env.production.enc"],
    ["credentials.json", "credentials.json.age"],
    ["tls/server.key", "tls/server.key.gpg"],
  ])("%s beside %s blocks", (path, beside) => {
    expect(twin(path, [beside])).toBe("block");
  });

  test("a Secret of Kubernetes beside its sealed form blocks, whatever its name", () => {
    expect(twin("db.yaml", ["db.sealed.yaml"], "apiVersion: v1\nkind: Secret\ndata: {}\n")).toBe("block");
    expect(twin("db.yaml", ["sealed-db.yaml"], "kind: Secret\n")).toBe("block");
  });

  test("a file whose name does not speak of secrets only warns", () => {
    expect(twin("values.yaml", ["values.enc.yaml"])).toBe("warn");
    expect(twin("Release", ["Release.gpg"])).toBe("warn");
  });
});

describe("an identity", () => {
  test.each([
    ["a text that names the form", "docs/a.md", "an AGE-SECRET-KEY-1… line"],
    ["an empty file of the name", "home/.config/gitseal/identity", ""],
    ["a key within other text, which the rules find", "a.txt", `x = ${key}\n`],
    ["a uuid", "a.txt", "3f2a91c4-7b1e-4c55-9d1f-0a1b2c3d4e5f"],
    ["groups of one letter", "a.txt", Array.from({ length: 7 }, () => "0000").join("-")],
    ["an age file under a passphrase, of any name", "backup.age", "age-encryption.org/v1\n-> scrypt abc 18\n"],
    [
      "a wrapped identity where it belongs",
      `.secrets/wrapped/bob-identity.age`,
      "age-encryption.org/v1\n-> scrypt abc 18\n",
    ],
  ])("%s is none", (_what, path, text) => {
    expect(findKeys(path, text)).toEqual([]);
  });

  test("is a file of comments and one key, under any name", () => {
    const text = `# created: 2026-11-23\n# public key: age1abc\n${key}\n`;
    expect(findKeys("tools/x.txt", text)).toEqual([`this file is an age identity: ${key}`]);
  });

  test("is what stands at its path", () => {
    expect(findKeys("dotfiles/.config/gitseal/identity", `# mine\nx\n${key}\n`)).toHaveLength(1);
    const pem = `-----BEGIN OPENSSH ${["PRIVATE", "KEY"].join(" ")}-----\nabc\n`;
    expect(findKeys("dotfiles/.config/gitseal/identity", pem)).toHaveLength(1);
  });

  test("is a wrapped one outside of .secrets/wrapped, in armor too", () => {
    const head = "age-encryption.org/v1\n-> scrypt abc 18\n";
    expect(findKeys("bob-identity.age", head)).toHaveLength(1);
    expect(
      findKeys("bob-wrapped.age", `-----BEGIN AGE ENCRYPTED FILE-----\n${Buffer.from(head).toString("base64")}\n`),
    ).toHaveLength(1);
  });

  test("is no passphrase whose letters only count up", () => {
    expect(findKeys("ci.env", "PASS=0123-4567-89ab-cdef-ghjk-mnpq-rstv\n")).toEqual([]);
  });

  test("is the passphrase of a wrapped one, wherever it stands", () => {
    const passphrase = generatePassphrase((length) => dice.bytes(length));
    expect(findKeys("ci.env", `PASS=${passphrase}\n`)).toEqual([
      `it has the form of a wrapped identity's passphrase: ${passphrase}`,
    ]);
  });
});

describe("an env file with a value for a secret's name", () => {
  const names = ["db/password", "api-key"];
  const find = (path: string, text: string): readonly string[] =>
    findPlaintextEnv(file(path, text), names).map(({ name, start, end }) => `${name}: ${text.slice(start, end)}`);

  test.each([
    ["another variable", ".env", "DB_PASSWORDS=hunter-22-long"],
    ["no value", ".env", "DB__PASSWORD=\nAPI_KEY="],
    ["a reference", ".env", "DB__PASSWORD=$OTHER\nAPI_KEY=${X}"],
    ["a reference to a manager", ".env", "API_KEY=op://vault/item"],
    ["an encrypted value", ".env", "API_KEY=encrypted:abc"],
    ["a placeholder", ".env", "API_KEY=your-api-key"],
    ["a comment", ".env", "# API_KEY=abcdefgh1"],
    ["a template", ".env.example", "API_KEY=Zk3-abc-92"],
    ["a file of another kind", "src/a.ts", "API_KEY=Zk3-abc-92"],
  ])("%s is none", (_what, path, text) => {
    expect(find(path, text)).toEqual([]);
  });

  test.each([
    ["bare", ".env", "API_KEY=Zk3-abc-92", "api-key: Zk3-abc-92"],
    ["quoted", "a/.env.local", `export DB__PASSWORD="Zk3 abc 92" # x`, "db/password: Zk3 abc 92"],
    ["single-quoted, in lower case", "prod.env", "api_key='Zk3-abc-92'", "api-key: Zk3-abc-92"],
  ])("%s is found", (_what, path, text, expected) => {
    expect(find(path, text)).toEqual([expected]);
  });

  test("names become variables and stay apart", () => {
    expect(names.map(variableOf)).toEqual(["DB__PASSWORD", "API_KEY"]);
    expect(findPlaintextEnv(file(".env", "API_KEY=Zk3-abc-92"), [])).toEqual([]);
  });
});

test("every check has an entry for people, with what it grants and where to revoke it", () => {
  expect(storeRules.map(({ id }) => id).toSorted()).toEqual([
    "store/decrypted-twin",
    "store/identity",
    "store/malformed",
    "store/plaintext-env",
    "store/value",
  ]);
  for (const { title, grants, revoke } of storeRules)
    for (const text of [title, grants, revoke]) expect(text).toMatch(/^[a-z][^\n]{10,120}[^.]$/);
});
