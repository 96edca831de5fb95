import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";
import { personAt, type Person } from "../../support/fault-commands-person.js";
import { makeFolder, openRepo } from "../../support/git-fixture.js";
import { scratch } from "../../support/fault-commands.js";

type Someone = Pick<Project, "run" | "repo">;

function ok(project: Someone, args: readonly string[], stdin = ""): string {
  const { status, stdout, stderr } = project.run(args, { stdin });
  expect(status, `${args.join(" ")}: ${stderr}`).toBe(0);
  return stdout;
}

const set = (project: Someone, name: string, value: string): string => ok(project, ["set", name, "-"], value);
const get = (project: Someone, name: string): string => ok(project, ["get", name, "--raw"]);

function expectClean(project: Someone): void {
  const { status, stdout, stderr } = project.run(["verify", "--worktree"]);
  expect(status, `in: ${stdout + stderr}`).toBe(0);
}

interface Journal {
  readonly entries: readonly { readonly action: string; readonly isSealed?: boolean; readonly sealed?: boolean }[];
}

const readsOf = (project: Someone): number =>
  (JSON.parse(ok(project, ["audit", "app/token", "--json"])) as Journal).entries.filter(
    ({ action }) => action === "get",
  ).length;

test("two work trees change the store in parallel: both are whole, and their numbers never collide", async () => {
  const main = makeProject();
  set(main, "app/token", "v0");
  main.repo.commit("secrets");
  const first = personAt(main.repo, main.home);
  const second = personAt(main.repo.worktree("side"), main.home);
  const work = [first, second].flatMap((person, at) =>
    Array.from(
      { length: 5 },
      async (_, turn) => await person.start(["set", `tree${at}/s${turn}`, "-"], { stdin: `value ${at} ${turn}` }),
    ),
  );
  for (const { status, stderr } of await Promise.all(work)) expect(status, `in: ${stderr}`).toBe(0);
  for (const person of [first, second]) expectClean(person);
  expect(get(second, "tree1/s4")).toBe("value 1 4");
  second.repo.commit("side");
  main.repo.commit("main");
  expect(main.repo.merge("side")).toBe(true);
  const merged = first.run(["verify"]);
  expect(merged.status, `in: ${merged.stdout}`).toBe(0);
  expect(merged.stdout + merged.stderr).not.toContain("equivocation");
  expect(get(first, "tree0/s0") + get(first, "tree1/s0")).toBe("value 0 0value 1 0");
});

test("ten sets at once, while git itself keeps taking index.lock, all succeed and are all staged", async () => {
  const project = makeProject();
  const person = personAt(project.repo, project.home);
  const names = Array.from({ length: 10 }, (_, at) => `app/s${at}`);
  const work = names.map(async (name) => await person.start(["set", name, "-"], { stdin: `value of ${name}` }));
  const left = new Set(names);
  const all = Promise.all(work.map(async (one, at) => await one.finally(() => left.delete(names[at] ?? ""))));
  for (let turn = 0; turn < 200 && left.size > 0; turn += 1) {
    project.repo.write("notes.txt", `turn ${turn}`);
    project.repo.tryRun(["add", "notes.txt"]);
    await new Promise((settle) => setImmediate(settle));
  }
  for (const { status, stderr } of await all) expect(status, `in: ${stderr}`).toBe(0);
  expectClean(project);
  for (const name of names) expect(get(project, name)).toBe(`value of ${name}`);
  expect(project.repo.run(["ls-files", "-m", "-o", "--", ".secrets"])).toBe("");
});

test("an index.lock that git left behind refuses a change with 7, names the file, and nothing is changed", () => {
  const project = makeProject();
  set(project, "app/token", "v0");
  const lock = join(project.dir, ".git/index.lock");
  writeFileSync(lock, "");
  const refused = project.run(["set", "app/token", "-"], { stdin: "v1" });
  expect(refused).toMatchObject({ status: 7, stdout: "" });
  expect(refused.stderr).toContain(".git/index.lock");
  expect(refused.stderr).toContain("nothing was changed");
  expect(existsSync(lock)).toBe(true);
  expect(get(project, "app/token")).toBe("v0");
});

describe("reads sealed on a branch that is given up", () => {
  test("are carried on to the next seal", () => {
    const project = makeProject();
    set(project, "app/token", "v0");
    project.repo.commit("secrets");
    project.repo.branch("feature");
    get(project, "app/token");
    ok(project, ["audit", "seal"]);
    project.repo.commit("reads");
    project.repo.switch("main");
    project.repo.run(["branch", "-q", "-D", "feature"]);
    expect(project.repo.run(["ls-files", "--", ".secrets/journal/access"])).toBe("");
    ok(project, ["audit", "seal"]);
    expect(project.repo.run(["ls-files", "--", ".secrets/journal/access"])).not.toBe("");
    expect(readsOf(project)).toBe(1);
    expectClean(project);
  });

  test("are not sealed twice when the branch lands after all", () => {
    const project = makeProject();
    set(project, "app/token", "v0");
    project.repo.commit("secrets");
    project.repo.branch("feature");
    get(project, "app/token");
    ok(project, ["audit", "seal"]);
    project.repo.commit("reads");
    project.repo.switch("main");
    ok(project, ["audit", "seal"]);
    project.repo.commit("reads again");
    expect(project.repo.merge("feature")).toBe(true);
    expect(readsOf(project)).toBe(1);
    expectClean(project);
  });
});

