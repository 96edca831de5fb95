import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../../src/core/digest.js";
import { fail } from "../../../src/core/errors.js";
import { encodeOwner } from "../../../src/store/owner.js";
import { withStoreLock } from "../../../src/store/transaction.js";
import { faultDisk } from "../../support/fault-disk.js";
import { copyDisk, errno, type MemoryDisk } from "../../support/memory-disk.js";
import {
  change,
  fakeOwners,
  gonePath,
  here,
  judgeTree,
  leftovers,
  makeDeps,
  newPath,
  nextDay,
  readRaw,
  secretPath,
  spoolPath,
  writeRaw,
} from "../../support/store-fixture.js";
import { inTree, killedAfterRecord, next, overwrite, places, start } from "../../support/store-memory.js";

const sides = ["before", "after", "other"] as const;
type Sides = readonly (typeof sides)[number][];
const subsets: Sides[] = sides.flatMap((one) => sides.flatMap((two) => sides.map((three) => [one, two, three])));

/** A killed change of whose targets each has been brought to the given side by hand. */
function broughtTo(states: Sides): MemoryDisk {
  const disk = killedAfterRecord();
  change.targets.forEach(({ path, before, after }, at) => {
    const bytes = states[at] === "after" ? after : before;
    const content = bytes === null ? undefined : Buffer.from(bytes).toString();
    overwrite(disk, inTree(path), states[at] === "other" ? `somebody else's ${at}\n` : content);
  });
  return disk;
}

const targetsOf = (disk: MemoryDisk): unknown[] => change.targets.map(({ path }) => readRaw(disk, inTree(path)));

function expectKept(disk: MemoryDisk, was: readonly unknown[]): void {
  expect(targetsOf(disk)).toEqual(was);
  expect(readRaw(disk, `${places.commonDir}/${spoolPath}`)).toBe("{}\n");
  const kept = disk.readdir(`${places.gitDir}/parked`)[0] ?? "";
  const sealed = Buffer.from("version 1\nversion 2\n").toString("base64");
  expect(readRaw(disk, `${places.gitDir}/parked/${kept}`)).toContain(sealed);
  expect(leftovers(disk, places)).toEqual([]);
}

describe("where no target is somebody else's, the change is finished", () => {
  const ours = subsets.filter((states) => !states.includes("other"));
  test.each(ours)("%s, %s, %s", (...states) => {
    const disk = broughtTo(states);
    expect(next(disk).notices).toEqual([{ kind: "finished", note: change.note }]);
    expect(judgeTree(disk, places)).toBe("after");
    expect(leftovers(disk, places)).toEqual([]);
  });
});

describe("where one is somebody else's and none is made, the change is withdrawn and kept", () => {
  const untouched = subsets.filter((states) => states.includes("other") && !states.includes("after"));
  test.each(untouched)("%s, %s, %s", (...states) => {
    const disk = broughtTo(states);
    const was = targetsOf(disk);
    expect(next(disk).notices).toEqual([
      { kind: "withdrawn", note: change.note, kept: expect.stringMatching(/parked\/\w{26}\.json$/) },
    ]);
    expectKept(disk, was);
  });
});

describe("where one is somebody else's and one is made, the change is parked and nothing is touched", () => {
  const mixed = subsets.filter((states) => states.includes("other") && states.includes("after"));
  test.each(mixed)("%s, %s, %s", (...states) => {
    const disk = broughtTo(states);
    const was = targetsOf(disk);
    expect(() => next(disk)).toThrow(
      expect.objectContaining({
        code: "store/parked",
        message: expect.stringContaining(change.note),
        hint: expect.stringMatching(/nothing was overwritten.*\.git\/gitseal\/parked\/\w{26}\.json/),
      }),
    );
    expectKept(disk, was);
    expect(next(disk).notices).toEqual([
      { kind: "parked-before", kept: [expect.stringMatching(/^\.git\/gitseal\/parked\/\w{26}\.json$/)] },
    ]);
  });
});

test("a parked change names what was changed, what was made and what was not", () => {
  const disk = killedAfterRecord();
  overwrite(disk, inTree(newPath), "segment\n");
  overwrite(disk, inTree(secretPath), "a checkout's\n");
  expect(() => next(disk)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(
        /changed by somebody else: \S*password\.secret; already made: \S*0123\.jsonl; not made: \S*old\.secret/,
      ),
    }),
  );
});

test("a branch switched between the crash and the recovery is not written over", () => {
  const disk = Array.from({ length: 40 }, (_, extra) => killedAfterRecord(extra)).find(
    (killed) => judgeTree(killed, places) === "torn",
  );
  if (disk === undefined) throw new Error("no kill fell between two targets");
  overwrite(disk, inTree(secretPath), "the other branch's\n");
  expect(() => next(disk)).toThrow(expect.objectContaining({ code: "store/parked" }));
  expect(readRaw(disk, inTree(secretPath))).toBe("the other branch's\n");
});

test("a link or a folder that took a target's place counts as somebody else's", () => {
  const disk = killedAfterRecord();
  disk.unlink(inTree(secretPath));
  disk.mkdir(inTree(secretPath), 0o755);
  expect(next(disk).notices).toMatchObject([{ kind: "withdrawn" }]);
});

