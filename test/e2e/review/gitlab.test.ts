import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { makeProject, program } from "../../support/cli-fixture.js";
import { gitEnvironment, makeFolder } from "../../support/git-fixture.js";
import { runShell } from "../../support/runner.js";
import { readSource } from "../../unit/house/sources.js";

interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts: { readonly when: string; readonly reports: { readonly codequality: string } };
}

const { "secrets-review": job } = parse(readSource("ci/gitlab.yml")) as { readonly "secrets-review": Job };

/** A folder for PATH with the built command, and an npm that only says where it ran. */
function makeTools(): { readonly path: string; readonly installs: string } {
  const bin = join(makeFolder(), "bin");
  mkdirSync(bin);
  const installs = join(bin, "installs.log");
  chmodSync(program, 0o755);
  symlinkSync(program, join(bin, "secrets"));
  writeFileSync(join(bin, "npm"), `#!/bin/sh\necho "$PWD $*" >>'${installs}'\n`, { mode: 0o755 });
  return { path: bin, installs };
}

describe("the template for GitLab", () => {
  test("names the version of this package, and fetches the whole history without checking it out", () => {
    const { version } = JSON.parse(readSource("package.json")) as { readonly version: string };
    expect(job.variables).toMatchObject({ GITSEAL_VERSION: version, GIT_DEPTH: "0", GIT_CHECKOUT: "false" });
    expect(job.artifacts.when).toBe("always");
  });

  test("judges a merge request as data, and leaves a comment and a code quality report", async () => {
    const alice = makeProject();
    alice.run(["set", "db-url", "--generate", "--expires", "90d"]);
    alice.repo.commit("base");
    const origin = makeFolder();
    alice.repo.run(["clone", "-q", "--bare", alice.dir, origin]);
    alice.repo.branch("topic");
    alice.run(["rotate", "db-url", "--generate", "--expires", "never", "--reason", "scheduled"]);
    // A link of the branch's making must not lead a report out of the folder.
    const elsewhere = join(makeFolder(), "elsewhere");
    symlinkSync(elsewhere, join(alice.dir, "secrets-review.md"));
    const head = alice.repo.commit("topic");
    alice.repo.run(["push", "-q", origin, "topic"]);
    const workspace = makeFolder();
    alice.repo.run(["clone", "-q", "--branch", "topic", `file://${origin}`, workspace]);
    const { path, installs } = makeTools();
    const env = {
      ...gitEnvironment(),
      PATH: `${path}:${process.env["PATH"] ?? ""}`,
      GITLAB_CI: "true",
      CI_PIPELINE_SOURCE: "merge_request_event",
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
      CI_COMMIT_SHA: head,
      ...job.variables,
    };
    const { status, log } = await runShell(job.script.join("\n"), workspace, env);
    expect({ status, log }).toMatchObject({ status: 1, log: expect.stringContaining("expiry-removed") as string });
    expect(readFileSync(installs, "utf8")).toMatch(/^\/ install --global .*gitseal@/);
    expect(readFileSync(join(workspace, "secrets-review.md"), "utf8")).toContain(
      "### Secrets review: 1 change · 1 blocking",
    );
    expect(() => readFileSync(elsewhere)).toThrow("ENOENT");
    const issues = JSON.parse(readFileSync(join(workspace, job.artifacts.reports.codequality), "utf8")) as unknown[];
    expect(issues).toMatchObject([
      { check_name: "review/expiry-removed", severity: "critical", location: { path: ".secrets/store/db-url.secret" } },
    ]);
  });
});
