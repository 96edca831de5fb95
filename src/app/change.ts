import { fail } from "../core/errors.js";
import { formatInstant, type Instant } from "../core/instant.js";
import { recordBody, type SecretRecord } from "../core/record.js";
import type { ChangeAction } from "../core/event.js";
import { stagePaths } from "../git/staging.js";
import { mergeState } from "../git/state.js";
import type { Config } from "../providers/config.js";
import { advanceSequence, readClone } from "../store/clone.js";
import { findNewestStamps, type NewestStamps } from "../store/journal.js";
import { attempt } from "../store/io-error.js";
import { readOwners } from "../store/owner.js";
import type { Notice } from "../store/recovery.js";
import { readPlainFile } from "../store/safe-read.js";
import { withStoreLock, type Places, type Stager, type StoreDeps, type Target } from "../store/transaction.js";
import { maxSecretFile } from "../core/secret-file.js";
import { ulid } from "../store/ulid.js";
import { readSpooled } from "./audit/access-log.js";
import { claimsOf } from "./claims.js";
import type { Deps } from "./deps.js";
import type { Actor } from "./identity-source.js";
import { isSealingDue, planSealing } from "./audit/seal-reads.js";
import { fitEvents, writeSegments, type NewChange } from "./segment-writer.js";
import { readChain, type Place, type Session } from "./session.js";

/** The change of one secret: its file's bytes, and what the journal says of it. */
export interface Draft {
  readonly action: ChangeAction;
  readonly name: string;
  readonly sid: string;
  readonly added: readonly SecretRecord[];
  /** Ids of the records that go. */
  readonly taken: readonly string[];
  /** Absent where another draft of the same plan writes the file. */
  readonly file?: Target;
  readonly reason?: string;
  readonly over?: string;
}

/** What a changing command wants written, all of it in one transaction. */
export interface Plan<T> {
  readonly drafts: readonly Draft[];
  /** Files beside the secrets': trust roots, config, attributes. */
  readonly files?: readonly Target[];
  /** Events about no secret. */
  readonly events?: readonly NewChange[];
  /** Seal all waiting reads, whether due or not. */
  readonly sealReads?: boolean;
  readonly result: T;
}

/** The state under the lock that a plan is made from. */
export interface Moment {
  readonly session: Session;
  readonly actor: Actor;
  readonly config: Config;
  /** The stamp of everything written: never before the newest one in the tree. */
  readonly at: Instant;
  readonly atText: string;
  readonly req: string;
}

export interface ChangeOptions {
  /** What the user asked for, without any value: kept in the write-ahead log for the messages of a recovery. */
  readonly note: string;
  readonly dryRun: boolean;
  /** `resolve` works inside a merge; everything else waits until it is over. */
  readonly whileMerging?: boolean;
  /** The store is being founded: there is no trust root on disk to read again yet. */
  readonly founding?: boolean;
}

export interface Changed<T> {
  readonly result: T;
  /** Paths written, or with `dryRun` the ones that would be, relative to the work tree. */
  readonly paths: readonly string[];
  /** Reads that were sealed along with it. */
  readonly sealedReads: number;
}

/**
 * Plans and writes one change: secret files and journal segments together, or nothing. `build` is called with the store
 * locked and everything read again. With `dryRun` nothing is locked and nothing is written.
 */
export function commitChange<T>(
  session: Session,
  actor: Actor,
  config: Config,
  options: ChangeOptions,
  build: (moment: Moment) => Plan<T>,
): Changed<T> {
  if (!options.whileMerging) refuseWhileMerging(session);
  if (options.dryRun) {
    const moment = momentOf(session, actor, config);
    const writing = compose(moment, build(moment));
    return { result: writing.result, paths: writing.targets.map(({ path }) => path), sealedReads: writing.sealedReads };
  }
  return withStoreLock(storeDeps(session.deps, session), placesOf(session), (tx) => {
    const chain = options.founding === true ? session.chain : readChain(session.deps, session, "change");
    const fresh: Session = { ...session, chain };
    const moment = momentOf(fresh, stillMember(fresh, actor), config);
    const writing = compose(moment, build(moment));
    if (writing.targets.length + writing.local.length > 0) {
      writing.advance();
      tx.commit({ targets: writing.targets, local: writing.local, note: options.note });
    }
    return { result: writing.result, paths: writing.targets.map(({ path }) => path), sealedReads: writing.sealedReads };
  });
}

function refuseWhileMerging({ repo }: Place): void {
  const state = mergeState(repo);
  if (state !== "none" && state !== "bisect")
    fail("git/merging", `git is in the middle of a ${state} here; nothing was changed`, {
      hint: "finish it first; conflicts of secrets are settled with: secrets resolve",
    });
}

function stillMember(session: Session, actor: Actor): Actor {
  const signer = session.chain.latest.signers.get(actor.fingerprint);
  if (!signer) fail("identity/unfit", "you are no longer a member of this repository's trust root");
  return { ...actor, member: signer.member };
}

const horizonMs = 24 * 60 * 60 * 1000;
const skewMs = 5 * 60 * 1000;

