/** A line that is being typed unseen. Bytes, not text: what is typed is kept as it is. */
export interface HiddenLine {
  readonly bytes: readonly number[];
  readonly state: "typing" | "ended" | "interrupted";
  /** Inside the escape sequence of an arrow key or of bracketed paste, none of which belongs to the value. */
  readonly escape: "none" | "started" | "sequence";
}

export const emptyLine: HiddenLine = { bytes: [], state: "typing", escape: "none" };

// The control bytes that a terminal's line editor gives a meaning to (termios(3)).
const key = {
  ctrlC: 3,
  ctrlD: 4,
  backspace: 8,
  tab: 9,
  lineFeed: 10,
  carriageReturn: 13,
  ctrlU: 21,
  escape: 27,
  delete: 127,
};

/** The line after more bytes from a terminal in raw mode, and how many of them it took: those after its end are left. */
export function typeKeys(line: HiddenLine, typed: Uint8Array): { readonly line: HiddenLine; readonly used: number } {
  const bytes = [...line.bytes];
  let { escape } = line;
  for (const [index, byte] of typed.entries()) {
    if (escape !== "none") {
      escape = afterEscape(escape, byte);
    } else if (byte === key.ctrlC) {
      return { line: { bytes: [], state: "interrupted", escape }, used: index + 1 };
    } else if (byte === key.carriageReturn || byte === key.lineFeed || byte === key.ctrlD) {
      // A pasted CR LF is one line end.
      const pair = byte === key.carriageReturn && typed[index + 1] === key.lineFeed;
      return { line: { bytes, state: "ended", escape }, used: index + (pair ? 2 : 1) };
    } else if (byte === key.escape) {
      escape = "started";
    } else {
      editLine(bytes, byte);
    }
  }
  return { line: { bytes, state: "typing", escape }, used: typed.byteLength };
}

function editLine(bytes: number[], byte: number): void {
  if (byte === key.backspace || byte === key.delete) dropCharacter(bytes);
  else if (byte === key.ctrlU) bytes.length = 0;
  // Other control keys mean nothing here, and nobody would notice them in a value that is not shown.
  else if (byte >= 32 || byte === key.tab) bytes.push(byte);
}

// CSI and SS3 sequences end in a byte from 0x40 on (ECMA-48, 5.4); a lone escape swallows one key.
function afterEscape(escape: "started" | "sequence", byte: number): HiddenLine["escape"] {
  if (escape === "started") return byte === 0x5b || byte === 0x4f ? "sequence" : "none";
  return byte < 0x40 ? "sequence" : "none";
}

// A character of UTF-8 is one byte and the continuation bytes 10xxxxxx behind it.
function dropCharacter(bytes: number[]): void {
  let last = bytes.pop();
  while (last !== undefined && (last & 0xc0) === 0x80) last = bytes.pop();
}
