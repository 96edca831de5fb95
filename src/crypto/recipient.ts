import { bech32 } from "@scure/base";
import { encodeHex } from "../core/bytes.js";
import { fail, SecretsError, type ErrorCode } from "../core/errors.js";
import { encodeSshPublicKey, isFieldElement, parseSshPublicKey } from "../core/ssh-key.js";
import { findMontgomery } from "./edwards.js";

/** Whom a value is sealed to. `publicKey` is 32 bytes: an X25519 u coordinate, or a raw Ed25519 public key. */
export type Recipient =
  | { readonly kind: "x25519"; readonly publicKey: Uint8Array }
  | { readonly kind: "ssh-ed25519"; readonly publicKey: Uint8Array };

const maxText = 128;

// The u coordinates, in canonical form, for which X25519 gives all zeros whatever the private key (RFC 7748 §6.1): 0, 1, p − 1 and
// the two of order 8.
const smallOrder: ReadonlySet<string> = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

/**
 * Reads the one spelling that {@link encodeRecipient} writes: `age1…` in lower case, or `ssh-ed25519 AAAA…` without a comment.
 * Throws `code` for any other text, and for a key that no secret could be agreed with; `usage/invalid` for the kinds of age
 * recipients that gitseal does not seal to.
 */
export function parseRecipient(text: string, code: ErrorCode = "usage/invalid"): Recipient {
  refuseOtherKinds(text);
  if (text.length > maxText) fail(code, "a recipient is too long");
  const recipient = text.startsWith("ssh-ed25519 ")
    ? parseSsh(text.slice("ssh-ed25519 ".length), code)
    : parseNative(text, code);
  if (encodeRecipient(recipient) !== text) fail(code, "a recipient is not in its canonical form");
  return recipient;
}

/** The text of a recipient, as `age-keygen -y` or an OpenSSH `.pub` file without its comment shows it. */
export function encodeRecipient(recipient: Recipient): string {
  switch (recipient.kind) {
    case "x25519":
      return bech32.encodeFromBytes("age", recipient.publicKey);
    case "ssh-ed25519":
      return `ssh-ed25519 ${encodeSshPublicKey(recipient.publicKey)}`;
  }
}

function refuseOtherKinds(text: string): void {
  if (text.startsWith("age1pq1"))
    fail("usage/invalid", "post-quantum recipients (age1pq1…) are not supported yet", {
      hint: "use the age1… recipient of an X25519 identity",
    });
  // Bech32 takes the last 1 as separator, so that a plugin's recipient begins with age1, its name and another 1.
  if (/^age1[a-z0-9]*1/.test(text)) fail("usage/invalid", "recipients of age plugins are not supported");
  if (/^(ssh-rsa|ecdsa-|sk-)/.test(text)) fail("usage/invalid", "of the SSH keys only ssh-ed25519 can be a recipient");
}

function parseNative(text: string, code: ErrorCode): Recipient {
  let decoded: { prefix: string; bytes: Uint8Array };
  try {
    decoded = bech32.decodeToBytes(text);
  } catch {
    // The cause quotes the text, which may be an identity that was pasted in the wrong place: it is dropped on purpose.
    fail(code, "a recipient is neither age1… nor ssh-ed25519 AAAA…");
  }
  const { prefix, bytes: publicKey } = decoded;
  if (prefix !== "age" || publicKey.byteLength !== 32) fail(code, "a recipient is neither age1… nor ssh-ed25519 AAAA…");
  const spare = (publicKey[31] ?? 0) & 0x80;
  if (spare !== 0 || !isFieldElement(publicKey)) fail(code, "a recipient's key is not in its canonical form");
  if (smallOrder.has(encodeHex(publicKey))) fail(code, "a recipient's key is a point of small order");
  return { kind: "x25519", publicKey };
}

function parseSsh(blob: string, code: ErrorCode): Recipient {
  let publicKey: Uint8Array;
  try {
    publicKey = parseSshPublicKey(blob);
  } catch (cause) {
    if (cause instanceof SecretsError) fail(code, cause.message, { cause });
    throw cause;
  }
  if (findMontgomery(publicKey) === undefined) fail(code, "an ssh-ed25519 key is no point of its curve");
  return { kind: "ssh-ed25519", publicKey };
}
