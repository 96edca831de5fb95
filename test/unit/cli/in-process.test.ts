// Most commands from their arguments to their answers, in this process and on a real repository. What each promises is held by
// test/e2e, which runs the built program; what no test in one process runs, the measure of coverage cannot see.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../../../src/cli/main.js";
import { copyScene } from "../../support/copied-scene.js";
import { makeFolder, makeRepo, openRepo, type GitRepo } from "../../support/git-fixture.js";
import { madeUpToken } from "../../support/leaks.js";
import { fakeContext } from "./fake-context.js";

interface Someone {
  readonly repo: GitRepo;
  readonly home: string;
  /** What the clock shows, 0:00 of the day of the tests when left out. */
  readonly now?: number;
}

interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function secrets({ repo, home, now }: Someone, args: readonly string[], input = ""): Promise<Said> {
  const env = { ...repo.env, HOME: home, XDG_CONFIG_HOME: join(home, ".config"), USER: "tester" };
  const fake = fakeContext({ env, cwd: repo.dir });
  const context = {
    ...fake,
    randomBytes: (length: number) => randomBytes(length),
    now: now === undefined ? fake.now : () => now,
  };
  context.input.end(input);
  const status = await main(args, context);
  return { status, out: context.out(), err: context.err() };
}

const value = "canary-of-one-process-7731";

async function setUp(): Promise<Someone> {
  const someone = { repo: makeRepo(), home: makeFolder() };
  for (const [args, input] of [
    [["init", "--member", "alice"], ""],
    [["set", "app/token", "-", "--tags", "a,b", "--expires", "20d"], value],
    [["set", "app/other", "--generate"], ""],
  ] as const) {
    const { status, err } = await secrets(someone, args, input);
    if (status !== 0) throw new Error(err);
  }
  someone.repo.commit("Keep two secrets");
  const { status, err } = await secrets(someone, ["rotate", "app/token", "-", "--reason", "leak"], `${value}-2`);
  if (status !== 0) throw new Error(err);
  someone.repo.commit("Rotate one");
  return someone;
}

const scene = await setUp();

function copyOfScene(): Someone {
  return { repo: openRepo(copyScene(scene.repo.dir)), home: copyScene(scene.home) };
}

type Step = readonly [args: readonly string[], status: number, says: RegExp, input?: string];

async function expectSteps(someone: Someone, steps: readonly Step[]): Promise<void> {
  for (const [args, status, says, input] of steps) {
    const said = await secrets(someone, args, input);
    expect({ args, ...said }).toEqual({ args, status, out: said.out, err: said.err });
    expect(said.out + said.err, args.join(" ")).toMatch(says);
  }
}

