import { resolve } from "node:path";
import { quote } from "../../core/display.js";
import { fail, SecretsError } from "../../core/errors.js";
import { listCutOff, fetchMissing, type Reach } from "../../git/reachable.js";
import { isThere } from "../../git/files.js";
import { countRefs, listAllObjects, shallowCommits } from "../../git/history.js";
import { headCommit, isPartialClone } from "../../git/listing.js";
import type { WantedObject } from "../../git/object-stream.js";
import { listReachable } from "../../git/reachable.js";
import { parsePushLines, reachOfPush, reachOfReceived } from "../../git/push.js";
import { findRange } from "../../git/range.js";
import { findRepository, type Repository } from "../../git/repository.js";
import { listStaged } from "../../git/staged.js";
import type { ScanMode } from "../../scan/leak.js";
import { readUserFile } from "../../store/user-file.js";
import type { Deps } from "../deps.js";
import type { Sourced } from "./item.js";
import { messageOf } from "./message-text.js";
import type { PolicySource } from "./policy-files.js";
import { orGap } from "./or-gap.js";
import { fileItems, textItem } from "./sources.js";

/** What to scan. */
export type ScanTarget =
  | { readonly kind: "staged" }
  | { readonly kind: "message"; readonly file: string }
  /** `lines`: what git told a pre-push hook on its standard input. */
  | { readonly kind: "push"; readonly remote: string; readonly lines: string }
  | { readonly kind: "range"; readonly base: string | undefined; readonly head: string | undefined }
  | { readonly kind: "history" }
  | { readonly kind: "paths"; readonly paths: readonly string[]; readonly noIgnore: boolean }
  | { readonly kind: "stdin"; readonly bytes: Uint8Array; readonly name: string | undefined }
  /** What git told a pre-receive hook; the objects are read from its quarantine. */
  | { readonly kind: "received"; readonly updates: readonly RefUpdate[] };

export interface RefUpdate {
  readonly old: string;
  readonly new: string;
  readonly ref: string;
}

/** Where the texts come from. Objects have ids, and what was said of one before need not be found out again. */
export type PlannedSource =
  | {
      readonly kind: "objects";
      readonly list: () => AsyncIterable<WantedObject> | Iterable<WantedObject>;
      readonly isMixed: boolean;
    }
  | { readonly kind: "items"; readonly items: () => Iterable<Sourced> };

/** All that is decided before anything is read. */
export interface ScanPlan {
  readonly mode: ScanMode;
  /** For people. */
  readonly target: string;
  readonly repo: Repository | undefined;
  readonly refs: number;
  readonly source: PlannedSource;
  /** Whose config and ignores hold; undefined outside of a repository. */
  readonly policy: PolicySource | undefined;
  /** The change that is judged, where what it does to the scanner's own settings is a finding too. */
  readonly change: { readonly base: string; readonly head: string } | undefined;
  /** What is known not to be judged. */
  readonly gaps: readonly string[];
}

const maxMessage = 64 * 1024 * 1024;

/** Works out what a scan has to read. Throws `config/not-a-repository` where one is needed, and `usage/invalid` for what names nothing. */
export async function planScan(deps: Deps, target: ScanTarget): Promise<ScanPlan> {
  switch (target.kind) {
    case "staged":
      return planStaged(openRepository(deps));
    case "message":
      return planMessage(deps, target.file);
    case "push":
      return await planPush(openRepository(deps), target);
    case "range":
      return await planRange(deps, openRepository(deps), target);
    case "history":
      return planHistory(openRepository(deps));
    case "paths":
      return planFiles(deps, target);
    case "stdin":
      return planText(findOwn(deps), "stdin", target.name ?? "the standard input", {
        bytes: Buffer.from(target.bytes),
        shown: target.name ?? "standard input",
        path: target.name,
        kind: "file",
      });
    case "received":
      return await planReceived(openRepository(deps), target.updates);
  }
}

