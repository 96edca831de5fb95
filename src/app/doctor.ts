import { SecretsError } from "../core/errors.js";
import { showRelative } from "../core/duration.js";
import { count } from "../core/finding.js";
import { effectiveAttributes, hiddenEntries, infoAttributesOverride, isIgnored } from "../git/attributes.js";
import { gitText } from "../git/run.js";
import { mergeState } from "../git/state.js";
import { unstagedChanges } from "../git/staging.js";
import { isFindable } from "../scan/known/known-values.js";
import { secretsFolder } from "../store/layout.js";
import { listSecretNames } from "../store/secrets.js";
import { findNewestStamps } from "../store/journal.js";
import { listIds, parkedFolder, walFolder } from "../store/wal.js";
import { readSpooled, oldestOf } from "./access-log.js";
import { placesOf } from "./change.js";
import type { Deps } from "./deps.js";
import { isLive } from "./draft.js";
import { readHooksStatus } from "./hooks/hooks-status.js";
import type { Actor } from "./identity-source.js";
import { loadSecret } from "./load-secret.js";
import { findSettings } from "./find-settings.js";
import { readActor } from "./read-actor.js";
import { staleSeals } from "./rekey-secrets.js";
import { openValue } from "./seal-value.js";
import { openSession, type Session } from "./session.js";
import { readSettings } from "./settings.js";

export interface Check {
  readonly name: string;
  readonly status: "ok" | "warning" | "problem";
  readonly message: string;
  readonly hint?: string;
}

export interface DoctorInput {
  /** Called with the number of secrets opened, and of all. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** Looks at everything around the store that can go wrong on one machine: identity, members, git, clock, leftovers. Changes nothing. */
export async function examine(deps: Deps, input: DoctorInput): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const add = (name: string, status: Check["status"], message: string, hint?: string): void => {
    checks.push({ name, status, message, ...(hint === undefined ? {} : { hint }) });
  };
  const session = attempt(add, "trust", () => openSession(deps, "read"));
  if (!session) return checks;
  const { latest } = session.chain;
  add("trust", "ok", `trust root ${latest.root.n} with ${count(latest.root.members.length, "member")}`);
  await examineSettings(session, add);
  const actor = await attemptAsync(add, "identity", async () => await readActor(session, findSettings(session)));
  if (actor) {
    add("identity", "ok", `you are ${actor.member.id} (${actor.member.role}), ${actor.fingerprint}`);
    examineValues(session, actor, input, add);
  }
  examineGit(session, add);
  attempt(add, "hooks", () => examineHooks(deps, add));
  examineClone(session, add);
  return checks;
}

type Add = (name: string, status: Check["status"], message: string, hint?: string) => void;

function report(add: Add, name: string, error: unknown): void {
  if (!(error instanceof SecretsError)) throw error;
  add(name, "problem", error.message, error.hint);
}

function attempt<T>(add: Add, name: string, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    report(add, name, error);
    return undefined;
  }
}

async function attemptAsync<T>(add: Add, name: string, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    report(add, name, error);
    return undefined;
  }
}

async function examineSettings(session: Session, add: Add): Promise<void> {
  const config = await attemptAsync(add, "config", async () => await readSettings(session));
  if (config) add("config", "ok", `reads are recorded: ${config.audit.access}`);
}

// A writer can seal a version to a stranger in a reader's place; only the reader itself can see that.
function examineValues(session: Session, actor: Actor, input: DoctorInput, add: Add): void {
  const names = listSecretNames(session.disk, session.workTree);
  let opened = 0;
  let stale = 0;
  const weak = new Set<string>();
  names.forEach((name, at) => {
    input.onProgress?.(at, names.length);
    attempt(add, name, () => {
      const secret = loadSecret(session, name);
      if (!secret) return;
      if (staleSeals(session, secret).length > 0) stale++;
      for (const { group } of secret.versions.filter(isLive))
        if (group.seal.readers.includes(actor.member.id)) {
          const value = openValue(group.seal, name, actor, session.chain);
          if (!isFindable(value)) weak.add(name);
          value.fill(0);
          opened++;
        }
    });
  });
  add("values", "ok", `${count(opened, "live version")} of ${count(names.length, "secret")} open with your identity`);
  if (weak.size > 0)
    add(
      "scan",
      "warning",
      `too short or too common to be found by a scan: ${[...weak].toSorted().join(", ")}`,
      "a leak of such a value goes unseen: rotate it to a random one of 16 characters or more",
    );
  if (stale > 0)
    add(
      "readers",
      "warning",
      `${count(stale, "secret")} not sealed to exactly those who may read`,
      "a maintainer runs: secrets rekey",
    );
}