test("a record that was torn is set aside and never acted on", () => {
  const disk = killedAfterRecord();
  const name = disk.readdir(`${places.gitDir}/wal`).find((entry) => entry.endsWith(".json")) ?? "";
  const path = `${places.gitDir}/wal/${name}`;
  const whole = readRaw(disk, path) ?? "";
  for (const torn of [
    "",
    whole.slice(0, -1),
    whole.slice(0, 200),
    "\0".repeat(whole.length),
    whole.replace("stripe", "x").replace("rotate", "delete"),
  ]) {
    const copy = copyDisk(disk);
    overwrite(copy, path, torn);
    expect(next(copy).notices).toEqual([{ kind: "unreadable", kept: `.git/gitseal/parked/${name}` }]);
    expect(judgeTree(copy, places)).toBe("before");
    expect(readRaw(copy, `${places.gitDir}/parked/${name}`)).toBe(torn);
  }
});

test("a record of a newer gitseal stops every change until that version has finished it", () => {
  const disk = killedAfterRecord();
  const name = disk.readdir(`${places.gitDir}/wal`).find((entry) => entry.endsWith(".json")) ?? "";
  const line = '{"v":2}';
  const digest = "5ab8c7b2c5a3c2b1";
  overwrite(disk, `${places.gitDir}/wal/${name}`, `${line}\n${digest}\n`);
  expect(next(copyDisk(disk)).notices).toMatchObject([{ kind: "unreadable" }]);
  overwrite(disk, `${places.gitDir}/wal/${name}`, `${line}\n${sha256Hex(line)}\n`);
  expect(() => next(disk)).toThrow(expect.objectContaining({ code: "format/newer" }));
});

test("the record of another work tree is left to it", () => {
  const disk = start();
  const other = {
    ...places,
    workTree: "/linked",
    gitDir: "/repo/.git/worktrees/linked/gitseal",
    indexPath: "/repo/.git/worktrees/linked/index",
  };
  for (const path of [secretPath, gonePath]) writeRaw(disk, `/linked/${path}`, readRaw(disk, inTree(path)) ?? "");
  writeRaw(disk, other.indexPath, "");
  const stager = { stage: () => fail("git/failed", "no") };
  expect(() =>
    withStoreLock(makeDeps(disk, other, fakeOwners(100), { stager }), other, (tx) =>
      tx.commit({ ...change, local: [] }),
    ),
  ).toThrow("no: the change is made but not staged");
  expect(next(disk).notices).toEqual([]);
  expect(judgeTree(disk, places)).toBe("before");
  const deps = makeDeps(disk, other, fakeOwners(200), { now: nextDay });
  withStoreLock(deps, other, () => {});
  expect(deps.notices).toMatchObject([{ kind: "finished" }]);
});

const owned = (pid: number, host = here.host): string =>
  Buffer.from(encodeOwner({ ...here, host, pid, nonce: "N", since: "2026-11-23T16:30:00.000Z" })).toString();

describe("an index.lock", () => {
  const lockPath = `${places.indexPath}.lock`;

  test("of our dead is removed", () => {
    const disk = start();
    writeRaw(disk, lockPath, owned(100));
    next(disk);
    expect(readRaw(disk, lockPath)).toBeUndefined();
  });

  test("of git, of another host or of no owner stays", () => {
    for (const content of ["DIRC", "", owned(100, "laptop")]) {
      const disk = start();
      writeRaw(disk, lockPath, content);
      next(disk);
      expect(readRaw(disk, lockPath)).toBe(content);
    }
  });

  test("of git stops a recovery with the record kept", () => {
    const disk = killedAfterRecord();
    overwrite(disk, lockPath, "DIRC");
    expect(() => next(disk)).toThrow(expect.objectContaining({ code: "git/index-locked" }));
    disk.unlink(lockPath);
    next(disk);
    expect(judgeTree(disk, places)).toBe("after");
  });
});

test("a recovery that cannot write says which change waits, and keeps it", () => {
  const disk = killedAfterRecord();
  const full = faultDisk(disk, ({ method, args }) =>
    method === "open" && String(args[0]).includes("/.secrets/.tmp-") ? { before: errno("ENOSPC", "open") } : "pass",
  );
  expect(() => withStoreLock(makeDeps(full, places, fakeOwners(200)), places, () => {})).toThrow(
    expect.objectContaining({
      code: "io/failed",
      message: expect.stringMatching(/ENOSPC\): an earlier change \("rotate db\/password"\) is recorded/),
    }),
  );
  next(disk);
  expect(judgeTree(disk, places)).toBe("after");
});

test("a recovery reads what it must before the body runs", () => {
  const disk = killedAfterRecord();
  const seen = withStoreLock(makeDeps(disk, places, fakeOwners(200)), places, () => judgeTree(disk, places));
  expect(seen).toBe("after");
});

test("only drafts of ours are swept, and young ones of others on the common side stay", () => {
  const disk = start();
  const young = "/repo/.git/gitseal/spool/.tmp-01M84KWBT00000000000000000";
  for (const path of ["/repo/.secrets/.tmp-01M84KWBT00000000000000000", "/repo/.secrets/.tmp-notes", young])
    writeRaw(disk, path, "x");
  withStoreLock(makeDeps(disk, places, fakeOwners(200)), places, () => {});
  expect(disk.readdir("/repo/.secrets")).toEqual(expect.arrayContaining([".tmp-notes"]));
  expect(disk.readdir("/repo/.secrets")).not.toContain(".tmp-01M84KWBT00000000000000000");
  expect(readRaw(disk, young)).toBe("x");
  next(disk);
  expect(readRaw(disk, young)).toBeUndefined();
});
