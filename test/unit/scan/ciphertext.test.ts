import { describe, expect, test } from "vitest";
import { dropCiphertext, findCiphertext, keepOutside } from "../../../src/scan/ciphertext.js";
import type { Match } from "../../../src/scan/match.js";
import { allRules } from "../../../src/scan/rules/all.js";
import { createScanner } from "../../../src/scan/create-scanner.js";
import { scanText } from "../../../src/scan/scanner.js";
import { createDice } from "../../support/known-cases.js";

const dice = createDice(99);
const b64 = (length: number): string =>
  dice.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);
const hex = (length: number): string => dice.text("0123456789abcdef", length);
const url = (text: string): string => Buffer.from(text).toString("base64url");

const ageHead = Buffer.from("age-encryption.org/v1").toString("base64");
const ageLines = [`${ageHead}${b64(64 - ageHead.length)}`, b64(64), b64(64), `${b64(30)}==`];
const age = ["-----BEGIN AGE ENCRYPTED FILE-----", ...ageLines, "-----END AGE ENCRYPTED FILE-----", ""].join("\n");
const pgp = (body: readonly string[]): string =>
  ["-----BEGIN PGP MESSAGE-----", "Version: GnuPG v2", "", ...body, "-----END PGP MESSAGE-----", ""].join("\n");
const sops = `ENC[AES256_GCM,data:${b64(20)}=,iv:${b64(43)}=,tag:${b64(22)}==,type:str]`;
const jwe = [url('{"alg":"RSA-OAEP","enc":"A256GCM"}'), b64(80), b64(16), b64(60), b64(22)].join(".");
const sealed = `AgB${b64(300)}=`;
const signature = `U1NIU0lH${b64(230)}==`;
const b64Value = b64(24);
const record = [
  "---",
  "v: 1",
  "kind: version",
  `sid: ${hex(32)}`,
  `vid: ${hex(16)}`,
  'reason: "scheduled"',
  `trust: 2:${hex(64)}`,
];

function find(text: string | Buffer): readonly (readonly [string, string])[] {
  const bytes = typeof text === "string" ? Buffer.from(text, "latin1") : text;
  return findCiphertext({ bytes, path: undefined }).map(({ start, end, kind }) => [
    kind,
    bytes.toString("latin1", start, end),
  ]);
}

describe("a marker alone hides nothing:", () => {
  const secret = `token-${b64(40)}`;
  test.each([
    ["no marker", `password: ${secret}`],
    [
      "an age header with no age file behind it",
      `-----BEGIN AGE ENCRYPTED FILE-----\n${secret}\n-----END AGE ENCRYPTED FILE-----`,
    ],
    ["SOPS brackets round something else", `ENC[AES256_GCM,?${secret}]`],
    ["an Ansible header over text", `$ANSIBLE_VAULT;1.1;AES256\n${secret}\n`],
    ["a sealed secret whose value is not sealed", `kind: SealedSecret\nencryptedData:\n  a: ${secret}\n`],
    ["a short word after encrypted:", "encrypted:hunter2hunter2"],
    ["a private key of dotenvx", `DOTENV_PRIVATE_KEY="${hex(64)}"`],
    ["the name of git-crypt in a text", `GITCRYPT is used here. ${secret}`],
    ["a PGP header over text", pgp([`password is ${secret}`])],
    [
      "five parts whose header names no encryption",
      [url('{"alg":"RS256"}'), b64(80), b64(16), b64(60), b64(22)].join("."),
    ],
    ["a JWT", [url('{"alg":"RS256","enc":"A256GCM"}'), b64(80), b64(43)].join(".")],
    ["fields of our own without a block", `sid: ${hex(32)}\ntrust: 2:${hex(64)}`],
    ["a block with a secret for an id", [...record.slice(0, 3), `sid: ${secret}`, `nonce: ${b64(30)}`].join("\n")],
    ["a signature that is none", `v: 1\nkind: seal\nsig: ${b64(300)}`],
  ])("%s", (_what, text) => {
    expect(find(text)).toEqual([]);
  });

  test("what stands beside ciphertext is not in it", () => {
    const text = `${age}password: ${secret}\na: ${sops} # ${secret}\n`;
    for (const [, span] of find(text)) expect(span).not.toContain(secret);
  });

  test("free text in a block of our own is not in it", () => {
    const spans = find([...record, `note: "${secret}"`, `sig: ${signature}`, ""].join("\n")).map(([, span]) => span);
    expect(spans.join("\n")).not.toContain(secret);
    expect(spans).toHaveLength(4);
  });
});