function openRepository(deps: Deps): Repository {
  return findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
}

function findOwn(deps: Deps): Repository | undefined {
  try {
    return openRepository(deps);
  } catch (cause) {
    if (cause instanceof SecretsError && cause.code === "config/not-a-repository") return undefined;
    throw cause;
  }
}

function ownPolicy(repo: Repository | undefined): PolicySource | undefined {
  if (repo === undefined) return undefined;
  if (repo.workTree !== undefined) return { kind: "index" };
  const head = headCommit(repo);
  return head === undefined ? undefined : { kind: "commit", oid: head };
}

const nothingMore = { refs: 0, change: undefined, gaps: [] } as const;

function planStaged(repo: Repository): ScanPlan {
  if (repo.workTree === undefined)
    fail("config/bare-repository", "a bare repository has nothing staged", {
      hint: "scan what it holds: secrets scan --history",
    });
  return {
    ...nothingMore,
    mode: "staged",
    target: "the index",
    repo,
    source: { kind: "objects", list: () => listStaged(repo), isMixed: false },
    policy: { kind: "index" },
  };
}

function planMessage(deps: Deps, file: string): ScanPlan {
  const read = readUserFile(resolve(deps.cwd, file), maxMessage);
  if (read === undefined) fail("usage/invalid", `there is no message file ${quote(file)}`);
  const bytes = messageOf(Buffer.from(read.bytes));
  const shown = "commit message";
  return planText(findOwn(deps), "message", "the commit message", { bytes, shown, path: undefined, kind: "message" });
}

function planText(
  repo: Repository | undefined,
  mode: ScanMode,
  target: string,
  { bytes, ...about }: { readonly bytes: Buffer } & Parameters<typeof textItem>[1],
): ScanPlan {
  const items = (): Iterable<Sourced> => (bytes.byteLength === 0 ? [] : textItem(bytes, about));
  return { ...nothingMore, mode, target, repo, source: { kind: "items", items }, policy: ownPolicy(repo) };
}

function planFiles(deps: Deps, target: Extract<ScanTarget, { readonly kind: "paths" }>): ScanPlan {
  const absent = target.paths.filter((path) => !isThere(deps, path));
  if (absent.length > 0) fail("usage/invalid", `there is no ${absent.map(quote).join(", ")}`);
  const repo = findOwn(deps);
  const items = (): Iterable<Sourced> => fileItems(deps, target);
  const shown = target.paths.join(", ");
  return {
    ...nothingMore,
    mode: "paths",
    target: shown,
    repo,
    source: { kind: "items", items },
    policy: ownPolicy(repo),
  };
}

function planHistory(repo: Repository): ScanPlan {
  const gaps = [
    ...(shallowCommits(repo).length > 0
      ? ["this clone is shallow: older history is not here (git fetch --unshallow)"]
      : []),
    ...(isPartialClone(repo) ? ["this clone is partial: objects were left at the remote (git fetch --refetch)"] : []),
  ];
  return {
    mode: "history",
    target: "all objects",
    repo,
    refs: countRefs(repo),
    source: { kind: "objects", list: () => listAllObjects(repo), isMixed: false },
    policy: ownPolicy(repo),
    change: undefined,
    gaps,
  };
}

async function planPush(
  repo: Repository,
  { remote, lines }: { readonly remote: string; readonly lines: string },
): Promise<ScanPlan> {
  const refs = parsePushLines(lines);
  const reach = reachOfPush(repo, remote, refs);
  const target = `what goes to ${remote === "" ? "the remote" : remote}`;
  const reached = await planReach(repo, reach);
  return { ...reached, mode: "push", target, repo, refs: refs.length, policy: ownPolicy(repo), change: undefined };
}

async function planReceived(repo: Repository, updates: readonly RefUpdate[]): Promise<ScanPlan> {
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

async function planRange(
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
  return { source: { kind: "objects", list: () => listReachable(repo, reach), isMixed: true }, gaps };
}
