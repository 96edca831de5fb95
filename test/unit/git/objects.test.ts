import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blobOid } from "../../../src/git/object-id.js";
import { readObjects, readObjectsSync, readSizesSync, type ReadObject } from "../../../src/git/objects.js";
import { codeOf, codeOfAsync } from "../../support/git-code.js";
import { makeFolder, makeRepo, type GitRepo } from "../../support/git-fixture.js";

const limit = { maxBytes: 1 << 20 };

async function collect(objects: AsyncIterable<ReadObject>): Promise<ReadObject[]> {
  const out: ReadObject[] = [];
  for await (const one of objects) out.push(one);
  return out;
}

function store(repo: GitRepo, ...contents: readonly (string | Uint8Array)[]): string[] {
  return contents.map((input) => repo.run(["hash-object", "-w", "--stdin"], { input }).trim());
}

const absent = "1".repeat(40);
const everyByte = Uint8Array.from({ length: 1024 }, (_, at) => at % 256);

test.each(["HEAD", "HEAD:f", "--batch-all-objects", "", absent.slice(1), `${absent}\n${absent}`])(
  "%j is no object id and is never given to git",
  async (oid) => {
    const repo = makeRepo().repository();
    expect(await codeOfAsync(async () => await collect(readObjects(repo, [oid], limit)))).toBe("usage/invalid");
    expect(codeOf(() => readObjectsSync(repo, [oid], limit))).toBe("usage/invalid");
  },
);

test("a missing object is said to be missing, in its place", async () => {
  const repo = makeRepo();
  const [a = ""] = store(repo, "a");
  const kinds = [
    { kind: "missing", oid: absent },
    { kind: "object", oid: a, type: "blob", bytes: Buffer.from("a") },
    { kind: "missing", oid: absent },
  ];
  expect(await collect(readObjects(repo.repository(), [absent, a, absent], limit))).toEqual(kinds);
  expect(readObjectsSync(repo.repository(), [absent, a, absent], limit)).toEqual(kinds);
});

test("an object over the limit is reported with its size and never read", async () => {
  const repo = makeRepo();
  const [big = "", fits = ""] = store(repo, "x".repeat(11), "y".repeat(10));
  const wanted = [
    { kind: "too-large", oid: big, type: "blob", size: 11 },
    { kind: "object", oid: fits, type: "blob", bytes: Buffer.from("y".repeat(10)) },
  ];
  expect(await collect(readObjects(repo.repository(), [big, fits], { maxBytes: 10 }))).toEqual(wanted);
  expect(readObjectsSync(repo.repository(), [big, fits], { maxBytes: 10 })).toEqual(wanted);
  expect(readSizesSync(repo.repository(), [big])).toEqual([{ kind: "sized", oid: big, type: "blob", size: 11 }]);
});

const contentsOf = (objects: ReadObject[]) => objects.map((one) => (one.kind === "object" ? one.bytes : one.kind));

test("library trap 3: binary blobs come back byte for byte", async () => {
  const repo = makeRepo();
  const oids = store(repo, everyByte, "", "\n\n", everyByte.subarray(10));
  const bytes = [everyByte, new Uint8Array(), Buffer.from("\n\n"), everyByte.subarray(10)].map((one) =>
    Buffer.from(one),
  );
  expect(contentsOf(await collect(readObjects(repo.repository(), oids, limit)))).toEqual(bytes);
  expect(contentsOf(readObjectsSync(repo.repository(), oids, limit))).toEqual(bytes);
});

test("a damaged object is not reported as a missing one", async () => {
  const repo = makeRepo();
  const [oid = ""] = store(repo, "content");
  const path = join(repo.dir, ".git/objects", oid.slice(0, 2), oid.slice(2));
  rmSync(path);
  repo.write(path.slice(repo.dir.length), "not zlib");
  expect(await codeOfAsync(async () => await collect(readObjects(repo.repository(), [oid], limit)))).toBe(
    "store/integrity",
  );
  expect(codeOf(() => readObjectsSync(repo.repository(), [oid], limit))).toBe("store/integrity");
});

test("a missing git is an error of the stream, not a crash", async () => {
  const repo = makeRepo().repository();
  const without = { ...repo, env: { ...repo.env, PATH: "/nonexistent" } };
  expect(await codeOfAsync(async () => await collect(readObjects(without, [absent], limit)))).toBe("git/failed");
});