describe("ciphertext is known as it is written by", () => {
  test.each([
    ["age", "age", `x: |\n${age.replaceAll("\n", "\n  ")}`, /^YWdl[^]*=$/m],
    ["age, in a JSON string", "age", JSON.stringify({ a: age }), /^YWdl.*==/],
    ["age, without armor", "age", `ct: ${ageLines.join("")}`, /^YWdl.*==$/],
    ["SOPS", "sops", `db: ${sops}\n`, /^ENC\[.*\]$/],
    [
      "Ansible Vault",
      "ansible-vault",
      `k: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  ${hex(80)}\n  ${hex(80)}\n  ${hex(40)}\n`,
      /^\$ANSIBLE[^]*[0-9a-f]{40}\s*$/,
    ],
    [
      "Ansible Vault with a label",
      "ansible-vault",
      `$ANSIBLE_VAULT;1.2;AES256;prod\n${hex(80)}\n`,
      /^\$ANSIBLE[^]*[0-9a-f]\n$/,
    ],
    [
      "sealed-secrets",
      "sealed-secret",
      `kind: SealedSecret\nspec:\n  encryptedData:\n    password: ${sealed}\n`,
      /^AgB.*=$/,
    ],
    [
      "sealed-secrets in JSON",
      "sealed-secret",
      JSON.stringify({ kind: "SealedSecret", encryptedData: { a: sealed } }),
      /^AgB.*=$/,
    ],
    ["dotenvx", "dotenvx", `DB="encrypted:${b64(120)}=="`, /^encrypted:.*==$/],
    ["dotenvx, its public key", "dotenvx", `DOTENV_PUBLIC_KEY_CI="03${hex(64)}"`, /^03[0-9a-f]{64}$/],
    ["GnuPG", "pgp", pgp([b64(64), b64(64), `${b64(20)}==`, `=${b64(4)}`]), /^-----BEGIN[^]*=[A-Za-z0-9]{4}\n$/],
    ["JOSE", "jwe", `token: ${jwe}`, /^eyJ[^ ]*$/],
    ["Vault's transit engine", "vault-transit", `enc: vault:v1:${b64(60)}=`, /^vault:v1:.*=$/],
    ["OpenSSL", "openssl", `U2FsdGVkX1${b64(54)}\n${b64(64)}\n${b64(20)}=\n`, /^U2Fs[^]*=\n$/],
    ["our journal, its signature", "gitseal", `{"sig":"${signature}"}`, /^U1NIU0lH.*==$/],
  ])("%s", (_what, kind, text, span) => {
    const found = find(text);
    expect(found.map(([one]) => one)).toEqual([kind]);
    expect(found[0]?.[1]).toMatch(span);
  });

  test("us: ids, digests, keys and signatures of a block", () => {
    const lines = [
      `nonce: ${hex(32)}`,
      `prev: [${hex(64)}, ${hex(64)}]`,
      `by: SHA256:${b64(43)}`,
      `ct-digest: ${hex(64)}`,
    ];
    const spans = find([...record, ...lines, `sig: ${signature}`, ""].join("\n")).map(([, span]) => span);
    expect(spans).toEqual([record[3], record[4], record[6], ...lines, `sig: ${signature}`]);
  });

  test("us: ids and keys of a journal line", () => {
    const line = `{"key":"SHA256:${b64(43)}","prev":"${hex(64)}","repo":"${hex(32)}","trust":"2:${hex(64)}","v":1}`;
    expect(find(line).map(([kind]) => kind)).toEqual(["gitseal", "gitseal", "gitseal", "gitseal"]);
  });

  test("SOPS: the data key that a key service encrypted", () => {
    const text = `a: ${sops}\nsops:\n  kms:\n    - enc: AQICAHh${b64(120)}==\n`;
    expect(find(text).map(([kind]) => kind)).toEqual(["sops", "sops"]);
  });

  test("age and git-crypt, a file of bytes as a whole", () => {
    const binary = Buffer.concat([Buffer.from("age-encryption.org/v1\n-> X25519 abc\n"), dice.bytes(200)]);
    expect(find(binary)).toEqual([["age", binary.toString("latin1")]]);
    const crypt = Buffer.concat([Buffer.from(" GITCRYPT "), dice.bytes(300)]);
    expect(find(crypt)).toEqual([["git-crypt", crypt.toString("latin1")]]);
  });
});

