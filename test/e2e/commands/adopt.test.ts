import { describe, expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";

// Built here, so that no file holds what looks like a token.
const token = ["ghp", "_", "Zq7Rk2Vn8Xc4Lm1Tw6Yp3Hd9Gs5Jf0BuiB4a"].join("");
const other = ["ghp", "_", "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"].join("");

function projectWith(files: Readonly<Record<string, string>>): Project {
  const project = makeProject();
  project.repo.commit("Start", { "README.md": "x\n" });
  for (const [path, content] of Object.entries(files)) project.repo.write(path, content);
  project.repo.run(["add", ...Object.keys(files)]);
  return project;
}

function stagedText(project: Project, path: string): string {
  return project.repo.run(["show", `:${path}`]);
}

function valueOf(project: Project, name: string): string {
  return project.run(["get", name, "--raw"]).stdout;
}

describe("nothing is changed", () => {
  test.each<readonly [string, Readonly<Record<string, string>>, readonly string[], RegExp, number]>([
    ["without a place", {}, ["a.js"], /say where the secret stands, as FILE:LINE/, 2],
    ["for a file that is not there", {}, ["a.js:1"], /no such file in the work tree/, 2],
    ["outside of the work tree", {}, ["../a.js:1"], /not in this work tree/, 2],
    ["in the store itself", {}, [".secrets/config.yaml:1"], /are not edited/, 2],
    ["in git's own files", {}, [".git/config:1"], /are not edited/, 2],
    ["for a line without a secret", { "a.js": "let a = 1;\n" }, ["a.js:1"], /finds no secret on that line/, 3],
    ["behind the last line", { "a.js": "let a = 1;\n" }, ["a.js:9"], /has no line 9/, 2],
    [
      "for several secrets",
      { "a.js": `f("${token}", "${other}");\n` },
      ["a.js:1"],
      /there are 2 secrets on that line, at the columns 4, 48/,
      2,
    ],
    [
      "for a column between two",
      { "a.js": `f("${token}", "${other}");\n` },
      ["a.js:1", "--column", "1"],
      /no secret at that column/,
      3,
    ],
    [
      "for a column that is none",
      { "a.js": `f("${token}");\n` },
      ["a.js:1", "--column", "x"],
      /--column is a number/,
      2,
    ],
    ["for a name that is none", { "a.js": `f("${token}");\n` }, ["a.js:1", "A B"], /not a valid secret name/, 2],
    ["where no expression can stand", { "a.go": `const k = "${token}"\n` }, ["a.go:1"], /a constant must be known/, 2],
  ])("%s", (_what, files, args, message, exit) => {
    const project = projectWith(files);
    const before = project.snapshot();
    const { status, stdout, stderr } = project.run(["adopt", ...args]);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: exit, stdout: "" });
    expect(stderr).not.toContain(token.slice(4));
    expect(project.changedSince(before)).toEqual([]);
  });

  test("where the store has a secret of that name with another value", () => {
    const project = projectWith({ "a.js": `const acmeKey = "${token}";\n` });
    project.run(["set", "acme-key", "-"], { stdin: "something else" });
    const { status, stderr } = project.run(["adopt", "a.js:1"]);
    expect(status).toBe(2);
    expect(stderr).toContain("the store has a secret acme-key already, with another value");
    expect(project.repo.read("a.js")).toContain(token);
  });

  test("where the line was changed since it was staged", () => {
    const project = projectWith({ "a.js": `const acmeKey = "${token}";\n` });
    project.repo.write("a.js", `const acmeKey = "${token}"; // mine\n`);
    const { status, stderr } = project.run(["adopt", "a.js:1"]);
    expect(status).toBe(2);
    expect(stderr).toContain("that line was changed in the work tree since it was staged");
    expect(project.run(["list", "--names"]).stdout).toBe("");
  });

  test("by a dry run, which shows what it would write and no value", () => {
    const project = projectWith({ "a.js": `const acmeKey = "${token}";\n` });
    const before = project.snapshot();
    const { status, stdout } = project.run(["adopt", "a.js:1", "-n"]);
    expect(status).toBe(0);
    expect(stdout).toBe(
      [
        "Dry run, nothing was written: a.js:1 would refer to 'acme-key'",
        `  - const acmeKey = "********************${token.slice(-3)}";`,
        "  + const acmeKey = process.env.ACME_KEY;",
        "Would write:",
        "  .secrets/store/acme-key.secret",
        "  .secrets/journal/change/2026/11/23/<new segment>.jsonl",
        "  a.js",
        "",
      ].join("\n"),
    );
    expect(project.changedSince(before)).toEqual([]);
  });

  test("in a repository without a store", () => {
    const project = makeProject({ bare: true });
    project.repo.write("a.js", `const acmeKey = "${token}";\n`);
    expect(project.run(["adopt", "a.js:1"])).toMatchObject({ status: 2, stdout: "" });
    expect(project.repo.read("a.js")).toContain(token);
  });
});

