import { hexDigit } from "./backslashes.js";
import type { Escape, Notation } from "./derived-text.js";

/** Percent-encoding (RFC 3986 §2.1), of any characters and in either case; of forms too, whose `+` is among the value's own forms. */
export const percents: Notation = { via: "percent", marker: 0x25, read: readTwoDigits };

function readTwoDigits(bytes: Uint8Array, at: number, length: number, escape: Escape): boolean {
  if (at + 2 >= length) return false;
  const high = hexDigit(bytes[at + 1]);
  const low = hexDigit(bytes[at + 2]);
  if (high === -1 || low === -1) return false;
  escape.start = at;
  escape.end = at + 3;
  escape.bytes[0] = high * 16 + low;
  escape.size = 1;
  return true;
}
