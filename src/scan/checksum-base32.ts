import { crc16 } from "./checksum.js";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Bytes of unpadded base32 (RFC 4648, upper case); undefined where another letter stands. Left-over bits are dropped. */
export function decodeBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = letters.indexOf(letter);
    if (value < 0) return undefined;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (held >>> bits) & 0xff;
    at += 1;
  }
  return bytes;
}

/** NATS seeds and keys (NKEY): base32 whose last two bytes are the CRC-16 of the rest, low byte first. */
export function hasNkeyCrc(key: string): boolean {
  const bytes = decodeBase32(key);
  if (bytes === undefined || bytes.length < 4) return false;
  const crc = crc16(bytes.subarray(0, -2));
  return bytes.at(-2) === (crc & 0xff) && bytes.at(-1) === crc >>> 8;
}

/**
 * The 12 digits of the AWS account that an access key id was made for; undefined where the id is not of the form that
 * carries it (issued since about 2019). Source: measured by several people, documented by none.
 */
export function findAwsAccount(keyId: string): string | undefined {
  const bytes = decodeBase32(keyId.slice(4));
  if (bytes === undefined || bytes.length < 10) return undefined;
  const head = Buffer.from(bytes.subarray(0, 6)).readUIntBE(0, 6);
  const account = Math.floor((head % 2 ** 47) / 2 ** 7);
  return account > 0 && account < 1e12 ? String(account).padStart(12, "0") : undefined;
}
