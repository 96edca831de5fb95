import type { Instant } from "../core/instant.js";
import type { Disk } from "./disk.js";
import { childOf, unlinkFile } from "./durable.js";
import { listPlainFolder } from "./safe-read.js";
import { isUlid, ulidTime } from "./ulid.js";

const prefix = ".tmp-";

/** Removes the drafts that dead processes left in a folder: exactly `.tmp-<ulid>`, and only those begun before `before`. */
export function sweepDrafts(disk: Disk, root: string, folder: string, before: Instant): void {
  for (const name of listPlainFolder(disk, root, folder)) {
    const id = name.slice(prefix.length);
    if (name.startsWith(prefix) && isUlid(id) && ulidTime(id) < before) unlinkFile(disk, root, childOf(folder, name));
  }
}
