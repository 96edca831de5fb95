import { splitLines } from "./block.js";
import { findUtf8 } from "./bytes.js";
import { fail } from "./errors.js";
import type { Mark, Meta, Seal, SecretRecord, Version } from "./record.js";
import { emitRecord, readRecord } from "./record-block.js";

/** One version with what stands before it in the file. */
export interface VersionGroup {
  readonly marks: readonly Mark[];
  readonly seal: Seal;
  readonly version: Version;
}

/** A secret file by its form: nothing is verified yet but the spelling and the order of its blocks. */
export interface SecretFile {
  /** One, or more while a metadata fork waits for `secrets resolve`. */
  readonly metas: readonly Meta[];
  readonly groups: readonly VersionGroup[];
}

/** The largest secret file that is read, in bytes: bounds memory against hostile repositories. */
export const maxSecretFile = 64 * 1024 * 1024;
const maxMetas = 16;
// States look at the past of marks, so the number of blocks bounds the work that a hostile file can cause.
const maxBlocks = 20_000;

/**
 * Parses the bytes of a `.secret` file. They are untrusted. Throws `secret/malformed` with the line, or `format/newer`.
 * Whatever is accepted is exactly what {@link encodeSecretFile} writes: the reader of blocks knows one spelling of each line, and the
 * blocks stay in their order. Tests hold it to that.
 */
export function parseSecretFile(bytes: Uint8Array): SecretFile {
  if (bytes.byteLength > maxSecretFile) fail("secret/malformed", `larger than ${maxSecretFile} bytes`);
  const text = findUtf8(bytes);
  if (text === undefined) fail("secret/malformed", "not valid UTF-8");
  const source = splitLines(text, "secret/malformed");
  const records: SecretRecord[] = [];
  while (source.at < source.lines.length) {
    if (source.lines[source.at] !== "---") fail("secret/malformed", `line ${source.at + 1}: expected "---"`);
    source.at++;
    if (records.length === maxBlocks) fail("secret/malformed", `more than ${maxBlocks} blocks`);
    records.push(readRecord(source));
  }
  return arrange(records);
}

/**
 * The bytes of each block of a file, as far as its form goes without reading one; undefined for what is no stream of blocks. A line
 * `---` begins a block and stands in none, because all that a block holds is indented or has a key.
 */
export function splitBlocks(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!all.subarray(0, 4).equals(begin)) return undefined;
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < all.byteLength;) {
    const next = all.indexOf(border, at);
    const end = next < 0 ? all.byteLength : next + 1;
    if (blocks.length === maxBlocks) return undefined;
    blocks.push(all.subarray(at, end));
    at = end;
  }
  return blocks;
}

const begin = Buffer.from("---\n");
const border = Buffer.from("\n---\n");

/** One block of {@link splitBlocks} by itself. Throws as {@link parseSecretFile}. */
export function parseBlock(bytes: Uint8Array): SecretRecord {
  const text = findUtf8(bytes);
  if (text === undefined) fail("secret/malformed", "not valid UTF-8");
  const source = splitLines(text, "secret/malformed");
  source.at = 1;
  const record = readRecord(source);
  if (source.at !== source.lines.length || emitRecord(record) !== text)
    fail("secret/malformed", "not in canonical form");
  return record;
}

/** Puts blocks together that were read one by one. Throws `secret/malformed` when they are in no order of a file. */
export function arrangeBlocks(records: readonly SecretRecord[]): SecretFile {
  return arrange(records);
}

function arrange(records: readonly SecretRecord[]): SecretFile {
  const first = records.findIndex(({ kind }) => kind !== "meta");
  const metas = records.slice(0, first < 0 ? records.length : first).filter((record) => record.kind === "meta");
  const groups = arrangeGroups(records.slice(metas.length));
  if (metas.length === 0 || groups.length === 0) fail("secret/malformed", "a meta block or a version is missing");
  if (metas.length > maxMetas) fail("secret/malformed", `more than ${maxMetas} meta blocks`);
  return { metas, groups };
}

function arrangeGroups(records: readonly SecretRecord[]): readonly VersionGroup[] {
  const groups: VersionGroup[] = [];
  let marks: Mark[] = [];
  let seal: Seal | undefined;
  for (const record of records) {
    if (record.kind === "meta") {
      fail("secret/malformed", "a meta block does not stand first");
    } else if (record.kind === "mark") {
      if (seal) fail("secret/malformed", "a mark stands between a seal and its version");
      marks.push(record);
    } else if (record.kind === "seal") {
      if (seal) fail("secret/malformed", "a seal is not followed by its version");
      seal = record;
    } else {
      groups.push(groupOf(marks, seal, record));
      marks = [];
      seal = undefined;
    }
  }
  if (seal || marks.length > 0)
    fail("secret/malformed", "the file ends before the version that its last blocks belong to");
  return groups;
}

function groupOf(marks: readonly Mark[], seal: Seal | undefined, version: Version): VersionGroup {
  if (!seal || seal.vid !== version.vid || seal.sid !== version.sid)
    fail("secret/malformed", "a version does not directly follow its seal");
  if (marks.some((mark) => mark.vid !== version.vid || mark.sid !== version.sid))
    fail("secret/malformed", "a mark does not stand before the version it names");
  return { marks, seal, version };
}

/** All records in file order. */
export function recordsOf(file: SecretFile): readonly SecretRecord[] {
  return [...file.metas, ...file.groups.flatMap(({ marks, seal, version }) => [...marks, seal, version])];
}

export function encodeSecretFile(file: SecretFile): string {
  return recordsOf(file).map(emitRecord).join("");
}
