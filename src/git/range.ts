import { readFileSync } from "node:fs";
import type { Environment } from "./environment.js";
import { isOid } from "./object-id.js";
import type { Repository } from "./repository.js";
import { runGit } from "./run.js";

/** The commits between which a change lies, or why that cannot be told. Both ids are of commits that are here. */
export type ChangeRange =
  | { readonly kind: "range"; readonly base: string; readonly head: string; readonly from: string }
  | { readonly kind: "unknown"; readonly why: string };

/** What says where a change begins and ends: names of commits, of which the first counts. Untrusted: a job's variables may hold anything. */
interface Said {
  /** For people: `GitHub`, `--range`. */
  readonly by: string;
  readonly bases: readonly string[];
  readonly heads: readonly string[];
}

/**
 * Finds the change that is to be judged: what the user said, else what the variables of GitHub, GitLab, Bitbucket or Azure
 * DevOps say, else what is not in `origin/HEAD`. A base that was named and is not here is never replaced by another one.
 */
export function findRange(
  repo: Repository,
  env: Environment,
  given: { readonly base: string | undefined; readonly head: string | undefined },
): ChangeRange {
  const ci = given.base === undefined ? saidByCi(env) : undefined;
  const said: Said =
    given.base === undefined
      ? { ...(ci ?? saidByClone), heads: given.head === undefined ? (ci ?? saidByClone).heads : [given.head] }
      : { by: "--range", bases: [given.base], heads: [given.head ?? "HEAD"] };
  const head = findCommit(repo, said.heads[0]);
  if (head === undefined) return { kind: "unknown", why: `${said.by} names a head that is not in this clone` };
  const base = findCommit(repo, said.bases[0]);
  if (base === undefined)
    return { kind: "unknown", why: `the base of the change, as ${said.by} tells it, is not in this clone` };
  return { kind: "range", base, head, from: said.by };
}

const saidByClone: Said = { by: "origin/HEAD", bases: ["refs/remotes/origin/HEAD"], heads: ["HEAD"] };

function saidByCi(env: Environment): Said | undefined {
  const value = (name: string): readonly string[] => {
    const text = env[name]?.trim() ?? "";
    // For a new branch, "before" is all zeros.
    return text === "" || /^0+$/.test(text) ? [] : [text];
  };
  const branch = (name: string): readonly string[] => value(name).map(remoteBranch);
  if (value("GITHUB_ACTIONS").length > 0) {
    const event = readEvent(env["GITHUB_EVENT_PATH"]);
    return {
      by: "GitHub",
      bases: orClone([...event.bases, ...branch("GITHUB_BASE_REF")]),
      heads: [...event.heads, ...value("GITHUB_SHA")],
    };
  }
  if (value("GITLAB_CI").length > 0) {
    const named = [...value("CI_MERGE_REQUEST_DIFF_BASE_SHA"), ...value("CI_COMMIT_BEFORE_SHA")];
    return { by: "GitLab", bases: orClone(named), heads: value("CI_COMMIT_SHA") };
  }
  if (value("BITBUCKET_BUILD_NUMBER").length > 0) {
    const named = [...value("BITBUCKET_PR_DESTINATION_COMMIT"), ...branch("BITBUCKET_PR_DESTINATION_BRANCH")];
    return { by: "Bitbucket", bases: orClone(named), heads: value("BITBUCKET_COMMIT") };
  }
  if (value("TF_BUILD").length > 0)
    return {
      by: "Azure DevOps",
      bases: orClone(branch("SYSTEM_PULLREQUEST_TARGETBRANCH")),
      heads: value("BUILD_SOURCEVERSION"),
    };
  return undefined;
}

function orClone(bases: readonly string[]): readonly string[] {
  return bases.length > 0 ? bases : saidByClone.bases;
}

// A job's clone has the target branch under its remote, if at all; a local branch of that name is the job's own doing.
function remoteBranch(name: string): string {
  return `refs/remotes/origin/${name.replace(/^refs\/heads\//, "")}`;
}

const maxEvent = 8 * 1024 * 1024;

/** Base and head from the event that started a workflow on GitHub (webhook events: pull_request, merge_group, push). */
function readEvent(path: string | undefined): { readonly bases: readonly string[]; readonly heads: readonly string[] } {
  const event = path === undefined || path === "" ? undefined : parseEvent(path);
  const pull = event?.pull_request;
  const group = event?.merge_group;
  if (pull !== undefined) return { bases: oids(pull.base?.sha), heads: oids(pull.head?.sha) };
  if (group !== undefined) return { bases: oids(group.base_sha), heads: oids(group.head_sha) };
  return { bases: oids(event?.before), heads: oids(event?.after) };
}

function oids(one: unknown): readonly string[] {
  return typeof one === "string" && isOid(one) && !/^0+$/.test(one) ? [one] : [];
}

interface GithubEvent {
  readonly pull_request?: { readonly base?: { readonly sha?: unknown }; readonly head?: { readonly sha?: unknown } };
  readonly merge_group?: { readonly base_sha?: unknown; readonly head_sha?: unknown };
  readonly before?: unknown;
  readonly after?: unknown;
}

function parseEvent(path: string): GithubEvent | undefined {
  try {
    const bytes = readFileSync(path);
    const event: unknown = bytes.byteLength > maxEvent ? undefined : JSON.parse(bytes.toString("utf8"));
    return typeof event === "object" && event !== null ? event : undefined;
  } catch {
    return undefined; // The other variables say nearly as much.
  }
}

function findCommit(repo: Repository, name: string | undefined): string | undefined {
  if (name === undefined || name === "" || name.startsWith("-") || name.includes("..") || /[\p{Cc}\s]/u.test(name))
    return undefined;
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  const answer = runGit(repo, args, { okExits: [1, 128] });
  const oid = answer.stdout.toString("utf8").trim();
  return answer.status === 0 && isOid(oid) ? oid : undefined;
}
