import { describe, expect, test } from "vitest";
import { fail } from "../../../src/core/errors.js";
import { withStoreLock, withStoreLockAsync, type Transaction } from "../../../src/store/transaction.js";
import { faultDisk } from "../../support/fault-disk.js";
import type { MemoryDisk } from "../../support/memory-disk.js";
import {
  change,
  fakeOwners,
  fileStager,
  gonePath,
  judgeTree,
  leftovers,
  makeDeps,
  newPath,
  readRaw,
  secretPath,
  spoolPath,
  writeRaw,
} from "../../support/store-fixture.js";
import { commit, inTree, next, overwrite, places, start } from "../../support/store-memory.js";

const unchanged = (disk: MemoryDisk): void => {
  expect(leftovers(disk, places)).toEqual([]);
  expect(readRaw(disk, inTree(newPath))).toBeUndefined();
  expect(readRaw(disk, places.indexPath)).toBe("");
  expect(readRaw(disk, `${places.commonDir}/${spoolPath}`)).toBe("{}\n");
};

const file = (path: string): Transaction["targets"][number] => ({ path, before: null, after: Buffer.from("x") });

describe("a change is refused, with nothing changed", () => {
  for (const [what, path, content] of [
    ["other bytes", secretPath, "somebody else's\n"],
    ["a longer file", secretPath, "version 1\nand more\n"],
    ["no file", secretPath, undefined],
    ["a file that should be new", newPath, "taken\n"],
  ] as const)
    test(`when a target has ${what} since it was read`, () => {
      const disk = start();
      overwrite(disk, inTree(path), content);
      expect(() => commit(disk)).toThrow(
        expect.objectContaining({
          code: "version/changed",
          message: expect.stringMatching(/changed.*: nothing was changed/),
        }),
      );
      expect(readRaw(disk, inTree(path))).toBe(content);
      expect(readRaw(disk, inTree(gonePath))).toBe("old\n");
    });

  test("when a file that only guards it has moved", () => {
    const disk = start();
    const guard = { path: secretPath, before: Buffer.from("version 0\n"), after: Buffer.from("version 0\n") };
    const create = { path: newPath, before: null, after: Buffer.from("x") };
    expect(() => commit(disk, { targets: [create, guard], local: [], note: "x" })).toThrow(
      expect.objectContaining({ code: "version/changed" }),
    );
    unchanged(disk);
  });

  test("when a spool file that it seals is not as it was", () => {
    const disk = start();
    overwrite(disk, `${places.commonDir}/${spoolPath}`, undefined);
    expect(() => commit(disk)).toThrow(expect.objectContaining({ code: "version/changed" }));
    expect(judgeTree(disk, places)).toBe("before");
  });

  test("when another git command holds the index, after waiting for it", () => {
    const disk = start();
    writeRaw(disk, `${places.indexPath}.lock`, "DIRC of git");
    expect(() => commit(disk)).toThrow(
      expect.objectContaining({
        code: "git/index-locked",
        message: expect.stringMatching(/\.git\/index\.lock\): nothing was changed/),
      }),
    );
    expect(readRaw(disk, `${places.indexPath}.lock`)).toBe("DIRC of git");
    disk.unlink(`${places.indexPath}.lock`);
    unchanged(disk);
  });

  test("when it would write outside the store, twice, or inside another file", () => {
    const bad: Transaction["targets"][] = [
      [file("src/index.ts")],
      [file(".secrets/../x")],
      [file(".secrets/.tmp-x")],
      [file(".secrets")],
      [file(".gitattributes/x")],
      [file(".secrets/a"), file(".secrets/a")],
      [file(".secrets/a"), file(".secrets/a/b")],
    ];
    for (const targets of bad) {
      const disk = start();
      expect(() => commit(disk, { targets, local: [], note: "x" })).toThrow(
        expect.objectContaining({ code: "store/unsafe-file" }),
      );
      unchanged(disk);
    }
    const disk = start();
    expect(() => commit(disk, { targets: [], local: [file("../hooks/x")], note: "x" })).toThrow(
      expect.objectContaining({ code: "store/unsafe-file" }),
    );
    unchanged(disk);
  });
});

test("a git command that ends while we wait for the index lets the change happen", () => {
  const disk = start();
  writeRaw(disk, `${places.indexPath}.lock`, "DIRC of git");
  let waits = 0;
  const sleep = (): void => {
    waits += 1;
    if (waits === 3) disk.unlink(`${places.indexPath}.lock`);
  };
  commit(disk, change, { sleep });
  expect(judgeTree(disk, places)).toBe("after");
});

test("git's index is held from the second look to the staging", () => {
  const disk = start();
  const held: (boolean | string)[] = [];
  const index = `${places.indexPath}.lock`;
  const watched = faultDisk(disk, ({ method, args }) => {
    const path = String(args[1]);
    if (method === "link" && path.includes("/.secrets/")) held.push(readRaw(disk, index) !== undefined);
    return "pass";
  });
  const stager = { stage: () => void held.push(String(readRaw(disk, index)).includes("gitseal owner")) };
  withStoreLock(makeDeps(watched, places, fakeOwners(100), { stager }), places, (tx) => tx.commit(change));
  expect(held).toEqual([true, true]);
  expect(readRaw(disk, index)).toBeUndefined();
});

