import { SecretsError } from "../../core/errors.js";
import { classifyPath } from "../../core/layout.js";
import { verifyTrustChain } from "../../core/trust-chain.js";
import { headCommit } from "../../git/listing.js";
import { listPastFiles } from "../../git/past-files.js";
import { readTrustRoots } from "../../store/trust.js";
import { withStoreLock } from "../../store/transaction.js";
import { placesOf, storeDeps } from "../change.js";
import type { Deps } from "../deps.js";
import { findPlace, type Place } from "../session.js";
import { readBlobs } from "../verify/store-at.js";

interface LostFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Brings back trust roots that the history of HEAD has beyond those that are here, with what belongs to them: without them nothing
 * that later members signed can be judged, and no changing command runs. Only roots that continue the chain are written. Answers
 * the paths; with `dryRun` writes nothing.
 */
export function recoverTrust(deps: Deps, dryRun: boolean): readonly string[] {
  const place = findPlace(deps);
  const head = headCommit(place.repo);
  if (head === undefined) return [];
  const here = readTrustRoots(place.disk, place.workTree).length;
  const lost = findLostRoots(place, head, here);
  if (lost.length === 0 || !continuesChain(place, lost)) return [];
  if (!dryRun)
    withStoreLock(storeDeps(deps, place), placesOf(place), (tx) => {
      const targets = lost.map(({ path, bytes }) => ({ path, before: null, after: bytes }));
      tx.commit({ targets, local: [], note: "recover (members)" });
    });
  return lost.map(({ path }) => path);
}

function findLostRoots(place: Place, head: string, here: number): readonly LostFile[] {
  const found = new Map<string, string>();
  for (const { path, oid } of listPastFiles(place.repo, { from: [head] }, [".secrets/trust"])) {
    const area = classifyPath(path);
    const isRoot = area?.area === "root" || area?.area === "root-signature";
    // Newest first: of two roots that were made side by side, the one that stayed.
    if (isRoot && area.n > here && !found.has(path)) found.set(path, oid);
  }
  const bytes = readBlobs(place.repo, [...found.values()], 1024 * 1024);
  return [...found].flatMap(([path, oid]) => {
    const content = bytes.get(oid);
    return content ? [{ path, bytes: content }] : [];
  });
}

function continuesChain({ disk, workTree }: Place, lost: readonly LostFile[]): boolean {
  const roots = lost.flatMap(({ path, bytes }) => {
    const area = classifyPath(path);
    if (area?.area !== "root") return [];
    const signatures = lost.flatMap((file) => {
      const other = classifyPath(file.path);
      return other?.area === "root-signature" && other.n === area.n ? [{ keyId: other.keyId, bytes: file.bytes }] : [];
    });
    return [{ n: area.n, bytes, signatures }];
  });
  try {
    verifyTrustChain([...readTrustRoots(disk, workTree), ...roots.toSorted((a, b) => a.n - b.n)]);
    return true;
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    return false;
  }
}
