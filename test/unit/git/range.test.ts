import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findRange } from "../../../src/git/range.js";
import { makeFolder, makeRepo, type GitRepo } from "../../support/git-fixture.js";

const zero = "0".repeat(40);
const absent = "1".repeat(40);
const unsaid = { base: undefined, head: undefined };

interface Scene {
  readonly repo: GitRepo;
  readonly base: string;
  readonly head: string;
}

/** A clone with `main` at its remote and a change of one commit on top. */
function makeChange(): Scene {
  const upstream = makeRepo();
  const base = upstream.commit("base", { base: "b" });
  const repo = upstream.clone();
  return { repo, base, head: repo.commit("change", { change: "c" }) };
}

function event(content: unknown): string {
  const path = join(makeFolder(), "event.json");
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const { repo, base, head } = makeChange();
const rangeOf = (env: Readonly<Record<string, string>>, given: Parameters<typeof findRange>[2] = unsaid) =>
  findRange(repo.repository(), env, given);
const github = (content: unknown, more: Readonly<Record<string, string>> = {}) => ({
  GITHUB_ACTIONS: "true",
  GITHUB_SHA: head,
  GITHUB_EVENT_PATH: event(content),
  ...more,
});

describe("a base that cannot be had", () => {
  test.each([
    ["said by the user", {}, { base: "no-such-branch", head: undefined }],
    ["that is an option", {}, { base: "--all", head: undefined }],
    ["that is a range itself", {}, { base: "HEAD~1..HEAD", head: undefined }],
    ["that is no commit", {}, { base: "HEAD:base", head: undefined }],
    [
      "of a pull request that was not fetched",
      github({ pull_request: { base: { sha: absent }, head: { sha: head } } }),
      unsaid,
    ],
    ["of a forced push that was not fetched", github({ before: absent, after: head }), unsaid],
    ["of a branch that was not fetched", { GITHUB_ACTIONS: "true", GITHUB_BASE_REF: "gone", GITHUB_SHA: head }, unsaid],
    ["of a merge request", { GITLAB_CI: "true", CI_MERGE_REQUEST_DIFF_BASE_SHA: absent, CI_COMMIT_SHA: head }, unsaid],
    [
      "of Bitbucket",
      { BITBUCKET_BUILD_NUMBER: "1", BITBUCKET_PR_DESTINATION_COMMIT: absent, BITBUCKET_COMMIT: head },
      unsaid,
    ],
    [
      "of Azure DevOps",
      { TF_BUILD: "True", SYSTEM_PULLREQUEST_TARGETBRANCH: "refs/heads/gone", BUILD_SOURCEVERSION: head },
      unsaid,
    ],
  ])("%s is said to be missing, and not replaced by another one", (_what, env, given) => {
    expect(rangeOf(env, given).kind).toBe("unknown");
  });

  test("a head that is not here is said to be missing too", () => {
    expect(rangeOf({}, { base, head: absent }).kind).toBe("unknown");
    expect(rangeOf(github({ pull_request: { base: { sha: base }, head: { sha: absent } } })).kind).toBe("unknown");
  });

  test("without any word and without a remote there is no range", () => {
    const alone = makeRepo();
    alone.commit("only", { a: "a" });
    expect(findRange(alone.repository(), {}, unsaid).kind).toBe("unknown");
  });
});

describe("the range is", () => {
  test.each([
    ["what the user says", {}, { base, head }],
    ["what the user says, up to HEAD", {}, { base: "origin/main", head: undefined }],
    [
      "what the user says, whatever a CI job has in its variables",
      { GITLAB_CI: "1", CI_COMMIT_BEFORE_SHA: absent },
      { base, head },
    ],
    ["what origin/HEAD lacks, when nobody says anything", {}, unsaid],
    [
      "that of a pull request on GitHub",
      github({ pull_request: { base: { sha: base }, head: { sha: head } } }),
      unsaid,
    ],
    [
      "that of GitHub's branch name, without an event",
      { GITHUB_ACTIONS: "1", GITHUB_BASE_REF: "main", GITHUB_SHA: head },
      unsaid,
    ],
    ["that of a merge queue", github({ merge_group: { base_sha: base, head_sha: head } }), unsaid],
    ["that of a push to GitHub", github({ before: base, after: head }), unsaid],
    ["that of origin/HEAD, for a new branch on GitHub", github({ before: zero, after: head }), unsaid],
    ["that of a merge request", { GITLAB_CI: "1", CI_MERGE_REQUEST_DIFF_BASE_SHA: base, CI_COMMIT_SHA: head }, unsaid],
    ["that of a push to GitLab", { GITLAB_CI: "1", CI_COMMIT_BEFORE_SHA: base, CI_COMMIT_SHA: head }, unsaid],
    [
      "that of origin/HEAD, for a new branch on GitLab",
      { GITLAB_CI: "1", CI_COMMIT_BEFORE_SHA: zero, CI_COMMIT_SHA: head },
      unsaid,
    ],
    [
      "that of a pull request on Bitbucket",
      { BITBUCKET_BUILD_NUMBER: "7", BITBUCKET_PR_DESTINATION_BRANCH: "main", BITBUCKET_COMMIT: head },
      unsaid,
    ],
    [
      "that of a pull request on Azure",
      { TF_BUILD: "True", SYSTEM_PULLREQUEST_TARGETBRANCH: "refs/heads/main", BUILD_SOURCEVERSION: head },
      unsaid,
    ],
  ])("%s", (_what, env, given) => {
    expect(rangeOf(env, given)).toMatchObject({ kind: "range", base, head });
  });

  test("an event that is no JSON, or is gone, leaves the other variables", () => {
    const path = join(makeFolder(), "event.json");
    writeFileSync(path, "{");
    for (const one of [path, "/no/such/file"])
      expect(
        rangeOf({ GITHUB_ACTIONS: "1", GITHUB_BASE_REF: "main", GITHUB_SHA: head, GITHUB_EVENT_PATH: one }),
      ).toMatchObject({
        kind: "range",
        base,
      });
  });
});
