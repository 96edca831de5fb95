import { closeSync, openSync, rmSync, statSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, type Answer } from "../../support/cli-fixture.js";
import { canMount, mountReadOnly, mountSmall } from "../../support/fault-commands-mount.js";
import { makeFolder, openRepo } from "../../support/git-fixture.js";
import { personAt, type Person } from "../../support/fault-commands-person.js";

const ballast = "ballast";

/** Fills a file system to the last byte but `kib` KiB. */
function fill(folder: string, kib: number): void {
  const handle = openSync(join(folder, ballast), "w");
  try {
    for (let size = 64 * 1024; size >= 1024; size /= 4) writeUntilFull(handle, Buffer.alloc(size));
  } finally {
    closeSync(handle);
  }
  if (kib > 0) free(folder, kib);
}

function writeUntilFull(handle: number, chunk: Uint8Array): void {
  try {
    for (;;) writeSync(handle, chunk);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}

function free(folder: string, kib: number): void {
  const path = join(folder, ballast);
  truncateSync(path, Math.max(0, statSync(path).size - kib * 1024));
}

function expectFull(answer: Answer, what: string): void {
  expect(answer.status, `${what}: ${answer.stderr}`).toBe(6);
  expect(answer.stdout, `in: ${what}`).toBe("");
  expect(answer.stderr, `in: ${what}`).toMatch(/^error: /);
}

function expectWhole(project: Person, allowed: readonly string[], what: string): string {
  const next = project.run(["meta", "app/other", "--note", what]);
  expect(next.status, `${what}: ${next.stderr}`).toBe(0);
  const verified = project.run(["verify", "--worktree"]);
  expect(verified.status, `${what}: ${verified.stderr}${verified.stdout}`).toBe(0);
  const { stdout } = project.run(["get", "app/token", "--raw"]);
  expect(allowed, `in: ${what}`).toContain(stdout);
  return stdout;
}

describe.skipIf(!canMount)("on a tmpfs of its own (skipped where nobody may mount one)", () => {
  test("a set on a disk that is full, or nearly, fails with 6 and changes nothing, or is finished by the next command", () => {
    const top = makeFolder();
    mountSmall(top, 4096);
    const repo = openRepo(join(top));
    repo.run(["init", "-q", "-b", "main", "."]);
    const project = personAt(repo);
    expect(project.run(["init", "--member", "alice"]).status).toBe(0);
    for (const name of ["app/token", "app/other"])
      expect(project.run(["set", name, "-"], { stdin: "v0" }).status).toBe(0);
    repo.run(["add", "-A"]);
    repo.run(["commit", "-q", "-m", "store"]);
    let current = "v0";
    const tally = { done: 0, refused: 0, finishedLater: 0 };
    for (const [at, kib] of [0, 4, 8, 12, 16, 24, 32, 40, 48, 64, 96, 128, 256].entries()) {
      const wanted = `v${at + 1}`;
      fill(top, kib);
      const answer = project.run(["set", "app/token", "-"], { stdin: wanted });
      const what = `${kib} KiB free`;
      if (answer.status !== 0) expectFull(answer, what);
      rmSync(join(top, ballast));
      const found = expectWhole(project, answer.status === 0 ? [wanted] : [current, wanted], what);
      if (answer.status === 0) tally.done += 1;
      else if (found === wanted) tally.finishedLater += 1;
      else tally.refused += 1;
      expect(found === current || !answer.stderr.includes("nothing was changed"), `with ${what}`).toBe(true);
      current = found;
    }
    expect(tally.refused).toBeGreaterThan(0);
    expect(tally.done).toBeGreaterThan(0);
  });

  test("on a git directory that is mounted read-only a get gives the value with a warning, and none where records are required", () => {
    const project = makeProject();
    expect(project.run(["set", "app/token", "-"], { stdin: "value" }).status).toBe(0);
    const writable = mountReadOnly(join(project.dir, ".git"));
    try {
      const given = project.run(["get", "app/token", "--raw"]);
      expect(given).toMatchObject({ status: 0, stdout: "value" });
      expect(given.stderr).toContain("this read is not recorded");
      const refused = project.run(["set", "app/token", "-"], { stdin: "other" });
      expect(refused).toMatchObject({ status: 6, stdout: "" });
      expect(refused.stderr).toContain("mounted read-only");
    } finally {
      writable();
    }
    const config = project.repo.read(".secrets/config.yaml").replace("required: false", "required: true");
    project.repo.commit("demand records", { ".secrets/config.yaml": config });
    expect(project.run(["init"])).toMatchObject({ status: 0, stderr: "" });
    const again = mountReadOnly(join(project.dir, ".git"));
    try {
      const refused = project.run(["get", "app/token", "--raw"]);
      expect(refused).toMatchObject({ status: 6, stdout: "" });
      expect(refused.stderr).toContain("cannot record the read before the value is given");
      expect(project.run(["list", "--names"])).toMatchObject({ status: 0, stdout: "app/token\n" });
      expect(project.run(["verify"]).status).toBe(0);
    } finally {
      again();
    }
  });

  test("a repository whose work tree is mounted read-only can be read, and a change says why it cannot be made", () => {
    const project = makeProject();
    expect(project.run(["set", "app/token", "-"], { stdin: "value" }).status).toBe(0);
    const writable = mountReadOnly(project.dir);
    try {
      expect(project.run(["get", "app/token", "--raw"])).toMatchObject({ status: 0, stdout: "value" });
      const refused = project.run(["rotate", "app/token", "-"], { stdin: "other" });
      expect(refused).toMatchObject({ status: 6, stdout: "" });
      expect(refused.stderr).toContain("mounted read-only");
    } finally {
      writable();
    }
    expect(project.run(["verify", "--worktree"]).status).toBe(0);
  });
});
