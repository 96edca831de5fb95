import type { Instant } from "../core/instant.js";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Ten characters of time and sixteen of randomness, upper case (https://github.com/ulid/spec). */
export type Ulid = string;

/** Where fresh ids come from: a clock, and bytes nobody can guess. */
export interface UlidSource {
  readonly now: () => Instant;
  readonly randomBytes: (count: number) => Uint8Array;
}

function encodeBase32(value: bigint, length: number): string {
  let text = "";
  for (let rest = value, left = length; left > 0; left -= 1, rest >>= 5n)
    text = alphabet.charAt(Number(rest & 31n)) + text;
  return text;
}

/** A ULID: 48 bits of milliseconds, then 80 random bits, so that names sort by time and two processes never share one. */
export function ulid(now: Instant, randomBytes: (count: number) => Uint8Array): Ulid {
  const random = Buffer.from(randomBytes(10)).toString("hex");
  return encodeBase32(BigInt(now), 10) + encodeBase32(BigInt(`0x${random}`), 16);
}

const shape = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

export function isUlid(text: string): boolean {
  return shape.test(text);
}

/** The moment in the first ten characters. The caller has checked the shape with {@link isUlid}. */
export function ulidTime(id: Ulid): Instant {
  let time = 0;
  for (const digit of id.slice(0, 10)) time = time * 32 + alphabet.indexOf(digit);
  return time;
}
