import { maxSegment } from "../core/segment.js";
import type { Disk } from "./disk.js";
import { listPlainFolder, readPlainFile } from "./safe-read.js";

/** An access segment of this clone that the upstream branch did not have yet when it was sealed. */
export interface SealedCopy {
  /** Where the copy is, relative to the common directory. */
  readonly copy: string;
  /** Where the segment belongs in the work tree. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const folder = "sealed";

/** The path of the own copy of a segment, relative to the common directory. */
export function sealedCopyPath(segmentPath: string): string {
  return `${folder}/${segmentPath.slice(segmentPath.lastIndexOf("/") + 1)}`;
}

/** All own copies, oldest first. */
export function listSealedCopies(disk: Disk, commonDir: string): readonly SealedCopy[] {
  return listPlainFolder(disk, commonDir, folder).flatMap((name) => {
    const day = /^(\d{4})(\d{2})(\d{2})T\d{9}Z-[0-9a-f]{32}\.jsonl$/.exec(name);
    const bytes = day ? readPlainFile(disk, commonDir, `${folder}/${name}`, maxSegment) : undefined;
    if (!day || bytes === undefined) return [];
    return [
      { copy: `${folder}/${name}`, path: `.secrets/journal/access/${day[1]}/${day[2]}/${day[3]}/${name}`, bytes },
    ];
  });
}
