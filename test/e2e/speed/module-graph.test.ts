import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { builtRules } from "../../../src/scan/built-rules.js";
import { makeProject, program } from "../../support/cli-fixture.js";
import { makeFolder } from "../../support/git-fixture.js";
import { token, tokenRule } from "../../support/scan-fixture.js";

// Start-up is most of what a user waits for. These tests hold what it is made of, which a clock could not on a busy machine.

const folder = makeFolder();
const hook = join(folder, "hook.cjs");
const report = join(folder, "report.json");
const project = makeProject();

// Loaded before the command; says as it ends which files were loaded and what was asked of the file system and of git.
writeFileSync(
  hook,
  `const fs = require("node:fs");
const paths = [];
for (const name of ["openSync", "readdirSync", "lstatSync", "statSync", "readFileSync"]) {
  const original = fs[name];
  fs[name] = (...args) => {
    if (typeof args[0] === "string") paths.push(args[0]);
    return original(...args);
  };
}
const write = fs.writeFileSync;
process.on("exit", () => {
  const programs = process.moduleLoadList.includes("NativeModule child_process") && require("node:child_process").started;
  write(${JSON.stringify(report)}, JSON.stringify({ files: Object.keys(require.cache), builtins: process.moduleLoadList, paths, programs: programs ?? 0 }));
});
const children = process.env.COUNT_PROGRAMS === "1" ? require("node:child_process") : {};
for (const name of ["spawn", "spawnSync"].filter((name) => name in children)) {
  const original = children[name];
  children.started = 0;
  children[name] = (...args) => {
    children.started += 1;
    return original(...args);
  };
}
`,
);

interface Loaded {
  /** Names of the files of the program, without hashes. */
  readonly files: readonly string[];
  readonly builtins: readonly string[];
  /** What the file system was asked for, relative to the repository. */
  readonly paths: readonly string[];
  readonly programs: number;
}

function textOf(name: string): string {
  return readFileSync(join(dirname(program), name), "utf8");
}

function load(args: readonly string[], { countPrograms = false, stdin = "" } = {}): Loaded {
  const env = { NODE_OPTIONS: `--require=${hook}`, ...(countPrograms ? { COUNT_PROGRAMS: "1" } : {}) };
  const { status, stderr } = project.run(args, { env, stdin });
  if (status !== 0) throw new Error(`secrets ${args.join(" ")} exited ${status}: ${stderr}`);
  const { files, builtins, paths, programs } = JSON.parse(readFileSync(report, "utf8")) as Loaded;
  return {
    files: files
      .filter((path) => path.startsWith(dirname(program)))
      .map((path) => basename(path).replace(/-[0-9a-f]{8}\.js$/, ".js")),
    builtins: builtins.flatMap((entry) => /^NativeModule (.*)$/.exec(entry)?.[1] ?? []),
    paths: paths.filter((path) => path.startsWith(`${project.dir}/`)).map((path) => path.slice(project.dir.length + 1)),
    programs,
  };
}

beforeAll(() => {
  for (const name of ["team/one", "team/two", "team/three"])
    project.run(["set", name, "-"], { stdin: `value of ${name}` });
});

