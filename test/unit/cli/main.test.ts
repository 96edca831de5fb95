import { describe, expect, test } from "vitest";
import { main } from "../../../src/cli/main.js";
import { fakeCommands } from "./fake-commands.js";
import { fakeContext, type FakeFacts } from "./fake-context.js";

const canary = "sk_live_51HunterTwo";

async function run(argv: readonly string[], facts?: FakeFacts) {
  const context = fakeContext(facts);
  const exit = await main(argv, context, fakeCommands);
  return { exit, out: context.out(), err: context.err() };
}

async function parsed(...argv: string[]): Promise<Record<string, unknown>> {
  const { exit, out, err } = await run(argv);
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  return JSON.parse(out);
}

describe("a value in the wrong place is never repeated", () => {
  test.each([
    ["as an unknown command", [canary]],
    ["as a word after an unknown command", ["stor3", canary]],
    ["as an argument too many", ["store", "a", "b", canary]],
    ["as an unknown option", ["store", "a", `--${canary}`]],
    ["as an unknown short option", ["store", "a", `-${canary}`]],
    ["as the value of an unknown option", ["store", "a", `--valve=${canary}`]],
    ["as the value of a nearly known option", ["store", "a", `--tga=${canary}`]],
    ["as the value of a flag", ["store", "a", `--force=${canary}`]],
    ["as one of a few words", ["store", "a", "--scope", canary]],
    ["as a global option", [`--${canary}`, "store", "a"]],
    ["as an unknown subcommand", ["member", canary]],
    ["behind a missing value", ["store", "a", "--env", `-${canary}`]],
  ])("%s", async (_, argv) => {
    for (const flags of [[], ["--json"], ["--verbose"]]) {
      const { exit, out, err } = await run([...flags, ...argv]);
      expect(exit).toBe(2);
      expect(out).toBe("");
      expect(err).not.toContain("HunterTwo");
      expect(err).not.toBe("");
    }
  });
});

describe("library trap 4: what is wrong is said on stderr in our words, with exit status 2", () => {
  test.each<[string, string[], string]>([
    ["a typing error in a command", ["stroe"], "error: unknown command 'stroe'\nhint: did you mean store?\n"],
    [
      "a hidden command is not suggested",
      ["fial"],
      "error: unknown command\nhint: see all commands with: secrets --help\n",
    ],
    [
      "a typing error in a subcommand",
      ["member", "ad"],
      "error: member needs one of add, remove\nhint: did you mean add?\n",
    ],
    [
      "a missing subcommand",
      ["member"],
      "error: member needs one of add, remove\nhint: see: secrets member add --help\n",
    ],
    [
      "a typing error in an option",
      ["store", "a", "--frce"],
      "error: unknown option '--frce'\nhint: did you mean --force?\n",
    ],
    [
      "a typing error in a global option",
      ["--jsno", "store"],
      "error: unknown option '--jsno'\nhint: did you mean --json?\n",
    ],
    [
      "an option in front of its command",
      ["--scope", "store"],
      "error: argument 1 is no global option\nhint: options of a command go after its name\n",
    ],
    [
      "an unknown option",
      ["-q", "store", "a", "--nothing"],
      "error: argument 4 is no option of secrets store\nhint: see: secrets store --help; a value that begins with - goes after --\n",
    ],
    [
      "a typing error in a choice",
      ["store", "a", "--scope=plugn"],
      "error: --scope is one of global, plugin, agent, user, not 'plugn'\nhint: did you mean plugin?\n",
    ],
    ["a missing argument", ["store"], "error: secrets store needs <name>\nhint: see: secrets store --help\n"],
    [
      "an argument too many",
      ["store", "a", "b", "c"],
      "error: secrets store takes only <name> [value]; argument 4 is one too many\nhint: quote a value that holds spaces\n",
    ],
    ["a missing value at the end", ["store", "a", "--env"], "error: --env needs a value: --env NAME\n"],
    [
      "a missing value before an option",
      ["store", "a", "--env", "--force"],
      "error: --env needs a value: --env NAME\n",
    ],
    [
      "a value that begins with a dash",
      ["store", "a", "--env", "-x"],
      "error: --env needs a value: --env NAME\nhint: write --env=NAME for a value that begins with -\n",
    ],
    ["a value for a flag", ["store", "a", "--force=yes"], "error: --force takes no value\n"],
    [
      "a directory that is none",
      ["-C", "/nowhere\u001b[2J", "store", "a"],
      "error: -C names no directory: '/nowhere\\u{1b}[2J'\n",
    ],
    [
      "several things at once",
      ["store", "--frce", "--env"],
      "error: secrets store has 3 wrong arguments\n  - unknown option '--frce'\n  - --env needs a value: --env NAME\n  - secrets store needs <name>\nhint: did you mean --force?\n",
    ],
  ])("%s", async (_, argv, err) => {
    expect(await run(argv)).toEqual({ exit: 2, out: "", err });
  });

  test("with --json it is one object with code, exit, message, hint and problems", async () => {
    const { exit, out, err } = await run(["store", "--frce", "--json"]);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(JSON.parse(err)).toEqual({
      code: "usage/unknown",
      exit: 2,
      message: "secrets store has 2 wrong arguments",
      hint: "did you mean --force?",
      problems: ["unknown option '--frce'", "secrets store needs <name>"],
    });
  });

  test("--json behind -- is a value and does not change how errors look", async () => {
    expect((await run(["store", "--frce", "--", "--json"])).err).toMatch(/^error: /);
  });
});