test("a failed staging loses nothing: the next command stages", () => {
  const disk = start();
  const stager = { stage: () => fail("git/failed", "git said no") };
  expect(() => commit(disk, change, { stager })).toThrow(
    expect.objectContaining({
      code: "git/failed",
      message: expect.stringMatching(/^git said no: the change is made but not staged/),
    }),
  );
  expect(judgeTree(disk, places)).toBe("after");
  expect(readRaw(disk, `${places.commonDir}/${spoolPath}`)).toBe("{}\n");
  expect(next(disk).notices).toEqual([{ kind: "finished", note: change.note }]);
  expect(readRaw(disk, places.indexPath)).toBe(change.targets.map(({ path }) => path).join("\n"));
  expect(readRaw(disk, `${places.commonDir}/${spoolPath}`)).toBeUndefined();
});

test("a caller that commits again after a failed staging first finishes what was begun", () => {
  const disk = start();
  let failing = true;
  const good = fileStager(disk, places);
  const stager = { stage: (paths: readonly string[]) => (failing ? fail("git/failed", "no") : good.stage(paths)) };
  const more = { path: ".secrets/store/more.secret", before: null, after: Buffer.from("x") };
  withStoreLock(makeDeps(disk, places, fakeOwners(100), { stager }), places, (tx) => {
    expect(() => tx.commit(change)).toThrow(expect.objectContaining({ code: "git/failed" }));
    failing = false;
    tx.commit({ targets: [more], local: [], note: "second" });
  });
  expect(leftovers(disk, places)).toEqual([]);
  expect(readRaw(disk, places.indexPath)?.split("\n")).toEqual([...change.targets.map(({ path }) => path), more.path]);
});

test("an editor that changes a target behind the record's back is not overwritten, and nothing was changed", () => {
  const disk = start();
  const meddled = faultDisk(
    disk,
    () => "pass",
    ({ method, args }) => {
      if (method === "link" && String(args[1]).includes("/wal/")) overwrite(disk, inTree(newPath), "mine\n");
    },
  );
  expect(() => withStoreLock(makeDeps(meddled, places, fakeOwners(100)), places, (tx) => tx.commit(change))).toThrow(
    expect.objectContaining({ code: "version/changed", message: expect.stringMatching(/nothing was changed/) }),
  );
  expect(readRaw(disk, inTree(newPath))).toBe("mine\n");
  expect(readRaw(disk, inTree(secretPath))).toBe("version 1\n");
  expect(leftovers(disk, places)).toEqual([]);
});

test("the lock is given back when the body throws, and its error passes", () => {
  const disk = start();
  const deps = makeDeps(disk, places, fakeOwners(100));
  expect(() => withStoreLock(deps, places, () => fail("secret/not-found", "no such secret"))).toThrow(
    expect.objectContaining({ code: "secret/not-found" }),
  );
  expect(leftovers(disk, places)).toEqual([]);
});

test("an asynchronous body keeps the lock until its promise settles", async () => {
  const disk = start();
  const deps = makeDeps(disk, places, fakeOwners(100));
  const rival = (): void => withStoreLock(makeDeps(disk, places, fakeOwners(200, [100, 200])), places, () => {});
  await withStoreLockAsync(deps, places, async (tx) => {
    await Promise.resolve();
    expect(rival).toThrow(expect.objectContaining({ code: "lock/busy" }));
    tx.commit(change);
  });
  rival();
  await expect(withStoreLockAsync(deps, places, async () => await Promise.reject(new Error("no")))).rejects.toThrow(
    "no",
  );
  expect(leftovers(disk, places)).toEqual([]);
});

test("a change of nothing writes no record", () => {
  const disk = start();
  const watched = faultDisk(disk, () => "pass");
  const same = { path: secretPath, before: Buffer.from("version 1\n"), after: Buffer.from("version 1\n") };
  withStoreLock(makeDeps(watched, places, fakeOwners(100)), places, (tx) =>
    tx.commit({ targets: [same], local: [], note: "nothing" }),
  );
  expect(watched.calls.filter(({ args }) => /\/wal\/\w+\.json$/.test(String(args[1])))).toEqual([]);
});

test("files are made with mode 0644 in folders of 0755, and the record with 0600", () => {
  const disk = start();
  const modes = new Map<string, number>();
  const watched = faultDisk(
    disk,
    () => "pass",
    ({ method, args }) => {
      if (method === "link" || method === "rename")
        modes.set(String(args[1]).replace(/\w{26}/, "ID"), disk.lstat(String(args[1])).mode);
    },
  );
  withStoreLock(makeDeps(watched, places, fakeOwners(100)), places, (tx) => tx.commit(change));
  expect(modes.get(inTree(newPath))).toBe(0o644);
  expect(modes.get(inTree(secretPath))).toBe(0o644);
  expect(modes.get("/repo/.git/gitseal/wal/ID.json")).toBe(0o600);
  expect(disk.lstat("/repo/.secrets/journal/change").mode).toBe(0o755);
  expect(disk.lstat("/repo/.git/gitseal/wal").mode).toBe(0o700);
});
