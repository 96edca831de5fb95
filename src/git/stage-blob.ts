import { fail } from "../core/errors.js";
import { listIndex } from "./listing.js";
import { isOid } from "./object-id.js";
import { readObjectsSync } from "./objects.js";
import type { Repository } from "./repository.js";
import { gitText, runGit } from "./run.js";

/** A regular file as it is staged. */
export interface StagedFile {
  readonly mode: string;
  readonly oid: string;
  readonly bytes: Buffer;
}

/**
 * The staged bytes of a regular file, or undefined where nothing is staged of it. The path is relative to the top of the work tree. Throws
 * `git/merging` for a conflict and `usage/refused` for a link, a submodule and a file of more than `maxBytes`.
 */
export function findStaged(repo: Repository, path: string, maxBytes: number): StagedFile | undefined {
  const entries = listIndex(repo, [path]).filter((entry) => entry.path === path);
  const [entry] = entries;
  if (entry === undefined) return undefined;
  if (entry.stage !== 0)
    fail("git/merging", "the file has an unresolved merge conflict", { hint: "settle it as git says: git status" });
  if (!entry.mode.startsWith("100")) fail("usage/refused", "what is staged there is no regular file");
  const [object] = readObjectsSync(repo, [entry.oid], { maxBytes });
  if (object?.kind === "too-large") fail("usage/refused", `the staged file is larger than ${maxBytes} bytes`);
  if (object?.kind !== "object")
    fail("store/integrity", `the staged object ${entry.oid} is missing`, { hint: "run: git fsck" });
  return { mode: entry.mode, oid: entry.oid, bytes: object.bytes };
}

/**
 * Stages other bytes in place of `before`, whatever the work tree holds and whatever filters there are. Git takes its own lock. Throws
 * `version/changed` when something else is staged meanwhile.
 */
export function replaceStaged(repo: Repository, path: string, before: StagedFile, bytes: Uint8Array): void {
  const oid = gitText(repo, ["hash-object", "-w", "--stdin"], { stdin: bytes });
  if (!isOid(oid)) fail("git/failed", "git hash-object gave no object id");
  const now = listIndex(repo, [path]).find((entry) => entry.path === path);
  if (now?.oid !== before.oid || now.mode !== before.mode)
    fail("version/changed", "the file was staged anew meanwhile", { hint: "run the command again" });
  runGit(repo, ["update-index", "-z", "--index-info"], { stdin: `${before.mode} ${oid} 0\t${path}\0` });
}
