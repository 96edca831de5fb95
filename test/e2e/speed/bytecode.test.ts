import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { makeProject, program } from "../../support/cli-fixture.js";
import { makeFolder } from "../../support/git-fixture.js";

// A copy of the program, for what it keeps beside itself would serve other tests too.
const folder = makeFolder();
const copy = join(folder, "program");
cpSync(dirname(program), copy, { recursive: true, preserveTimestamps: true });
const place = join(copy, "bytecode");
rmSync(place, { recursive: true, force: true });
const [start = ""] = readdirSync(join(copy, "chunks")).filter((name) => name.startsWith("start-"));
const source = join(copy, "chunks", start);

const project = makeProject();
project.run(["set", "team/one", "-"], { stdin: "the value" });

// Says as the program ends what V8 made of the bytecode of each file.
const hook = join(folder, "hook.cjs");
const report = join(folder, "report.json");
writeFileSync(
  hook,
  `const vm = require("node:vm");
const taken = {};
const { Script } = vm;
vm.Script = class extends Script {
  constructor(text, options) {
    super(text, options);
    taken[require("node:path").basename(options.filename)] = options.cachedData ? !this.cachedDataRejected : "none";
  }
};
process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(report)}, JSON.stringify(taken)));
`,
);

/** Whether the bytecode of the file that starts was taken. */
function taken(
  args: readonly string[],
  { status = 0, env = {} }: { status?: number; env?: Record<string, string> } = {},
): unknown {
  const options = { cwd: project.dir, env: { ...project.env, ...env }, encoding: "utf8", input: "" } as const;
  const done = spawnSync(process.execPath, ["-r", hook, join(copy, "secrets.js"), ...args], options);
  expect(done).toMatchObject({ status, stderr: status === 0 ? "" : expect.stringContaining("error: ") });
  if (args[0] === "get" && status === 0) expect(done.stdout).toBe("the value");
  return (JSON.parse(readFileSync(report, "utf8")) as Record<string, unknown>)[start];
}

const get = ["get", "team/one", "--raw"];
const files = (): readonly string[] => (existsSync(place) ? readdirSync(place) : []);

test("the program keeps its bytecode after a run that went well, and takes it from then on", () => {
  expect(taken(["get", "team/none", "--required"], { status: 3 })).toBe("none");
  expect(taken(get, { env: { NODE_DISABLE_COMPILE_CACHE: "1" } })).toBe("none");
  expect(files()).toEqual([]);
  expect(taken(get)).toBe("none");
  expect(files()).toHaveLength(1);
  expect(taken(get)).toBe(true);
  expect(taken(get, { env: { NODE_DISABLE_COMPILE_CACHE: "1" } })).toBe("none");
  expect(files()).toHaveLength(1);
});

test("bytecode of a source that has changed since is not taken, though its length be the same", () => {
  expect(taken(get)).toBe(true);
  utimesSync(source, 1, 1);
  expect(taken(get)).toBe("none");
  appendFileSync(source, "\n");
  expect(taken(get)).toBe("none");
});

test("bytecode that V8 does not know, or that is cut off, makes no difference to the answer", () => {
  rmSync(place, { recursive: true });
  taken(get);
  const [name = ""] = files();
  const bytes = readFileSync(join(place, name));
  const head = bytes.indexOf("\n") + 1;
  writeFileSync(join(place, name), Buffer.concat([bytes.subarray(0, head), Buffer.alloc(bytes.byteLength - head)]));
  expect(taken(get)).toBe(false);
  writeFileSync(join(place, name), bytes.subarray(0, 1000));
  expect(taken(get)).toBe("none");
});

test("where nothing can be written beside the program, it runs as ever", () => {
  rmSync(place, { recursive: true });
  writeFileSync(place, "in the way");
  expect(taken(get)).toBe("none");
  expect(taken(["list", "--quiet"])).toBe("none");
});
