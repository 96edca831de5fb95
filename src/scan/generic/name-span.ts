import { byte, isNameByte } from "./bytes.js";

/** Longer names are data that happens to hold the word. */
const longest = 64;

/** A mark inside a name, where more of the name follows: `api-key`, `spring.datasource.password`. */
function joins(bytes: Buffer, at: number): boolean {
  const code = bytes[at];
  return (code === byte.minus || code === byte.dot) && isNameByte(bytes[at + 1]) && isNameByte(bytes[at - 1]);
}

/** Where the name that holds the word ends, or −1 when it is too long for one. */
export function endOfName(bytes: Buffer, end: number): number {
  let place = end;
  while (place < end + longest && (isNameByte(bytes[place]) || joins(bytes, place))) place += 1;
  return place - end < longest ? place : -1;
}

/** Where it begins, or −1. */
export function startOfName(bytes: Buffer, at: number): number {
  let place = at;
  while (place > at - longest && place > 0 && (isNameByte(bytes[place - 1]) || joins(bytes, place - 1))) place -= 1;
  return at - place < longest ? place : -1;
}
