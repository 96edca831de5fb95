import { createHash } from "node:crypto";
import { fail } from "../core/errors.js";

const shape = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** True for a full object id in lower case: 40 digits of SHA-1 or 64 of SHA-256. */
export function isOid(text: string): boolean {
  return shape.test(text);
}

/** Throws `usage/invalid` unless the text is a full object id, so that it can neither be an option nor a revision expression. */
export function checkOid(text: string): void {
  if (!isOid(text)) fail("usage/invalid", "an object id must be 40 or 64 lower-case hex digits");
}

/** The id git gives these bytes as a blob (gitformat: `blob <size> NUL <bytes>` under the repository's hash). */
export function blobOid(bytes: Uint8Array, format: "sha1" | "sha256"): string {
  return createHash(format).update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}
