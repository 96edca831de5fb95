import { shallowCommits } from "../../git/history.js";
import { headCommit } from "../../git/listing.js";
import { parsePushLines, reachOfPush, reachOfReceived } from "../../git/push.js";
import { findRange } from "../../git/range.js";
import { fetchMissing, listCutOff, listReachable, type Reach } from "../../git/reachable.js";
import type { Repository } from "../../git/repository.js";
import type { Deps } from "../deps.js";
import { orGap } from "./or-gap.js";
import type { PolicySource } from "./policy-files.js";
import { nothingMore, ownPolicy, type RefUpdate, type ScanPlan } from "./target.js";

/** What a push would bring, as git tells a pre-push hook. */
export async function planPush(
  repo: Repository,
  { remote, lines }: { readonly remote: string; readonly lines: string },
): Promise<ScanPlan> {
  const refs = parsePushLines(lines);
  const reach = reachOfPush(repo, remote, refs);
  const target = `what goes to ${remote === "" ? "the remote" : remote}`;
  const reached = await planReach(repo, reach);
  return { ...reached, mode: "push", target, repo, refs: refs.length, policy: ownPolicy(repo), change: undefined };
}

/** What a server is sent, judged by the settings of its default branch. */
export async function planReceived(repo: Repository, updates: readonly RefUpdate[]): Promise<ScanPlan> {
  const head = headCommit(repo);
  const reached = await planReach(repo, reachOfReceived(updates));
  const policy: PolicySource | undefined = head === undefined ? undefined : { kind: "commit", oid: head };
  const target = updates.map(({ ref }) => ref).join(", ");
  const [update] = updates;
  const change =
    update === undefined || head === undefined || /^0+$/.test(update.new)
      ? undefined
      : { base: head, head: update.new };
  return { ...reached, mode: "received", target, repo, refs: updates.length, policy, change };
}

/** What a change brings, judged by the settings of its base. */
export async function planRange(
  deps: Deps,
  repo: Repository,
  given: { readonly base: string | undefined; readonly head: string | undefined },
): Promise<ScanPlan> {
  const range = findRange(repo, deps.env, given);
  if (range.kind === "unknown") {
    const shallow = shallowCommits(repo).length > 0 ? "; this clone is shallow (git fetch --unshallow)" : "";
    return {
      ...nothingMore,
      mode: "range",
      target: `${given.base ?? "the base"}...${given.head ?? "the head"}`,
      repo,
      source: { kind: "items", items: () => [] },
      policy: undefined,
      gaps: [`${range.why}${shallow}`],
    };
  }
  const { base, head } = range;
  const reached = await planReach(repo, { from: [head], not: [base], notRefs: [] });
  const target = `${base.slice(0, 12)}...${head.slice(0, 12)}, as told by ${range.from}`;
  return {
    ...reached,
    mode: "range",
    target,
    repo,
    refs: 1,
    policy: { kind: "commit", oid: base },
    change: { base, head },
  };
}

async function planReach(repo: Repository, reach: Reach): Promise<Pick<ScanPlan, "source" | "gaps">> {
  if (reach.from.length === 0) return { source: { kind: "items", items: () => [] }, gaps: [] };
  await orGap(async () => await fetchMissing(repo, reach), undefined);
  const cut = await orGap(async () => await listCutOff(repo, reach, shallowCommits(repo)), []);
  const shallow = cut.value.map(
    (oid) => `this clone is shallow: what lies behind commit ${oid} is not here (git fetch --unshallow)`,
  );
  const gaps = [...cut.gaps, ...shallow];
  return {
    source: { kind: "objects", list: () => listReachable(repo, reach), isMixed: true },
    gaps,
  };
}
