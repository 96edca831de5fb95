import { encodeUtf8, findUtf8 } from "../core/bytes.js";
import { SecretsError } from "../core/errors.js";
import type { Disk } from "./disk.js";
import { ensureFolder, writeNew } from "./durable.js";
import { privateFolderMode, privateMode, tempIn } from "./private-file.js";
import { inspectFile, listPlainFolder } from "./safe-read.js";
import { isUlid, ulid, type Ulid, type UlidSource } from "./ulid.js";

const folder = "spool";

/** A spool file holds the events of one command; a segment's own limit is 256 KiB. */
const spoolLimit = 1024 * 1024;

/** One spool file as it was found. */
export interface SpoolFile {
  readonly ulid: Ulid;
  /** Relative to `commonDir`: the local target `{ path, before: bytes, after: null }` removes exactly this file. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Undefined when the file is torn or foreign: to be reported and kept, never sealed. Its fields are not checked here. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
}

function explain(error: unknown): unknown {
  if (!(error instanceof SecretsError)) return error;
  return new SecretsError("audit/unwritable", `cannot record the read before the value is given: ${error.message}`, {
    hint: `${error.hint ?? "check .git/gitseal/spool"}; where the git directory must stay read-only, set audit.access: off`,
    cause: error,
  });
}

/**
 * Keeps what a command is about to reveal, durable when it returns, so that no value leaves before its record is kept. The name
 * is linked to synced bytes: a crash leaves the whole file or none. Throws `audit/unwritable`.
 */
export function writeSpool(disk: Disk, commonDir: string, record: object, source: UlidSource): Ulid {
  const id = ulid(source.now(), source.randomBytes);
  try {
    ensureFolder(disk, commonDir, folder, { mode: privateFolderMode, sync: "made" });
    const bytes = encodeUtf8(`${JSON.stringify(record)}\n`);
    writeNew(disk, commonDir, `${folder}/${id}.json`, bytes, { temp: tempIn(folder, source), mode: privateMode });
  } catch (error) {
    throw explain(error);
  }
  return id;
}

// The final line feed shows that the text was not cut off at a place where it happens to be JSON.
function findRecord(bytes: Uint8Array): SpoolFile["record"] {
  const text = findUtf8(bytes);
  if (!text?.endsWith("\n")) return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** All spool files, oldest first. One that cannot be an event is in the list without a record. Throws `io/failed`. */
export function readSpool(disk: Disk, commonDir: string): SpoolFile[] {
  return listPlainFolder(disk, commonDir, folder)
    .filter((name) => name.endsWith(".json") && isUlid(name.slice(0, -5)))
    .flatMap((name) => {
      const path = `${folder}/${name}`;
      const found = inspectFile(disk, commonDir, path, spoolLimit);
      if (found.kind === "absent") return []; // sealed by another command since the folder was listed
      const bytes = found.kind === "plain" ? found.bytes : new Uint8Array();
      return [{ ulid: name.slice(0, -5), path, bytes, record: findRecord(bytes) }];
    });
}
