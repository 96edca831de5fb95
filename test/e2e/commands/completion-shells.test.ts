import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { makeProject, program, type Project } from "../../support/cli-fixture.js";

const has = (shell: string): boolean => spawnSync(shell, ["--version"]).error === undefined;

let project: Project;

beforeAll(() => {
  project = makeProject();
  project.run(["set", "app/token", "-"], { stdin: "one" });
  const bin = join(project.home, "bin");
  mkdirSync(bin);
  symlinkSync(program, join(bin, "secrets"));
});

/** Runs a script with the command on its PATH and returns the lines that it prints. */
function ask(shell: string, script: string): readonly string[] {
  const path = `${join(project.home, "bin")}:${process.env["PATH"] ?? ""}`;
  const done = spawnSync(shell, ["-c", script], {
    cwd: project.dir,
    env: { ...project.env, PATH: path },
    encoding: "utf8",
  });
  expect([done.status, done.stderr]).toEqual([0, ""]);
  return done.stdout.split("\n").filter((line) => line !== "");
}

const inFish = (line: string): string => `secrets completion fish | source; complete -C "${line}"`;

// Without a line editor nothing draws a menu, so what would be offered is printed instead.
const inZsh = (words: string, current: number): string => `
  autoload -Uz compinit; compinit -u -d "$HOME/.zcompdump"
  source <(secrets completion zsh)
  _describe() { print -l -- $described }
  words=(${words}); CURRENT=${current}; _secrets_complete`;

describe.skipIf(!has("fish"))("in a real fish (skipped where it is not installed)", () => {
  test("commands, names of secrets and options complete", () => {
    expect(ask("fish", inFish("secrets mem")).map((line) => line.split("\t")[0])).toEqual(["member"]);
    expect(ask("fish", inFish("secrets get ap"))).toEqual(["app/token"]);
    expect(ask("fish", inFish("secrets set x --sc")).map((line) => line.split("\t")[0])).toEqual(["--scope"]);
  });
});

describe.skipIf(!has("zsh"))("in a real zsh (skipped where it is not installed)", () => {
  test("commands, names of secrets and options complete", () => {
    expect(ask("zsh", inZsh("secrets mem", 2)).map((line) => line.split(":")[0])).toEqual(["member"]);
    expect(ask("zsh", inZsh("secrets get ap", 3))).toEqual(["app/token"]);
    expect(ask("zsh", inZsh("secrets set x --sc", 4)).map((line) => line.split(":")[0])).toEqual(["--scope"]);
  });
});
