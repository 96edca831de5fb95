import { describe, expect, test } from "vitest";
import { completeLine } from "../../../src/cli/completion.js";
import { fakeCommands } from "./fake-commands.js";

const names = ["api-key-stripe", "api-token", "db-password", "$(reboot)", "a b", "-rf", "evil;rm", "x\ty"];

function complete(shell: string, ...words: string[]): readonly string[] {
  return completeLine([shell, "--", ...words], {
    commands: fakeCommands,
    completeNames: ({ cwd }) => (cwd === "/repo" ? names : []),
    cwd: "/repo",
    env: {},
  });
}

describe("what a shell would give a meaning to", () => {
  test("is never offered as the name of a secret", () => {
    expect(complete("bash", "store", "")).toEqual(["api-key-stripe", "api-token", "db-password"]);
  });

  test("hidden commands are not offered", () => {
    expect(complete("bash", "f")).toEqual([]);
    expect(complete("bash", "")).toEqual(["store", "exec", "audit", "member"]);
  });

  test("nothing is offered for words that no command has", () => {
    expect(complete("bash", "nothing", "")).toEqual([]);
    expect(complete("bash", "store", "api-token", "")).toEqual([]);
    expect(complete("bash", "store", "api-token", "value", "")).toEqual([]);
    expect(complete("bash")).toEqual(["store", "exec", "audit", "member"]);
  });

  test("no error of a strange command line comes out", () => {
    expect(completeLine([], { commands: [], completeNames: () => [], cwd: "/", env: {} })).toEqual([]);
  });
});

describe("completion", () => {
  test.each<[string, string[], string[]]>([
    ["a command", ["st"], ["store"]],
    ["a command behind global options", ["-C", "/x", "--as=bob", "-q", "ex"], ["exec"]],
    ["a subcommand", ["member", ""], ["add", "remove"]],
    ["a subcommand of what is a command too", ["audit", "s"], ["seal"]],
    ["a name", ["store", "api-t"], ["api-token"]],
    ["a name behind an option with its value", ["store", "--env", "prod", "db"], ["db-password"]],
    ["a name behind a flag", ["store", "--force", "db"], ["db-password"]],
    ["a name behind two dashes", ["store", "--", "db"], ["db-password"]],
    ["an option", ["store", "--fo"], ["--force"]],
    ["a global option", ["store", "--js"], ["--json"]],
    ["a word of a choice", ["store", "--scope", "p"], ["plugin"]],
    ["a word of a global choice", ["--color", "n"], ["never"]],
    ["files", ["store", "--from-file", ""], [":files"]],
    ["files behind an equals sign", ["store", "--from-file", "=", "x"], [":files"]],
    ["nothing where any text may stand", ["store", "--env", ""], []],
    ["no option behind two dashes", ["exec", "--", "--js"], []],
    ["no name in the directory of -C", ["-C", "/elsewhere", "store", ""], []],
    ["a name in the directory of -C", ["-C", "/", "-C", "repo", "store", "db"], ["db-password"]],
    ["in bash the part behind the equals sign", ["store", "--scope", "=", "pl"], ["plugin"]],
    ["in bash all parts behind the equals sign", ["store", "--scope", "="], ["global", "plugin", "agent", "user"]],
  ])("offers %s", (_, words, offered) => {
    expect(complete("bash", ...words)).toEqual(offered);
  });

  test("zsh and fish get the whole word and what it is", () => {
    expect(complete("zsh", "st")).toEqual(["store\tsummary of store"]);
    expect(complete("fish", "member", "a")).toEqual(["add\tsummary of member add"]);
    expect(complete("fish", "store", "--scope=pl")).toEqual(["--scope=plugin"]);
  });
});
