import { decodeBase64, encodeBase64, encodeUtf8 } from "./bytes.js";
import { fail } from "./errors.js";

/** One recipient's share of the file key, as it stands in the header. */
export interface AgeStanza {
  readonly type: string;
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

export interface AgeHeader {
  readonly stanzas: readonly AgeStanza[];
  /** Where the payload begins: the offset of its nonce. */
  readonly headerEnd: number;
  /** 32 bytes. */
  readonly mac: Uint8Array;
  /** What the MAC is over: the header up to and with `---`. */
  readonly macInput: Uint8Array;
}

export const maxAgeStanzas = 1024;

const maxHeaderBytes = 256 * 1024;
const versionLine = "age-encryption.org/v1";
const bodyColumns = 64;
const argumentLine = /^->(?: [\x21-\x7e]+)+$/;

/**
 * Reads the header of a binary age v1 file (C2SP age.md, "Header") and not its payload. The bytes are untrusted: at most
 * 256 KiB and 1,024 stanzas are looked at, and every base64 must be canonical. Whether the MAC is right needs the file key, so
 * nothing here is authenticated. Throws `age/malformed`.
 */
export function parseAgeHeader(file: Uint8Array): AgeHeader {
  const bytes = Buffer.from(file.buffer, file.byteOffset, Math.min(file.byteLength, maxHeaderBytes));
  const lastLineAt = bytes.indexOf("\n--- ", 0, "latin1") + 1;
  const newlineAt = lastLineAt === 0 ? -1 : bytes.indexOf(0x0a, lastLineAt);
  if (newlineAt === -1) malformed("its header has no end");
  const mac = decodeUnpadded(bytes.toString("latin1", lastLineAt + 4, newlineAt));
  if (mac.byteLength !== 32) malformed("its MAC is not 32 bytes");
  const stanzas = parseStanzas(bytes.toString("latin1", 0, lastLineAt - 1).split("\n"));
  return { stanzas, headerEnd: newlineAt + 1, mac, macInput: file.subarray(0, lastLineAt + 3) };
}

function parseStanzas(lines: readonly string[]): AgeStanza[] {
  if (lines[0] !== versionLine) malformed("it does not begin with age-encryption.org/v1");
  const stanzas: AgeStanza[] = [];
  let at = 1;
  while (at < lines.length) {
    const head = lines[at++] ?? "";
    if (!argumentLine.test(head)) malformed("a stanza has no argument line");
    const [type = "", ...args] = head.slice(3).split(" ");
    let text = "";
    let line: string | undefined;
    do {
      line = lines[at++];
      if (line === undefined || line.length > bodyColumns) malformed("a stanza's body is not in lines of 64 columns");
      text += line;
    } while (line.length === bodyColumns);
    if (stanzas.length === maxAgeStanzas) malformed(`it has more than ${maxAgeStanzas} stanzas`);
    stanzas.push({ type, args, body: decodeUnpadded(text) });
  }
  if (stanzas.length === 0) malformed("it has no stanza");
  return stanzas;
}

/** The header up to and with `---`, the input of its MAC. */
export function encodeMacInput(stanzas: readonly AgeStanza[]): Uint8Array {
  const lines = stanzas.map(({ type, args, body }) => {
    // A body whose last line is full is closed by an empty line.
    const text = encodeUnpadded(body).replaceAll(/.{64}/g, "$&\n");
    return `-> ${[type, ...args].join(" ")}\n${text}\n`;
  });
  return encodeUtf8(`${versionLine}\n${lines.join("")}---`);
}

/** The end of the header: a space, the MAC and a newline. */
export function encodeMac(mac: Uint8Array): Uint8Array {
  return encodeUtf8(` ${encodeUnpadded(mac)}\n`);
}

/** Base64 without padding, as age writes it. */
export function encodeUnpadded(bytes: Uint8Array): string {
  return encodeBase64(bytes).replace(/=+$/, "");
}

/** Reads what {@link encodeUnpadded} writes. Throws `age/malformed` for any other spelling. */
export function decodeUnpadded(text: string): Uint8Array {
  if (text.endsWith("=")) malformed("its base64 is padded");
  return decodeBase64(text + "=".repeat((4 - (text.length % 4)) % 4), "age/malformed");
}

function malformed(what: string): never {
  fail("age/malformed", `not an age file: ${what}`);
}
