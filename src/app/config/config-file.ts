import { sha256Hex } from "../../core/digest.js";
import { maxConfig, oldConfigFile } from "../../providers/config.js";
import { configFile } from "../../store/layout.js";
import { readPrivate, writePrivate } from "../../store/private-file.js";
import { readPlainFile } from "../../store/safe-read.js";
import type { Place, Session } from "../session.js";

/** The config as it stands in the work tree. It is not trusted by being there. */
export interface ConfigFile {
  /** Relative to the work tree. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

/** `.secrets/config.yaml`, else `.claude/config/secrets.yaml`, else undefined. Throws `store/unsafe-file` for a link. */
export function readConfigFile({ disk, workTree }: Pick<Place, "disk" | "workTree">): ConfigFile | undefined {
  for (const path of [configFile, oldConfigFile]) {
    const bytes = readPlainFile(disk, workTree, path, maxConfig);
    if (bytes !== undefined) return { path, bytes, digest: sha256Hex(bytes) };
  }
  return undefined;
}

const allowedFile = "config-allowed.json";
const maxAllowed = 100;

/** Whether somebody said on this clone that a config with this digest may be used here (`config allow`). */
export function isAllowedHere(session: Session, digest: string): boolean {
  return readAllowed(session).includes(digest);
}

/** Remembers it, for this clone only: the list lies in the git directory, and no branch can bring it. */
export function allowHere(session: Session, digest: string): void {
  const others = readAllowed(session).filter((one) => one !== digest);
  const list = [...others, digest].slice(-maxAllowed);
  writePrivate(session.disk, session.commonDir, allowedFile, Buffer.from(JSON.stringify(list), "utf8"), session.deps);
}

function readAllowed({ disk, commonDir }: Session): readonly string[] {
  const bytes = readPrivate(disk, commonDir, allowedFile, 64 * 1024);
  if (bytes === undefined) return [];
  try {
    const list: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
  } catch {
    return []; // A torn file allows nothing.
  }
}
