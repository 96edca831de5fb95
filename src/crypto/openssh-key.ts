import { decodeBase64, sameBytes } from "../core/bytes.js";
import { fail } from "../core/errors.js";
import { encodeSshWire } from "../core/ssh-key.js";

const beginLine = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
const endLine = "-----END OPENSSH PRIVATE KEY-----\n";
const magic = Buffer.from("openssh-key-v1\0", "latin1");
const maxText = 16 * 1024;

export interface OpensshKey {
  /** The 32 secret bytes of RFC 8032. */
  readonly seed: Uint8Array;
  /** What the file says the public key is; the caller must compare it with the seed's. */
  readonly publicKey: Uint8Array;
}

/** True for text that means to be an OpenSSH private key. */
export function looksLikeOpenssh(text: string): boolean {
  return text.startsWith("-----BEGIN OPENSSH PRIVATE KEY-----");
}

/**
 * Reads an unencrypted Ed25519 private key as ssh-keygen writes it (OpenSSH PROTOCOL.key). Throws `identity/unreadable`, and never
 * says what the text holds.
 */
export function parseOpensshKey(text: string): OpensshKey {
  const lines = text.replaceAll("\r\n", "\n");
  if (text.length > maxText || !lines.startsWith(beginLine) || !lines.endsWith(endLine))
    unreadable("it is not an OpenSSH private key file");
  const blob = Buffer.from(
    decodeBase64(lines.slice(beginLine.length, -endLine.length).replaceAll("\n", ""), "identity/unreadable"),
  );
  if (!sameBytes(blob.subarray(0, magic.byteLength), magic)) unreadable("it is not an OpenSSH private key file");
  const outer = readerOf(blob, magic.byteLength);
  const cipher = outer.string().toString("latin1");
  const derivation = outer.string().toString("latin1");
  const options = outer.string();
  if (cipher !== "none" || derivation !== "none" || options.byteLength !== 0)
    unreadable("SSH keys under a passphrase are not supported yet", "make an age identity with: secrets init");
  if (outer.uint32() !== 1) unreadable("it does not hold exactly one key");
  const publicWire = outer.string();
  const secret = outer.string();
  outer.end();
  const key = parseSecret(secret);
  if (!sameBytes(publicWire, encodeSshWire(key.publicKey))) unreadable("its public and private halves differ");
  return key;
}

function parseSecret(secret: Buffer): OpensshKey {
  const inner = readerOf(secret, 0);
  const check = inner.uint32();
  if (inner.uint32() !== check) unreadable("its check numbers differ");
  if (inner.string().toString("latin1") !== "ssh-ed25519")
    unreadable("of the SSH keys only ssh-ed25519 can be an identity");
  const publicKey = inner.string();
  const both = inner.string();
  if (publicKey.byteLength !== 32 || both.byteLength !== 64 || !sameBytes(both.subarray(32), publicKey))
    unreadable("its public and private halves differ");
  inner.string(); // the comment
  const padding = inner.rest();
  if (padding.byteLength >= 8 || padding.some((byte, at) => byte !== at + 1)) unreadable("its padding is wrong");
  return { seed: both.subarray(0, 32), publicKey };
}

function readerOf(bytes: Buffer, from: number) {
  let at = from;
  const take = (length: number): Buffer => {
    if (at + length > bytes.byteLength) unreadable("it ends too early");
    at += length;
    return bytes.subarray(at - length, at);
  };
  const uint32 = (): number => take(4).readUInt32BE();
  const string = (): Buffer => take(uint32());
  const rest = (): Buffer => bytes.subarray(at);
  const end = (): void => {
    if (at !== bytes.byteLength) unreadable("something follows it");
  };
  return { uint32, string, rest, end };
}

function unreadable(what: string, hint?: string): never {
  fail("identity/unreadable", `cannot read the SSH identity: ${what}`, hint === undefined ? {} : { hint });
}
