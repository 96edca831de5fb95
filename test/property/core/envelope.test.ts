import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodeUtf8, sameBytes } from "../../../src/core/bytes.js";
import { canonicalize, type Canonical } from "../../../src/core/canonical.js";
import { encodeEnvelope, openEnvelope } from "../../../src/core/envelope.js";
import { SecretsError } from "../../../src/core/errors.js";

const binding = { by: "SHA256:abc", name: "team/key", sid: "0".repeat(32), vid: "1".repeat(16) };

function findOpened(plaintext: Uint8Array): Uint8Array | undefined {
  try {
    return openEnvelope(plaintext, binding);
  } catch (error) {
    if (error instanceof SecretsError) return undefined;
    throw error;
  }
}

const values = fc.oneof(
  fc.uint8Array({ maxLength: 900 }),
  fc.string({ unit: "grapheme", maxLength: 60 }).map(encodeUtf8),
);

test("what is sealed is opened to the same bytes", () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(sameBytes(findOpened(encodeEnvelope(binding, value)) ?? encodeUtf8("none"), value)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("an envelope is opened exactly when a writer makes these bytes of its value", () => {
  const changes: readonly ((fields: Record<string, Canonical>) => void)[] = [
    (fields) => (fields["pad"] = `${fields["pad"] as string}0`),
    (fields) => (fields["pad"] = (fields["pad"] as string).slice(1)),
    (fields) => (fields["pad"] = (fields["pad"] as string).replace("0", "1")),
    (fields) => (fields["pad"] = ""),
    (fields) => (fields["pad"] = 0),
    (fields) => {
      // The same length in all.
      fields["more"] = "";
      fields["pad"] = (fields["pad"] as string).slice(10);
    },
    (fields) => delete fields["pad"],
    (fields) => delete fields["enc"],
    (fields) => (fields["enc"] = "base64"),
    (fields) => (fields["enc"] = "utf8"),
    (fields) => (fields["enc"] = "utf-8"),
    (fields) => {
      // What is plain text, in base64 of the same size class.
      const value = Buffer.from(fields["value"] as string, "utf8").toString("base64");
      const spare = value.length - (fields["value"] as string).length + (fields["enc"] === "utf8" ? 2 : 0);
      Object.assign(fields, { enc: "base64", value, pad: (fields["pad"] as string).slice(Math.max(0, spare)) });
    },
    (fields) => (fields["value"] = 7),
    (fields) => (fields["name"] = "team/other"),
    () => undefined,
  ];
  let opened = 0;
  fc.assert(
    fc.property(values, fc.constantFrom(...changes), (value, change) => {
      const fields = JSON.parse(Buffer.from(encodeEnvelope(binding, value)).toString("utf8")) as Record<
        string,
        Canonical
      >;
      change(fields);
      const plaintext = encodeUtf8(canonicalize(fields));
      const found = findOpened(plaintext);
      if (found) {
        opened++;
        expect(sameBytes(encodeEnvelope(binding, found), plaintext)).toBe(true);
      } else expect(sameBytes(encodeEnvelope(binding, value), plaintext)).toBe(false);
    }),
    { numRuns: 3000 },
  );
  expect(opened).toBeGreaterThan(100);
});
