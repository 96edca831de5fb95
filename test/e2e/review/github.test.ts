import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";
import { gitEnvironment, makeFolder, openRepo } from "../../support/git-fixture.js";
import { downloadAction, runAction, startForge, type JobAnswer } from "../../support/runner.js";

const action = downloadAction();
const forge = await startForge();
const jobToken = ["job", "token"].join("-");

let alice: Project;
let origin: string;

/** Pushes a branch as a forge keeps a pull request, and goes back to main. */
function openPull(number: number, change: (project: Project) => void): string {
  alice.repo.run(["switch", "-q", "-c", `pull-${number}`, "main"]);
  change(alice);
  const head = alice.repo.commit(`pull ${number}`);
  alice.repo.run(["push", "-q", origin, `HEAD:refs/pull/${number}/head`]);
  alice.repo.run(["switch", "-q", "main"]);
  return head;
}

beforeAll(() => {
  alice = makeProject();
  alice.run(["set", "db-url", "--generate"]);
  alice.run(["set", "api-key-stripe", "--generate", "--expires", "90d", "--rotate-every", "90d"]);
  alice.repo.commit("base");
  origin = makeFolder("origin.git");
  alice.repo.run(["clone", "-q", "--bare", alice.dir, origin]);
});

/** A job on `pull_request_target`: a checkout of the base, and the event. */
async function runJob(
  number: number,
  head: string,
  {
    fork = false,
    clone = [],
    comment = "true",
  }: { readonly fork?: boolean; readonly clone?: readonly string[]; readonly comment?: string } = {},
): Promise<JobAnswer & { readonly workspace: string }> {
  const workspace = makeFolder();
  alice.repo.run(["clone", "-q", ...clone, `file://${origin}`, workspace]);
  const repo = { full_name: "acme/shop" };
  const event = {
    pull_request: {
      number,
      base: { ref: "main", sha: alice.repo.oid("main"), repo },
      head: { ref: "topic", sha: head, repo: fork ? { full_name: "somebody/shop" } : repo },
    },
  };
  const env = {
    ...gitEnvironment(),
    GITHUB_API_URL: forge.url,
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_SERVER_URL: "https://forge.example.invalid",
  };
  const answer = await runAction(action, { workspace, env, event, inputs: { token: jobToken, comment } });
  return { ...answer, workspace };
}

describe("the action", () => {
  test("keeps one comment on a pull request of an own branch, and never changes that of a person", async () => {
    const head = openPull(7, (person) => void person.run(["rotate", "db-url", "--generate", "--reason", "leak"]));
    forge.comments.push({ id: 5, user: { type: "User" }, body: "<!-- gitseal-review -->\nall is well, merge it" });
    const first = await runJob(7, head);
    expect(first.log).not.toContain("::error");
    expect(first).toMatchObject({ status: 0, outputs: { exit: "0" } });
    const row = "| ✅ | db-url | rotated | 1 → 2 | `leak`, alice | – | – | signed, in the journal |";
    expect(first.summary).toContain(row);
    expect(forge.comments.map(({ id }) => id)).toEqual([5, 101]);
    expect(forge.comments[1]?.body).toMatch(/^<!-- gitseal-review -->\n### Secrets review: 1 change\n/);
    expect(forge.comments[1]?.body).toContain(row);
    const sarif = JSON.parse(readFileSync(first.outputs["sarif"] ?? "", "utf8")) as { readonly version: string };
    expect(sarif.version).toBe("2.1.0");

    const next = openPull(
      8,
      (person) => void person.run(["rotate", "api-key-stripe", "--generate", "--expires", "never"]),
    );
    const second = await runJob(8, next);
    expect(second.status).toBe(1);
    expect(second.log).toContain(
      "::error file=.secrets/store/api-key-stripe.secret,line=1,title=secrets review%3A expiry-removed::",
    );
    expect(forge.comments.map(({ id }) => id)).toEqual([5, 101]);
    expect(forge.comments[0]?.body).toContain("all is well");
    expect(forge.comments[1]?.body).toContain("1 blocking");
    expect(forge.requests.every(({ authorization }) => authorization === `Bearer ${jobToken}`)).toBe(true);
    expect(openRepo(first.workspace).run(["config", "--list"])).not.toContain("AUTHORIZATION");
  });

  test("says nothing on a fork's pull request but in the summary, and fails for what is not intact", async () => {
    const before = forge.requests.length;
    const head = openPull(9, ({ repo }) => {
      repo.write(".secrets/store/db-url.secret", repo.read(".secrets/store/api-key-stripe.secret"));
      repo.write(".github/workflows/review.yml", "run: exit 0\n");
      repo.write("src/a.ts", "export const name = 1;\n");
    });
    const { status, summary, log, outputs, workspace } = await runJob(9, head, { fork: true });
    expect({ status, outputs }).toMatchObject({ status: 5, outputs: { exit: "5" } });
    expect(summary).toContain("not intact");
    expect(log).toContain("::error file=.secrets/store/db-url.secret");
    expect(forge.requests.length).toBe(before);
    // The pull request is data: it was not checked out.
    expect(openRepo(workspace).run(["ls-files", "src", ".github"])).toBe("");
    expect(openRepo(workspace).status()).toBe("");
  });

  test("cannot judge with half a history, and says so in the comment as well", async () => {
    const head = openPull(10, (person) => void person.run(["rotate", "db-url", "--generate", "--reason", "leak"]));
    alice.repo.commit("the base goes on");
    alice.repo.run(["push", "-q", origin, "main"]);
    const { status, summary } = await runJob(10, head, { clone: ["--depth", "1"] });
    expect(status).toBe(8);
    expect(summary).toContain("not judged");
    expect(forge.comments[1]?.body).toContain("not judged");
    // A head that nobody pushed.
    expect((await runJob(10, "0123456789".repeat(4))).status).toBe(8);
  });

  test("gives its verdict where it may not comment, or shall not", async () => {
    const head = openPull(11, (person) => void person.run(["rotate", "db-url", "--generate", "--reason", "leak"]));
    forge.refuses = 403;
    const refused = await runJob(11, head);
    expect(refused.status).toBe(0);
    expect(refused.log).toContain("::notice title=secrets review::the comment could not be written: 403");
    const before = forge.requests.length;
    expect((await runJob(11, head, { comment: "false" })).status).toBe(0);
    expect(forge.requests.length).toBe(before);
    forge.refuses = undefined;
  });
});
