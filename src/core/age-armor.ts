import { fail } from "./errors.js";

const begin = "-----BEGIN AGE ENCRYPTED FILE-----\n";
const end = "-----END AGE ENCRYPTED FILE-----\n";
const columns = 64;

/** The binary age file as text (C2SP age.md, "ASCII armor"): padded base64 in 64 columns between markers, LF, a final newline. */
export function armorAge(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += columns) lines.push(text.slice(at, at + columns));
  lines.push(end);
  return begin + lines.join("\n");
}

/** Reads what {@link armorAge} writes. Throws `age/malformed` for any other spelling, also those that age itself would take. */
export function dearmorAge(text: string): Uint8Array {
  if (text.startsWith(begin) && text.endsWith(end) && text.length > begin.length + end.length) {
    // The decoder skips what it does not know, so that writing the bytes again and comparing is the check of every rule at once.
    const bytes = Buffer.from(text.slice(begin.length, -end.length), "base64");
    if (armorAge(bytes) === text) return bytes;
  }
  fail("age/malformed", "the armor of an age file is not as gitseal writes it");
}
