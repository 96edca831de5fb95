import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";
import { makeFolder } from "../../support/git-fixture.js";

function append(project: Project, text: string): void {
  const config = join(project.dir, ".secrets/config.yaml");
  writeFileSync(config, readFileSync(config, "utf8") + text);
}

test("an edited config counts once a maintainer's init admits it, which stages it too; a fresh clone then finds the identity that it names", () => {
  const project = makeProject();
  append(project, "  providers:\n    local:\n      masterKey: ${env:TEAM_KEY}\n");
  expect(project.run(["config", "check"])).toMatchObject({
    status: 1,
    stdout: ".secrets/config.yaml is valid; nobody vouches for it, so the defaults are used\n",
  });
  expect(project.run(["set", "app/token", "-"], { stdin: "one" }).stderr).toContain(
    "without a journal entry of a maintainer",
  );
  expect(project.run(["init"]).status).toBe(0);
  expect(project.run(["config", "check"]).status).toBe(0);
  expect(project.repo.run(["diff", "--name-only"])).toBe("");
  expect(project.repo.run(["diff", "--cached", "--name-only"])).toContain(".secrets/config.yaml");
  project.repo.commit("edit the config");
  expect(project.run(["verify", "--worktree"]).status).toBe(0);

  const job = project.colleague();
  const key = readFileSync(join(project.home, ".config/gitseal/identity"), "utf8");
  expect(job.run(["get", "app/token", "--raw"]).status).toBe(4);
  const answer = job.run(["get", "app/token", "--raw"], { env: { TEAM_KEY: key } });
  expect(answer).toMatchObject({ status: 0, stdout: "one" });
});

test("one that is wrong is told of with file, line and column, the scanner's part too, and init does not admit it", () => {
  const project = makeProject();
  append(project, "  expird: warn\nscan:\n  disable: [nobody/knows]\n");
  const { status, stderr, stdout } = project.run(["config", "check"]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("  - .secrets/config.yaml:11:3: secrets has no key 'expird'; did you mean expired?\n");
  expect(stderr).toMatch(/ {2}- \.secrets\/config\.yaml:13:13: scan\.disable\[0\] names no rule/);
  expect(project.run(["config", "show"]).status).toBe(2);
  expect(project.run(["config", "allow"]).status).toBe(2);
  expect(project.run(["init"]).status).toBe(2);
});

describe("a config that a branch brought", () => {
  const project = makeProject();
  append(
    project,
    "  accessControl:\n    defaultPermissions: [read]\n  providers:\n    local: { fileMode: 0640, storePath: old.json }\n",
  );
  project.run(["set", "app/token", "-"], { stdin: "one" });
  const originOf = (key: string): string =>
    new RegExp(`${key} +(\\S+) +(.*)`)
      .exec(project.run(["config", "show", "--origin"]).stdout)
      ?.slice(1, 3)
      .join(" ") ?? "";

  test("is not in force, and show says so", () => {
    expect(project.run(["config", "show"]).stderr).toContain("nobody vouches for it");
    expect(originOf("fileMode")).toBe("0600 default");
  });

  test("is used on the clone that allows it, is shown what that lets in, and no more once it changes", () => {
    const allowed = project.run(["config", "allow"]);
    expect(allowed.status).toBe(0);
    expect(allowed.stdout).toBe(
      "✓ .secrets/config.yaml is allowed on this clone\n" +
        "  secrets.accessControl.defaultPermissions: [read]\n" +
        "  secrets.providers.local.fileMode: 0640\n" +
        "  secrets.providers.local.storePath: old.json\n",
    );
    expect(allowed.stderr).toContain("storePath in the config is not read");
    expect(originOf("fileMode")).toBe("0640 .secrets/config.yaml:14");
    const out = join(makeFolder(), "value");
    expect(project.run(["get", "app/token", "--out", out]).status).toBe(0);
    expect(statSync(out).mode & 0o777).toBe(0o640);
    const added = project.run(["member", "add", "bob", "--generate", "--dry-run", "--json"]);
    expect(JSON.parse(added.stdout)).toMatchObject({ role: "read" });
    append(project, "  # one more line\n");
    expect(originOf("fileMode")).toBe("0600 default");
    expect(project.run(["config", "check", "--json"]).stdout).toContain('"standing": "nobody"');
  });

  test("says what comes from a variable", () => {
    const env = { AZURE_VAULT_URL: "https://v.vault.azure.net", CLAUDE_SECRETS_PROVIDER: "env" };
    const { settings } = JSON.parse(project.run(["config", "show", "--json"], { env }).stdout) as {
      settings: readonly { key: string; origin: string; value: string }[];
    };
    const found = settings.filter(({ origin }) => origin.startsWith("the variable"));
    expect(found.map(({ origin }) => origin)).toEqual([
      "the variable CLAUDE_SECRETS_PROVIDER",
      "the variable AZURE_VAULT_URL",
    ]);
  });
});

test(".claude/config/secrets.yaml is read where .secrets/config.yaml is not there, by the same rules, and init admits it in its place", () => {
  const project = makeProject({ bare: true });
  mkdirSync(join(project.dir, ".claude/config"), { recursive: true });
  const old = join(project.dir, ".claude/config/secrets.yaml");
  writeFileSync(old, "secrets:\n  enableAuditLog: false\n");
  expect(project.run(["init", "--member", "alice"]).status).toBe(0);
  expect(project.repo.run(["ls-files"])).not.toContain(".secrets/config.yaml");
  expect(project.run(["config", "check"]).stdout).toBe(
    ".claude/config/secrets.yaml is valid; a maintainer's journal entry admits it\n",
  );
  writeFileSync(old, "secrets:\n  enableAuditLog: true\n  expired: refuse\n");
  expect(project.run(["config", "check"]).status).toBe(1);
  project.run(["init"]);
  expect(project.repo.run(["diff", "--cached", "--name-only"])).toContain(".claude/config/secrets.yaml");
  writeFileSync(join(project.dir, ".secrets/config.yaml"), "secrets: {}\n");
  expect(project.run(["config", "check"]).stdout).toContain(".secrets/config.yaml is valid; nobody");
});
