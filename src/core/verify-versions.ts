import { createFinding, findOrReport, type Place } from "./finding.js";
import type { SecretName } from "./name.js";
import { readersOf } from "./readers.js";
import { recordId, type Mark, type Meta } from "./record.js";
import type { SecretFile } from "./secret-file.js";
import { findRoot } from "./trust-chain.js";
import type { Verifier } from "./verify-claim.js";
import { deriveVersions, latestOf, type VersionStatus } from "./version.js";

/** Level 4 of one file, and its policy: `prev` complete, marks after what they mark, no fork, nobody sealed in that should be out. */
export function verifyVersions(file: SecretFile, name: SecretName, place: Place, verifier: Verifier): void {
  const { report, now } = verifier;
  const versions = findOrReport(report, "prev", place, () => deriveVersions(file, now));
  if (!versions) return;
  if (!marksFollow(file))
    report(
      createFinding("mark-order", "a mark does not have the version that it marks in its past", {
        ...place,
        hint: "restore the file from history",
      }),
    );
  if (!standInOrder(file))
    report(
      createFinding("block-order", "a version stands before one that it was made after", {
        ...place,
        hint: "restore the file from history",
      }),
    );
  const hint = `run: secrets resolve ${name}`;
  const latest = latestOf(versions);
  if (latest.length > 1)
    report(
      createFinding(
        "fork",
        `versions ${latest.map(({ vid, number }) => `${number ?? "?"} (${vid})`).join(" and ")} were made side by side`,
        { ...place, hint },
      ),
    );
  const [meta, ...others] = file.metas;
  if (others.length > 0)
    report(createFinding("meta-fork", "two metadata blocks were made side by side", { ...place, hint }));
  else if (meta) verifyReaders(versions.filter(isLive), meta, name, place, verifier);
}

// A mark names what was there when it was made. One that comes before its version was made for something else.
function marksFollow(file: SecretFile): boolean {
  const prevOf = new Map(
    file.groups.flatMap(({ version, marks }) =>
      [version, ...marks].map((record) => [recordId(record), record.prev] as const),
    ),
  );
  return file.groups.every(({ version, marks }) => marks.every((mark) => isBefore(recordId(version), mark, prevOf)));
}

// Versions are appended, and a merge keeps the order of both sides. Marks stand before what they mark, whatever came before them; so
// what a version follows is looked for through the marks that it names.
function standInOrder({ groups }: SecretFile): boolean {
  const places = new Map(groups.map(({ version }, at) => [recordId(version), at]));
  const marks = new Map(groups.flatMap(({ marks: stand }) => stand.map((mark) => [recordId(mark), mark] as const)));
  return groups.every(({ version, marks: stand }, at) => {
    const seen = new Set(version.prev);
    for (const id of seen) for (const before of marks.get(id)?.prev ?? []) seen.add(before);
    const own = stand.map(recordId);
    return (
      [...seen].every((id) => (places.get(id) ?? -1) < at) &&
      stand.every((mark, place) => mark.prev.every((id) => own.indexOf(id) < place))
    );
  });
}

function isBefore(id: string, mark: Mark, prevOf: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>(mark.prev);
  for (const at of seen) {
    if (at === id) return true;
    for (const before of prevOf.get(at) ?? []) seen.add(before);
  }
  return false;
}

/** Whether the value is still worth opening; an expired one is, as long as nothing came after it. */
function isLive({ state, latest }: VersionStatus): boolean {
  return latest ? state !== "revoked" && state !== "pruned" : state === "grace" || state === "pending";
}

// Members are compared by recipient: who got a new key under the old id cannot open what the old one could.
function verifyReaders(
  live: readonly VersionStatus[],
  meta: Meta,
  name: SecretName,
  place: Place,
  { chain, report }: Verifier,
): void {
  const wanted = readersOf(chain.latest.root, meta.scope, name);
  const wantedKeys = new Set(wanted.map(({ recipient }) => recipient));
  const stale = new Set<string>();
  const unsealed = new Set<string>();
  let isMoved = false;
  for (const { group } of live) {
    const { seal } = group;
    const root = findRoot(chain, seal.trust)?.root;
    if (!root) continue; // Reported with the block.
    const sealed = root.members.filter(({ id }) => seal.readers.includes(id));
    const sealedKeys = new Set(sealed.map(({ recipient }) => recipient));
    if (seal.scope !== meta.scope) isMoved = true;
    for (const { id, recipient } of sealed) if (!wantedKeys.has(recipient)) stale.add(id);
    for (const { id, recipient } of wanted) if (!sealedKeys.has(recipient)) unsealed.add(id);
  }
  const hint = `run: secrets rekey ${name}`;
  if (isMoved)
    report(
      createFinding("stale-scope", `a live version is sealed for another scope than ${meta.scope}`, { ...place, hint }),
    );
  if (stale.size > 0)
    report(
      createFinding(
        "stale-readers",
        `a live version is sealed to ${list(stale)}, who may not read it under trust root ${chain.latest.root.n}`,
        { ...place, hint },
      ),
    );
  if (unsealed.size > 0)
    report(
      createFinding("reader-unsealed", `${list(unsealed)} may read it, but a live version was not sealed to them`, {
        ...place,
        hint,
      }),
    );
}

function list(ids: ReadonlySet<string>): string {
  return [...ids].toSorted().join(", ");
}
