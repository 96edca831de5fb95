import { recordId } from "../core/record.js";
import type { VersionGroup } from "../core/secret-file.js";
import type { ChangeKind, SecretChange } from "./document.js";
import type { SecretState } from "./secret-state.js";

/** What a change does to a secret: the weightiest part first, the others beside it. */
export interface KindOfChange {
  readonly kind: ChangeKind;
  readonly also: SecretChange["also"];
}

/** Compares records, not text: what is the same record on both sides did not change. */
export function kindOf(base: SecretState | undefined, head: SecretState | undefined): KindOfChange {
  if (head === undefined) return { kind: "deleted", also: [] };
  if (base === undefined) return { kind: "added", also: [] };
  if (base.sid !== head.sid) return { kind: "replaced", also: [] };
  const isNew = (record: Parameters<typeof recordId>[0]): boolean => !base.ids.has(recordId(record));
  const added = head.file.groups.filter(({ version }) => isNew(version));
  const kept = head.file.groups.filter(({ version }) => !isNew(version));
  const parts: KindOfChange["also"] = [
    ...(kept.some(({ seal }) => isNew(seal)) ? (["rekeyed"] as const) : []),
    ...(kept.some(({ marks }) => marks.some(isNew)) ? (["state"] as const) : []),
    ...(head.file.metas.some(isNew) ? (["metadata"] as const) : []),
  ];
  const [first, ...rest] = parts;
  if (added.length > 0) return { kind: kindOfVersions(added), also: parts };
  // Files that differ while no record is new lack something: the verifier says what.
  return first === undefined ? { kind: "state", also: [] } : { kind: first, also: rest };
}

function kindOfVersions(added: readonly VersionGroup[]): ChangeKind {
  const ops = new Set(added.map(({ version }) => version.op));
  if (ops.has("resolve")) return "resolved";
  if (ops.has("restore")) return "restored";
  return [...ops].every((op) => op === "stage") ? "staged" : "rotated";
}
