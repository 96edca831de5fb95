import { existsSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { loadKnownValues } from "../../../src/app/scan/known-values.js";
import { findKnownValues, type KnownValues } from "../../../src/scan/known/known-values.js";
import { makeOutside, makeProject, type Project } from "../../support/cli-fixture.js";
import { depsOf } from "../../support/deps-of.js";

const first = "Tq7-vanilla/Kx29+first";
const second = "Rm4_quartz.Zw81=second";

function namesIn(known: KnownValues | undefined, text: string): readonly (string | undefined)[] {
  return known === undefined ? [] : findKnownValues(known, Buffer.from(text)).map(({ name }) => name);
}

function cacheOf(project: Project): string {
  return join(project.dir, ".git/gitseal/cache/known-values.age");
}

function set(project: Project, name: string, value: string): void {
  const { status, stderr } = project.run(["set", name, "-"], { stdin: value });
  if (status !== 0) throw new Error(stderr);
}

let project: Project;

beforeEach(() => {
  project = makeProject();
  set(project, "db/password", first);
  set(project, "api/token", second);
});

describe("a scan that cannot know the values says why:", () => {
  test("outside of any repository", async () => {
    const deps = { ...depsOf(project), cwd: makeOutside() };
    const { known, summary } = await loadKnownValues(deps);
    expect(known).toBeUndefined();
    expect(summary).toEqual({ values: 0, tooShort: 0, why: expect.stringContaining("not") as unknown });
  });

  test("without a store", async () => {
    const bare = makeProject({ bare: true });
    const { known, summary } = await loadKnownValues(depsOf(bare));
    expect(known).toBeUndefined();
    expect(summary.why).toContain("holds no secrets yet");
  });

  test("without an identity", async () => {
    rmSync(join(project.home, ".config/gitseal/identity"));
    const { known, summary, names } = await loadKnownValues(depsOf(project));
    expect(known).toBeUndefined();
    expect(summary.why).toContain("you have no identity");
    expect(names).toEqual(["api/token", "db/password"]);
  });

  test("as somebody who is no member", async () => {
    project.repo.commit("Add secrets");
    const other = makeProject({ own: true });
    const stranger = { ...depsOf(project), home: other.home, env: other.env };
    const { known, summary } = await loadKnownValues(stranger);
    expect(known).toBeUndefined();
    expect(summary.why).toContain("no member");
  });

  test("of one secret whose file was damaged, and still looks for the others", async () => {
    const path = join(project.dir, ".secrets/store/db/password.secret");
    writeFileSync(path, readFileSync(path, "utf8").replace("kind: meta", "kind: mets"));
    const { known, summary } = await loadKnownValues(depsOf(project));
    expect(summary).toEqual({
      values: 1,
      tooShort: 0,
      why: "without 1 secret that cannot be read (run: secrets verify)",
    });
    expect(namesIn(known, `${first} ${second}`)).toEqual(["api/token"]);
  });
});

describe("what is looked for", () => {
  test("is each value, by its secret's name, in other encodings too", async () => {
    const { known, summary } = await loadKnownValues(depsOf(project));
    expect(summary).toEqual({ values: 2, tooShort: 0, why: null });
    expect(namesIn(known, `a=${first}\nb=${Buffer.from(second).toString("base64")}`)).toEqual([
      "db/password",
      "api/token",
    ]);
  });

  test("has replaced values, past their grace too", async () => {
    project.run(["rotate", "db/password", "-"], { stdin: "Hb3~newer!Lp05:third" });
    for (const now of ["2026-11-24T00:00:00.000Z", "2027-11-24T00:00:00.000Z"]) {
      const { known } = await loadKnownValues(depsOf(project, { SECRETS_NOW: now }));
      expect(namesIn(known, `${first}\nHb3~newer!Lp05:third`)).toEqual(["db/password", "db/password"]);
    }
  });

  test("has no value of a deleted secret", async () => {
    await loadKnownValues(depsOf(project));
    project.run(["delete", "db/password", "--yes"]);
    const { known, summary } = await loadKnownValues(depsOf(project));
    expect(summary.values).toBe(1);
    expect(namesIn(known, first)).toEqual([]);
  });

  test("has none that is too short, which is counted", async () => {
    set(project, "pin", "4711");
    const { known, summary } = await loadKnownValues(depsOf(project));
    expect(summary).toEqual({ values: 2, tooShort: 1, why: null });
    expect(known?.tooShort).toEqual(["pin"]);
  });
});

describe("what is kept between two scans", () => {
  test("holds no value in clear, in the git directory, the work tree or an object", async () => {
    await loadKnownValues(depsOf(project));
    expect(existsSync(cacheOf(project))).toBe(true);
    for (const value of [first, second])
      for (const text of [
        value,
        Buffer.from(value).toString("base64").replace(/=+$/, ""),
        Buffer.from(value).toString("hex"),
      ])
        expect(project.findPlaintext(text)).toEqual([]);
  });

  test("is read and not written again while the store is the same, also when a checkout touched the files", async () => {
    const before = await loadKnownValues(depsOf(project));
    const bytes = readFileSync(cacheOf(project));
    const again = await loadKnownValues(depsOf(project));
    expect(again).toEqual(before);
    expect(readFileSync(cacheOf(project)).equals(bytes)).toBe(true);
    utimesSync(join(project.dir, ".secrets/store/db/password.secret"), 1, 1);
    expect(await loadKnownValues(depsOf(project))).toEqual(before);
  });

  test("is a miss when it was cut off, damaged, or sealed to somebody else", async () => {
    const before = await loadKnownValues(depsOf(project));
    const bytes = readFileSync(cacheOf(project));
    const other = makeProject({ own: true });
    set(other, "other", "9fQ-other-value_Zz");
    await loadKnownValues(depsOf(other));
    const damaged = Buffer.from(bytes);
    damaged[bytes.length - 20] = (damaged[bytes.length - 20] ?? 0) ^ 1;
    for (const wrong of [
      bytes.subarray(0, 100),
      damaged,
      Buffer.from("no age file"),
      Buffer.alloc(0),
      readFileSync(cacheOf(other)),
    ]) {
      writeFileSync(cacheOf(project), wrong);
      expect(await loadKnownValues(depsOf(project))).toEqual(before);
    }
  });

  test("is a miss for another version of the tool", async () => {
    await loadKnownValues(depsOf(project));
    const bytes = readFileSync(cacheOf(project));
    const newer = { ...depsOf(project), version: "9.9.9" };
    expect((await loadKnownValues(newer)).summary.values).toBe(2);
    expect(readFileSync(cacheOf(project)).equals(bytes)).toBe(false);
  });

  test("is brought up to date by a new value and a changed one", async () => {
    const before = await loadKnownValues(depsOf(project));
    set(project, "new", "5kP-brand-new_Value");
    project.run(["rotate", "api/token", "-"], { stdin: "8sD-rotated_Value-x" });
    const { known, summary, token } = await loadKnownValues(depsOf(project));
    expect(token).not.toBe(before.token);
    expect(summary.values).toBe(4);
    expect(namesIn(known, "5kP-brand-new_Value 8sD-rotated_Value-x")).toEqual(["new", "api/token"]);
  });

  test("leaves no trace of a read: no access event is written", async () => {
    const spool = join(project.dir, ".git/gitseal/spool");
    const count = (): number => (existsSync(spool) ? readdirSync(spool).length : 0);
    const before = count();
    await loadKnownValues(depsOf(project));
    expect(count()).toBe(before);
  });

  test("is not needed: a git directory that cannot be written gives the same answer", async () => {
    const before = await loadKnownValues(depsOf(project));
    rmSync(join(project.dir, ".git/gitseal/cache"), { recursive: true });
    writeFileSync(join(project.dir, ".git/gitseal/cache"), "a file in the folder's place");
    expect(await loadKnownValues(depsOf(project))).toEqual(before);
  });
});
