import { createHash, createHmac, hash } from "node:crypto";

/** SHA-256 (FIPS 180-4) as 64 lower-case hex digits. */
export function sha256Hex(...parts: readonly (Uint8Array | string)[]): string {
  const [only] = parts;
  // One call costs a third of what making, feeding and reading a hash object does.
  if (only !== undefined && parts.length === 1) return hash("sha256", only, "hex");
  const all = createHash("sha256");
  for (const part of parts) all.update(part);
  return all.digest("hex");
}

/** Domain-separated id: SHA-256 of the label, a NUL and the parts joined by NUL. Labels are listed in docs/format.md. */
export function taggedDigest(label: string, ...parts: readonly (Uint8Array | string)[]): string {
  const texts: string[] = [label];
  for (const part of parts) {
    if (typeof part !== "string") return sha256Hex(label, ...parts.flatMap((one) => ["\0", one]));
    texts.push(part);
  }
  return sha256Hex(texts.join("\0"));
}

/** HMAC-SHA-256 (RFC 2104) as 64 lower-case hex digits. */
export function hmacSha256Hex(key: Uint8Array | string, data: Uint8Array | string): string {
  return createHmac("sha256", key).update(data).digest("hex");
}