describe("failures of a command", () => {
  test("an expected one shows its problems and hint, escaped, and exits as its code says", async () => {
    expect(await run(["fail", "expected"])).toEqual({
      exit: 3,
      out: "",
      err: "error: no secret is called 'a\\u{1b}[2J'\n  - one\\u{a}\n  - two\nhint: see: secrets list\n",
    });
  });

  test.each(["foreign", "system", "thrown text", "generated"])(
    "a %s error says that it is a bug and nothing of its message",
    async (how) => {
      for (const flags of [[], ["--verbose"], ["--json"]]) {
        const { exit, out, err } = await run(["fail", how, ...flags]);
        expect({ exit, out }).toEqual({ exit: 70, out: "" });
        expect(err).toContain("this is a bug");
        expect(err).not.toContain("hunter2");
      }
    },
  );

  test("a bug names the class or the error number, and its places only with --verbose", async () => {
    expect((await run(["fail", "foreign"])).err).toBe(
      "error: internal error: TypeError; this is a bug in this program\nhint: run it again with --verbose and report what it prints\n",
    );
    expect((await run(["fail", "system"])).err).toContain("Error ENOENT");
    expect((await run(["fail", "foreign", "-v"])).err).toMatch(/\n {4}at .*fake-commands\.ts:\d+:\d+/);
  });

  test("an assertion of ours says what it asserted", async () => {
    expect((await run(["fail", "assertion"])).err).toContain("internal error: a segment has a number; this is a bug");
  });

  test("an interruption is no news to who caused it", async () => {
    expect(await run(["fail", "interrupted"])).toEqual({ exit: 130, out: "", err: "" });
  });
});

describe("arguments mean what users of getopt expect", () => {
  test.each<[string, string[], Record<string, unknown>]>([
    ["a value of an option behind it", ["store", "a", "--env", "prod"], { env: "prod" }],
    ["a value of an option behind an equals sign", ["store", "a", "--env=prod=x"], { env: "prod=x" }],
    ["an empty value", ["store", "a", "--env="], { env: "" }],
    ["a value of several lines", ["store", "a", "--env=x\ny"], { env: "x\ny" }],
    ["the last of several", ["store", "a", "--env=x", "--env", "y"], { env: "y" }],
    ["a list", ["store", "a", "--tag", "x", "--tag=y"], { tags: ["x", "y"] }],
    ["joined flags, the last of which takes a value", ["store", "a", "-ve", "prod"], { verbose: true, env: "prod" }],
    ["joined flags with the value at once", ["store", "a", "-feprod"], { force: true, env: "prod" }],
    ["a short option with an equals sign", ["store", "a", "-e=prod"], { env: "prod" }],
    ["an optional value that is there", ["store", "a", "--generate=32,hex"], { generate: "32,hex" }],
    ["an optional value that is not", ["store", "a", "--generate", "b"], { generate: true, value: "b" }],
    ["a single dash", ["store", "a", "-"], { value: "-" }],
    ["an empty argument", ["store", "a", ""], { value: "" }],
    ["a value behind two dashes", ["store", "a", "--", "-value"], { value: "-value" }],
    ["two dashes as a value", ["store", "a", "--", "--"], { value: "--" }],
    ["an option in front of the arguments", ["store", "--force", "a", "b"], { force: true, name: "a", value: "b" }],
    ["a negated flag", ["store", "a", "--force", "--no-force"], { force: false }],
    ["the name of its own command", ["store", "store"], { name: "store" }],
    [
      "global options in front",
      ["-qv", "--as", "bob", "store", "a"],
      { quiet: true, verbose: true, accessor: "bob", name: "a" },
    ],
    ["a global option joined with its value in front", ["-qC/", "store", "a"], { quiet: true, cwd: "/" }],
    ["a global option behind", ["store", "a", "--as=bob"], { accessor: "bob" }],
    ["one -C after another", ["-C", "/usr", "store", "a", "-C", "bin"], { cwd: "/usr/bin" }],
    [
      "a value named like a JavaScript property",
      ["store", "__proto__", "constructor"],
      { name: "__proto__", value: "constructor" },
    ],
  ])("%s", async (_, argv, expected) => {
    expect(await parsed(...argv)).toMatchObject(expected);
  });

  test("nothing given is nothing set", async () => {
    expect(await parsed("store", "a")).toEqual({
      name: "a",
      tags: [],
      force: false,
      json: false,
      quiet: false,
      verbose: false,
      interactive: false,
      cwd: "/",
    });
  });

  test("words behind -- reach the command untouched, those of ours in front do not", async () => {
    expect(await parsed("exec", "--quiet", "--", "npm", "test", "-qv", "--json", "--", "-h")).toEqual([
      "npm",
      "test",
      "-qv",
      "--json",
      "--",
      "-h",
    ]);
  });

  test("the longest path wins, and what follows it are arguments", async () => {
    expect(await parsed("audit", "seal")).toEqual([]);
    expect(await parsed("audit", "seals")).toEqual(["seals"]);
  });

  test("only a terminal without --no-input can be asked", async () => {
    expect(JSON.parse((await run(["store", "a"], { tty: true })).out)).toMatchObject({ interactive: true });
    expect(JSON.parse((await run(["store", "a", "--no-input"], { tty: true })).out)).toMatchObject({
      interactive: false,
    });
  });
});

