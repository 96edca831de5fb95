import { startConversation } from "./conversation.js";
import { isPartialClone } from "./listing.js";
import { checkOid } from "./object-id.js";
import type { WantedObject } from "./object-stream.js";
import type { Repository } from "./repository.js";
import { runGit } from "./run.js";

/** What is reachable from some objects and not from others, all given as full ids. */
export interface Reach {
  readonly from: readonly string[];
  readonly not: readonly string[];
  /** Arguments for rev-list behind `--not`: `--all`, `--remotes=origin`. */
  readonly notRefs: readonly string[];
}

/**
 * The objects, each once and with the first path under which git met it; commits, tags and root trees come without one.
 * Merges bring what they changed themselves, because objects are listed and not patches.
 */
export async function* listReachable(repo: Repository, reach: Reach): AsyncGenerator<WantedObject, void, undefined> {
  const git = startConversation(repo, revList(["--objects"], reach), revisions(reach));
  try {
    for await (const lines of git.records(10)) for (const line of lines) yield parseLine(line);
  } finally {
    git.stop();
  }
}

function parseLine(line: string): WantedObject {
  const space = line.indexOf(" ");
  if (space < 0) return { oid: line, path: undefined };
  const path = line.slice(space + 1);
  return { oid: line.slice(0, space), path: path === "" ? undefined : path };
}

/** Commits that a shallow clone ends with, as far as they are in reach: what lies behind them is not here, and nobody says so. */
export async function listCutOff(
  repo: Repository,
  reach: Reach,
  shallow: readonly string[],
): Promise<readonly string[]> {
  if (shallow.length === 0) return [];
  const cut = new Set(shallow);
  const found: string[] = [];
  const git = startConversation(repo, revList([], reach), revisions(reach));
  try {
    for await (const lines of git.records(10)) found.push(...lines.filter((oid) => cut.has(oid)));
  } finally {
    git.stop();
  }
  return found;
}

/**
 * Fetches at once what a partial clone left at its remote and a scan needs; one by one, as git does it while it reads, takes a
 * round trip each. Failing to is no error: what is missing then shows when it is read.
 */
export async function fetchMissing(repo: Repository, reach: Reach): Promise<void> {
  const remote = isPartialClone(repo) ? promisorOf(repo) : undefined;
  if (remote === undefined) return;
  const missing: string[] = [];
  const git = startConversation(repo, revList(["--objects", "--missing=print"], reach), revisions(reach));
  try {
    for await (const lines of git.records(10))
      for (const line of lines) if (line.startsWith("?")) missing.push(line.slice(1));
  } finally {
    git.stop();
  }
  // The way git itself fetches missing objects (promisor-remote.c).
  const quiet = ["--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none", "--quiet"];
  const config = ["fetch.negotiationAlgorithm=noop", "gc.auto=0", "maintenance.auto=false"];
  const stdin = missing.map((oid) => `${oid}\n`).join("");
  if (missing.length > 0)
    runGit(repo, ["fetch", ...quiet, "--stdin", "--end-of-options", remote], { config, stdin, okExits: [1, 128] });
}

function promisorOf(repo: Repository): string | undefined {
  const answer = runGit(repo, ["config", "--get-regexp", String.raw`^remote\..*\.promisor$`, "true"], { okExits: [1] });
  return /^remote\.(.*)\.promisor /m.exec(answer.stdout.toString("utf8"))?.[1];
}

// `--stdin` stands before `--not`, which turns around only what stands behind it.
function revList(options: readonly string[], { notRefs }: Reach): string[] {
  return ["rev-list", ...options, "--stdin", ...(notRefs.length === 0 ? [] : ["--not", ...notRefs])];
}

function revisions({ from, not }: Reach): string {
  for (const oid of [...from, ...not]) checkOid(oid);
  return [...from.map((oid) => `${oid}\n`), ...not.map((oid) => `^${oid}\n`)].join("");
}
