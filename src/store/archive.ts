import { inflateRawSync, crc32 } from "node:zlib";
import { fail, SecretsError } from "../core/errors.js";
import { maxSegment } from "../core/segment.js";

/** The most bytes that an archive may inflate to. */
const maxArchive = 64 * 1024 * 1024;

// RFC 1952: magic, deflate, no flags (so no name, comment or extra field), no time, and whatever level and system.
const headerBytes = 10;
const trailerBytes = 8;

/**
 * The segments of an archive, which is one gzip member of whole access segments and nothing behind it. The bytes are untrusted.
 * Throws `journal/malformed`; what the segments hold is not looked at.
 */
export function readArchive(bytes: Uint8Array): readonly Uint8Array[] {
  const text = inflate(bytes);
  const segments: Uint8Array[] = [];
  for (let at = 0; at < text.byteLength;) {
    const end = endOfSegment(text, at);
    segments.push(text.subarray(at, end));
    at = end;
  }
  return segments;
}

function inflate(bytes: Uint8Array): Buffer {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.byteLength < headerBytes + trailerBytes || file.readUInt32BE(0) !== 0x1f8b0800)
    malformed("it is no gzip file without flags");
  const { text, consumed } = inflateBody(file.subarray(headerBytes));
  const trailer = file.subarray(headerBytes + consumed);
  if (trailer.byteLength !== trailerBytes) malformed("something stands behind its one gzip member");
  if (trailer.readUInt32LE(0) !== crc32(text) || trailer.readUInt32LE(4) !== text.byteLength)
    malformed("its checksum or length is wrong");
  return text;
}

function inflateBody(body: Buffer): { readonly text: Buffer; readonly consumed: number } {
  try {
    // With `info` the result is the engine too, which knows where the deflate stream ended; the types do not say so.
    const { buffer, engine } = inflateRawSync(body, { maxOutputLength: maxArchive, info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { text: buffer, consumed: engine.bytesWritten };
  } catch (cause) {
    if (cause instanceof SecretsError) throw cause;
    fail("journal/malformed", `not an archive: it does not inflate, or to more than ${maxArchive} bytes`, { cause });
  }
}

// A segment ends with the line that holds its signature, the only kind of line that begins so.
function endOfSegment(text: Buffer, from: number): number {
  const sigAt = text.indexOf('\n{"sig":', from, "latin1");
  const end = sigAt < 0 ? -1 : text.indexOf(0x0a, sigAt + 1);
  if (end < 0 || end + 1 - from > maxSegment) malformed("a segment in it has no end");
  return end + 1;
}

function malformed(what: string): never {
  fail("journal/malformed", `not an archive: ${what}`);
}
