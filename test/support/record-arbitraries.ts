import * as fc from "fast-check";
import { formatInstant } from "../../src/core/instant.js";
import { scopes } from "../../src/core/member.js";
import { isSecretName } from "../../src/core/name.js";
import { secretClasses, type Mark, type Meta, type Seal, type Version } from "../../src/core/record.js";
import type { SecretFile } from "../../src/core/secret-file.js";
import { isPlainText } from "../../src/core/text.js";

// Records of every shape the format allows, unsigned in truth: their signatures are well formed and worth nothing.

export const hex = (digits: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
export const instantText: fc.Arbitrary<string> = fc.integer({ min: 0, max: 253_402_300_799_999 }).map(formatInstant);
export const plainText: fc.Arbitrary<string> = fc
  .string({ unit: "grapheme", maxLength: 40 })
  .map((text) => text.normalize("NFC"))
  .filter(isPlainText);
const sortedSet = (item: fc.Arbitrary<string>, maxLength: number, minLength = 0): fc.Arbitrary<string[]> =>
  fc.uniqueArray(item, { minLength, maxLength }).map((items) => items.toSorted());
const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,12}$/);
const memberId = fc.stringMatching(/^[a-z0-9]{1,6}(-[a-z0-9]{1,4})?$/);
const base64 = fc.uint8Array({ minLength: 3, maxLength: 90 }).map((bytes) => Buffer.from(bytes).toString("base64"));

const origin = {
  trust: fc.tuple(fc.integer({ min: 1, max: 9999 }), hex(64)).map(([n, id]) => `${n}:${id}`),
  by: fc.stringMatching(/^[A-Za-z0-9+/]{43}$/).map((text) => `SHA256:${text}`),
  at: instantText,
  sig: base64.filter((text) => text.length >= 4),
};

export const metaArbitrary: fc.Arbitrary<Meta> = fc.record(
  {
    v: fc.constant(1 as const),
    kind: fc.constant("meta" as const),
    name: fc.stringMatching(/^[a-z0-9]{3,8}(-[a-z0-9]{1,5})?(\/[a-z0-9]{1,5})?$/).filter(isSecretName),
    nonce: hex(32),
    scope: fc.constantFrom(...scopes),
    tags: sortedSet(word, 4),
    class: fc.constantFrom(...secretClasses),
    owner: word,
    "rotate-every": fc.stringMatching(/^[1-9][0-9]{0,2}[mhdwy]$/),
    note: plainText,
    prev: sortedSet(hex(64), 2),
    ...origin,
  },
  { requiredKeys: ["v", "kind", "name", "nonce", "scope", "tags", "prev", "trust", "by", "at", "sig"] },
);

const armor = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => {
  const lines = Buffer.from(bytes)
    .toString("base64")
    .replaceAll(/.{1,64}/g, "$&\n");
  return `-----BEGIN AGE ENCRYPTED FILE-----\n${lines}-----END AGE ENCRYPTED FILE-----\n`;
});

export const sealArbitrary: fc.Arbitrary<Seal> = fc.record({
  v: fc.constant(1 as const),
  kind: fc.constant("seal" as const),
  sid: hex(32),
  vid: hex(16),
  scope: fc.constantFrom(...scopes),
  readers: sortedSet(memberId, 4, 1),
  ...origin,
  "ct-digest": hex(64),
  ct: armor,
});

export const versionArbitrary: fc.Arbitrary<Version> = fc
  .record(
    {
      v: fc.constant(1 as const),
      kind: fc.constant("version" as const),
      sid: hex(32),
      vid: hex(16),
      prev: sortedSet(hex(64), 3),
      reason: plainText,
      expires: instantText,
      grace: instantText,
      ...origin,
    },
    { requiredKeys: ["v", "kind", "sid", "vid", "prev", "grace", "trust", "by", "at", "sig"] },
  )
  .map(
    ({ grace, ...rest }) =>
      (rest.prev.length > 0 ? { ...rest, op: "rotate", grace } : { ...rest, op: "create" }) as Version,
  );

export const markArbitrary: fc.Arbitrary<Mark> = fc
  .record(
    {
      v: fc.constant(1 as const),
      kind: fc.constant("mark" as const),
      sid: hex(32),
      vid: hex(16),
      mark: fc.constantFrom("activate", "abort", "revoke", "prune", "expires"),
      prev: sortedSet(hex(64), 3).filter((ids) => ids.length > 0),
      reason: plainText,
      expires: fc.oneof(instantText, fc.constant("never")),
      ...origin,
    },
    { requiredKeys: ["v", "kind", "sid", "vid", "mark", "prev", "expires", "trust", "by", "at", "sig"] },
  )
  .map(({ expires, ...rest }) => (rest.mark === "expires" ? { ...rest, expires } : rest) as Mark);

const groupArbitrary = fc
  .tuple(fc.array(markArbitrary, { maxLength: 2 }), sealArbitrary, versionArbitrary)
  .map(([marks, seal, version]) => {
    const { sid, vid } = version;
    return { marks: marks.map((mark) => ({ ...mark, sid, vid })), seal: { ...seal, sid, vid }, version };
  });

export const fileArbitrary: fc.Arbitrary<SecretFile> = fc.record({
  metas: fc.array(metaArbitrary, { minLength: 1, maxLength: 2 }),
  groups: fc.array(groupArbitrary, { minLength: 1, maxLength: 3 }),
});
