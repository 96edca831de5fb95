import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commonOptions, root } from "../../../scripts/esbuild-options.mjs";

const folder = mkdtempSync(join(tmpdir(), "gitseal-process-"));
const env = { PATH: process.env["PATH"] ?? "", HOME: folder, LC_ALL: "C.UTF-8" };

/** The real program around the commands of fake-registry.ts. */
async function bundle(name: string, forTests: boolean): Promise<string> {
  const outdir = join(folder, name);
  await esbuild.build({
    ...commonOptions(forTests),
    entryPoints: { secrets: "src/cli/bin.ts" },
    outdir,
    plugins: [
      {
        name: "fake-registry",
        setup(build) {
          build.onResolve({ filter: /\/registry\.js$/ }, ({ importer }) =>
            importer.includes("fake-") ? undefined : { path: join(root, "test/unit/cli/fake-registry.ts") },
          );
        },
      },
    ],
  });
  writeFileSync(join(outdir, "package.json"), '{"type":"commonjs"}');
  return join(outdir, "secrets.js");
}

const programs = { release: "", test: "" };

beforeAll(async () => {
  programs.release = await bundle("release", false);
  programs.test = await bundle("test", true);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: Uint8Array; program?: string; cwd?: string } = {},
) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [options.program ?? programs.release, ...args], {
    env: { ...env, ...options.env },
    input: options.input ?? new Uint8Array(),
    cwd: options.cwd ?? folder,
    maxBuffer: 10_000_000,
  });
  return { status, stdout: stdout.toString("latin1"), stderr: stderr.toString("utf8") };
}

const shell = (script: string) =>
  spawnSync("bash", ["-c", script], {
    env: { ...env, NODE: process.execPath, SECRETS: programs.release },
    encoding: "utf8",
  });

describe("the process", () => {
  test.each(["rejected", "unsettled"])(
    "library trap 6: that is %s exits 70 and says nothing of what went wrong inside",
    (how) => {
      const { status, stdout, stderr } = run(["behave", how]);
      expect({ status, stdout }).toEqual({ status: 70, stdout: "" });
      expect(stderr).not.toContain("hunter2");
    },
  );

  test("whose reader goes away ends quietly, as if by SIGPIPE", () => {
    const { stdout, stderr } = shell('"$NODE" "$SECRETS" behave flood | head -c 3; echo " ${PIPESTATUS[0]}"');
    expect({ stdout, stderr }).toEqual({ stdout: "xxx 141\n", stderr: "" });
  });

  test("whose answer cannot be written says so", () => {
    const { status, stderr } = shell('"$NODE" "$SECRETS" behave answer > /dev/full');
    expect({ status, stderr }).toEqual({ status: 6, stderr: "error: cannot write to the standard output (ENOSPC)\n" });
  });

  test("whose messages cannot be written exits all the same", () => {
    expect(shell('"$NODE" "$SECRETS" stroe 2>/dev/full').status).toBe(2);
    expect(shell('"$NODE" "$SECRETS" stroe 2>&-').status).toBe(2);
  });

  test("writes all of a long answer into a slow pipe", () => {
    const { stdout } = shell('"$NODE" "$SECRETS" behave answer | (sleep 0.1; wc -c)');
    expect(stdout.trim()).toBe("1000001");
  });

  test("ends clean with 130 on Ctrl-C, also when one cleanup fails", async () => {
    const child = spawn(process.execPath, [programs.release, "behave", "wait"], { env, cwd: folder });
    child.stdout.once("data", () => child.kill("SIGINT"));
    const ended = new Promise((settle) => child.once("close", (code, signal) => settle({ code, signal })));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect({ stdout, stderr, ended: await ended }).toEqual({
      stdout: "ready\ncleaned\n",
      stderr: "",
      ended: { code: 130, signal: null },
    });
  });

  test("hands on every byte of its input", () => {
    const input = Uint8Array.from([0x00, 0xff, 0x0d, 0x0a, 0x20]);
    expect(run(["behave", "read"], { input })).toEqual({ status: 0, stdout: "\u0000\u00ff\r\n ", stderr: "" });
  });

  test("never asks without a terminal", () => {
    const { status, stdout, stderr } = run(["behave", "hidden"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^error: cannot ask for value: there is no terminal/);
  });

  test("does not let clipanion print its arguments when DEBUG_CLI is set", () => {
    const { status, stdout, stderr } = run(["store", "a", "hunter2"], { env: { DEBUG_CLI: "1" } });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.startsWith("{\n")).toBe(true);
  });

  test("in a directory that is gone says so", () => {
    const gone = join(folder, "gone");
    mkdirSync(gone);
    const { status, stderr } = shell(`cd ${gone} && rmdir ${gone} && "$NODE" "$SECRETS" store a`);
    expect({ status, first: stderr.split("\n")[0] }).toEqual({
      status: 6,
      first: "error: the working directory is gone",
    });
  });

  test("sees the version of package.json", () => {
    const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(manifest).toMatchObject({ version: run(["--version"]).stdout.trim() });
  });
});

