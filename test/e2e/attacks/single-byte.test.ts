import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { alice, bob, foundRepo, judge, listed, storeOf } from "../../support/attack-scene.js";
import type { GitRepo } from "../../support/git-fixture.js";

let git: GitRepo;

beforeAll(async () => {
  git = await foundRepo({ members: [bob], secrets: { "api/key": "one" } });
  const store = storeOf(git, alice);
  await store.addMember({ id: "ci-prod", kind: "ci", wrapped: true });
  await store.rotate("api/key", "two");
  await store.meta("api/key", { expires: "90d", note: "note" });
  await store.get("api/key");
  await store.sealAudit();
  git.commit("a little of everything");
});

const folders = [
  ".secrets/store",
  ".secrets/journal/change",
  ".secrets/journal/access",
  ".secrets/trust",
  ".secrets/wrapped",
];

/** Places spread over a file, its first and last bytes among them. */
function placesOf(length: number, wanted: number): readonly number[] {
  const inner = Array.from({ length: wanted }, (_, at) => Math.floor(((at + 0.5) * length) / wanted));
  return [...new Set([0, ...inner, length - 2, length - 1])].filter((at) => at >= 0 && at < length);
}

interface Change {
  readonly path: string;
  readonly what: string;
  readonly bytes: Buffer;
}

/** One byte flipped in its lowest or highest bit, turned into a line feed or a space, removed, or doubled. */
function changesOf(path: string, wanted: number): readonly Change[] {
  const bytes = readFileSync(join(git.dir, path));
  const ways: readonly (readonly [string, (at: number) => Buffer])[] = [
    [
      "bit 0",
      (at) => Buffer.concat([bytes.subarray(0, at), Buffer.from([(bytes[at] ?? 0) ^ 1]), bytes.subarray(at + 1)]),
    ],
    [
      "bit 7",
      (at) => Buffer.concat([bytes.subarray(0, at), Buffer.from([(bytes[at] ?? 0) ^ 0x80]), bytes.subarray(at + 1)]),
    ],
    [
      "case",
      (at) => Buffer.concat([bytes.subarray(0, at), Buffer.from([(bytes[at] ?? 0) ^ 0x20]), bytes.subarray(at + 1)]),
    ],
    ["removed", (at) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])],
    ["doubled", (at) => Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at)])],
  ];
  return placesOf(bytes.byteLength, wanted).map((at, turn) => {
    const [what, change] = ways[turn % ways.length] ?? ways[0] ?? [];
    return { path, what: `byte ${at}: ${what ?? ""}`, bytes: change?.(at) ?? bytes };
  });
}

test.each(folders)("a byte changed in a file of %s is found in the index", async (folder) => {
  const missed: string[] = [];
  for (const path of listed(git, folder)) {
    const entry = git.run(["ls-files", "-s", "--", path]);
    for (const { what, bytes } of changesOf(path, folder.endsWith("store") ? 16 : 4)) {
      const oid = git.run(["hash-object", "-w", "--stdin", "--no-filters"], { input: bytes }).trim();
      git.run(["update-index", "--cacheinfo", `100644,${oid},${path}`]);
      const { exit } = await judge(git);
      if (exit !== 5) missed.push(`${path} ${what}`);
    }
    git.run(["update-index", "--index-info"], { input: entry });
  }
  expect(missed).toEqual([]);
  expect((await judge(git)).exit).toBe(0);
});

test.each(folders)("a byte changed in a file of %s is found by verify --worktree", async (folder) => {
  const missed: string[] = [];
  for (const path of listed(git, folder)) {
    const before = readFileSync(join(git.dir, path));
    for (const { what, bytes } of changesOf(path, 4)) {
      writeFileSync(join(git.dir, path), bytes);
      const { exit, findings } = await judge(git, { worktree: true });
      const named = findings.some((finding) => finding.path === path && finding.code === "worktree-differs");
      if (exit !== 5 || !named) missed.push(`${path} ${what}`);
    }
    writeFileSync(join(git.dir, path), before);
  }
  expect(missed).toEqual([]);
  expect((await judge(git, { worktree: true })).exit).toBe(0);
});

test("a changed byte of the config is shown in both, and breaks nothing: nobody with a key uses a config that no maintainer admitted", async () => {
  const path = ".secrets/config.yaml";
  const before = git.read(path);
  git.write(path, `${before}# more\n`);
  expect((await judge(git, { worktree: true })).mild).toContain("worktree-config");
  git.run(["add", "-f", path]);
  const { exit, mild } = await judge(git, { worktree: true });
  expect([exit, mild.includes("config-unrecorded")]).toEqual([0, true]);
  git.write(path, before);
  git.run(["add", "-f", path]);
});
