import { fail } from "../../core/errors.js";
import { classifyPath } from "../../core/layout.js";
import { verifyTrustChain, type RootFiles, type TrustChain } from "../../core/trust-chain.js";
import { maxRootFile } from "../../core/trust-root.js";
import { listIndex, listTree } from "../../git/listing.js";
import { readObjectsSync } from "../../git/objects.js";
import type { Repository } from "../../git/repository.js";
import { trustFolder } from "../../store/layout.js";

/** The trust roots of a commit, or of what is staged (undefined), verified; undefined where there are none. Throws `trust/*`. */
export function readChainAt(repo: Repository, commit: string | undefined): TrustChain | undefined {
  const entries = commit === undefined ? listIndex(repo, [trustFolder]) : listTree(repo, commit, [trustFolder]);
  const found = entries.flatMap(({ path, oid }) => {
    const area = classifyPath(path);
    return area?.area === "root" || area?.area === "root-signature" ? [{ area, oid }] : [];
  });
  const bytes = readBlobs(
    repo,
    found.map(({ oid }) => oid),
    maxRootFile,
  );
  const roots: RootFiles[] = [];
  for (const { area, oid } of found)
    if (area.area === "root")
      roots.push({
        n: area.n,
        bytes: bytes.get(oid) ?? new Uint8Array(),
        signatures: found.flatMap((other) =>
          other.area.area === "root-signature" && other.area.n === area.n
            ? [{ keyId: other.area.keyId, bytes: bytes.get(other.oid) ?? new Uint8Array() }]
            : [],
        ),
      });
  return roots.length === 0 ? undefined : verifyTrustChain(roots.toSorted((a, b) => a.n - b.n));
}

/** Blobs by their ids. Throws `verify/incomplete` for one that this clone lacks, and `store/integrity` for one that is too large. */
export function readBlobs(
  repo: Repository,
  oids: readonly string[],
  maxBytes: number,
): ReadonlyMap<string, Uint8Array> {
  const wanted = [...new Set(oids)];
  return new Map(
    readObjectsSync(repo, wanted, { maxBytes }).map((object) => {
      if (object.kind === "missing")
        fail("verify/incomplete", `this clone lacks the object ${object.oid}`, { hint: "run: git fetch --refetch" });
      if (object.kind === "too-large")
        fail("store/integrity", `the object ${object.oid} is larger than such a file can be`);
      return [object.oid, object.bytes];
    }),
  );
}
