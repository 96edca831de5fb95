import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canKeep, mayRun, readBytecode, stampOf, writeBytecode } from "../../../src/cli/bytecode.js";
import { makeFolder } from "../../support/git-fixture.js";

const folder = makeFolder();
const program = join(folder, "program.js");
writeFileSync(program, "0;");
const caller = { uid: process.geteuid?.(), program };
const kept = [
  { ...stampOf("a.js", program), bytes: Buffer.from("first\nsecond") },
  { name: "b.js", size: 7, mtimeMs: 1.5, bytes: new Uint8Array() },
];

function write(name: string): string {
  const path = join(folder, name, "bytecode");
  writeBytecode(path, `${path}.draft`, kept);
  return path;
}

describe("kept bytecode", () => {
  test("is not run when somebody wrote it who could not have changed the program", () => {
    expect(mayRun({ uid: 7, mode: 0o644 }, 1000, 0)).toBe(false);
    expect(mayRun({ uid: 7, mode: 0o644 }, 0, 1000)).toBe(false);
  });

  test("is not run when others can write to it", () => {
    for (const mode of [0o664, 0o646, 0o666]) expect(mayRun({ uid: 1000, mode }, 1000, 1000)).toBe(false);
    const path = write("open");
    chmodSync(path, 0o664);
    expect(readBytecode(path, caller)).toBeUndefined();
  });

  test("is run when root, the owner of the program or the caller wrote it", () => {
    for (const uid of [0, 1000, 1001]) expect(mayRun({ uid, mode: 0o100644 }, 1000, 1001)).toBe(true);
  });

  test("that is cut off, longer than it says, or something else is none", () => {
    const path = write("torn");
    const bytes = readFileSync(path);
    for (const other of [
      bytes.subarray(0, -1),
      bytes.subarray(0, 5),
      Buffer.concat([bytes, Buffer.from("x")]),
      Buffer.alloc(bytes.byteLength),
      Buffer.from("7\n"),
      Buffer.alloc(0),
    ]) {
      writeFileSync(path, other);
      expect(readBytecode(path, caller)).toBeUndefined();
    }
  });

  test("that is not there is none", () => {
    expect(readBytecode(join(folder, "absent"), caller)).toBeUndefined();
  });

  test("is read back byte for byte, with what its source was", () => {
    const found = readBytecode(write("whole"), caller);
    expect([...(found ?? [])].map(([name, one]) => [name, { ...one, bytes: Buffer.from(one.bytes) }])).toEqual(
      kept.map((one) => [one.name, { ...one, bytes: Buffer.from(one.bytes) }]),
    );
  });

  test("can be written by its owner only, and leaves no draft", () => {
    const path = write("modes");
    expect(statSync(path).mode & 0o022).toBe(0);
    expect(existsSync(`${path}.draft`)).toBe(false);
  });

  test("is not even made where nothing can be written: that would cost every run", () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o555 });
    expect(canKeep(join(closed, "bytecode"))).toBe(process.geteuid?.() === 0);
    expect(canKeep(join(folder, "absent", "absent", "bytecode"))).toBe(false);
    expect(canKeep(join(folder, "bytecode"))).toBe(true);
    expect(canKeep(join(folder, "absent", "bytecode"))).toBe(true);
  });

  test("is not kept where nothing can be written, and that is no failure", () => {
    const path = join(program, "below", "bytecode");
    writeBytecode(path, `${path}.draft`, kept);
    expect(existsSync(path)).toBe(false);
    // A folder is in its place.
    writeBytecode(folder, `${folder}.draft`, kept);
    expect(existsSync(`${folder}.draft`)).toBe(false);
  });
});