function examineGit(session: Session, add: Add): void {
  const { repo } = session;
  attempt(add, "git", () => {
    add("git", "ok", gitText(repo, ["--version"]).trim());
    const state = mergeState(repo);
    if (state !== "none")
      add(
        "git",
        "warning",
        `git is in the middle of a ${state}: changing commands wait`,
        "finish it, or: secrets resolve NAME",
      );
    const samples = [`${secretsFolder}/store/sample.secret`, `${secretsFolder}/journal/change/2000/01/01/sample.jsonl`];
    for (const { path, source, line } of isIgnored(repo, samples))
      add(
        "git",
        "warning",
        `${path.replace("sample", "*")} is ignored by ${source}:${line}`,
        "gitseal stages its files all the same, but git add -A will not: take the rule away",
      );
    if (infoAttributesOverride(repo).length > 0)
      add("git", "problem", "info/attributes in the git directory changes files below .secrets/", "take the line away");
    examineAttributes(session, samples, add);
    for (const { path, flags } of hiddenEntries(repo))
      add(
        "git",
        "problem",
        `git hides edits of ${path} (${flags.join(", ")})`,
        "run: git update-index --no-assume-unchanged --no-skip-worktree -- that path",
      );
    const unstaged = unstagedChanges(repo, [secretsFolder]);
    if (unstaged.length > 0)
      add("git", "warning", `${unstaged.length} files below .secrets/ are not staged`, "run: git add -f .secrets");
  });
}

function examineHooks(deps: Deps, add: Add): void {
  const { hooks, hint } = readHooksStatus(deps);
  const others = hooks.filter(({ status }) => status !== "installed");
  if (hint === undefined) add("hooks", "ok", "git runs all hooks of gitseal");
  else add("hooks", "warning", others.map(({ hook, status }) => `${hook} ${status}`).join(", "), hint);
}

function examineAttributes({ repo }: Session, samples: readonly string[], add: Add): void {
  const found = effectiveAttributes(repo, samples);
  const isExact = samples.every(
    (path) => found.get(path)?.["text"] === "unset" && found.get(path)?.["filter"] === "unset",
  );
  if (isExact) add("attributes", "ok", "git keeps the files of the store as they are");
  else add("attributes", "problem", "git may change the files of the store on checkout", "run: secrets init");
}

function examineClone(session: Session, add: Add): void {
  const { disk, deps } = session;
  const places = placesOf(session);
  const waiting = listIds(disk, places, walFolder).length;
  if (waiting > 0)
    add(
      "recovery",
      "warning",
      `${waiting} changes were cut off and wait to be finished`,
      "the next changing command does so",
    );
  const parked = listIds(disk, places, parkedFolder).length;
  if (parked > 0)
    add(
      "recovery",
      "problem",
      `${parked} half-made changes were set aside`,
      `compare them with the work tree, then remove them: ${session.gitDir}/parked`,
    );
  if (waiting + parked === 0) add("recovery", "ok", "no change is half made");
  const { furthest: newest } = findNewestStamps(disk, session.workTree, Number.MAX_SAFE_INTEGER);
  const ahead = newest === undefined ? 0 : newest - deps.now();
  if (ahead > 5 * 60 * 1000)
    add(
      "clock",
      "warning",
      `the newest journal entry is from the future: ${showRelative(newest ?? 0, deps.now())}`,
      "check this machine's clock, and its writer's",
    );
  else add("clock", "ok", "no journal entry is from the future");
  const reads = readSpooled(session);
  const oldest = oldestOf(reads);
  if (oldest !== undefined)
    add(
      "reads",
      reads.length > 200 ? "warning" : "ok",
      `${reads.length} reads are not sealed yet, the oldest ${showRelative(oldest, deps.now())}`,
      "run: secrets audit seal",
    );
  else add("reads", "ok", "no read waits to be sealed");
}
