import { describe, expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";

const project = makeProject();
const value = "canary-5f1d8a";
project.run(["set", "api-key-stripe", "-"], { stdin: value });

const letters = "abcdefghijklmnopqrstuvwxyz";

/** Names that no secret may have: paths, options, code, tricks of terminals, file systems and Unicode. */
const hostile: readonly string[] = [
  ["", "a", "ab", "A", "API-KEY", "Api-key", "api_key", "api.key", "api key", " api-key", "api-key ", "api-key\n"],
  ["-api-key", "api-key-", "api--key", "--", "api-key--", "/api-key", "api-key/", "a//b", "a/-b", "a/b-"],
  [
    "..",
    "../x",
    "../../etc/passwd",
    "a/../b",
    "./a",
    "a/./b",
    "a/..",
    "/etc/passwd",
    "~/x",
    "C:\\x",
    "a\\b",
    "file:///x",
  ],
  ["con", "prn", "aux", "nul", "com1", "lpt9", "clock", "a/con", "con/a", "a/nul/b", "com0"],
  [".git", ".git/config", "a/.git/b", ".secrets", ".gitattributes", "a.secret", "trust/0001.root", "HEAD", "a@{1}"],
  [
    "*",
    "a*",
    "?",
    "a?c",
    "[a]",
    "{a,b}",
    "$HOME",
    "`id`",
    "$(id)",
    "a;b",
    "a|b",
    "a&b",
    "a>b",
    "a<b",
    "a'b",
    'a"b',
    "a#b",
    "a!b",
  ],
  [
    "%00",
    "%2e%2e%2f",
    "a%b",
    "a\tb",
    "a\rb",
    "a\u001b[2Jb",
    "a\u0007b",
    "a\u009bb",
    "a\u202eb",
    "a\u200bb",
    "\ufeffabc",
    "a\u00adb",
  ],
  ["é-key", "ключ", "鍵鍵鍵", "🔑🔑🔑", "a\u0301bc", "ａｂｃ", "аpi-key", "ſecret", "İstanbul"],
  [
    "a".repeat(129),
    `${"a/".repeat(8)}a`,
    `${letters.repeat(5)}/x`,
    "a".repeat(5000),
    "0".repeat(129),
    "a,b",
    "a:b",
    "a=b",
    "a+b",
    "a^b",
  ],
].flat();

test("there are a hundred of them", () => {
  expect(new Set(hostile).size).toBe(hostile.length);
  expect(hostile.length).toBeGreaterThanOrEqual(100);
});

test("every hostile name is refused by set before any file is touched, and is not repeated", () => {
  const before = project.snapshot();
  for (const name of hostile) {
    const { status, stdout, stderr } = project.run(["set", "--", name, "-"], { stdin: value });
    expect({ name, status, stdout }).toEqual({ name, status: 2, stdout: "" });
    expect(stderr).toMatch(/^error: not a valid secret name\nhint: a name is [^\n]+\n$/);
  }
  expect(project.changedSince(before)).toEqual([]);
});

describe("the other commands", () => {
  const some = ["../x", "A", "a\u001b[2Jb", "a\u202eb", "-api-key", "a".repeat(5000), "con", "sk_Live_Abcdef"];
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ["get", []],
    ["rotate", ["-"]],
    ["meta", ["--scope=user"]],
    ["history", []],
    ["rollback", ["--to=1"]],
    ["delete", ["--confirm"]],
    ["audit", []],
    ["resolve", []],
  ];

  test.each(commands)("%s refuses them with 2, without a word of the name", (command, more) => {
    for (const name of some) {
      const options = more.filter((word) => word.startsWith("--"));
      const values = more.filter((word) => !word.startsWith("--"));
      const { status, stdout, stderr } = project.run([command, ...options, "--", name, ...values]);
      expect({ name, status, stdout }).toEqual({ name, status: 2, stdout: "" });
      expect(stderr).toMatch(/^error: not a valid secret name\n/);
      expect(stderr).not.toContain(name);
    }
  });

  test("a known name in another spelling is offered, an unknown one is not made into a suggestion", () => {
    expect(project.run(["get", "API_KEY_STRIPE"]).stderr).toContain("did you mean api-key-stripe?");
    expect(project.run(["set", "API_KEY_STRIPE", "-"]).stderr).toContain("did you mean api-key-stripe?");
    for (const command of ["set", "get"]) {
      const { status, stderr } = project.run([command, "sk_live_abcdef", ...(command === "set" ? ["-"] : [])]);
      expect(status).toBe(2);
      expect(stderr.toLowerCase()).not.toMatch(/sk.live/);
    }
  });
});

describe("a valid name that no secret has", () => {
  const typed = "ghp0abcdefgh0ijklmnop";

  test.each([
    ["get", [], 1],
    ["get", ["--required"], 3],
    ["rotate", ["-"], 3],
    ["meta", ["--tags=a"], 3],
    ["history", [], 3],
    ["rollback", ["--to=1"], 3],
    ["delete", ["--confirm"], 3],
    ["audit", [], 3],
    ["resolve", [], 3],
    ["rekey", [], 3],
  ] as const)("%s %s is exit %s and never repeats it, for it may be a value", (command, more, expected) => {
    const { status, stdout, stderr } = project.run([command, typed, ...more], { stdin: value });
    expect({ status, stdout }).toEqual({ status: expected, stdout: "" });
    expect(stderr).toMatch(/^error: no secret /);
    expect(stderr).not.toContain(typed);
  });

  test("is nowhere on this machine afterwards, the record of failed attempts included", () => {
    const holding = [...project.snapshot()].filter(([, content]) => content.includes(typed));
    expect(holding).toEqual([]);
  });
});

test("the value is nowhere in the repository", () => {
  expect(project.findPlaintext(value)).toEqual([]);
});