describe("SECRETS_NOW", () => {
  const SECRETS_NOW = "2026-11-23T16:30:00.000Z";

  test("fixes the clock of the test build, and a bad one is refused", () => {
    const program = programs.test;
    expect(run(["behave", "now"], { program, env: { SECRETS_NOW } }).stdout).toBe(`${Date.parse(SECRETS_NOW)}\n`);
    expect(run(["behave", "now"], { program, env: { SECRETS_NOW: "yesterday" } }).status).toBe(2);
  });

  test("does nothing to the release, which does not even hold its name", () => {
    expect(Number(run(["behave", "now"], { env: { SECRETS_NOW: "1970-01-01T00:00:00.000Z" } }).stdout)).toBeGreaterThan(
      0,
    );
    const files = readdirSync(join(folder, "release")).filter((name) => name.endsWith(".js"));
    expect(files.length).toBe(1);
    for (const name of files) expect(readFileSync(join(folder, "release", name), "utf8")).not.toContain("SECRETS_NOW");
  });
});

/** What bash offers after `line`, with the script that the program prints. */
function complete(words: readonly string[]): readonly string[] {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "secrets"), `#!/bin/sh\nexec "${process.execPath}" "${programs.release}" "$@"\n`, {
    mode: 0o755,
  });
  const { stdout, stderr } = shell(
    `PATH="${bin}:$PATH"; cd ${folder}/bin
     source <("${process.execPath}" "${programs.release}" completion bash)
     COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
     _secrets_complete && printf '%s\\n' "\${COMPREPLY[@]}"; complete -p secrets`,
  );
  expect(stderr).toBe("");
  expect(stdout).toContain("complete -F _secrets_complete secrets\n");
  return stdout.split("\n").filter((line) => line !== "" && !line.startsWith("complete "));
}

describe("completion in a real bash", () => {
  test("offers commands, options, choices and files", () => {
    expect(complete(["secrets", "me"])).toEqual(["member", "meta"]);
    expect(complete(["secrets", "store", "--fo"])).toEqual(["--force"]);
    expect(complete(["secrets", "store", "--scope", "=", "pl"])).toEqual(["plugin"]);
    expect(complete(["secrets", "store", "--from-file", "se"])).toEqual(["secrets"]);
    expect(complete(["secrets", "nothing", ""])).toEqual([]);
  });

  test("a file whose name is a command substitution is offered and not run", () => {
    writeFileSync(join(folder, "bin", "se$(touch pwned)"), "");
    expect(complete(["secrets", "store", "--from-file", "se"])).toEqual(["se$(touch pwned)", "secrets"]);
    expect(readdirSync(join(folder, "bin"))).not.toContain("pwned");
  });
});
