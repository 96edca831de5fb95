import { decodeBase64, encodeBase64, encodeUtf8, findUtf8 } from "./bytes.js";
import { canonicalize, parseCanonical, type Canonical } from "./canonical.js";
import { fail } from "./errors.js";
import { isPlainText } from "./text.js";

/** What a sealed value is bound to; every field is compared at every open. */
export interface Binding {
  /** Fingerprint of the key that sealed it. */
  readonly by: string;
  readonly name: string;
  readonly sid: string;
  readonly vid: string;
}

/** The largest value, in bytes. */
export const maxValue = 1024 * 1024;

/** Size classes hide the exact length: ⌊512·2^(k/2)⌋ bytes for k = 0, 1, 2 … */
function sizeClass(length: number): number {
  for (let k = 0; ; k++) {
    const size = Math.floor(512 * 2 ** (k / 2));
    if (size >= length) return size;
  }
}

/** The padded plaintext of a seal: canonical JSON `{by,enc,name,pad,sid,value,vid}`. Throws `value/too-large` beyond {@link maxValue}. */
export function encodeEnvelope(binding: Binding, value: Uint8Array): Uint8Array {
  if (value.byteLength > maxValue)
    fail("value/too-large", `the value has ${value.byteLength} bytes; the limit is ${maxValue} bytes (1 MiB)`);
  const { by, name, sid, vid } = binding;
  const fields = { by, ...encodeValue(value), name, pad: "", sid, vid };
  const length = Buffer.byteLength(canonicalize(fields));
  return encodeUtf8(canonicalize({ ...fields, pad: "0".repeat(sizeClass(length) - length) }));
}

function encodeValue(value: Uint8Array): { enc: "utf8" | "base64"; value: string } {
  const text = findUtf8(value);
  return text !== undefined && isPlainText(text)
    ? { enc: "utf8", value: text }
    : { enc: "base64", value: encodeBase64(value) };
}

/**
 * Reads an opened seal. It is untrusted: any member may have sealed anything. Throws `secret/binding` when it belongs
 * to another secret, version or writer, and `secret/corrupt` when it is not of its one spelling; neither shows its content.
 */
export function openEnvelope(plaintext: Uint8Array, binding: Binding): Uint8Array {
  const fields = parseFields(plaintext);
  for (const key of ["by", "name", "sid", "vid"] as const)
    if (fields[key] !== binding[key])
      fail(
        "secret/binding",
        `the sealed value belongs to another ${{ by: "writer", name: "name", sid: "secret", vid: "version" }[key]}`,
        {
          hint: "ciphertexts were swapped; run: secrets verify",
        },
      );
  const { enc, value } = fields;
  if (typeof value !== "string") fail("secret/corrupt", "the sealed value is not a text");
  const bytes = enc === "utf8" ? encodeUtf8(value) : decodeBase64(value, "secret/corrupt");
  if (!isOneSpelling(fields, bytes, plaintext.byteLength))
    fail("secret/corrupt", "the sealed value is not in its one spelling");
  return bytes;
}

// The text was canonical, so it is the one that the writer must have made when its fields are: these keys, this encoding of the
// value, and as many zeros as its size class wants. A value over the limit has no spelling.
function isOneSpelling(fields: { readonly [key: string]: Canonical }, value: Uint8Array, length: number): boolean {
  if (Object.keys(fields).join() !== "by,enc,name,pad,sid,value,vid" || value.byteLength > maxValue) return false;
  const { enc, pad } = fields;
  if (typeof pad !== "string" || !/^0*$/.test(pad) || length !== sizeClass(length - pad.length)) return false;
  const expected = encodeValue(value);
  return expected.enc === enc && expected.value === fields["value"];
}

function parseFields(plaintext: Uint8Array): { readonly [key: string]: Canonical } {
  const text = findUtf8(plaintext);
  try {
    const fields = text === undefined ? undefined : parseCanonical(text);
    if (typeof fields === "object" && !Array.isArray(fields)) return fields as { readonly [key: string]: Canonical };
  } catch {
    // The cause may quote the plaintext and is dropped on purpose.
  }
  return fail("secret/corrupt", "the sealed value is not a gitseal envelope");
}
