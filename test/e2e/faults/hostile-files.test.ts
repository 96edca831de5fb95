import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, prepare, sceneOf, program, type Project } from "../../support/cli-fixture.js";
import { makeFolder } from "../../support/git-fixture.js";

const made = sceneOf(() => {
  const project = makeProject();
  for (const name of ["app/token", "app/other"]) prepare(project, ["set", name, "-"], { stdin: "value" });
  project.repo.commit("secrets");
  return project;
});

const token = ".secrets/store/app/token.secret";

interface Measured {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory that the process ever held, in MiB. */
  readonly peakMiB: number;
}

/** Runs the command and measures it. One that hangs is ended after a minute and has no status. */
function measure(project: Project, args: readonly string[], stdin = ""): Measured {
  const folder = makeFolder();
  const probe = join(folder, "probe.cjs");
  const report = join(folder, "peak");
  writeFileSync(
    probe,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(report)}, String(process.resourceUsage().maxRSS)));`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", probe, program, ...args], {
    cwd: project.dir,
    env: project.env,
    input: stdin,
    encoding: "utf8",
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  return {
    status,
    stdout,
    stderr,
    peakMiB: status === null ? Number.POSITIVE_INFINITY : Number(readFileSync(report, "utf8")) / 1024,
  };
}

interface Trap {
  readonly what: string;
  readonly says: string;
  readonly lay: (path: string) => void;
}

const traps: readonly Trap[] = [
  {
    what: "a symbolic link to a file outside",
    says: "symbolic link",
    lay: (path) => symlinkSync("/etc/hostname", path),
  },
  {
    what: "a symbolic link to a good file of the store",
    says: "symbolic link",
    lay: (path) => symlinkSync("other.secret", path),
  },
  {
    what: "a pipe that nobody writes to",
    says: "device, pipe or socket",
    lay: (path) => void spawnSync("mkfifo", [path]),
  },
  { what: "a folder", says: "folder", lay: (path) => mkdirSync(path) },
  {
    what: "a sparse file of one gigabyte",
    says: "1073741824 bytes",
    lay: (path) => {
      writeFileSync(path, "");
      truncateSync(path, 1024 ** 3);
    },
  },
];

describe.each(traps)("$what", ({ says, lay }) => {
  test("in the place of a secret is refused at once, read by nothing and written by nothing", () => {
    const project = made();
    const path = join(project.dir, token);
    rmSync(path);
    lay(path);
    for (const args of [
      ["get", "app/token", "--raw"],
      ["set", "app/token", "-"],
      ["rotate", "app/token", "-"],
      ["history", "app/token"],
      ["meta", "app/token", "--note", "x"],
    ]) {
      const { status, stdout, stderr, peakMiB } = measure(project, args, "other");
      const said = `${args.join(" ")}: ${stderr}`;
      expect(status, `in: ${said}`).toBe(5);
      expect(stdout, `in: ${said}`).toBe("");
      expect(stderr, `in: ${said}`).toContain(says);
      expect(stderr, `in: ${said}`).toContain("hint: ");
      expect(peakMiB, `in: ${said}`).toBeLessThan(200);
    }
    const verified = measure(project, ["verify", "--worktree"]);
    expect(verified.stderr + verified.stdout).toContain(says);
    expect(verified.peakMiB).toBeLessThan(200);
    expect(project.run(["get", "app/other", "--raw"]).stdout).toBe("value");
  });

  test("in the place of the trust root, the config or .gitattributes is refused, and nothing is written through it", () => {
    for (const file of [".secrets/trust/0001.root", ".secrets/config.yaml"]) {
      const project = made();
      rmSync(join(project.dir, file));
      lay(join(project.dir, file));
      for (const args of [
        ["get", "app/token", "--raw"],
        ["set", "app/new", "-"],
      ]) {
        const { status, stdout, stderr, peakMiB } = measure(project, args, "other");
        expect(status, `${file}, ${args.join(" ")}: ${stderr}`).toBe(5);
        expect(stdout).toBe("");
        expect(peakMiB).toBeLessThan(200);
      }
    }
  });
});

function contentsOf(folder: string): ReadonlyMap<string, string> {
  const names: readonly string[] = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(
    names.map((name) => [
      name,
      statSync(join(folder, name)).isFile() ? readFileSync(join(folder, name), "latin1") : "",
    ]),
  );
}

test("a symbolic link in the place of a folder of the store is refused, and nothing is written where it leads", () => {
  for (const folder of [
    ".secrets",
    ".secrets/store",
    ".secrets/store/app",
    ".secrets/trust",
    ".secrets/journal/change",
  ]) {
    const project = made();
    const outside = makeFolder();
    const path = join(project.dir, folder);
    renameSync(path, join(outside, "moved"));
    symlinkSync(join(outside, "moved"), path);
    const before = contentsOf(outside);
    for (const args of [
      ["get", "app/token", "--raw"],
      ["set", "app/token", "-"],
      ["set", "app/new", "-"],
      ["delete", "app/other", "--confirm"],
    ]) {
      const answer = project.run(args, { stdin: "other" });
      // Reading a value does not touch the journal, so a link there stops the changing commands only.
      const allowed = folder === ".secrets/journal/change" && args[0] === "get" ? 0 : 5;
      expect(answer.status, `${folder}, ${args.join(" ")}: ${answer.stderr}`).toBe(allowed);
    }
    expect(contentsOf(outside), `in: ${folder}`).toEqual(before);
  }
});

test("a large blob that is staged in the store is judged by its size, not read", () => {
  const project = made();
  writeFileSync(join(project.dir, token), Buffer.alloc(192 * 1024 * 1024));
  project.repo.run(["-c", "core.compression=1", "add", "-f", token]);
  const { status, stdout, stderr, peakMiB } = measure(project, ["verify"]);
  expect(status, `in: ${stderr}`).toBe(5);
  expect(stdout + stderr).toContain("app/token");
  expect(peakMiB).toBeLessThan(160);
});

// Stands for a byte that is no UTF-8.
const loneByte = "<lone byte>";
const twists: Readonly<Record<string, (text: string) => string>> = {
  "deep nesting": (text) => text.replace(/^tags: .*$/m, `tags: ${"[".repeat(5000)}${"]".repeat(5000)}`),
  "a YAML anchor and its alias": (text) =>
    text.replace(/^scope: (.*)$/m, "scope: &a $1").replace(/^class: .*$/m, "class: *a"),
  "an anchor alone": (text) => text.replace(/^scope: (.*)$/m, "scope: &a $1"),
  "a YAML tag": (text) => text.replace(/^scope: (.*)$/m, "scope: !!str $1"),
  "a duplicate key": (text) => text.replace(/^scope: .*$/m, "$&\n$&"),
  __proto__: (text) => text.replace(/^scope: .*$/m, '$&\n__proto__: {"scope": "agent"}'),
  "the key constructor": (text) => text.replace(/^scope: .*$/m, "$&\nconstructor: x"),
  "CRLF line ends": (text) => text.replaceAll("\n", "\r\n"),
  "other quotes, as a formatter leaves them": (text) => text.replace(/^scope: (.*)$/m, "scope: '$1'"),
  "more room, as a formatter leaves it": (text) => text.replace(/^tags: \[\]$/m, "tags: [ ]"),
  "a blank line at the end": (text) => `${text}\n`,
  "no line feed at the end": (text) => text.replace(/\n$/, ""),
  "a byte order mark": (text) => `${String.fromCodePoint(0xfeff)}${text}`,
  "a NUL byte": (text) => text.replace(/^scope: /m, "scope: \0"),
  "invalid UTF-8": (text) => text.replace(/^scope: /m, `scope: ${loneByte}`),
};

test("whatever a reader more lenient than ours would forgive in a secret's file is found by get and by verify", () => {
  const project = made();
  const text = project.repo.read(token);
  for (const [what, twist] of Object.entries(twists)) {
    const changed = twist(text);
    expect(changed, `in: ${what}`).not.toBe(text);
    writeFileSync(
      join(project.dir, token),
      changed.includes(loneByte)
        ? Buffer.from(changed.replace(loneByte, String.fromCodePoint(0xff)), "latin1")
        : changed,
    );
    const read = project.run(["get", "app/token", "--raw"]);
    expect(read, `${what}: ${read.stderr}`).toMatchObject({ status: 5, stdout: "" });
    project.repo.run(["add", "-f", token]);
    const verified = project.run(["verify"]);
    expect(verified.status, `${what}: ${verified.stderr}`).toBe(5);
    expect(verified.stdout + verified.stderr, `in: ${what}`).toContain("app/token");
  }
});

const journalTwists: Readonly<Record<string, (text: string) => string>> = {
  "deep nesting": (text) => text.replace('"claims":{', `"claims":{"x":${"[".repeat(3000)}${"]".repeat(3000)},`),
  "a duplicate key": (text) => text.replace('"class":"change"', '"class":"change","class":"change"'),
  __proto__: (text) => text.replace('"claims":{', '"claims":{"__proto__":{"x":"y"},'),
  "room between the tokens": (text) => text.replace(',"class"', ', "class"'),
  "a line as long as a book": (text) => text.replace('"claims":{', `"claims":{"x":"${"y".repeat(9000)}",`),
};

test("whatever a lenient JSON reader would forgive in a journal segment is found by verify", () => {
  const project = made();
  const [path = ""] = project.repo.run(["ls-files", "--", ".secrets/journal/change"]).split("\n");
  const text = project.repo.read(path);
  for (const [what, twist] of Object.entries(journalTwists)) {
    const changed = twist(text);
    expect(changed, `in: ${what}`).not.toBe(text);
    project.repo.commit(what, { [path]: changed });
    const verified = project.run(["verify"]);
    expect(verified.status, `${what}: ${verified.stdout}`).toBe(5);
    expect(verified.stdout + verified.stderr, `in: ${what}`).toContain(path);
  }
});

test("names that some file system cannot hold, or holds as another's, are found by verify in the tree", () => {
  const project = made();
  const oid = project.repo.run(["hash-object", "-w", "--stdin"], { input: project.repo.read(token) }).trim();
  const devices = ["con", "prn", "aux", "nul", "com1", "com9", "lpt1", "lpt9"];
  const names = [
    ...devices.flatMap((device) => [
      `store/${device}.secret`,
      `store/${device}/x.secret`,
      `store/app/${device}.secret`,
    ]),
    "store/App/token.secret",
    "store/app/TOKEN.secret",
    "STORE/app/token.secret",
    "store/app/token.SECRET",
    "store/app/token.secret.",
    "store/app/token .secret",
    "store/app/to:ken.secret",
    "store/app\\token.secret",
  ];
  const tree = project.repo.run(["write-tree"]).trim();
  for (const name of names) {
    const path = `.secrets/${name}`;
    // An ignorecase of the machine must not hide the entry from this test.
    project.repo.run([
      "-c",
      "core.ignorecase=false",
      "-c",
      "core.protectNTFS=false",
      "update-index",
      "--add",
      "--cacheinfo",
      `100644,${oid},${path}`,
    ]);
    const verified = project.run(["verify", "--json"]);
    expect(verified.status, `${name}: ${verified.stdout}`).toBe(5);
    expect(verified.stdout, `in: ${name}`).toContain(JSON.stringify(path).slice(1, -1));
    project.repo.run(["read-tree", tree]);
  }
  expect(project.run(["verify"]).status).toBe(0);
});