// A hybrid clock: later than everything in the tree, except for stamps so far ahead that their writer's clock must be wrong.
function momentOf(session: Session, actor: Actor, config: Config): Moment {
  const now = session.deps.now();
  const stamps = findNewestStamps(session.disk, session.workTree, now + horizonMs);
  warnOfSkew(session, now, stamps);
  const { newest } = stamps;
  const at = Math.max(now, newest === undefined ? 0 : newest + 1);
  return { session, actor, config, at, atText: formatInstant(at), req: ulid(now, session.deps.randomBytes) };
}

function warnOfSkew({ deps }: Session, now: Instant, { furthest, newest }: NewestStamps): void {
  if (furthest !== undefined && furthest > now + horizonMs)
    deps.warn(
      `the newest journal entry is ${Math.ceil((furthest - now) / horizonMs)} days ahead of this machine's clock: one of the two is wrong`,
      "check the clock; what is written now stands before that entry",
    );
  else if (newest !== undefined && newest - now > skewMs)
    deps.warn(
      `this machine's clock is ${Math.round((newest - now) / 60_000)} minutes behind the newest journal entry`,
      "check the clock",
    );
}

interface Writing<T> {
  readonly result: T;
  readonly targets: readonly Target[];
  readonly local: readonly Target[];
  readonly sealedReads: number;
  /** Numbers the new segments durably; called before the transaction. */
  readonly advance: () => void;
}

function compose<T>(moment: Moment, plan: Plan<T>): Writing<T> {
  const { session, actor, at } = moment;
  const { deps, disk, commonDir, chain } = session;
  const clone = readClone(disk, commonDir, deps.randomBytes);
  const events = [...(plan.events ?? []), ...plan.drafts.flatMap((draft) => fitEvents(eventOf(draft, moment.req)))];
  const segments = writeSegments(events, {
    class: "change",
    at,
    actor,
    claims: claimsOf(deps),
    repo: chain.repo,
    trust: chain.latest.ref,
    clone: clone.clone,
    end: clone.change,
  });
  const isSealing =
    plan.sealReads ?? (events.length > 0 && isSealingDue(readSpooled(session), moment.config, deps.now()));
  const sealing = isSealing ? planSealing(session, actor, clone, at) : undefined;
  return {
    result: plan.result,
    targets: [
      ...plan.drafts.flatMap(({ file }) => file ?? []),
      ...(plan.files ?? []),
      ...segments.map(({ path, bytes }) => ({ path, before: null, after: bytes })),
      ...(sealing?.targets ?? []),
    ],
    local: sealing?.local ?? [],
    sealedReads: sealing?.events ?? 0,
    advance: () => {
      const next = advanceSequence(
        disk,
        clone,
        "change",
        segments.map(({ id }) => id),
        deps,
      );
      advanceSequence(disk, next, "access", sealing?.segments.map(({ id }) => id) ?? [], deps);
    },
  };
}

function eventOf(draft: Draft, req: string): NewChange {
  return {
    action: draft.action,
    name: draft.name,
    provider: "local",
    recs: draft.added.map(recordBody),
    replaces: [...draft.taken].toSorted(),
    req,
    sid: draft.sid,
    ...(draft.over === undefined ? {} : { over: draft.over }),
    ...(draft.reason === undefined ? {} : { reason: draft.reason }),
  };
}

export function placesOf(place: Place): Places {
  return {
    workTree: place.workTree,
    commonDir: place.commonDir,
    gitDir: place.gitDir,
    indexPath: place.repo.indexPath,
  };
}

/** What the store needs to lock, recover and stage. */
export function storeDeps(deps: Deps, place: Place): StoreDeps {
  return {
    disk: place.disk,
    owners: readOwners(place.disk, deps.machine),
    stager: stagerOf(deps, place),
    now: deps.now,
    randomBytes: deps.randomBytes,
    sleep: deps.sleep,
    notify: (notice) => {
      deps.warn(...describeNotice(notice));
    },
  };
}

function stagerOf(deps: Deps, place: Place): Stager {
  return {
    stage: (paths) => {
      const entries = paths.map((path) => ({
        path,
        bytes: readPlainFile(place.disk, place.workTree, path, maxSecretFile) ?? null,
      }));
      // Git's own files are written through node:fs there: a full disk is no bug of ours.
      attempt("stage into", place.repo.gitDir, "index", () =>
        stagePaths(place.repo, place.workTree, entries, ulid(deps.now(), deps.randomBytes)),
      );
    },
  };
}

function describeNotice(notice: Notice): [message: string, hint?: string] {
  switch (notice.kind) {
    case "finished":
      return [`an earlier command was cut off; its change is now complete: ${notice.note}`];
    case "withdrawn":
      return [
        `an earlier command was cut off and others changed its files since; its change was not made: ${notice.note}`,
        `what it would have written is kept in ${notice.kept}`,
      ];
    case "unreadable":
      return ["a damaged write-ahead record was set aside", `it is kept in ${notice.kept}`];
    case "parked-before":
      return [
        "a half-made change was set aside earlier and still waits for you",
        `compare it with the work tree, then remove it: ${notice.kept.join(", ")}`,
      ];
  }
}
