import { describe, expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";

const project = makeProject();
const canary = "canary-1c5e0042";
for (const name of ["team-key", "ci/deploy-key"]) project.run(["set", name, "-"], { stdin: canary });
project.run(["set", "agent-key", "-", "--scope", "agent"], { stdin: canary });
project.repo.commit("Store");

const members = (of: Project): readonly Record<string, unknown>[] =>
  (JSON.parse(of.run(["member", "list", "--json"]).stdout) as { members: Record<string, unknown>[] }).members;

describe("member add", () => {
  test.each([
    [["bob"], "give the newcomer's public card, or one of --generate and --wrapped"],
    [["bob", "--generate", "--wrapped"], "give the newcomer's public card"],
    [["bob", "not-a-card"], "not a public card"],
    [["Bob", "--generate"], "a member's id is"],
    [["bob", "--generate", "--role", "owner"], "--role is one of read, write, maintain, admin"],
    [["bob", "--generate", "--kind", "robot"], "--kind is one of human, ci, agent"],
    [["bob", "--generate", "--kind", "ci", "--role", "admin"], "only a human can be an admin"],
    [["bob", "--generate", "--scopes", "team"], "--scopes is a list of"],
    [["bob", "--generate", "--names", "CI/*"], "--names is a list of"],
    [["bob", "--generate", "--label", "a\u202eb"], "--label is"],
  ])("%j is a mistake of usage", (args, message) => {
    const { status, stdout, stderr } = project.run(["member", "add", ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  test("of somebody who is there already is refused", () => {
    const card = project.run(["member", "show"]).stdout.trim();
    expect(project.run(["member", "add", "alice", "--generate"])).toMatchObject({ status: 7, stdout: "" });
    const twice = project.run(["member", "add", "alice-two", card]);
    expect({ status: twice.status, stdout: twice.stdout }).toEqual({ status: 7, stdout: "" });
    expect(twice.stderr).toContain("this key is alice's already");
  });

  test("a dry run hands out nothing and writes nothing", () => {
    const before = project.snapshot();
    const { status, stdout, stderr } = project.run(["member", "add", "ci-prod", "--generate", "--dry-run"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Dry run, nothing was written: 'ci-prod' would become a member by trust root 2\nWould write:\n {2}\.secrets\/trust\/0002\/[0-9a-f]{64}\.sig\n {2}\.secrets\/trust\/0002\.root\n$/,
    );
    expect(stdout).not.toContain("AGE-SECRET-KEY");
    expect(JSON.parse(project.run(["member", "add", "ci-prod", "--generate", "-n", "--json"]).stdout)).toMatchObject({
      handOut: null,
      dryRun: true,
    });
    expect(project.changedSince(before)).toEqual([]);
  });

  test("--generate prints the new identity once, and the new member acts with it after rekey", () => {
    const options = ["--kind", "ci", "--scopes", "global,plugin", "--names", "ci/*", "--label", "Deploy job"];
    const { status, stdout, stderr } = project.run(["member", "add", "ci-prod", "--generate", ...options]);
    expect(status).toBe(0);
    const key = /^AGE-SECRET-KEY-1[A-Z0-9]+$/m.exec(stdout)?.[0] ?? "";
    expect(stdout).toBe(
      "✓ Member 'ci-prod' added in trust root 2\n  Kind: ci\n  Role: read\n  Scopes: global, plugin\n  Names: ci/*\n" +
        `  Fingerprint: ${String(members(project).find(({ id }) => id === "ci-prod")?.["fingerprint"])}\n\n` +
        `Identity, shown this once; hand it over where nobody else can see it:\n${key}\n`,
    );
    expect(stderr).toContain("  secrets rekey");
    expect(stderr).toContain('  git commit -m "Add member ci-prod"\n');
    const env = { CLAUDE_SECRETS_MASTER_KEY: key };
    const early = project.run(["get", "ci/deploy-key", "--raw"], { env });
    expect({ status: early.status, stdout: early.stdout }).toEqual({ status: 4, stdout: "" });
    expect(early.stderr).toContain("you are ci-prod; its readers are alice");

    expect(project.run(["rekey"])).toEqual({
      status: 0,
      stdout: "✓ 1 of 3 secrets rekeyed\n  ci/deploy-key: +ci-prod\n",
      stderr: "",
    });
    expect(project.run(["get", "ci/deploy-key", "--raw"], { env })).toEqual({ status: 0, stdout: canary, stderr: "" });
    expect(project.run(["get", "team-key", "--raw"], { env })).toMatchObject({ status: 4, stdout: "" });
    expect(project.run(["set", "ci/deploy-key", "-"], { env, stdin: "x" })).toMatchObject({ status: 4, stdout: "" });
    expect(project.findPlaintext(key)).toEqual([]);
  });

  test("--wrapped prints a passphrase once, which opens in place of a key", () => {
    const answer = project.run([
      "member",
      "add",
      "agent-b",
      "--kind",
      "agent",
      "--wrapped",
      "--scopes",
      "agent",
      "--role",
      "write",
      "--json",
    ]);
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    const { handOut } = JSON.parse(answer.stdout) as { handOut: { kind: string; text: string } };
    expect(handOut.kind).toBe("passphrase");
    expect(project.run(["rekey", "agent-*"])).toMatchObject({
      status: 0,
      stdout: "✓ 1 of 1 secret rekeyed\n  agent-key: +agent-b\n",
    });
    const env = { CLAUDE_SECRETS_MASTER_KEY: handOut.text };
    expect(project.run(["get", "agent-key", "--raw"], { env })).toEqual({ status: 0, stdout: canary, stderr: "" });
    const wrong = project.run(["get", "agent-key", "--raw"], {
      env: { CLAUDE_SECRETS_MASTER_KEY: "not the passphrase" },
    });
    expect({ status: wrong.status, stdout: wrong.stdout }).toEqual({ status: 4, stdout: "" });
    expect(wrong.stderr).not.toContain("not the passphrase");
    expect(project.findPlaintext(handOut.text)).toEqual([]);
  });

  test("is for admins only", () => {
    project.repo.commit("Add members");
    const bob = project.colleague();
    const card = /'(.+)'/.exec(bob.run(["init"]).stdout)?.[1] ?? "";
    project.run(["member", "add", "bob", card, "--role", "maintain"]);
    project.repo.commit("Add bob");
    bob.repo.run(["pull", "-q"]);
    const { status, stdout, stderr } = bob.run(["member", "add", "eve", "--generate"]);
    expect({ status, stdout }).toEqual({ status: 4, stdout: "" });
    expect(stderr).toBe("error: you are bob, and only an admin may add members\nhint: ask one of alice\n");
  });
});

describe("member list and show", () => {
  test("list shows everybody, and which is you", () => {
    const { status, stdout, stderr } = project.run(["member", "list"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    const print = expect.stringMatching(/^SHA256:/) as string;
    expect(lines.slice(0, 7)).toEqual([
      ["Members (4 total):"],
      [""],
      ["Id", "Kind", "Role", "Scopes", "Fingerprint", "You"],
      ["agent-b", "agent", "write", "agent", print],
      ["alice", "human", "admin", "agent, global, plugin, user", print, "✓"],
      ["bob", "human", "maintain", "agent, global, plugin, user", print],
      ["ci-prod", "ci", "read", "global, plugin", print],
    ]);
    expect(lines.at(-1)?.[0]).toMatch(/^Trust root: 4:[0-9a-f]{64}$/);
  });

  test("list --json and whoever has no identity see the same", () => {
    const json: unknown = JSON.parse(
      project.run(["member", "list", "--json"], { env: { XDG_CONFIG_HOME: "/nonexistent" } }).stdout,
    );
    expect(json).toMatchObject({ root: expect.stringMatching(/^4:[0-9a-f]{64}$/) as string, threshold: 1 });
    expect((json as { members: unknown[] }).members[1]).toMatchObject({
      id: "alice",
      isYou: false,
      isWrapped: false,
      names: ["*"],
    });
  });

  test("show describes a member, and says who there is for one that is not", () => {
    const { status, stdout, stderr } = project.run(["member", "show", "ci-prod"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Member: ci-prod\nLabel: Deploy job\nKind: ci\nRole: read\nScopes: global, plugin\nNames: ci\/\*\nRecipient: age1[a-z0-9]+\nFingerprint: SHA256:.+\nWrapped: no\n$/,
    );
    expect(project.run(["member", "show", "eve"])).toEqual({
      status: 3,
      stdout: "",
      stderr: "error: no member of that id\nhint: there are agent-b, alice, bob, ci-prod\n",
    });
  });

  test("show without an id prints the card alone; --json tells where the identity is", () => {
    const { status, stdout, stderr } = project.run(["member", "show"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^age1[a-z0-9]+\/AAAA[A-Za-z0-9+/=]+\n$/);
    expect(JSON.parse(project.run(["member", "show", "--json"]).stdout)).toMatchObject({
      card: stdout.trim(),
      origin: expect.stringContaining("identity") as string,
    });
  });
});

describe("rekey", () => {
  test("a dry run writes nothing", () => {
    const before = project.snapshot();
    const { status, stdout, stderr } = project.run(["rekey", "-n"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Dry run, nothing was written: 3 of 3 secrets would be rekeyed\nWould write:\n {2}\.secrets\/store\//,
    );
    expect(project.changedSince(before)).toEqual([]);
  });

  test("needs a name that means a secret", () => {
    expect(project.run(["rekey", "zzz*"])).toEqual({
      status: 3,
      stdout: "",
      stderr: "error: no secret is meant by the names given\nhint: see what there is: secrets list\n",
    });
    expect(project.run(["rekey", "Not-A-Pattern"])).toMatchObject({ status: 2, stdout: "" });
  });

  test("is for maintainers only", () => {
    const key =
      /^AGE-SECRET-KEY-1[A-Z0-9]+$/m.exec(project.run(["member", "add", "writer", "--generate"]).stdout)?.[0] ?? "";
    const { status, stdout, stderr } = project.run(["rekey"], { env: { CLAUDE_SECRETS_MASTER_KEY: key } });
    expect({ status, stdout }).toEqual({ status: 4, stdout: "" });
    expect(stderr).toContain("rekey needs the role maintain");
  });

  test("names what it cannot open, and exits 1", () => {
    project.repo.commit("Add writer");
    const carol = project.colleague();
    const card = /'(.+)'/.exec(carol.run(["init"]).stdout)?.[1] ?? "";
    project.run(["member", "add", "carol", card, "--role", "maintain"]);
    project.repo.commit("Add carol");
    carol.repo.run(["pull", "-q"]);
    const { status, stdout, stderr } = carol.run(["rekey", "team-key"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toBe(
      "warning: team-key is skipped: you cannot open it\nhint: ask one of its readers to run: secrets rekey team-key\n",
    );
    expect(JSON.parse(carol.run(["rekey", "--json", "--quiet"]).stdout)).toMatchObject({
      looked: 3,
      rekeyed: [],
      dryRun: false,
    });
  });

  test("says when everybody has what they should", () => {
    expect(project.run(["rekey"])).toMatchObject({ status: 0, stderr: "" });
    expect(project.run(["rekey"])).toEqual({
      status: 0,
      stdout: "✓ Nothing to rekey: the readers of 3 secrets are as they should be\n",
      stderr: "",
    });
  });
});

test("the value is nowhere in the repository", () => {
  expect(project.findPlaintext(canary)).toEqual([]);
});
