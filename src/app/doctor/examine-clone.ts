import { showRelative } from "../../core/duration.js";
import { findNewestStamps } from "../../store/journal.js";
import { listIds, parkedFolder, walFolder } from "../../store/wal.js";
import { oldestOf, readSpooled } from "../audit/access-log.js";
import { placesOf } from "../change.js";
import type { Session } from "../session.js";
import type { Add } from "./report.js";

/** What earlier commands left in this clone: half-made changes, reads that wait, stamps of a wrong clock. */
export function examineClone(session: Session, add: Add): void {
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
