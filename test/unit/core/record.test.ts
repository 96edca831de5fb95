import { describe, expect, test } from "vitest";
import { canonicalize, type Canonical } from "../../../src/core/canonical.js";
import {
  identifyRecord,
  recordBody,
  recordId,
  recordText,
  secretId,
  type Mark,
  type Meta,
  type SecretRecord,
  type Version,
} from "../../../src/core/record.js";
import { signRecord, verifyRecord } from "../../../src/core/record-signature.js";
import { catchError, textLike } from "../../support/errors.js";
import { chainOf, createSecret, makeStore, originOf, sign } from "../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../support/core-people.js";

const alice = makePerson("alice");
const reader = makePerson("reader", { role: "read" });
const eve = makePerson("eve");
const store = makeStore([alice, reader], { seal: sealForShow });
const secret = createSecret(store, alice, "api-key");
const [meta] = secret.file.metas;
const [group] = secret.file.groups;
if (!meta || !group) throw new Error("a secret was made");

function markOf({ op: _op, grace: _grace, ...version }: Version): Mark {
  return { ...version, kind: "mark", mark: "revoke", prev: ["c"] };
}

describe("an id", () => {
  test("covers every key but the signature and the sealed bytes", () => {
    expect(recordId({ ...meta, sig: "other" })).toBe(recordId(meta));
    expect(recordId({ ...group.seal, ct: "other" })).toBe(recordId(group.seal));
    for (const key of Object.keys(recordBody(group.seal)).filter((one) => one !== "kind"))
      expect(recordId({ ...group.seal, [key]: "other" })).not.toBe(recordId(group.seal));
  });

  test.each<SecretRecord>([
    {
      ...meta,
      class: "api-key",
      owner: "team/payments",
      "rotate-every": "90d",
      note: 'a "note" of \u00e9',
      prev: ["a"],
    },
    meta,
    group.seal,
    { ...group.version, reason: "why \\ not", expires: meta.at, grace: meta.at, prev: ["a", "b"] },
    group.version,
    { ...markOf(group.version), mark: "expires", expires: "never", reason: "r" },
    markOf(group.version),
  ])("follows from the canonical JSON of the record by the general rule (%#)", (record) => {
    expect(recordText(record)).toBe(canonicalize(recordBody(record) as unknown as Canonical));
  });

  test("does not depend on the order of keys, and is the hash of a tagged text", () => {
    const turned = Object.fromEntries(Object.entries(meta).toReversed()) as unknown as Meta;
    expect(recordId(turned)).toBe(recordId(meta));
    expect(identifyRecord(meta)).toEqual({ id: recordId(meta), text: recordText(recordBody(meta)) });
  });

  test("of a secret follows from repository, name and nonce, and from where one ends and the next begins", () => {
    const sid = secretId("a".repeat(32), "api-key", "b".repeat(32));
    expect(sid).toMatch(/^[0-9a-f]{32}$/);
    for (const other of [
      secretId("b".repeat(32), "api-key", "b".repeat(32)),
      secretId("a".repeat(32), "api-ke", "y".repeat(32)),
      secretId("a".repeat(32), "api-key", "c".repeat(32)),
    ])
      expect(other).not.toBe(sid);
  });

  test("of known records never changes", () => {
    expect(secretId("0".repeat(32), "api-key-stripe", "1".repeat(32))).toBe("081d4f734294acc5f1c54177b11781a9");
    const body = {
      v: 1,
      kind: "mark",
      sid: "0".repeat(32),
      vid: "1".repeat(16),
      mark: "revoke",
      prev: ["2".repeat(64)],
      trust: `1:${"3".repeat(64)}`,
      by: `SHA256:${"A".repeat(43)}`,
      at: "2026-01-01T00:00:00.000Z",
    } as const;
    expect(recordId(body)).toBe("1eefd731f3c3fbbc0be0b750ffad4491f77536e2bdefb3a174630011ba667b27");
  });
});

describe("a signature", () => {
  const chain = chainOf(store);

  test("of another key, another block, an unknown member or a reader is refused", () => {
    expect(catchError(() => verifyRecord({ ...meta, sig: group.version.sig }, chain))).toMatchObject({
      code: "secret/corrupt",
    });
    expect(catchError(() => verifyRecord({ ...meta, tags: ["x"] }, chain))).toMatchObject({ code: "secret/corrupt" });
    expect(
      catchError(() => verifyRecord(signRecord(recordBody(meta) as Omit<Meta, "sig">, eve.signing), chain)),
    ).toMatchObject({ code: "secret/corrupt" });
    const foreign = sign<Meta>(
      { kind: "meta", name: "api-key", nonce: secret.nonce, scope: "global", tags: [], prev: [] },
      originOf(store, eve),
    );
    expect(catchError(() => verifyRecord(foreign, chain))).toMatchObject({ code: "trust/unknown-key" });
    const read = sign<Meta>(
      { kind: "meta", name: "api-key", nonce: secret.nonce, scope: "global", tags: [], prev: [] },
      originOf(store, reader),
    );
    expect(catchError(() => verifyRecord(read, chain))).toMatchObject({
      code: "secret/corrupt",
      message: textLike(/only read/),
    });
    expect(catchError(() => verifyRecord({ ...meta, trust: `2:${"0".repeat(64)}` }, chain))).toMatchObject({
      code: "trust/corrupt",
    });
  });

  test("of a writer names the signer", () => {
    expect(verifyRecord(meta, chain).member.id).toBe("alice");
  });
});
