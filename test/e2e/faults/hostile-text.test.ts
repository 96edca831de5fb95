import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeProject, prepare, sceneOf, type Answer } from "../../support/cli-fixture.js";

// What would move a cursor, colour a terminal or turn a line round: made from numbers, so that this file holds none of them.
const hostile = [0x1b, 0x9b, 0x07, 0x08, 0x0d, 0x7f, 0x202e, 0x2066, 0x200b, 0xfeff, 0xe0041].map((code) =>
  String.fromCodePoint(code),
);
const isHostile = (text: string): boolean => hostile.some((one) => text.includes(one));

function expectTame({ stdout, stderr }: Answer, what: string): void {
  expect(isHostile(stdout), `${what}: ${JSON.stringify(stdout)}`).toBe(false);
  expect(isHostile(stderr), `${what}: ${JSON.stringify(stderr)}`).toBe(false);
}

const made = sceneOf(() => {
  const project = makeProject();
  prepare(project, ["set", "app/token", "-"], { stdin: "value" });
  return project;
});

const fields = (text: string): readonly (readonly string[])[] => [
  ["set", "app/new", "-", "--note", text],
  ["set", "app/new", "-", "--owner", text],
  ["set", "app/new", "-", "--tags", text],
  ["set", "app/new", "-", "--reason", text],
  ["set", "app/new", "-", "--class", text],
  ["set", text, "-"],
  ["rotate", "app/token", "-", "--reason", text],
  ["delete", "app/token", "--confirm", "--reason", text],
  ["meta", "app/token", "--note", text],
  ["member", "add", "bob", "--generate", "--label", text],
  ["member", "add", text, "--generate"],
];

test("no text of a person gets escape, bidi or invisible characters into the store", () => {
  const project = made();
  const before = project.repo.run(["write-tree"]);
  const texts = hostile.map((one) => `a${one}b`);
  // Every character in a note, and every field with one of them.
  const tries = [
    ...texts.map((text) => ["set", "app/new", "-", "--note", text]),
    ...fields("").map((_, at) => fields(texts[at % texts.length] ?? "")[at] ?? []),
  ];
  for (const args of tries) {
    const what = JSON.stringify(args);
    const answer = project.run(args, { stdin: "other" });
    expect([2, 5], `${what}: ${answer.stderr}`).toContain(answer.status);
    expectTame(answer, what);
  }
  expect(project.repo.run(["write-tree"])).toBe(before);
});

test("a name claimed with --as that holds such characters is not recorded and not shown", () => {
  const project = made();
  for (const one of hostile) {
    const answer = project.run(["get", "app/token", "--raw", "--as", `plugin${one}a`]);
    expectTame(answer, JSON.stringify(one));
  }
  for (const args of [["audit"], ["audit", "--json"], ["audit", "seal"], ["audit"]]) {
    const answer = project.run(args);
    expect(answer.status, `in: ${answer.stderr}`).toBe(0);
    expectTame(answer, args.join(" "));
  }
});

test("names of files that somebody put below .secrets, and lines inside them, reach no terminal unescaped", () => {
  const project = made();
  const name = `x${hostile.join("y")}z`;
  writeFileSync(join(project.dir, ".secrets/store", `${name}.secret`), `${name}\n`);
  writeFileSync(join(project.dir, ".secrets", name), name);
  writeFileSync(join(project.dir, ".secrets/store/app/other.secret"), `---\nv: 1\nkind: meta\nname: ${name}\n`);
  project.repo.run(["add", "-A", "-f", "."]);
  const commands = [
    "verify",
    "verify --worktree",
    "verify --json",
    "list",
    "list --json",
    "doctor",
    "doctor --json",
    "get app/other",
    "history app/other",
    "audit",
  ];
  for (const command of commands) {
    const answer = project.run(command.split(" "));
    expectTame(answer, command);
    expect(answer.status === 5 || !command.startsWith("verify"), `after ${command}`).toBe(true);
  }
});
