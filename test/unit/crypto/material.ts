import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, randomBytes } from "node:crypto";
import { SecretsError } from "../../../src/core/errors.js";
import { encodeSshWire } from "../../../src/core/ssh-key.js";

/** The SecretsError that a call fails with, or undefined; anything else that is thrown is thrown on. */
export function errorOf(call: () => unknown): SecretsError | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof SecretsError) return error;
    throw error;
  }
  return undefined;
}

export function codeOf(call: () => unknown): string | undefined {
  return errorOf(call)?.code;
}

export async function codeOfPromise(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof SecretsError) return error.code;
    throw error;
  }
  return undefined;
}

/** True when the tool is on this machine: tests against the real program run where it is and say so where it is not. */
export function hasTool(name: string): boolean {
  try {
    execFileSync("which", [name], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export function random(length: number): Uint8Array {
  return Uint8Array.from(randomBytes(length));
}

/** RFC 8032's public key of a seed. */
export function edPublicKey(seed: Uint8Array): Uint8Array {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  return Uint8Array.from(createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32));
}

export function sshString(bytes: Uint8Array | string): Uint8Array {
  const content = Buffer.from(bytes as string);
  return Buffer.concat([uint32(content.byteLength), content]);
}

/** The fields of an OpenSSH private key file (PROTOCOL.key), as they are written but for their lengths. */
export interface OpensshParts {
  readonly magic: string;
  readonly cipher: string;
  readonly kdf: string;
  readonly kdfOptions: string;
  readonly keys: number;
  readonly publicWire: Uint8Array;
  readonly secondCheck: number;
  readonly type: string;
  readonly innerPublic: Uint8Array;
  readonly both: Uint8Array;
  /** The right padding unless given. */
  readonly padding?: Uint8Array;
  readonly after: Uint8Array;
}

/** The private key file of a seed, with any part of it replaced. */
export function opensshFile(seed: Uint8Array, replaced: Partial<OpensshParts> = {}): string {
  const publicKey = edPublicKey(seed);
  const parts: OpensshParts = {
    magic: "openssh-key-v1\0",
    cipher: "none",
    kdf: "none",
    kdfOptions: "",
    keys: 1,
    publicWire: encodeSshWire(publicKey),
    secondCheck: 7,
    type: "ssh-ed25519",
    innerPublic: publicKey,
    both: Buffer.concat([seed, publicKey]),
    after: new Uint8Array(0),
    ...replaced,
  };
  const { type, innerPublic, both } = parts;
  const body = Buffer.concat([
    uint32(7),
    uint32(parts.secondCheck),
    ...[type, innerPublic, both, "a comment"].map(sshString),
  ]);
  const padding = parts.padding ?? Uint8Array.from({ length: (8 - (body.byteLength % 8)) % 8 }, (_, at) => at + 1);
  const blob = Buffer.concat([
    Buffer.from(parts.magic),
    ...[parts.cipher, parts.kdf, parts.kdfOptions].map(sshString),
    uint32(parts.keys),
    sshString(parts.publicWire),
    sshString(Buffer.concat([body, padding])),
    parts.after,
  ]);
  const lines = blob.toString("base64").replaceAll(/.{1,70}/g, "$&\n");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}-----END OPENSSH PRIVATE KEY-----\n`;
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function flipBit(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}
