import { parseSegment } from "../../core/segment.js";
import { claimsOf } from "../claims.js";
import type { Instant } from "../../core/instant.js";
import { isInUpstream } from "../../git/config.js";
import type { Config } from "../../providers/config.js";
import type { ChainEnd, Clone } from "../../store/clone.js";
import { listSealedCopies, sealedCopyPath } from "../../store/sealed-copies.js";
import { readSegment } from "../../store/journal.js";
import type { Target } from "../../store/transaction.js";
import { oldestOf, readSpooled, type SpooledReads } from "./access-log.js";
import type { Actor } from "../identity-source.js";
import { writeSegments, type NewAccess, type WrittenSegment } from "../segment-writer.js";
import type { Session } from "../session.js";

/** What sealing adds to a transaction. */
export interface SealingPlan {
  readonly segments: readonly WrittenSegment[];
  /** Files for the work tree: new segments, and earlier ones of this clone that this branch lacks. */
  readonly targets: readonly Target[];
  /** Local files: spool files that go, own copies that come or go. */
  readonly local: readonly Target[];
  readonly end: ChainEnd;
  readonly events: number;
  /** Segments sealed on another branch and brought here again. */
  readonly carried: number;
}

const dueCount = 200;
const dueAgeMs = 24 * 60 * 60 * 1000;

/** True when so many reads wait, or so old ones, that the next changing command should seal them. */
export function isSealingDue(reads: readonly SpooledReads[], config: Config, now: Instant): boolean {
  if (config.audit.access !== "sealed") return false;
  const oldest = oldestOf(reads);
  return reads.length > dueCount || (oldest !== undefined && now - oldest > dueAgeMs);
}

/**
 * Plans to seal this member's spooled reads into access segments. The spool files are removed by the same transaction; an own
 * copy of each segment stays until the upstream branch has it, so that reads made on an abandoned branch are carried on.
 */
export function planSealing(session: Session, actor: Actor, clone: Clone, at: Instant): SealingPlan {
  const mine = readSpooled(session).filter(
    ({ record }) => record?.key === actor.fingerprint && record.repo === session.chain.repo,
  );
  const events: NewAccess[] = mine.flatMap(({ record }) => record?.events ?? []);
  const segments = writeSegments(events, {
    class: "access",
    at,
    actor,
    claims: claimsOf(session.deps),
    repo: session.chain.repo,
    trust: session.chain.latest.ref,
    clone: clone.clone,
    end: clone.access,
  });
  const carry = planCarrying(session);
  return {
    segments,
    targets: [...segments.map(({ path, bytes }) => added(path, bytes)), ...carry.targets],
    local: [
      ...mine.map(({ file }) => ({ path: file.path, before: file.bytes, after: null })),
      ...segments.map(({ path, bytes }) => added(sealedCopyPath(path), bytes)),
      ...carry.local,
    ],
    end: { seq: clone.access.seq + segments.length, prev: segments.at(-1)?.id ?? clone.access.prev },
    events: events.length,
    carried: carry.targets.length,
  };
}

function added(path: string, bytes: Uint8Array): Target {
  return { path, before: null, after: bytes };
}

function planCarrying(session: Session): { readonly targets: readonly Target[]; readonly local: readonly Target[] } {
  const copies = listSealedCopies(session.disk, session.commonDir).filter(
    ({ bytes }) => parseSegment(bytes).header.repo === session.chain.repo,
  );
  const upstream = isInUpstream(
    session.repo,
    copies.map(({ path }) => path),
  );
  return {
    targets: copies
      .filter(({ path }) => !upstream.has(path) && readSegment(session.disk, session.workTree, path) === undefined)
      .map(({ path, bytes }) => added(path, bytes)),
    local: copies
      .filter(({ path }) => upstream.has(path))
      .map(({ copy, bytes }) => ({ path: copy, before: bytes, after: null })),
  };
}