describe("help", () => {
  const overview = [
    "A team's secrets, encrypted and versioned in its own git repository",
    "",
    "Usage: secrets [-C DIR] [--as NAME] <command> [options]",
    "",
    "Secrets:",
    "  store          summary of store",
    "  exec           summary of exec",
    "  audit          summary of audit",
    "  audit seal     summary of audit seal",
    "",
    "Team:",
    "  member add     summary of member add",
    "  member remove  summary of member remove",
    "",
    "Help of one command: secrets <command> --help",
    "",
  ].join("\n");

  test.each([[[]], [["--help"]], [["-h"]], [["help"]], [["--quiet", "--help"]]])(
    "%j shows all commands by group",
    async (argv) => {
      expect(await run(argv)).toEqual({ exit: 0, out: overview, err: "" });
    },
  );

  test("neither the overview nor the version loads a command", async () => {
    const poisoned = fakeCommands.map((entry) => ({ ...entry, load: () => Promise.reject(new Error("loaded")) }));
    for (const argv of [[], ["--help"], ["--version"], ["stroe"], ["__complete", "bash", "--", ""]])
      expect(await main(argv, fakeContext(), poisoned)).toBe(argv[0] === "stroe" ? 2 : 0);
  });

  test.each([[["store", "--help"]], [["store", "-h", "--nothing"]], [["help", "store"]], [["-q", "store", "a", "-h"]]])(
    "%j shows the help of one command",
    async (argv) => {
      const { exit, out, err } = await run(argv);
      expect({ exit, err }).toEqual({ exit: 0, err: "" });
      expect(out.split("\nGlobal options:")[0]).toBe(
        [
          "summary of store",
          "",
          "Usage: secrets store [options] <name> [value]",
          "",
          "Details.",
          "",
          "Options:",
          "  --scope global|plugin|agent|user  who may read (default: global)",
          "  -e, --env NAME                    an environment",
          "  --tag TAG                         a tag",
          "  --from-file FILE                  read the value",
          "  --generate[=LENGTH]               make one up",
          "  -f, --force                       do it anyway",
          "",
        ].join("\n"),
      );
      expect(out).toContain("Examples:\n  # Do it\n  secrets store a\n");
      expect(out).toContain("\n  3    not found\n");
    },
  );

  test("-h behind -- is a value", async () => {
    expect(await parsed("store", "a", "--", "-h")).toMatchObject({ value: "-h" });
  });

  test.each(["--version", "-V"])("%s prints the version and nothing else", async (option) => {
    expect(await run([option])).toEqual({ exit: 0, out: "1.2.3\n", err: "" });
  });
});

describe("colour", () => {
  const red = "\u001b[31merror:\u001b[39m";

  test.each<[string, string[], FakeFacts, boolean]>([
    ["no terminal", [], {}, false],
    ["a terminal", [], { tty: true }, true],
    ["a dumb terminal", [], { tty: true, env: { TERM: "dumb" } }, false],
    ["NO_COLOR", [], { tty: true, env: { NO_COLOR: "1" } }, false],
    ["an empty NO_COLOR", [], { tty: true, env: { NO_COLOR: "" } }, true],
    ["FORCE_COLOR", [], { env: { FORCE_COLOR: "1" } }, true],
    ["FORCE_COLOR=0", [], { tty: true, env: { FORCE_COLOR: "0" } }, false],
    ["NO_COLOR over FORCE_COLOR", [], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, false],
    ["--color=always over NO_COLOR", ["--color=always"], { env: { NO_COLOR: "1" } }, true],
    ["--color never on a terminal", ["--color", "never"], { tty: true }, false],
    ["--color behind -- is a value", ["--", "--color=always"], {}, false],
  ])("%s", async (_, flags, facts, colored) => {
    const { err } = await run(["fail", "expected", ...flags], facts);
    expect(err.startsWith(red)).toBe(colored);
    expect(err.includes("\u001b")).toBe(colored);
  });
});
