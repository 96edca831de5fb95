import { fail, SecretsError } from "../../core/errors.js";
import type { SecretName } from "../../core/name.js";
import { changedBetween } from "../../git/changes.js";
import { commitPaths, judgeBranchName, startBranch } from "../../git/commit.js";
import { headCommit } from "../../git/listing.js";
import type { Repository } from "../../git/repository.js";
import { buildReview } from "../../review/build-review.js";
import { renderMessage } from "../../review/render/message.js";
import { compareListings, readNewSegments, readSide } from "../verify/change-facts.js";
import type { Deps } from "../deps.js";
import { findStrictSettings } from "../config/find-settings.js";
import { parseKnownName } from "../known-names.js";
import { readTreeFacts } from "./review-facts.js";
import { chooseForRotate } from "../chain/rotate-remote.js";
import { rotateSecret, type RotateInput, type RotateResult } from "../rotate-secret.js";
import { findPlace, openSession } from "../session.js";
import { commitSource, indexSource } from "../verify/verify-source.js";
import type { TreeSource } from "../verify/tree-source.js";

export interface CommitRotationInput extends RotateInput {
  /** A new branch for the commit; true for a name made of the secret's. Undefined: the branch that is checked out. */
  readonly branch: string | true | undefined;
}

export interface CommittedRotation extends RotateResult {
  readonly branch: string | undefined;
  /** The commit's id; undefined for a dry run. */
  readonly commit: string | undefined;
}

/**
 * Checks, before a person is asked for a value, that a commit can hold the rotation and nothing else. Throws `usage/refused` when
 * the secret or the members have changes that no commit has yet, and `usage/invalid` for a branch's name.
 */
export function checkCommittable(deps: Deps, name: SecretName, branch: string | true | undefined): void {
  const { repo } = findPlace(deps);
  const head = headCommit(repo);
  if (head === undefined)
    fail("usage/refused", "there is no commit yet that the rotation could follow", {
      hint: "commit the store first: git commit",
    });
  // The commit would hold half of what is staged: a version without its event, or records under a root that is not there.
  const open = changedBetween(repo, head, undefined, [`.secrets/store/${name}.secret`, ".secrets/trust"]);
  if (open.length > 0)
    fail("usage/refused", `${name} or the members have changes that are staged and not committed`, {
      hint: "commit them first: git commit",
    });
  if (branch !== undefined && branch !== true) checkBranch(repo, branch);
}

function checkBranch(repo: Repository, name: string): void {
  const judged = judgeBranchName(repo, name);
  if (judged === "invalid") fail("usage/invalid", "--branch takes a name that git accepts for a branch");
  if (judged === "taken") fail("usage/refused", `there is a branch of that name, or one in its way: ${name}`);
}

/**
 * Rotates a secret and commits just that, with a message that carries the review; nothing else that is staged is touched, and
 * nothing is sent anywhere. When git or a hook refuses the commit, the rotation stands, staged: `git/failed` says so.
 */
export async function rotateAndCommit(deps: Deps, input: CommitRotationInput): Promise<CommittedRotation> {
  const { repo } = findPlace(deps);
  const session = openSession(deps, "change");
  const name = parseKnownName(session, input.name);
  if ((await chooseForRotate(deps, session, await findStrictSettings(session), name, input.provider)) !== "local")
    fail("usage/invalid", "only a rotation in this repository can be committed: leave out --commit and --branch");
  const rotated = await rotateSecret(deps, input);
  const branch = input.branch === true ? freeName(repo, rotated) : input.branch;
  if (input.dryRun === true) return { ...rotated, branch, commit: undefined };
  try {
    const message = await messageOf(deps, repo, rotated);
    if (branch !== undefined) startBranch(repo, deps.env, branch);
    return { ...rotated, branch, commit: commitPaths(repo, deps.env, rotated.paths, message) };
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    return fail(cause.code, `${rotated.name} is rotated and staged, but not committed: ${cause.message}`, {
      hint: "see what is said, then: git commit; or take the rotation back with: git restore --staged --worktree",
      problems: cause.problems,
      cause,
    });
  }
}

/** `rotate/api-key-stripe-v7`, with a number behind it when somebody rotated to that version before. */
function freeName(repo: Repository, { name, newVersion }: RotateResult): string {
  const wanted = `rotate/${name.replaceAll("/", "--")}-v${newVersion}`;
  for (let number = 1; number <= 100; number++) {
    const one = number === 1 ? wanted : `${wanted}-${number}`;
    if (judgeBranchName(repo, one) === "free") return one;
  }
  return fail("usage/refused", `a hundred branches are called ${wanted} already`, { hint: "name one: --branch NAME" });
}

async function messageOf(deps: Deps, repo: Repository, { name, newVersion, paths }: RotateResult): Promise<string> {
  const head = headCommit(repo) ?? fail("git/failed", "the branch has no commit any more");
  const before = commitSource(repo, head);
  const [base, next] = [await readSide(before), await readSide(withStaged(repo, before, paths))];
  const changes = compareListings(base.files, next.files);
  const segments: Parameters<Parameters<typeof readNewSegments>[2]>[0][] = [];
  await readNewSegments(next.source, changes, (segment) => segments.push(segment) > 0);
  const review = buildReview({
    ...(await readTreeFacts({ base, head: next, changes, segments })),
    now: deps.now(),
    from: "rotate",
    base: { commit: head, chain: base.chain },
    head: { commit: "", chain: next.chain },
    findings: undefined,
    leaks: [],
    values: undefined,
    incomplete: [],
  });
  return `secrets: rotate ${name} to version ${newVersion}\n\n${renderMessage(review)}\n`;
}

/** A commit's tree with some paths as they are staged: what the next commit will hold. */
function withStaged(repo: Repository, before: TreeSource, paths: readonly string[]): TreeSource {
  const wanted = new Set(paths);
  const staged = indexSource(repo).files.filter(({ path }) => wanted.has(path));
  return { ...before, files: [...before.files.filter(({ path }) => !wanted.has(path)), ...staged] };
}
