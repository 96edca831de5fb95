import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, randomBytes } from "node:crypto";
import { SecretsError } from "../../../src/core/errors.js";
import { encodeSshWire } from "../../../src/core/ssh-key.js";

/** The error code that a call fails with, or undefined; anything but a SecretsError is thrown on. */
export function codeOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof SecretsError) return error.code;
    throw error;
  }
  return undefined;
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
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.byteLength);
  return Buffer.concat([length, content]);
}

export interface OpensshParts {
  readonly cipher?: string;
  readonly kdf?: string;
  readonly kdfOptions?: string;
  readonly keys?: number;
  readonly publicWire?: Uint8Array;
  readonly secondCheck?: number;
  readonly type?: string;
  readonly innerPublic?: Uint8Array;
  readonly both?: Uint8Array;
  readonly padding?: Uint8Array;
  readonly after?: Uint8Array;
  readonly magic?: string;
}

/** An OpenSSH private key file (PROTOCOL.key) of a seed, with any part of it replaced. */
export function opensshFile(seed: Uint8Array, parts: OpensshParts = {}): string {
  const publicKey = edPublicKey(seed);
  const number = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
  const body = Buffer.concat([
    number(7), number(parts.secondCheck ?? 7), sshString(parts.type ?? "ssh-ed25519"), sshString(parts.innerPublic ?? publicKey),
    sshString(parts.both ?? Buffer.concat([seed, publicKey])), sshString("a comment"),
  ]);
  const padding = parts.padding ?? Uint8Array.from({ length: (8 - (body.byteLength % 8)) % 8 }, (_, at) => at + 1);
  const blob = Buffer.concat([
    Buffer.from(parts.magic ?? "openssh-key-v1\0"), sshString(parts.cipher ?? "none"), sshString(parts.kdf ?? "none"),
    sshString(parts.kdfOptions ?? ""), number(parts.keys ?? 1), sshString(parts.publicWire ?? encodeSshWire(publicKey)),
    sshString(Buffer.concat([body, padding])), parts.after ?? new Uint8Array(0),
  ]);
  const lines = blob.toString("base64").replaceAll(/.{1,70}/g, "$&\n");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}-----END OPENSSH PRIVATE KEY-----\n`;
}

export function flipBit(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}
