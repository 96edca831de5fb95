import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** A file of the program, as it was when its bytecode was kept: what has another size or time since is compiled anew. */
export interface SourceStamp {
  readonly name: string;
  readonly size: number;
  readonly mtimeMs: number;
}

export interface KeptBytecode extends SourceStamp {
  readonly bytes: Uint8Array;
}

/** Who runs the program (undefined where files have no owners), and the file of it whose owner could change it anyway. */
export interface Caller {
  readonly uid: number | undefined;
  readonly program: string;
}

export function stampOf(name: string, path: string): SourceStamp {
  const { size, mtimeMs } = statSync(path);
  return { name, size, mtimeMs };
}

/** The bytecode that an earlier run kept, by the name of the source; undefined when there is none that {@link mayRun}. */
export function readBytecode(path: string, caller: Caller): ReadonlyMap<string, KeptBytecode> | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    if (caller.uid !== undefined && !mayRun(fstatSync(file), caller.uid, statSync(caller.program).uid))
      return undefined;
    return decode(readFileSync(file));
  } catch {
    return undefined; // None yet, or one that cannot be read: the program compiles its text, as it does without.
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * V8 runs bytecode unseen, so it must come from somebody who could have changed the program itself: root, its owner or the
 * caller. Others may not be able to write to it.
 */
export function mayRun(file: { readonly uid: number; readonly mode: number }, caller: number, owner: number): boolean {
  return (file.mode & 0o022) === 0 && [0, caller, owner].includes(file.uid);
}

/** False where the caller may not write, as beside a program that root installed: making bytecode costs some 20 ms at every run. */
export function canKeep(path: string): boolean {
  const folder = dirname(path);
  try {
    accessSync(existsSync(folder) ? folder : dirname(folder), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Keeps bytecode for later runs; where nothing can be written beside the program, it is not kept. */
export function writeBytecode(path: string, draft: string, kept: readonly KeptBytecode[]): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    writeDraft(draft, encode(kept));
    renameSync(draft, path);
  } catch {
    tryRemove(draft);
  }
}

function tryRemove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    return; // What could not be written is not there.
  }
}

// Synced before it has its name: V8 checks the head of it only, and would run what a loss of power made of the rest.
function writeDraft(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "wx", 0o644);
  try {
    for (let at = 0; at < bytes.byteLength;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

type Entry = readonly [name: string, size: number, mtimeMs: number, length: number];

// A line of JSON that says what follows it, then the bytecode of each source.
function encode(kept: readonly KeptBytecode[]): Uint8Array {
  const entries = kept.map(({ name, size, mtimeMs, bytes }): Entry => [name, size, mtimeMs, bytes.byteLength]);
  return Buffer.concat([Buffer.from(`${JSON.stringify(entries)}\n`, "utf8"), ...kept.map(({ bytes }) => bytes)]);
}

function decode(all: Buffer): ReadonlyMap<string, KeptBytecode> | undefined {
  const end = all.indexOf("\n");
  const entries = JSON.parse(all.toString("utf8", 0, end)) as readonly Entry[];
  const kept = new Map<string, KeptBytecode>();
  let at = end + 1;
  for (const [name, size, mtimeMs, length] of entries) {
    kept.set(name, { name, size, mtimeMs, bytes: all.subarray(at, at + length) });
    at += length;
  }
  return at === all.byteLength ? kept : undefined;
}
