import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeOutside, makeProject } from "../../support/cli-fixture.js";

const project = makeProject();
const value = "sk_live_0123456789abcxyz";
project.run(["set", "api-key-stripe", "-", "--tags", "production,stripe,payment", "--expires", "60d"], {
  stdin: "an older value",
  now: "2026-11-01T10:30:00.000Z",
});
project.run(["set", "api-key-stripe", "-"], { stdin: value, now: "2026-11-10T15:45:00.000Z" });
project.run(["set", "short-one", "-"], { stdin: "hunter2" });
project.run(["set", "binary-one", "-"], { stdin: Buffer.from([0xff, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) });

const block = (shown: string): string =>
  [
    "Secret: api-key-stripe",
    "Provider: local",
    "Version: 2",
    `Value: ${shown}`,
    "Created: 2026-11-01T10:30:00Z",
    "Updated: 2026-11-10T15:45:00Z",
    "Scope: global",
    "Tags: payment, production, stripe",
    "Expires: 2027-01-09T15:45:00Z (in 46 days)",
    "",
  ].join("\n");

describe("get", () => {
  test.each([
    [["--raw", "--show-full"], "only one of"],
    [["--raw", "--out", "x"], "only one of"],
    [["--raw", "--json"], "--json cannot go with it"],
    [["--force"], "--force goes with --out"],
    [["--version", "0"], "a version is a number"],
    [["--version", "latests"], "a version is a number"],
    [["--provider", "vault"], "--provider is one of local, env, azure-keyvault"],
    [["--provider", "azure-keyvault"], "not configured"],
    [["--version"], "--version needs a value"],
    [["more"], "takes only <name>"],
  ])("with %j is a mistake of usage", (args, message) => {
    const { status, stdout, stderr } = project.run(["get", "api-key-stripe", ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain(value);
  });

  test("of a version that is not there is exit 3, also without --required", () => {
    expect(project.run(["get", "api-key-stripe", "--version", "7"])).toEqual({
      status: 3,
      stdout: "",
      stderr: "error: api-key-stripe has no such version; it has 1 to 2\nhint: run: secrets history api-key-stripe\n",
    });
  });

  test("shows the block of the specification, the value masked but for three characters", () => {
    expect(project.run(["get", "api-key-stripe"])).toEqual({
      status: 0,
      stdout: block(`${"*".repeat(20)}xyz`),
      stderr: "",
    });
  });

  test("shows nothing of a short or binary value", () => {
    for (const name of ["short-one", "binary-one"])
      expect(project.run(["get", name]).stdout).toContain(`\nValue: ${"*".repeat(20)}\n`);
  });

  test("shows the whole value with --show-full, and what is no text in base64", () => {
    expect(project.run(["get", "api-key-stripe", "--show-full"])).toEqual({
      status: 0,
      stdout: block(value),
      stderr: "",
    });
    expect(project.run(["get", "binary-one", "--show-full"]).stdout).toContain("\nValue (base64): /wABAgMEBQYHCAkK\n");
  });

  test("--raw prints the value and nothing else", () => {
    expect(project.run(["get", "api-key-stripe", "--raw"])).toEqual({ status: 0, stdout: value, stderr: "" });
  });

  test.each([
    ["1", "an older value"],
    ["2", value],
    ["current", value],
    ["latest", value],
    ["previous", "an older value"],
  ])("--version %s gives that version", (version, expected) => {
    expect(project.run(["get", "api-key-stripe", "--raw", "--version", version])).toEqual({
      status: 0,
      stdout: expected,
      stderr: "",
    });
  });

  test("a version in its grace says so, and one past it is refused with 9", () => {
    expect(project.run(["get", "api-key-stripe", "--version", "1"]).stdout).toContain("\nVersion: 1 (grace)\n");
    const late = project.run(["get", "api-key-stripe", "--version", "1", "--raw"], { now: "2026-12-11T00:00:00.000Z" });
    expect({ status: late.status, stdout: late.stdout }).toEqual({ status: 9, stdout: "" });
    expect(late.stderr).toMatch(/^error: version 1 of api-key-stripe expired 2026-12-10T15:45:00Z\n/);
  });

  test("a current version near or past its end comes with a warning that --quiet hides", () => {
    const near = { now: "2027-01-05T00:00:00.000Z" };
    expect(project.run(["get", "api-key-stripe", "--raw"], near)).toEqual({
      status: 0,
      stdout: value,
      stderr: "warning: version 2 of api-key-stripe expires in 4 days\n",
    });
    expect(project.run(["get", "api-key-stripe", "--raw", "--quiet"], near).stderr).toBe("");
    const past = project.run(["get", "api-key-stripe"], { now: "2027-02-01T00:00:00.000Z" });
    expect(past.status).toBe(0);
    expect(past.stdout).toContain("Version: 2 (expired)\n");
    expect(past.stderr).toContain("rotate it: secrets rotate api-key-stripe");
  });

  test("--json holds the value only with --show-full", () => {
    const plain = project.run(["get", "api-key-stripe", "--json"]);
    expect({ status: plain.status, stderr: plain.stderr }).toEqual({ status: 0, stderr: "" });
    const facts: unknown = JSON.parse(plain.stdout);
    const vid = (facts as { vid: string }).vid;
    expect(facts).toEqual({
      name: "api-key-stripe",
      provider: "local",
      version: 2,
      vid,
      state: "current",
      created: "2026-11-01T10:30:00.000Z",
      updated: "2026-11-10T15:45:00.000Z",
      scope: "global",
      tags: ["payment", "production", "stripe"],
      expires: "2027-01-09T15:45:00.000Z",
    });
    expect(vid).toMatch(/^[0-9a-f]{16}$/);
    const full: unknown = JSON.parse(project.run(["get", "api-key-stripe", "--json", "--show-full"]).stdout);
    expect(full).toEqual({ ...(facts as object), encoding: "utf8", value });
    expect(JSON.parse(project.run(["get", "binary-one", "--json", "--show-full"]).stdout)).toMatchObject({
      encoding: "base64",
      value: "/wABAgMEBQYHCAkK",
    });
  });

  test("with --json an error is one object on stderr, and a warning is one too", () => {
    const { status, stdout, stderr } = project.run(["get", "not-there", "--json", "--required"]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    expect(JSON.parse(stderr)).toEqual({
      code: "secret/not-found",
      exit: 3,
      message: "no secret of that name",
      hint: "see what there is: secrets list",
    });
    const warned = project.run(["get", "api-key-stripe", "--json"], { now: "2027-01-05T00:00:00.000Z" });
    expect(JSON.parse(warned.stderr)).toEqual({ warning: "version 2 of api-key-stripe expires in 4 days" });
  });

  test("without an identity of a member says what to do, and gives nothing", () => {
    project.repo.commit("Store secrets");
    const bob = project.colleague();
    const none = bob.run(["get", "api-key-stripe", "--raw"]);
    expect({ status: none.status, stdout: none.stdout }).toEqual({ status: 4, stdout: "" });
    expect(none.stderr).toContain("hint: run: secrets init\n");
    expect(bob.run(["init"]).status).toBe(0);
    const unfit = bob.run(["get", "api-key-stripe", "--raw"]);
    expect({ status: unfit.status, stdout: unfit.stdout }).toEqual({ status: 4, stdout: "" });
    expect(unfit.stderr).toMatch(
      /its members are alice\nhint: ask an admin of them to run: secrets member add NAME 'age1[a-z0-9]+\/AAAA[^']+'\n$/,
    );
  });
});

describe("a value that aims at the terminal", () => {
  test("is shown harmless, line by line, and its bytes are left to --raw", () => {
    const bytes = "first\n\u001b[2J\u202e\u009bsecond\r\n";
    project.run(["set", "hostile-value", "-"], { stdin: bytes });
    const { status, stdout, stderr } = project.run(["get", "hostile-value", "--show-full"]);
    expect(status).toBe(0);
    expect(stdout).toContain("\nValue:\n  first\n  \\u{1b}[2J\\u{202e}\\u{9b}second\\u{d}\n  \nCreated:");
    expect(stderr).toBe("characters that a terminal would obey are shown as \\u{…}; --raw gives the value as it is\n");
    expect(project.run(["get", "hostile-value", "--raw"]).stdout).toBe(bytes);
  });
});

describe("get --out", () => {
  const outside = makeOutside();
  const file = join(outside, "key");

  test("writes a new file that only its owner can read, and says so", () => {
    expect(project.run(["get", "api-key-stripe", "--out", file])).toEqual({
      status: 0,
      stdout: `✓ Secret 'api-key-stripe' written to ${file}\n  Version: 2\n`,
      stderr: "",
    });
    expect(readFileSync(file, "utf8")).toBe(value);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("refuses to replace a file unless --force, which also takes rights of others away", () => {
    writeFileSync(file, "mine", { mode: 0o644 });
    const { status, stdout, stderr } = project.run(["get", "api-key-stripe", "--out", file]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("exists already\nhint: use --force to replace it\n");
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect(project.run(["get", "api-key-stripe", "--out", file, "--force", "--json"])).toMatchObject({
      status: 0,
      stderr: "",
    });
    expect(readFileSync(file, "utf8")).toBe(value);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("refuses links, folders and devices even with --force", () => {
    const link = join(outside, "link");
    symlinkSync(file, link);
    for (const path of [link, outside, "/dev/null"]) {
      const { status, stdout, stderr } = project.run(["get", "api-key-stripe", "--out", path, "--force"]);
      expect({ path, status, stdout }).toEqual({ path, status: 2, stdout: "" });
      expect(stderr).toContain("is no plain file");
    }
  });

  test("refuses what git could commit, and writes what it ignores, or keeps in .git", () => {
    mkdirSync(join(project.dir, "sub"));
    const refused = project.run(["get", "api-key-stripe", "--out", "key"], { cwd: join(project.dir, "sub") });
    expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status: 2, stdout: "" });
    expect(refused.stderr).toContain("the value could be committed");
    expect(existsSync(join(project.dir, "sub", "key"))).toBe(false);
    project.repo.write(".gitignore", "*.local\n");
    expect(project.run(["get", "short-one", "--out", "sub/key.local"]).status).toBe(0);
    expect(project.run(["get", "short-one", "--out", ".git/key"]).status).toBe(0);
    project.repo.remove("sub/key.local");
    project.repo.remove(".git/key");
  });

  test("into a folder that is not there fails before or after nothing was left", () => {
    const { status, stdout, stderr } = project.run(["get", "api-key-stripe", "--out", join(outside, "no", "key")]);
    expect({ status, stdout }).toEqual({ status: 6, stdout: "" });
    expect(stderr).toMatch(/^error: cannot write '.+' \(ENOENT\)\n$/);
  });
});

test("the value is nowhere in the repository", () => {
  expect(project.findPlaintext(value)).toEqual([]);
});
