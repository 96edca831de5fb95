import type { ScanText } from "./match.js";

type Wide = "utf-16le" | "utf-16be" | "utf-32le" | "utf-32be";

interface Decoding {
  readonly wide: Wide;
  /** Length of the byte order mark. */
  readonly skip: number;
}

const sampleSize = 4_096;
const space = 0x20;

function startsWith(bytes: Buffer, mark: readonly number[]): boolean {
  return mark.every((byte, i) => bytes[i] === byte);
}

function findMark(bytes: Buffer): Decoding | undefined {
  if (startsWith(bytes, [0xff, 0xfe, 0, 0])) return { wide: "utf-32le", skip: 4 };
  if (startsWith(bytes, [0, 0, 0xfe, 0xff])) return { wide: "utf-32be", skip: 4 };
  if (startsWith(bytes, [0xff, 0xfe])) return { wide: "utf-16le", skip: 2 };
  if (startsWith(bytes, [0xfe, 0xff])) return { wide: "utf-16be", skip: 2 };
  return undefined;
}

/** Without a mark, NULs tell: text in wide units has them at the same places of nearly every unit. */
function findStride(bytes: Buffer): Decoding | undefined {
  const size = Math.min(bytes.length, sampleSize) & ~3;
  if (size < 4) return undefined;
  const nuls = [0, 0, 0, 0];
  for (let at = 0; at < size; at++) if (bytes[at] === 0) nuls[at & 3] = (nuls[at & 3] ?? 0) + 1;
  const most = (size / 4) * 0.7;
  const least = (size / 4) * 0.1;
  const shape = nuls.map((count) => (count >= most ? "0" : count <= least ? "x" : "?")).join("");
  const wide: Readonly<Record<string, Wide>> = {
    x0x0: "utf-16le",
    "0x0x": "utf-16be",
    x000: "utf-32le",
    "000x": "utf-32be",
  };
  const found = wide[shape];
  return found === undefined ? undefined : { wide: found, skip: 0 };
}

function decodeWide(bytes: Buffer, { wide, skip }: Decoding): Buffer {
  const body = bytes.subarray(skip);
  if (wide === "utf-16le") return Buffer.from(body.toString("utf16le"), "utf8");
  if (wide === "utf-16be")
    return Buffer.from(
      Buffer.from(body.subarray(0, body.length & ~1))
        .swap16()
        .toString("utf16le"),
      "utf8",
    );
  const parts: string[] = [];
  for (let at = 0; at + 4 <= body.length; at += 4) {
    const code = wide === "utf-32le" ? body.readUInt32LE(at) : body.readUInt32BE(at);
    parts.push(String.fromCodePoint(code > 0x10ffff ? 0xfffd : code));
  }
  return Buffer.from(parts.join(""), "utf8");
}

/**
 * In what is no wide text as a whole, a NUL that alternates with other bytes belongs to a wide string in a binary file and is left
 * out; any other ends a string, so a run of them becomes one space. Lines stay what they are.
 */
function stripNuls(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let size = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== 0) out[size++] = byte;
    else if (!isStride(bytes, at) && out[size - 1] !== space) out[size++] = space;
  }
  return out.subarray(0, size);
}

function isStride(bytes: Buffer, at: number): boolean {
  const isAlone = bytes[at - 1] !== 0 && bytes[at + 1] !== 0;
  return isAlone && (bytes[at - 2] === 0 || bytes[at + 2] === 0);
}

/**
 * Makes a file, object or message ready to be scanned: UTF-16 and UTF-32, with a byte order mark or known by their NULs, become
 * UTF-8; binary data stays what it is, without its NULs. Offsets and places are those of the decoded text. Never throws; the bytes are
 * not copied where nothing has to change.
 */
export function decodeText(bytes: Uint8Array, path: string | undefined): ScanText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const wide = findMark(buffer);
  if (wide !== undefined) return { bytes: stripIfNeeded(decodeWide(buffer, wide)), path };
  if (startsWith(buffer, [0xef, 0xbb, 0xbf])) return { bytes: stripIfNeeded(buffer.subarray(3)), path };
  if (!buffer.includes(0)) return { bytes: buffer, path };
  const stride = findStride(buffer);
  return { bytes: stripIfNeeded(stride === undefined ? buffer : decodeWide(buffer, stride)), path };
}

function stripIfNeeded(bytes: Buffer): Buffer {
  return bytes.includes(0) ? stripNuls(bytes) : bytes;
}

/** Makes ASCII letters small, and no others. */
export function foldLatin1(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
