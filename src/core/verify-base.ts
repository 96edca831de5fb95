import type { ChangeEvent } from "./event.js";
import { createFinding, type FindingCode, type Place, type Report } from "./finding.js";
import type { SegmentOrigin } from "./fold.js";
import { parseInstant, type Instant } from "./instant.js";
import { classifyPath } from "./layout.js";
import { rootTime, type IdentifiedRoot } from "./trust-root.js";
import { rootFileName, type ChainedRoot, type TrustChain } from "./trust-chain.js";
import { findMissingRights } from "./verify-segment.js";

const dayMs = 24 * 60 * 60 * 1000;
/** Work that was signed longer ago, and is not in the base, is refused until it is reissued. */
export const oldWorkMs = 90 * dayMs;
const oldRootMs = 14 * dayMs;
/** A clock may be wrong by so much. */
const futureMs = dayMs;

/** A file that base and head do not have alike. */
export interface FileChange {
  /** Untrusted. */
  readonly path: string;
  /** Undefined on the side that has none. */
  readonly base: string | undefined;
  readonly head: string | undefined;
}

/** A segment that the head has and the base has not. */
export interface NewSegment extends SegmentOrigin {
  readonly path: string;
  /** None for access segments: all roles may read. */
  readonly events: readonly ChangeEvent[];
}

export interface BaseInput {
  readonly base: TrustChain;
  readonly head: TrustChain;
  readonly changes: readonly FileChange[];
  readonly segments: readonly NewSegment[];
  /** Paths of the loose segments that stand, whole, in an archive of the head. */
  readonly archived: ReadonlySet<string>;
  readonly now: Instant;
}

/**
 * Level 6: the head keeps all that the base has of journal and trust, goes on from the base's roots, and whatever is new may be
 * done by who did it under the base's newest root. Nobody gives a right to themselves in the change that uses it.
 */
export function verifyBase({ base, head, changes, segments, archived, now }: BaseInput, report: Report): void {
  for (const change of changes) verifyKept(change, archived, report);
  verifyRoots(base, head, now, report);
  for (const segment of segments) {
    verifyTime(segment, now, report);
    verifySigner(segment, base.latest, "base", report);
  }
}

const revert = "if it was a revert, revert that one; else merge the base again and keep both sides' files";

function verifyKept({ path, base, head }: FileChange, archived: ReadonlySet<string>, report: Report): void {
  if (base === undefined) return;
  const area = classifyPath(path)?.area;
  const say = (code: FindingCode, message: string): void =>
    report(createFinding(code, message, { path, hint: revert }));
  const what = head === undefined ? "is taken away" : "is changed";
  if (area === "root" || area === "root-signature")
    say("base-trust", `a file of the base's trust roots ${what}: the list of members only grows`);
  else if (area === "segment" && head === undefined && archived.has(path)) return;
  else if (area === "segment" || area === "archive" || area === "wrapped")
    say("base-lost", `a file of the base ${what}: journal and identities only grow`);
}

function verifyRoots(base: TrustChain, head: TrustChain, now: Instant, report: Report): void {
  const place: Place = { path: ".secrets/trust", hint: "merge the base, and make the change of members again" };
  const differs = base.roots.findIndex(({ ref }, at) => head.roots[at]?.ref !== ref);
  if (differs >= 0 && differs < head.roots.length)
    report(createFinding("base-trust", `trust root ${differs + 1} is not the one of the base`, place));
  else if (differs >= 0)
    report(
      createFinding(
        "base-trust",
        `the list of members was rolled back: the base has ${base.roots.length} trust roots in force, here are ${head.roots.length}`,
        place,
      ),
    );
  const known = new Set([...base.roots, ...base.proposals].map(({ ref }) => ref));
  for (const root of head.roots) if (!known.has(root.ref)) verifyRootTime(root, now, report);
  for (const { ref, root } of head.proposals)
    if (!known.has(ref))
      report(
        createFinding(
          "base-proposal",
          `trust root ${root.n} lacks signatures of admins, and cannot land as a proposal`,
          {
            path: rootPath(root.n),
            hint: "the missing admins sign it on this branch first",
          },
        ),
      );
}

const rootPath = (n: number): string => `.secrets/trust/${rootFileName(n)}`;

function verifyRootTime({ root }: IdentifiedRoot, now: Instant, report: Report): void {
  const place: Place = { path: rootPath(root.n), hint: "the admins make the change of members again" };
  if (rootTime(root) < now - oldRootMs)
    report(createFinding("base-old", `trust root ${root.n} was signed more than 14 days ago and never landed`, place));
  if (rootTime(root) > now + futureMs)
    report(createFinding("base-future", `trust root ${root.n} is from the future`, place));
}

// A withdrawn branch could else be landed by somebody else next year. Reads are late by nature, and change nothing.
function verifyTime({ header, path }: NewSegment, now: Instant, report: Report): void {
  const at = parseInstant(header.at, "journal/malformed");
  if (header.class === "change" && at < now - oldWorkMs)
    report(
      createFinding("base-old", "it was signed more than 90 days ago and never landed", {
        path,
        hint: "a member does the change again, on top of the base",
      }),
    );
  if (at > now + futureMs)
    report(
      createFinding("base-future", `its time, ${header.at}, is more than a day ahead`, {
        path,
        hint: "set the clock of that machine right, and do the change again",
      }),
    );
}

/** A new segment by the rights that its key has in a root that the change itself did not make. */
export function verifySigner(
  { header, path, events }: Pick<NewSegment, "header" | "path" | "events">,
  root: ChainedRoot,
  level: "base" | "history",
  report: Report,
): void {
  const hint = "first the change of members lands, then what it allows";
  const member = root.signers.get(header.key)?.member;
  const where = level === "base" ? "in the base" : "before this commit";
  if (!member)
    return report(
      createFinding(`${level}-key`, `it is signed by a key that is no member's ${where} (trust root ${root.root.n})`, {
        path,
        hint,
      }),
    );
  for (const event of events)
    for (const { message } of findMissingRights(event, member))
      report(
        createFinding(`${level}-role`, `event ${event.i} (${event.action}), by the rights ${where}: ${message}`, {
          path,
          name: event.name,
          hint,
        }),
      );
}