describe("in one process", { timeout: 120_000 }, () => {
  test("what is kept is read, changed, taken back and deleted", async () => {
    await expectSteps(copyOfScene(), [
      [["get", "app/token"], 0, /Value: \*+1-2\n/],
      [["get", "app/token", "--raw", "--version", "1"], 0, new RegExp(`^${value}$`)],
      [["get", "app/token", "--explain"], 0, /local: found/],
      [["get", "app/absent", "--required"], 3, /no secret/],
      [["list"], 0, /app\/token .*\n/],
      [["list", "--expiring", "30d"], 0, /app\/token/],
      [["list", "--json"], 0, /"name":\s*"app\/other"/],
      [["history", "app/token"], 0, /leak/],
      [["log", "app/token"], 0, /rotate  2/],
      [["diff", "HEAD~1..HEAD"], 0, /app\/token/],
      [["meta", "app/token", "--note", "a note", "--dry-run"], 0, /app\/token/],
      [["meta", "app/token", "--note", "a note"], 0, /./],
      [["rollback", "app/token", "--to", "1"], 0, /version/i],
      [["rotate", "app/token", "--generate", "--dry-run"], 0, /./],
      [["set", "app/token", "-"], 0, /./, "another"],
      [["delete", "app/other"], 2, /--confirm/],
      [["delete", "app/other", "--confirm"], 0, /deleted successfully/],
      [["audit", "app/token"], 0, /alice/],
      [["audit"], 0, /Most frequent accessor/],
      [["audit", "seal"], 0, /sealed into the journal/],
      [["audit", "export", "--format", "csv"], 0, /app\/token/],
      [["verify"], 0, /Verified the index/],
      [["verify", "--json"], 0, /"exit":\s*0/],
    ]);
  });

  test("members join, and what they may read is sealed to them", async () => {
    const someone = copyOfScene();
    await expectSteps(someone, [
      [["member", "show"], 0, /age1/],
      [["member", "add", "ci", "--kind", "ci", "--generate", "--dry-run"], 0, /ci/],
      [["member", "add", "ci", "--kind", "ci", "--generate"], 0, /AGE-SECRET-KEY-/],
      [["member", "list"], 0, /ci/],
      [["rekey", "--dry-run"], 0, /app\/token/],
      [["rekey"], 0, /2 secrets/],
      [["verify"], 0, /Verified/],
    ]);
  });

  test("a change is judged against its base, and taken back", async () => {
    const someone = copyOfScene();
    await expectSteps(someone, [
      [["review", "--base", "HEAD~1"], 0, /rotated/],
      [["review", "--base", "HEAD~1", "--format", "md"], 0, /### Secrets review/],
      [["verify", "--base", "HEAD~1"], 0, /./],
      [["verify", "--history"], 0, /./],
      [["rotate", "app/other", "--generate", "--commit"], 0, /Commit: /],
      [["revert", "HEAD"], 0, /app\/other/],
      [["recover"], 0, /./],
      [["git", "textconv", join(someone.repo.dir, ".secrets/store/app/token.secret")], 0, /app\/token/],
    ]);
  });

  test("a leak is found, adopted or accepted", async () => {
    const someone = copyOfScene();
    const token = madeUpToken();
    someone.repo.write("a.py", `TOKEN = "${token}"\nB = "${value}-2"\n`);
    someone.repo.run(["add", "a.py"]);
    const { out } = await secrets(someone, ["scan", "--staged", "--json"]);
    const { findings } = JSON.parse(out) as { findings: { fingerprint: string; rule: string }[] };
    expect(findings.map(({ rule }) => rule)).toContain("store/value");
    expect(out).not.toContain(token);
    const stray = findings.find(({ rule }) => rule !== "store/value");
    await expectSteps(someone, [
      [["scan", "--paths", "a.py"], 1, /leaks? to stop/],
      [["scan", "--history"], 1, /all objects/],
      [["scan", "--range", "HEAD~1...HEAD"], 0, /./],
      [["scan", "--stdin", "--name", "b.py"], 1, /store\/value/, `x = "${value}"\n`],
      [["scan", "rules"], 0, /github/],
      [["scan", "explain", stray?.rule ?? ""], 0, /./],
      [["scan", "ignore", stray?.fingerprint ?? "", "--reason", "an example"], 0, /./],
      [["scan", "--audit-ignores"], 0, /an example/],
      [["adopt", "a.py:2", "app/adopted"], 0, /./],
    ]);
  });

  test("hooks are installed, judge what git would do, and go again", async () => {
    const someone = { ...copyOfScene(), now: Date.UTC(2026, 11, 12) };
    const { repo } = someone;
    const [old, tip] = [repo.oid("HEAD~1"), repo.oid("HEAD")];
    const zero = "0".repeat(40);
    repo.write("message", "A message\n");
    await expectSteps(someone, [
      [["hooks", "status"], 1, /pre-commit/],
      [["hooks", "install"], 0, /pre-commit/],
      [["hooks", "status"], 0, /pre-commit/],
      [["doctor"], 0, /./],
      [["hooks", "run", "commit-msg", "--", "message"], 0, /^/],
      [["hooks", "run", "pre-push", "--", "origin", "x"], 0, /^/, `refs/heads/main ${tip} refs/heads/main ${zero}\n`],
      [["hooks", "run", "post-merge", "--", "0"], 0, /app.token expires in 1 day/],
      [["hooks", "run", "post-checkout", "--", old, tip, "1"], 0, /app.token expires in 1 day/],
      [["hooks", "run", "pre-receive", "--"], 0, /^/, `${old} ${tip} refs/heads/main\n`],
      [["hooks", "run", "pre-receive", "--"], 1, /drop commits/, `${tip} ${old} refs/heads/main\n`],
      [["meta", "app/token", "--note", "x"], 0, /./],
      [["hooks", "run", "pre-commit", "--"], 1, /this commit changes it/],
      [["meta", "app/token", "--expires", "90d"], 0, /./],
      [["hooks", "run", "pre-commit", "--"], 0, /^/],
      [["hooks", "uninstall"], 0, /pre-commit/],
    ]);
  });

  test("settings are checked, shown and allowed, and providers answer", async () => {
    const someone = copyOfScene();
    await expectSteps(someone, [
      [["config", "check"], 0, /./],
      [["config", "show", "--origin"], 0, /defaultProvider/],
      [["health"], 0, /All providers operational/],
      [["doctor", "--fix"], 0, /./],
      [["completion", "bash"], 0, /secrets/],
      [["version"], 0, /^1\.2\.3\n$/],
    ]);
    someone.repo.write(".secrets/config.yaml", "audit: 7\nnothing: x\n");
    await expectSteps(someone, [[["config", "check"], 2, /:1:8: |:1:1: /]]);
    expect(readFileSync(join(someone.repo.dir, ".secrets/config.yaml"), "utf8")).toBe("audit: 7\nnothing: x\n");
  });
});