test("commits and trees are read as well, in a SHA-256 repository too", async () => {
  const repo = makeRepo({ objectFormat: "sha256" });
  const commit = repo.commit("one", { f: "1" });
  const oids = [commit, repo.oid("HEAD^{tree}"), repo.oid("HEAD:f")];
  const read = await collect(readObjects(repo.repository(), oids, limit));
  expect(read.map((one) => (one.kind === "object" ? one.type : one.kind))).toEqual(["commit", "tree", "blob"]);
  expect(blobOid(Buffer.from("1"), "sha256")).toBe(oids[2]);
});

/** A PATH whose git is this shell script. */
function fakeGit(script: string): Record<string, string> {
  const bin = makeFolder();
  writeFileSync(join(bin, "git"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: bin };
}

test("a git that dies without reading its input is an error with its own words, not a broken pipe", async () => {
  const repo = makeRepo().repository();
  const dying = { ...repo, env: { ...repo.env, ...fakeGit("echo 'fatal: out of order' >&2; exit 3") } };
  const oids = Array.from({ length: 4096 }, () => absent);
  await expect(collect(readObjects(dying, oids, limit))).rejects.toThrow(
    "git cat-file failed (exit 3): fatal: out of order",
  );
  expect(() => readSizesSync(dying, oids)).toThrow("git cat-file failed (exit 3): fatal: out of order");
});

test("a git that answers about other objects, or not at all, is not believed", async () => {
  const repo = makeRepo().repository();
  for (const script of [`echo '${"2".repeat(40)} blob 1'`, "exit 0", `echo '${absent} blob x'`]) {
    const lying = { ...repo, env: { ...repo.env, ...fakeGit(`cat > /dev/null; ${script}`) } };
    expect(await codeOfAsync(async () => await collect(readObjects(lying, [absent], limit)))).toBe("git/failed");
    expect(codeOf(() => readObjectsSync(lying, [absent], limit))).toBe("git/failed");
  }
});

test("no ids need no git", async () => {
  const repo = { ...makeRepo().repository(), env: { PATH: "" } };
  expect(await collect(readObjects(repo, [], limit))).toEqual([]);
  expect(readObjectsSync(repo, [], limit)).toEqual([]);
});

// More than one window (4,096 ids), from a fast import: one git for all of them.
function manyBlobs(count: number): { repo: GitRepo; oids: string[] } {
  const repo = makeRepo();
  const contents = Array.from({ length: count }, (_, at) => `blob number ${at}\n${"z".repeat(at % 300)}`);
  const input = contents.map((text) => `blob\ndata ${Buffer.byteLength(text)}\n${text}\n`).join("");
  repo.run(["fast-import", "--quiet"], { input });
  return { repo, oids: contents.map((text) => blobOid(Buffer.from(text), "sha1")) };
}

test("ten thousand objects from an asynchronous source arrive in order, none lost between windows", async () => {
  const { repo, oids } = manyBlobs(10_000);
  async function* source(): AsyncGenerator<string> {
    for (const oid of oids) yield await Promise.resolve(oid);
  }
  const seen: string[] = [];
  for await (const one of readObjects(repo.repository(), source(), limit)) {
    expect(one.kind === "object" && blobOid(one.bytes, "sha1")).toBe(one.oid);
    seen.push(one.oid);
  }
  expect(seen).toEqual(oids);
});

test("the source is read one window ahead of the consumer at most, and leaving the loop ends git", async () => {
  const { repo, oids } = manyBlobs(9000);
  const pids = join(makeFolder(), "pids");
  const real = repo.run(["--exec-path"]).trim();
  const env = fakeGit(`echo $$ >> '${pids}'; exec '${real}/git' "$@"`);
  let pulled = 0;
  function* source(): Generator<string> {
    for (const oid of oids) {
      pulled++;
      yield oid;
    }
  }
  const found = repo.repository();
  for await (const one of readObjects({ ...found, env: { ...found.env, ...env } }, source(), limit)) {
    expect(one.oid).toBe(oids[0]);
    break;
  }
  expect(pulled).toBe(4096);
  const started = readFileSync(pids, "utf8").trim().split("\n").map(Number);
  expect(started).toHaveLength(2);
  while (started.some(isAlive)) await new Promise((resolve) => setImmediate(resolve));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
