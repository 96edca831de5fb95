import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeOutside, makeProject } from "../../support/cli-fixture.js";

const identityOf = (home: string): string => join(home, ".config/gitseal/identity");

describe("init of a new store", () => {
  test("in no repository, or with a bad option, makes nothing", () => {
    const project = makeProject({ bare: true });
    const outside = project.run(["init"], { cwd: makeOutside() });
    expect({ status: outside.status, stdout: outside.stdout }).toEqual({ status: 2, stdout: "" });
    expect(outside.stderr).toContain("git init");
    for (const args of [["--member", "Not An Id"], ["--audit", "everywhere"], ["more"]])
      expect(project.run(["init", ...args])).toMatchObject({ status: 2, stdout: "" });
    expect(existsSync(identityOf(project.home))).toBe(false);
    expect(project.repo.status()).toBe("");
  });

  test("makes identity, trust root, config and attributes, stages them, and says what is next", () => {
    const project = makeProject({ bare: true });
    const { status, stdout, stderr } = project.run(["init", "--member", "alice"]);
    expect(status).toBe(0);
    const identity = identityOf(project.home);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.slice(0, 5)).toEqual([
      "✓ Secrets are set up in this repository",
      "  Member: alice",
      `  Identity: ${identity} (new)`,
      expect.stringMatching(/^ {2}Fingerprint: SHA256:[A-Za-z0-9+/]{43}$/),
      "  Reads: sealed",
    ]);
    const staged = lines.slice(5).map((line) => line.replace("  Staged: ", ""));
    expect(project.repo.run(["diff", "--cached", "--name-only"]).trimEnd().split("\n").toSorted()).toEqual(
      staged.toSorted(),
    );
    expect(staged).toEqual(
      expect.arrayContaining([".gitattributes", ".secrets/config.yaml", ".secrets/trust/0001.root"]),
    );
    expect(statSync(identity).mode & 0o777).toBe(0o600);
    expect(stderr).toContain('\nNext:\n  git commit -m "Set up secrets"\n');
    expect(stderr).toContain(`Back up ${identity}`);
    expect(stderr).toContain("A colleague joins with: secrets init");
    expect(stdout + stderr).not.toContain("AGE-SECRET-KEY");
    expect(project.findPlaintext("AGE-SECRET-KEY-1")).toEqual([]);
  });

  test("names the member after git's user.name", () => {
    const project = makeProject({ bare: true });
    project.repo.run(["config", "user.name", "Ada  Élise O'Hara"]);
    expect(project.run(["init", "--quiet"])).toMatchObject({ status: 0, stderr: "" });
    const { stdout } = project.run(["member", "list", "--json"]);
    expect((JSON.parse(stdout) as { members: { id: string }[] }).members.map(({ id }) => id)).toEqual([
      "ada-e-lise-o-hara",
    ]);
  });

  test.each(["sealed", "local", "off"])("--audit %s is written into the config", (audit) => {
    const project = makeProject({ bare: true });
    const { status, stdout } = project.run(["init", "--audit", audit, "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "founded", audit, isNewIdentity: true });
    expect(project.repo.read(".secrets/config.yaml")).toContain(`access: ${audit}\n`);
  });

  test("takes an identity from the environment and makes none", () => {
    const other = makeProject();
    const key = /^AGE-SECRET-KEY-1.+$/m.exec(readFileSync(identityOf(other.home), "utf8"))?.[0] ?? "";
    const project = makeProject({ bare: true });
    const { status, stdout } = project.run(["init"], { env: { CLAUDE_SECRETS_MASTER_KEY: key } });
    expect(status).toBe(0);
    expect(stdout).toContain("  Identity: CLAUDE_SECRETS_MASTER_KEY\n");
    expect(existsSync(identityOf(project.home))).toBe(false);
  });
});

describe("init on a terminal", () => {
  test.each([
    ["yes", "local"],
    ["no", "sealed"],
  ])("says why a public repository keeps reads on the machine; %s means %s", async (answer, audit) => {
    const project = makeProject({ bare: true });
    const { status, stdout } = await project.runTty(["init", "--no-hooks"], [["(yes/no): ", `${answer}\n`]]);
    expect(status).toBe(0);
    expect(stdout).toContain("Every read of a secret is recorded.");
    expect(stdout).toContain("Can people outside of the team read this repository? (yes/no): ");
    expect(project.repo.read(".secrets/config.yaml")).toContain(`access: ${audit}\n`);
  });

  test("asks nothing when --audit says it, or when there is a store already", async () => {
    const project = makeProject({ bare: true });
    for (const args of [
      ["init", "--no-hooks", "--audit", "off"],
      ["init", "--no-hooks"],
    ]) {
      const { status, stdout } = await project.runTty(args);
      expect(status).toBe(0);
      expect(stdout).not.toContain("(yes/no)");
    }
  });
});

function hookOf(dir: string): string {
  return join(dir, ".git/hooks/pre-commit");
}

describe("init and the git hooks", () => {
  test("without a terminal it installs none and says how; --no-hooks says nothing", () => {
    const project = makeProject({ bare: true });
    expect(project.run(["init"]).stderr).toContain("secrets hooks install\n");
    expect(existsSync(hookOf(project.dir))).toBe(false);
    const other = makeProject({ bare: true });
    expect(other.run(["init", "--no-hooks"]).stderr).not.toContain("hooks");
  });

  test("--hooks installs them, and the answer tells", () => {
    const project = makeProject({ bare: true });
    const { status, stdout } = project.run(["init", "--hooks", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ hooks: { manager: null, todo: [] } });
    expect(existsSync(hookOf(project.dir))).toBe(true);
    expect(JSON.parse(project.run(["init", "--json"]).stdout)).toMatchObject({ hooks: null });
  });

  test("where a manager owns them it says whose file needs lines, and changes none", () => {
    const project = makeProject({ bare: true });
    project.repo.write("lefthook.yml", "pre-push:\n");
    expect(project.run(["init", "--hooks"]).stderr).toContain("need lines in lefthook.yml");
    expect(project.repo.read("lefthook.yml")).toBe("pre-push:\n");
  });

  test.each([
    ["yes", true],
    ["no", false],
  ])("on a terminal it asks; %s means %s", async (answer, isThere) => {
    const project = makeProject({ bare: true });
    const asked = [["before they are committed or pushed? (yes/no): ", `${answer}\n`]] as const;
    expect(await project.runTty(["init", "--audit", "sealed"], asked)).toMatchObject({ status: 0 });
    expect(existsSync(hookOf(project.dir))).toBe(isThere);
  });
});

describe("init again", () => {
  test("changes nothing where nothing is missing", () => {
    const project = makeProject();
    const before = project.snapshot();
    const { status, stdout, stderr } = project.run(["init"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^✓ Nothing to do: secrets are set up here\n {2}Member: alice\n/);
    expect(project.changedSince(before)).toEqual([]);
  });

  test("mends what is missing and keeps the rest", () => {
    const project = makeProject();
    rmSync(join(project.dir, ".gitattributes"));
    const { status, stdout, stderr } = project.run(["init"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^✓ Mended what was missing\n/);
    expect(stdout).toContain("  Staged: .gitattributes\n");
    expect(project.repo.read(".gitattributes")).toContain(".secrets");
  });
});

describe("init of a newcomer", () => {
  test("makes an identity and prints the line for an admin, alone on stdout; the admin pastes it", () => {
    const project = makeProject();
    project.run(["set", "team-key", "-"], { stdin: "canary-aa" });
    project.repo.commit("Store");
    const bob = project.colleague();
    const { status, stdout, stderr } = bob.run(["init", "--member", "bob"]);
    expect(status).toBe(0);
    expect(stderr).toContain(`Your identity is made: ${identityOf(bob.home)}\n`);
    expect(bob.repo.status()).toBe("");
    const [, card = ""] = /^secrets member add bob '(age1[a-z0-9]+\/AAAA[A-Za-z0-9+/=]+)'\n$/.exec(stdout) ?? [];
    expect(card).not.toBe("");
    expect(bob.run(["init"]).stdout).toBe(`secrets member add NAME '${card}'\n`);
    expect(bob.run(["member", "show"])).toEqual({ status: 0, stdout: `${card}\n`, stderr: "" });

    expect(project.run(["member", "add", "bob", card])).toMatchObject({ status: 0 });
    expect(project.run(["rekey"])).toMatchObject({ status: 0, stdout: "✓ 1 of 1 secret rekeyed\n  team-key: +bob\n" });
    project.repo.commit("Add bob");
    bob.repo.run(["pull", "-q"]);
    expect(bob.run(["get", "team-key", "--raw"])).toEqual({ status: 0, stdout: "canary-aa", stderr: "" });
    expect(bob.run(["init"]).stdout).toMatch(/^✓ Nothing to do/);
  });
});