describe("a literal", () => {
  test("is stored byte for byte, and its file refers to it, in the work tree and staged", () => {
    const project = projectWith({ "src/a.js": `// one\nconst acmeKey = "${token}";\n` });
    const { status, stdout, stderr } = project.run(["adopt", "src/a.js:2"]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: "if it was ever pushed, rotate it where it came from, then: secrets rotate acme-key\n",
    });
    expect(stdout).toBe(
      [
        "✓ src/a.js:2 refers to 'acme-key' now",
        `  - const acmeKey = "********************${token.slice(-3)}";`,
        "  + const acmeKey = process.env.ACME_KEY;",
        "",
      ].join("\n"),
    );
    const after = "// one\nconst acmeKey = process.env.ACME_KEY;\n";
    expect(project.repo.read("src/a.js")).toBe(after);
    expect(stagedText(project, "src/a.js")).toBe(after);
    expect(valueOf(project, "acme-key")).toBe(token);
    const staged = project.repo.run(["diff", "--cached", "--name-only"]).trim().split("\n");
    expect(staged).toEqual(expect.arrayContaining([".secrets/store/acme-key.secret", "src/a.js"]));
    project.repo.run(["commit", "-qm", "Adopt"]);
    expect(project.run(["verify"]).status).toBe(0);
    expect(project.run(["scan", "--paths", "src"]).status).toBe(0);
  });

  test("leaves hunks that are not staged as they are", () => {
    const project = projectWith({ "a.py": `import os\nacme_key = "${token}"\nlast = 1\n` });
    project.repo.write("a.py", `import os\n# not yet\nacme_key = "${token}"\nlast = 2\n`);
    expect(project.run(["adopt", "a.py:2", "acme/key"]).status).toBe(0);
    expect(project.repo.read("a.py")).toBe(`import os\n# not yet\nacme_key = os.environ["ACME_KEY"]\nlast = 2\n`);
    expect(stagedText(project, "a.py")).toBe(`import os\nacme_key = os.environ["ACME_KEY"]\nlast = 1\n`);
  });

  test("that is in the work tree alone changes nothing that is staged", () => {
    const project = projectWith({ "a.js": "const a = 1;\n" });
    project.repo.write("a.js", `const a = 1;\nconst acmeKey = "${token}";\n`);
    const { status, stderr } = project.run(["adopt", "a.js:2"]);
    expect(status).toBe(0);
    expect(stderr).toContain("a.js is not staged");
    expect(stagedText(project, "a.js")).toBe("const a = 1;\n");
    expect(project.repo.read("a.js")).toBe("const a = 1;\nconst acmeKey = process.env.ACME_KEY;\n");
  });

  test("that the store has already is replaced by a reference to that secret", () => {
    const project = projectWith({ ".env": `TOKEN=${token}\n` });
    project.run(["set", "api-key-github", "-"], { stdin: token });
    const { status, stdout } = project.run(["adopt", ".env:1", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      name: "api-key-github",
      change: "known",
      path: ".env",
      line: 1,
      before: "TOKEN=********************",
      after: "TOKEN=${API_KEY_GITHUB}",
      staged: true,
      needs: null,
      dryRun: false,
      paths: [".env"],
    });
    expect(project.run(["history", "api-key-github", "--json"]).stdout.match(/"version":/g)).toHaveLength(1);
  });

  test("of several is chosen by its column, and the other stays masked", () => {
    const project = projectWith({ "a.js": `use("${token}", "${other}");\n` });
    const { status, stdout } = project.run(["adopt", "a.js:1", "second", "--column", "55"]);
    expect(status).toBe(0);
    expect(stdout).not.toContain(token.slice(4));
    expect(project.repo.read("a.js")).toBe(`use("${token}", process.env.SECOND);\n`);
    expect(valueOf(project, "second")).toBe(other);
    expect(project.run(["adopt", "a.js:1:6", "first"]).status).toBe(0);
    expect(project.repo.read("a.js")).toBe("use(process.env.FIRST, process.env.SECOND);\n");
  });

  test("in a subdirectory is named from there, and the mode and line ends of its file stay", () => {
    const project = projectWith({ "bin/run.sh": `#!/bin/sh\r\nexport ACME_KEY='${token}'\r\n` });
    project.repo.run(["update-index", "--chmod=+x", "bin/run.sh"]);
    expect(project.run(["adopt", "run.sh:2"], { cwd: `${project.dir}/bin` }).status).toBe(0);
    expect(project.repo.read("bin/run.sh")).toBe(`#!/bin/sh\r\nexport ACME_KEY="\${ACME_KEY}"\r\n`);
    expect(project.repo.run(["ls-files", "-s", "bin/run.sh"])).toMatch(/^100755 /);
  });

  test.each([
    ["conf/a.yaml", `acme_key: ${token}\n`, "acme_key: secrets://acme-key\n"],
    ["conf/a.json", `{ "acmeKey": "${token}" }\n`, `{ "acmeKey": "secrets://acme-key" }\n`],
    [".env.local", `ACME_KEY="${token}"\n`, 'ACME_KEY="${ACME_KEY}"\n'],
    ["a.go", `\tacmeKey := "${token}"\n`, `\tacmeKey := os.Getenv("ACME_KEY")\n`],
  ])("in %s becomes what its language expects", (path, content, after) => {
    const project = projectWith({ [path]: content });
    expect(project.run(["adopt", `${path}:1`]).status).toBe(0);
    expect(project.repo.read(path)).toBe(after);
    expect(stagedText(project, path)).toBe(after);
  });

  test("whose file git is told not to look at is staged all the same", () => {
    const project = projectWith({ "a.js": `const acmeKey = "${token}";\n` });
    project.repo.run(["update-index", "--assume-unchanged", "a.js"]);
    const { status } = project.run(["adopt", "a.js:1"]);
    expect(status).toBe(0);
    expect(stagedText(project, "a.js")).toBe("const acmeKey = process.env.ACME_KEY;\n");
  });
});