test("ignore rules for *.jsonl and .secrets/ swallow nothing of the store, and doctor names them", () => {
  const project = makeProject({ bare: true });
  project.repo.commit("ignore", { ".gitignore": "*.jsonl\n.secrets/\n*.secret\n" });
  ok(project, ["init", "--member", "alice"]);
  set(project, "app/token", "v0");
  get(project, "app/token");
  ok(project, ["audit", "seal"]);
  const staged = project.repo.run(["ls-files", "--", ".secrets"]);
  expect(staged).toContain(".secrets/journal/change/");
  expect(staged).toContain(".secrets/journal/access/");
  expect(staged).toContain(".secrets/store/app/token.secret");
  project.repo.run(["commit", "-q", "-m", "store"]);
  expectClean(project);
  const colleague = project.colleague();
  expect(colleague.run(["verify"]).status).toBe(0);
  const doctor = project.run(["doctor"]);
  expect(doctor.stdout + doctor.stderr).toContain("is ignored by .gitignore:");
});

describe.each(["--assume-unchanged", "--skip-worktree"])("%s", (flag) => {
  test("on a file of the store is found by verify and by doctor, and the next change still writes what it says", () => {
    const project = makeProject();
    set(project, "app/token", "v0");
    project.repo.commit("secrets");
    const path = ".secrets/store/app/token.secret";
    project.repo.run(["update-index", flag, path]);
    writeFileSync(join(project.dir, path), "tampered\n");
    expect(project.repo.status()).toBe("");
    for (const args of [["verify"], ["verify", "--worktree"], ["doctor"]]) {
      const { stdout, stderr } = project.run(args);
      expect(stdout + stderr, `in: ${args.join(" ")}`).toContain("git hides edits of");
      expect(stdout + stderr, `in: ${args.join(" ")}`).toContain(path);
    }
    expect(project.run(["verify", "--worktree"]).status).toBe(5);
    expect(project.run(["get", "app/token", "--raw"])).toMatchObject({ status: 5, stdout: "" });
  });
});

test("a clone made with core.autocrlf=true has the store byte for byte, and can read and change it", () => {
  const project = makeProject();
  project.repo.commit("text", { "readme.txt": "one\ntwo\n" });
  set(project, "app/token", "v0");
  get(project, "app/token");
  ok(project, ["audit", "seal"]);
  project.repo.commit("secrets");
  const copy = project.repo.clone("-c", "core.autocrlf=true");
  expect(copy.read("readme.txt")).toBe("one\r\ntwo\r\n");
  const person = personAt(copy, project.home);
  expectClean(person);
  expect(get(person, "app/token")).toBe("v0");
  set(person, "app/token", "v1");
  expectClean(person);
  expect(copy.run(["ls-files", "--eol", "--", ".secrets"])).not.toContain("crlf");
});

test("what a formatter would do to the store is found, in the work tree and in the index", () => {
  const project = makeProject();
  set(project, "app/token", "v0");
  project.repo.commit("secrets");
  const reformat: Readonly<Record<string, (text: string) => string>> = {
    secret: (text) => text.replaceAll(/^(scope): (.*)$/gm, '$1: "$2"'),
    root: (text) => text.replaceAll(": ", ":  "),
    jsonl: (text) => text.replaceAll('","', '", "'),
  };
  for (const path of project.repo.run(["ls-files", "--", ".secrets"]).split("\n")) {
    const change = reformat[path.slice(path.lastIndexOf(".") + 1)];
    if (change === undefined) continue;
    const text = project.repo.read(path);
    project.repo.write(path, change(text));
    expect(project.run(["verify", "--worktree"]).status, `in: ${path}`).toBe(5);
    project.repo.run(["add", "-f", path]);
    const verified = project.run(["verify"]);
    expect(verified.status, `in: ${path}`).toBe(5);
    expect(verified.stdout + verified.stderr).toContain(path.endsWith(".root") ? "trust root 1: line 2" : path);
    project.repo.write(path, text);
    project.repo.run(["add", "-f", path]);
  }
  expectClean(project);
});

function separated(gitParent: string, treeParent: string): Person {
  const dir = join(treeParent, "tree");
  mkdirSync(dir);
  const repo = openRepo(dir);
  repo.run(["init", "-q", "-b", "main", "--separate-git-dir", join(gitParent, "git")]);
  return personAt(repo);
}

describe("a work tree whose git directory lies elsewhere", () => {
  const memory = scratch();
  test.each([
    { where: "on another file system, the tree in memory", git: () => makeFolder(), tree: () => memory },
    { where: "in memory, the tree on disk", git: () => scratch(), tree: () => makeFolder() },
  ])("$where: every command works, and the store is whole", ({ git, tree }) => {
    const person = separated(git(), tree());
    ok(person, ["init", "--member", "alice"]);
    set(person, "app/token", "v0");
    ok(person, ["rotate", "app/token", "-"], "v1");
    expect(get(person, "app/token")).toBe("v1");
    ok(person, ["audit", "seal"]);
    ok(person, ["delete", "app/token", "--confirm"]);
    person.repo.run(["commit", "-q", "-m", "store"]);
    expectClean(person);
    expect(statSync(join(person.dir, ".git")).isFile()).toBe(true);
    expect(readFileSync(join(person.dir, ".git"), "utf8")).toContain("gitdir: ");
  });
});
