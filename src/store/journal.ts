import type { SegmentClass } from "../core/event.js";
import type { Instant } from "../core/instant.js";
import { maxSegment } from "../core/segment.js";
import type { Disk } from "./disk.js";
import { journalFolder } from "./layout.js";
import { listPlainFolder, readPlainFile } from "./safe-read.js";

const segmentName = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z-[0-9a-f]{32}\.jsonl$/;

/** The folders `YYYY/MM/DD` of a class, newest first, relative to the class's folder. */
export function listDays(disk: Disk, workTree: string, of: SegmentClass): readonly string[] {
  const root = journalFolder(of);
  const below = (folder: string, shape: RegExp): string[] =>
    listPlainFolder(disk, workTree, folder === "" ? root : `${root}/${folder}`)
      .filter((entry) => shape.test(entry))
      .toReversed();
  return below("", /^\d{4}$/).flatMap((year) =>
    below(year, /^\d{2}$/).flatMap((month) =>
      below(`${year}/${month}`, /^\d{2}$/).map((day) => `${year}/${month}/${day}`),
    ),
  );
}

/** Paths of the segments of one day, oldest first, relative to the work tree. */
export function listSegments(disk: Disk, workTree: string, of: SegmentClass, day: string): readonly string[] {
  const folder = `${journalFolder(of)}/${day}`;
  return listPlainFolder(disk, workTree, folder)
    .filter((entry) => segmentName.test(entry))
    .map((entry) => `${folder}/${entry}`);
}

export function readSegment(disk: Disk, workTree: string, path: string): Uint8Array | undefined {
  return readPlainFile(disk, workTree, path, maxSegment);
}

/** The moment in a segment's file name. */
function stampTime(path: string): Instant | undefined {
  const found = segmentName.exec(path.slice(path.lastIndexOf("/") + 1));
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second, milli] = found;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`);
  return Number.isNaN(at) ? undefined : at;
}

/** The newest stamp of a journal, and the newest that is not beyond a limit; undefined where there is none. */
export interface NewestStamps {
  readonly furthest: Instant | undefined;
  readonly newest: Instant | undefined;
}

/**
 * The newest stamps of both classes. Looks at the newest days only, so its cost does not grow with the journal. File names are
 * untrusted: whoever writes a stamp far ahead is passed over.
 */
export function findNewestStamps(disk: Disk, workTree: string, limit: Instant): NewestStamps {
  const found = (["change", "access"] as const).map((of) => newestOf(disk, workTree, of, limit));
  return { furthest: latest(found.map(({ furthest }) => furthest)), newest: latest(found.map(({ newest }) => newest)) };
}

function latest(times: readonly (Instant | undefined)[]): Instant | undefined {
  const known = times.filter((at) => at !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

function newestOf(disk: Disk, workTree: string, of: SegmentClass, limit: Instant): NewestStamps {
  const root = journalFolder(of);
  const down = (folder: string): string[] => listPlainFolder(disk, workTree, folder).toReversed();
  let furthest: Instant | undefined;
  for (const year of down(root).filter((entry) => /^\d{4}$/.test(entry)))
    for (const month of down(`${root}/${year}`).filter((entry) => /^\d{2}$/.test(entry)))
      for (const day of down(`${root}/${year}/${month}`).filter((entry) => /^\d{2}$/.test(entry)))
        // Names begin with the time, and are listed in their order.
        for (const path of listSegments(disk, workTree, of, `${year}/${month}/${day}`).toReversed()) {
          const at = stampTime(path);
          if (at === undefined) continue;
          furthest = Math.max(furthest ?? at, at);
          if (at <= limit) return { furthest, newest: at };
        }
  return { furthest, newest: undefined };
}
