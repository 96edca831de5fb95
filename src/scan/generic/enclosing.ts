import { byte, isLineEnd, isNameByte, isQuote } from "./bytes.js";

const reach = 300;

/** Where the line of `at` begins, or `reach` bytes before it. */
export function startOfLine(bytes: Buffer, at: number): number {
  let place = at;
  while (place > 0 && place > at - reach && !isLineEnd(bytes[place - 1])) place -= 1;
  return place;
}

/** The quote of the string on this line that `at` stands in, or 0. An apostrophe between letters opens nothing. */
export function quoteAround(bytes: Buffer, at: number): number {
  let open = 0;
  for (let place = startOfLine(bytes, at); place < at; place += 1) {
    const code = bytes[place];
    if (code === byte.backslash) place += 1;
    else if (open !== 0) open = code === open ? 0 : open;
    else if (isQuote(code) && !(code === byte.single && isNameByte(bytes[place - 1]) && isNameByte(bytes[place + 1])))
      open = code ?? 0;
  }
  return open;
}
