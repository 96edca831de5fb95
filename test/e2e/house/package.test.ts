import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bareEnvironment, isOffline, makeCheckout, npmEnvironment, root, run, type Run } from "./checkout.js";

interface Manifest {
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
}

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const checkout = makeCheckout();
const scratch = dirname(checkout);
const home = join(scratch, "home");
const npm = async (args: readonly string[], cwd = checkout): Promise<Run> =>
  await run(cwd, "npm", args, npmEnvironment());

let packed: Run;
let tarball: string;

beforeAll(async () => {
  mkdirSync(home);
  // npm pack runs `prepare`, so this builds the copy from nothing.
  packed = await npm(["pack", "--json", "--pack-destination", scratch]);
  if (packed.code !== 0) throw new Error(`npm pack failed:\n${packed.stderr}`);
  tarball = join(scratch, readdirSync(scratch).find((name) => name.endsWith(".tgz")) ?? "absent.tgz");
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

function packedPaths(): readonly string[] {
  const [report] = JSON.parse(packed.stdout) as readonly [{ readonly files: readonly { readonly path: string }[] }];
  return report.files.map((file) => file.path);
}

/** Installs and runs the command from a bare environment in a folder that is no checkout. */
async function versionAfter(prefix: string, install: Run): Promise<Run> {
  expect(install).toMatchObject({ code: 0 });
  return await run(home, join(prefix, "bin/secrets"), ["--version"], bareEnvironment(home));
}

describe("the packed package", () => {
  test("holds no source, test, key, test build or local configuration", () => {
    expect(packed).toMatchObject({ code: 0 });
    expect(
      packedPaths().filter((path) =>
        /^(src|test|bench|scripts|bundle-test|bundle\/bytecode|node_modules|\.)/.test(path),
      ),
    ).toEqual([]);
  });

  test("holds the command, its licences, the importable API with types, and the licence", () => {
    expect(packedPaths()).toEqual(
      expect.arrayContaining([
        "bundle/secrets.js",
        "bundle/licenses.txt",
        "dist/index.js",
        "dist/index.d.ts",
        "LICENSE",
        "README.md",
      ]),
    );
  });

  test("runs nothing on the machine that installs it", async () => {
    await run(scratch, "tar", ["-xzf", tarball, "package/package.json"], bareEnvironment(home));
    const manifest = JSON.parse(readFileSync(join(scratch, "package/package.json"), "utf8")) as Manifest;
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
    expect(Object.values(manifest.bin)).toEqual(["bundle/secrets.js", "bundle/secrets.js"]);
  });

  test("has no trace of the switches of the test build", () => {
    const texts = (readdirSync(join(checkout, "bundle"), { recursive: true }) as string[])
      .filter((name) => name.endsWith(".js"))
      .map((name) => readFileSync(join(checkout, "bundle", name), "utf8"));
    expect(texts.filter((text) => /SECRETS_NOW|__TEST_BUILD__/.test(text))).toEqual([]);
  });
});

describe("a checkout", () => {
  test("builds a command that others may execute", () => {
    const entry = join(checkout, "bundle/secrets.js");
    expect(statSync(entry).mode & 0o755).toBe(0o755);
    expect(readFileSync(entry, "utf8").split("\n")[0]).toBe("#!/usr/bin/env node");
  });

  test("runs its own command with npx", async () => {
    expect(await run(checkout, "npx", ["--no-install", ".", "--version"], npmEnvironment())).toMatchObject({
      code: 0,
      stdout: `${version}\n`,
    });
  });

  test("installs globally", async () => {
    const prefix = join(scratch, "from-checkout");
    const installed = await versionAfter(prefix, await npm(["install", "--global", "--prefix", prefix, "."]));
    expect(installed).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
});

describe("a bundle", () => {
  const script = `import { staleReason, targets } from "./scripts/bundle.mjs";
    for (const target of Object.values(targets)) process.stdout.write((staleReason(target) ?? "fresh") + "\\n");`;
  const judge = async (): Promise<Run> =>
    await run(checkout, process.execPath, ["--input-type=module", "-e", script], bareEnvironment(home));

  test("is stale once a source that went into it has changed, and fresh before", async () => {
    const source = join(checkout, "src/cli/bin.ts");
    const before = readFileSync(source);
    expect((await judge()).stdout).toBe("fresh\nbundle-test/ has not been built\n");
    writeFileSync(source, Buffer.concat([before, Buffer.from("\n")]));
    expect((await judge()).stdout).toBe("src/cli/bin.ts has changed\nbundle-test/ has not been built\n");
    writeFileSync(source, before);
  });
});

describe("the tarball", () => {
  test("installs into an empty prefix, and the command tells its version", async ({ skip }) => {
    expect(existsSync(tarball)).toBe(true);
    const prefix = join(scratch, "from-tarball");
    const install = await npm(["install", "--global", "--prefix", prefix, tarball], scratch);
    if (isOffline(install))
      skip(`npm reaches no registry and its cache lacks a dependency: ${install.stderr.slice(0, 200)}`);
    expect(await versionAfter(prefix, install)).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("can be imported by a project that depends on it", async ({ skip }) => {
    const project = join(scratch, "project");
    mkdirSync(project);
    await npm(["init", "--yes"], project);
    const install = await npm(["install", tarball], project);
    if (isOffline(install))
      skip(`npm reaches no registry and its cache lacks a dependency: ${install.stderr.slice(0, 200)}`);
    expect(install).toMatchObject({ code: 0 });
    const script = `const api = await import("gitseal"); process.stdout.write(String(Object.keys(api).length > 0));`;
    const done = await run(project, process.execPath, ["--input-type=module", "-e", script], bareEnvironment(home));
    expect(done).toEqual({ code: 0, stdout: "true", stderr: "" });
  });
});
