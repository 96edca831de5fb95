import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeProject, prepare, sceneOf, type Project, type RunOptions } from "../../support/cli-fixture.js";
import { makeFolder } from "../../support/git-fixture.js";

const keyFile = (project: Project): string => join(project.home, ".config/gitseal/identity");

const made = sceneOf(() => {
  const project = makeProject();
  prepare(project, ["set", "app/token", "-"], { stdin: "value" });
  return project;
});

function expectRefused(project: Project, says: string, options: RunOptions = {}, exit = 4): string {
  let last = "";
  for (const args of [
    ["get", "app/token", "--raw"],
    ["set", "app/token", "-"],
  ]) {
    const answer = project.run(args, { stdin: "other", ...options });
    expect(answer, `in: ${answer.stderr}`).toMatchObject({ status: exit, stdout: "" });
    expect(answer.stderr).toContain(says);
    last = answer.stderr;
  }
  return last;
}

const identityIn = (project: Project): string =>
  readFileSync(keyFile(project), "utf8")
    .split("\n")
    .find((line) => line.startsWith("AGE-SECRET-KEY-")) ?? "";

test("without an identity a value is refused with 4 and the way to one; what needs no key still works", () => {
  const project = made();
  rmSync(keyFile(project));
  expect(expectRefused(project, "you have no identity")).toContain("hint: run: secrets init");
  for (const args of [["list", "--names"], ["history", "app/token"], ["verify"], ["audit"]])
    expect(project.run(args).status, `in: ${args.join(" ")}`).toBe(0);
});

test("an identity file that others may read is refused until its mode is mended", () => {
  const project = made();
  for (const mode of [0o644, 0o640, 0o604]) {
    chmodSync(keyFile(project), mode);
    expect(expectRefused(project, `mode 0${mode.toString(8)}`)).toContain("chmod 600");
  }
  chmodSync(keyFile(project), 0o400);
  expect(project.run(["get", "app/token", "--raw"]).stdout).toBe("value");
});

test("an identity file that holds rubbish, nothing, two keys or half a key is refused, and none of it is shown", () => {
  const project = made();
  const key = identityIn(project);
  const wrong = [
    "",
    "\n",
    "hello\n",
    "\0\u0001\u0002",
    `${key.slice(0, -1)}\n`,
    `${key}\n${key}\n`,
    `${key}x\n`,
    `${key.toLowerCase()}\n`,
    `# comment only\n`,
    "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
  ];
  for (const text of wrong) {
    writeFileSync(keyFile(project), text, { mode: 0o600 });
    const said = expectRefused(project, "");
    expect(said).not.toContain(key.slice(20, 40));
    expect(said).not.toContain("hello");
  }
  rmSync(keyFile(project));
  mkdirSync(keyFile(project));
  expectRefused(project, keyFile(project), {}, 6);
});

test("a very large identity file is refused by its size", () => {
  const project = made();
  writeFileSync(keyFile(project), "#".repeat(100_000), { mode: 0o600 });
  expect(expectRefused(project, "the limit is", {}, 2)).toContain(keyFile(project));
});

test("the identity may come from CLAUDE_SECRETS_MASTER_KEY or SECRETS_IDENTITY, which come before the file", () => {
  const project = made();
  const key = identityIn(project);
  rmSync(keyFile(project));
  for (const name of ["CLAUDE_SECRETS_MASTER_KEY", "SECRETS_IDENTITY"]) {
    expect(project.run(["get", "app/token", "--raw"], { env: { [name]: key } })).toMatchObject({
      status: 0,
      stdout: "value",
    });
    expect(project.run(["get", "app/token", "--raw"], { env: { [name]: `# a comment\n${key}\n` } })).toMatchObject({
      status: 0,
      stdout: "value",
    });
    const wrong = project.run(["get", "app/token", "--raw"], { env: { [name]: key.slice(0, -1) } });
    expect(wrong).toMatchObject({ status: 4, stdout: "" });
    expect(wrong.stderr).not.toContain(key.slice(20, 40));
  }
});

test("a passphrase in CLAUDE_SECRETS_MASTER_KEY opens the wrapped identity; a wrong one says so and is not shown", () => {
  const project = made();
  const added = project.run(["member", "add", "ci", "--kind", "ci", "--wrapped", "--json"]);
  expect(added.status, `in: ${added.stderr}`).toBe(0);
  const { handOut } = JSON.parse(added.stdout) as { readonly handOut: { readonly text: string } };
  expect(project.run(["rekey"]).status).toBe(0);
  rmSync(keyFile(project));
  expect(
    project.run(["get", "app/token", "--raw"], { env: { CLAUDE_SECRETS_MASTER_KEY: handOut.text } }),
  ).toMatchObject({ status: 0, stdout: "value" });
  const wrong = expectRefused(project, "opens no wrapped identity", {
    env: { CLAUDE_SECRETS_MASTER_KEY: "correct horse battery staple" },
  });
  expect(wrong).not.toContain("correct horse");
});

function sshKey(...options: readonly string[]): string {
  const path = join(makeFolder(), "key");
  const keygen = spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-C", "tester", "-f", path, ...options]);
  if (keygen.status !== 0) throw new Error(`ssh-keygen exited ${keygen.status}`);
  return path;
}

test("an OpenSSH Ed25519 key file is an identity, for init and for a member that is added by its public half", () => {
  const project = made();
  const path = sshKey("-N", "");
  const env = { SECRETS_IDENTITY_FILE: path };
  expectRefused(project, "is no member's of this repository", { env });
  expect(project.run(["member", "add", "bob", readFileSync(`${path}.pub`, "utf8")]).status).toBe(0);
  expect(project.run(["rekey"]).status).toBe(0);
  expect(project.run(["get", "app/token", "--raw"], { env })).toMatchObject({ status: 0, stdout: "value" });
  expect(project.run(["set", "app/token", "-"], { env, stdin: "bob's" }).status).toBe(0);
  expect(project.run(["get", "app/token", "--raw"]).stdout).toBe("bob's");
  expect(project.run(["verify"]).status).toBe(0);

  const own = makeProject({ bare: true });
  expect(own.run(["init", "--member", "alice"], { env })).toMatchObject({ status: 0 });
  expect(own.run(["set", "app/token", "-"], { env, stdin: "v" }).status).toBe(0);
  expect(own.run(["get", "app/token", "--raw"], { env }).stdout).toBe("v");
});

test("an OpenSSH key under a passphrase, and one of another kind, are refused clearly", () => {
  const project = made();
  expectRefused(project, "SSH keys under a passphrase are not supported", {
    env: { SECRETS_IDENTITY_FILE: sshKey("-N", "long enough") },
  });
  const ecdsa = join(makeFolder(), "ecdsa");
  expect(spawnSync("ssh-keygen", ["-q", "-t", "ecdsa", "-N", "", "-f", ecdsa]).status).toBe(0);
  expectRefused(project, "only ssh-ed25519 can be an identity", { env: { SECRETS_IDENTITY_FILE: ecdsa } });
});

test("somebody who is no member is told who is, and what to send to an admin", () => {
  const project = made();
  project.repo.commit("secrets");
  const stranger = project.colleague();
  const joined = stranger.run(["init"]);
  expect(joined.status, `in: ${joined.stderr}`).toBe(0);
  const said = expectRefused(stranger, "is no member's of this repository; its members are alice");
  expect(said).toContain("secrets member add");
  expect(stranger.run(["list", "--names"])).toMatchObject({ status: 0, stdout: "app/token\n" });
  expect(stranger.run(["verify"]).status).toBe(0);
});