describe("the files of the program", () => {
  const chunks = readdirSync(join(dirname(program), "chunks"), { recursive: true, encoding: "utf8" });
  // Ours bear a hash; a package that is apart does not.
  const families = chunks.filter((name) => /-[0-9a-f]{8}\.js$/.test(name));
  const [start = ""] = families.filter((name) => name.startsWith("start-"));
  // Words that only the code of these packages holds: the curves, the YAML parser, the clients of Azure.
  const marks = {
    "age-encryption": /noble|ml_kem768|class Encrypter/,
    yaml: /YAMLParseError/,
    azure: /PublicClientApplication|KeyVaultClient/,
  };

  test("the one that starts and those of the commands hold no curves, no YAML and no Azure", () => {
    expect(families.length).toBeGreaterThan(3);
    for (const file of ["secrets.js", ...families.map((name) => `chunks/${name}`)])
      for (const mark of Object.values(marks)) expect(textOf(file)).not.toMatch(mark);
  });

  test("each of them bears the hash of all of them, and names none that is not there", () => {
    expect(new Set(families.map((name) => name.slice(-11)))).toHaveProperty("size", 1);
    for (const file of ["secrets.js", ...families.map((name) => `chunks/${name}`)])
      for (const [, name = ""] of textOf(file).matchAll(/require\("\.\/(?:chunks\/)?([^"]+)"\)/g))
        expect(chunks).toContain(name);
  });

  test("each module is in one of them only, or the program had two classes of errors and two caches of keys", () => {
    const modules = ["secrets.js", ...families.map((name) => `chunks/${name}`)].flatMap((file) =>
      Array.from(textOf(file).matchAll(/=__esm\(\{"(src\/[^"]+)"\(\)/g), ([, module = ""]) => module),
    );
    expect(modules).toContain("src/core/errors.ts");
    expect(modules).toContain("src/store/transaction.ts");
    expect(modules.filter((module, at) => modules.indexOf(module) < at)).toEqual([]);
  });

  test("the words that are looked for stand in the packages that are apart", () => {
    expect(textOf("chunks/age-encryption.js")).toMatch(marks["age-encryption"]);
    expect(textOf("chunks/yaml.js")).toMatch(marks.yaml);
    expect(textOf("chunks/@azure/identity.js")).toMatch(marks.azure);
    expect(textOf("chunks/@azure/keyvault-secrets.js")).toMatch(marks.azure);
  });

  test("the scanner's prepared rules are those of the sources", () => {
    const kept = chunks.filter((name) => /^rules-[0-9a-f]{8}\.bin$/.test(name));
    expect(kept).toHaveLength(1);
    const [name = ""] = kept;
    expect(readFileSync(join(dirname(program), "chunks", name)).equals(builtRules())).toBe(true);
    expect(textOf(`chunks/${start}`)).toContain(`"${name}"`);
  });

  test("the one that starts is ASCII: it is read as Latin-1, which V8 keeps in half of the memory", () => {
    const codes = Array.from(textOf(`chunks/${start}`), (point) => point.codePointAt(0) ?? 0);
    expect(codes.length).toBeGreaterThan(100_000);
    expect(codes.filter((code) => code > 0x7f)).toEqual([]);
  });
});

describe("what a command loads", () => {
  test("of get is the loader and one file, and neither terminals, threads nor the network", () => {
    const { files, builtins } = load(["get", "team/one", "--raw"]);
    expect(files.toSorted()).toEqual(["secrets.js", "start.js"]);
    expect(builtins).toContain("crypto");
    for (const heavy of ["tty", "net", "worker_threads", "http", "https", "readline", "zlib"])
      expect(builtins).not.toContain(heavy);
  });

  test("of set and rotate is one file more", () => {
    for (const verb of ["set", "rotate"])
      expect(load([verb, "team/two", "-"], { stdin: `value by ${verb}` }).files.toSorted()).toEqual([
        "change.js",
        "secrets.js",
        "start.js",
      ]);
  });

  test.each([
    ["the overview", ["--help"], ["secrets.js", "start.js"]],
    ["the help of a command", ["set", "--help"], ["change.js", "read.js", "secrets.js", "start.js"]],
    ["completion", ["__complete", "get", "team/"], ["read.js", "secrets.js", "start.js"]],
    ["list", ["list"], ["change.js", "read.js", "secrets.js", "start.js"]],
    ["history", ["history", "team/one"], ["change.js", "read.js", "secrets.js", "start.js"]],
    ["verify", ["verify"], ["change.js", "common.js", "hook.js", "secrets.js", "start.js", "verify.js"]],
    ["what git shows", ["git", "textconv", ".secrets/store/team/one.secret"], ["drivers.js", "secrets.js", "start.js"]],
  ])("of %s is no package that is apart, and of no other family what it does not need", (_what, args, expected) => {
    expect(load(args).files.toSorted()).toEqual(expected);
  });
});

describe("what get asks the machine for", () => {
  test("is never git", () => {
    expect(load(["get", "team/one", "--raw"], { countPrograms: true }).programs).toBe(0);
  });

  test("git is noticed where it is started", () => {
    expect(load(["verify"], { countPrograms: true }).programs).toBeGreaterThan(0);
  });

  test("is never the journal, nor any other secret, nor a list of them", () => {
    const { paths } = load(["get", "team/one", "--raw"]);
    expect(paths).toContain(".secrets/store/team/one.secret");
    expect(paths.filter((path) => /journal|two|three/.test(path))).toEqual([]);
    expect(new Set(paths.filter((path) => path.startsWith(".secrets/store")))).toEqual(
      new Set([".secrets/store", ".secrets/store/team", ".secrets/store/team/one.secret"]),
    );
  });
});

describe("what a hook of a commit asks the machine for", () => {
  beforeAll(() => {
    project.repo.commit("Store secrets");
    project.repo.write("src/read.ts", `export const keys = load("keys.json");\n`);
    project.repo.run(["add", "-A"]);
    // What a hook has read of a secret it remembers.
    load(["hooks", "run", "pre-commit"]);
  });

  test("is one file of the program beside the first, no rule, and git three times", () => {
    const { files, programs } = load(["hooks", "run", "pre-commit", "--"], { countPrograms: true });
    expect(files.toSorted()).toEqual(["hook.js", "secrets.js", "start.js"]);
    expect(programs).toBe(3);
  });

  test("is nothing more where a branch was checked out, and git once", () => {
    const { files, programs } = load(["hooks", "run", "post-checkout", "--", "a", "b", "1"], { countPrograms: true });
    expect(files.toSorted()).toEqual(["hook.js", "secrets.js", "start.js"]);
    expect(programs).toBe(1);
  });

  test("is no more for a message, and git twice", () => {
    const message = join(folder, "message");
    writeFileSync(message, "Load keys\n");
    const { files, programs } = load(["hooks", "run", "commit-msg", "--", message], { countPrograms: true });
    expect(files.toSorted()).toEqual(["hook.js", "secrets.js", "start.js"]);
    expect(programs).toBe(2);
  });

  test("is the rules where one of them matches", () => {
    project.repo.write("src/read.ts", `export const token = "${token()}";\n`);
    project.repo.run(["add", "-A"]);
    const { status, stderr } = project.run(["hooks", "run", "pre-commit", "--"]);
    expect(stderr).toContain(tokenRule);
    expect(status).toBe(1);
  });
});
