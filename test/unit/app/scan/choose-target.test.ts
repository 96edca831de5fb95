import { describe, expect, test } from "vitest";
import { chooseTarget, type ScanWishes } from "../../../../src/app/scan/choose-target.js";
import { codeOfAsync } from "../../../support/git-code.js";
import { scanDeps } from "../../../support/scan-fixture.js";

const none: ScanWishes = {
  staged: false,
  message: undefined,
  push: undefined,
  range: undefined,
  history: false,
  paths: undefined,
  stdin: false,
  named: undefined,
  noIgnore: false,
  jobs: undefined,
  args: [],
};

const choose = async (wishes: Partial<ScanWishes>, env: Readonly<Record<string, string>> = {}) =>
  await chooseTarget(
    scanDeps("/", env),
    { ...none, ...wishes },
    async () => await Promise.resolve(Buffer.from("input")),
  );

describe("refused is", () => {
  test.each<[string, Partial<ScanWishes>]>([
    ["two modes at once", { staged: true, history: true }],
    ["an argument of no mode", { staged: true, args: ["x"] }],
    ["two ranges", { range: true, args: ["a", "b"] }],
    ["a range of three", { range: "a...b...c" }],
    ["a range without a base", { range: "...b" }],
    ["a range without a head", { range: "a..." }],
    ["a name without the standard input", { named: "x" }],
    ["ignored files where there are objects", { history: true, noIgnore: true }],
    ["no thread", { history: true, jobs: "0" }],
    ["threads by a word", { history: true, jobs: "many" }],
    ["more of a push than a remote and its address", { push: true, args: ["a", "b", "c"] }],
  ])("%s", async (_what, wishes) => {
    expect(await codeOfAsync(async () => await choose(wishes))).toBe("usage/invalid");
  });
});

describe("meant is", () => {
  test.each<[string, Partial<ScanWishes>, unknown]>([
    ["this folder, without a word", {}, { kind: "paths", paths: ["."], noIgnore: false }],
    [
      "files, with nothing but their names",
      { args: ["a", "b"] },
      { kind: "paths", paths: ["a", "b"], noIgnore: false },
    ],
    [
      "files, after the option and with it",
      { paths: "a", args: ["b"], noIgnore: true },
      { kind: "paths", paths: ["a", "b"], noIgnore: true },
    ],
    ["a range, after the option", { range: true, args: ["a...b"] }, { kind: "range", base: "a", head: "b" }],
    ["a range of two dots", { range: "a..b" }, { kind: "range", base: "a", head: "b" }],
    ["a base alone", { range: "a" }, { kind: "range", base: "a", head: undefined }],
    ["the range of the job", { range: true }, { kind: "range", base: undefined, head: undefined }],
    [
      "a push, as a hook says it",
      { push: true, args: ["origin", "https://x"] },
      { kind: "push", remote: "origin", lines: "input" },
    ],
    ["a message", { message: "f" }, { kind: "message", file: "f" }],
    ["the standard input", { stdin: true, named: "n" }, { kind: "stdin", bytes: Buffer.from("input"), name: "n" }],
  ])("%s", async (_what, wishes, target) => {
    expect((await choose(wishes)).target).toEqual(target);
  });

  test("what is staged, without a word and inside a hook of a commit", async () => {
    const hook = { GIT_INDEX_FILE: ".git/index.lock" };
    expect((await choose({}, hook)).target).toEqual({ kind: "staged" });
    expect((await choose({ args: ["a"] }, hook)).target).toMatchObject({ kind: "paths" });
    expect((await choose({}, { GIT_INDEX_FILE: "" })).target).toMatchObject({ kind: "paths" });
  });

  test("so many threads as are asked for", async () => {
    expect((await choose({ history: true, jobs: "3" })).jobs).toBe(3);
    expect((await choose({ history: true })).jobs).toBeUndefined();
  });
});
