import { createHash, createHmac } from "node:crypto";

/** SHA-256 (FIPS 180-4) as 64 lower-case hex digits. */
export function sha256Hex(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** Domain-separated id: SHA-256 of the label, a NUL and the parts joined by NUL. Labels are listed in docs/format.md. */
export function taggedDigest(label: string, ...parts: readonly (Uint8Array | string)[]): string {
  return sha256Hex(label, ...parts.flatMap((part) => ["\0", part]));
}

/** HMAC-SHA-256 (RFC 2104) as 64 lower-case hex digits. */
export function hmacSha256Hex(key: Uint8Array | string, data: Uint8Array | string): string {
  return createHmac("sha256", key).update(data).digest("hex");
}
