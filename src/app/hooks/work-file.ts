import { encodeUtf8 } from "../../core/bytes.js";
import { parentOf, removeFile, replaceFile, ensureFolder } from "../../store/durable.js";
import { tempIn } from "../../store/private-file.js";
import type { Deps } from "../deps.js";
import type { Place } from "../session.js";

/** Writes a committed file of the user's, who asked for it; undefined removes it. A script that is new can be run. */
export function writeWorkFile(deps: Deps, place: Place, path: string, text: string | undefined): void {
  if (text === undefined) return removeFile(place.disk, place.workTree, path);
  const folder = parentOf(path);
  if (folder !== "") ensureFolder(place.disk, place.workTree, folder, { mode: 0o755, sync: "made" });
  const mode = modeOf(place, path) ?? (text.startsWith("#!") ? 0o755 : 0o644);
  replaceFile(place.disk, place.workTree, path, encodeUtf8(text), { temp: tempIn(folder, deps), mode });
}

function modeOf(place: Place, path: string): number | undefined {
  try {
    return place.disk.lstat(`${place.workTree}/${path}`).mode & 0o777;
  } catch {
    return undefined; // Not there yet.
  }
}