function match(start: number, end: number): Match {
  return {
    rule: "generic/password",
    certainty: "likely",
    severity: "block",
    start,
    end,
    secret: "x",
    name: undefined,
    via: [],
  };
}

describe("dropping matches", () => {
  const text = { bytes: Buffer.from(`a: ${sops} and more`), path: undefined };

  test("keeps what is only partly in ciphertext, or beside it", () => {
    const kept = [match(0, 2), match(0, sops.length), match(10, sops.length + 8)];
    expect(dropCiphertext(text, kept)).toEqual(kept);
  });

  test("drops what is inside, and all of it", () => {
    expect(dropCiphertext(text, [match(3, 3 + sops.length), match(10, 20)])).toEqual([]);
  });
});

describe("a scan", () => {
  const rule = allRules.find(({ id }) => id.startsWith("github/"));
  const scanner = createScanner({
    rules: allRules,
    known: ({ bytes }) => (bytes.includes(b64Value) ? [{ ...match(0, 9), rule: "store/value", name: "one" }] : []),
  });
  const hit = rule?.hits[0]?.text() ?? "";

  test("reports no credential in ciphertext, in a layer below neither, and the same one beside it", () => {
    const inside = sops.replace("data:", `data:${hit.replaceAll(/[^A-Za-z0-9_]/g, "")}`);
    expect(scanText(scanner, { bytes: Buffer.from(`a: ${inside}\n`), path: "a.yaml" })).toEqual([]);
    const nested = Buffer.from(`a: ${inside}\nb: ${inside}\n`).toString("base64");
    expect(scanText(scanner, { bytes: Buffer.from(`x: ${nested}\n`), path: "a.yaml" })).toEqual([]);
    const beside = scanText(scanner, { bytes: Buffer.from(`a: ${inside}\nb: ${hit}\n`), path: "a.yaml" });
    expect(beside.map((found) => found.rule)).toEqual([rule?.id]);
  });

  test("reports a value of the store wherever it stands", () => {
    const text = { bytes: Buffer.from(sops.replace("data:", `data:${b64Value}`)), path: undefined };
    expect(scanText(scanner, text).map(({ name }) => name)).toEqual(["one"]);
  });
});

test("a text made to be slow is looked through in time that grows with its size alone", () => {
  const size = 200_000;
  for (const unit of [
    "-eyJ",
    `${ageHead} `,
    "ENC[AES256_GCM,",
    ": A",
    "vault:v1:",
    "U2FsdGVkX1",
    "$ANSIBLE_VAULT;1.1;AES256\n",
    `"sig":"U1NIU0lH`,
  ]) {
    const text = `SealedSecret encryptedData v: 1\nkind: "repo":" "trust":" ${unit.repeat(size / unit.length)}`;
    expect(find(text).length).toBeLessThan(size);
  }
});

describe("matches among many spans of ciphertext", () => {
  test("one that reaches out of a span, or lies in two together, stays", () => {
    const spans = [
      { start: 10, end: 20 },
      { start: 20, end: 30 },
      { start: 50, end: 60 },
    ];
    const kept = [match(5, 15), match(15, 25), match(25, 31), match(30, 40), match(49, 60), match(60, 70)];
    expect(keepOutside(spans, kept)).toEqual(kept);
    expect(keepOutside(spans, [match(10, 20), match(21, 30), match(50, 51)])).toEqual([]);
  });

  test("one in a span that others begin in is in it", () => {
    const spans = [
      { start: 0, end: 100 },
      { start: 10, end: 20 },
      { start: 30, end: 31 },
    ];
    expect(keepOutside(spans, [match(15, 25), match(90, 100), match(99, 101)])).toEqual([match(99, 101)]);
  });

  test("is not compared with each of them", () => {
    let reads = 0;
    const spans = Array.from({ length: 4_096 }, (_, n) => ({
      get start() {
        reads++;
        return 10 * n;
      },
      end: 10 * n + 5,
    }));
    keepOutside(
      spans,
      spans.map((_, n) => match(10 * n + 6, 10 * n + 9)),
    );
    expect(reads).toBeLessThan(20 * spans.length);
  });
});
