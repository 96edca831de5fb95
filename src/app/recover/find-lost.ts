import { SecretsError } from "../../core/errors.js";
import { classifyPath } from "../../core/layout.js";
import { maxSegment, type Segment } from "../../core/segment.js";
import type { SegmentClass } from "../../core/event.js";
import { contentsInCommits } from "../../git/changes.js";
import { listPastCommits, listPastFiles, refsWith, type PastFile } from "../../git/past-files.js";
import { listIndex } from "../../git/listing.js";
import { readObjectsSync } from "../../git/objects.js";
import { journalFolder } from "../../store/layout.js";
import { listDays, listSegments } from "../../store/journal.js";
import { listPlainFolder } from "../../store/safe-read.js";
import { checkSegment } from "../audit/journal-read.js";
import type { Session } from "../session.js";

/** A segment that is not in the work tree, and its bytes. */
export interface LostSegment {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly segment: Segment;
}

/** Work that is on no branch's way here: perhaps lost, perhaps a colleague's that is not merged yet. */
export interface Elsewhere {
  readonly commit: string;
  /** Branches and tags that have it, at most three. */
  readonly refs: readonly string[];
  readonly segments: number;
}

export interface Lost {
  /** To be brought back. */
  readonly segments: readonly LostSegment[];
  /** Found, and not intact or by nobody who is known here. */
  readonly unfit: readonly { readonly path: string; readonly why: string }[];
}

const classes: readonly SegmentClass[] = ["change", "access"];

/** The segments that commits of this past had and the work tree has not. Every signature is checked. */
export function findLost(session: Session, from: readonly string[]): Lost {
  const here = segmentsHere(session);
  const missing = new Map<string, PastFile>();
  for (const file of listPastFiles(session.repo, { from }, foldersOf(session)))
    if (classifyPath(file.path)?.area === "segment" && !here.has(file.path)) missing.set(file.path, file);
  const segments: LostSegment[] = [];
  const unfit: { path: string; why: string }[] = [];
  const files = [...missing.values()];
  const objects = readObjectsSync(
    session.repo,
    files.map(({ oid }) => oid),
    { maxBytes: maxSegment },
  );
  for (const [at, { path }] of files.entries()) {
    const object = objects[at];
    try {
      if (object?.kind !== "object") unfit.push({ path, why: "git cannot give its bytes" });
      else segments.push({ path, bytes: object.bytes, segment: checkSegment(object.bytes, path, session.chain) });
    } catch (cause) {
      if (!(cause instanceof SecretsError)) throw cause;
      unfit.push({ path, why: cause.message });
    }
  }
  return { segments: segments.toSorted((a, b) => (a.path < b.path ? -1 : 1)), unfit };
}

// What is archived is not lost.
function foldersOf({ disk, workTree }: Session): readonly string[] {
  const hasArchives = listPlainFolder(disk, workTree, ".secrets/journal/archive").length > 0;
  return classes.filter((of) => of === "change" || !hasArchives).map(journalFolder);
}

function segmentsHere(session: Session): ReadonlySet<string> {
  const { disk, workTree, repo } = session;
  const listed = classes.flatMap((of) =>
    listDays(disk, workTree, of).flatMap((day) => listSegments(disk, workTree, of, day)),
  );
  // A sparse checkout leaves files out of the work tree that are there all the same.
  return new Set([...listed, ...listIndex(repo, [".secrets/journal"]).map(({ path }) => path)]);
}

const mostShown = 20;

/** Where there is more that is not here, by the commits that have it, newest first; without what HEAD's own history has. */
export function findElsewhere(session: Session, head: string, from: readonly string[]): readonly Elsewhere[] {
  const here = segmentsHere(session);
  const paths = [journalFolder("change")];
  const commits = listPastCommits(session.repo, { from, not: [head] }, paths);
  return commits.slice(0, mostShown).flatMap((commit) => {
    const brought = contentsInCommits(session.repo, [commit], paths);
    const segments = brought.filter(({ path }) => classifyPath(path)?.area === "segment" && !here.has(path)).length;
    return segments === 0 ? [] : [{ commit, refs: refsWith(session.repo, commit).slice(0, 3), segments }];
  });
}
