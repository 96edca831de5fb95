import type { AccessAction, ChangeAction } from "./event.js";
import type { Role } from "./member.js";
import { markKinds, versionOps, type MarkKind, type RecordBody, type SecretRecord, type VersionOp } from "./record.js";

/**
 * The normative table role × action × class (docs/journal.md): the least role that may sign an event,
 * and the kinds of record it may add. What stands in neither list is refused, whoever signs.
 */
interface ActionRule {
  readonly least: Role;
  readonly adds: readonly SecretRecord["kind"][];
  /** Kinds of record it may take away. */
  readonly takes: readonly SecretRecord["kind"][];
  /** What the versions and marks it adds may be. */
  readonly ops: readonly VersionOp[];
  readonly marks: readonly MarkKind[];
  /** Whether it is about one secret, by name and sid, or about none. */
  readonly about: "secret" | "store" | "either";
  /** The key that says what else it is about; no other event has it. */
  readonly names?: "digest" | "root";
}

const version = ["meta", "seal", "version"] as const;
const all = ["meta", "seal", "version", "mark"] as const;
// A new version may come with new metadata, and a new scope seals the live versions before it anew.
const described = ["meta", "seal"] as const;
const none = { adds: [], takes: [], ops: [], marks: [] } as const;
const inStore = { ...none, about: "store" } as const;
const marking = (...marks: readonly MarkKind[]) => ({ ...none, adds: ["mark"], marks, about: "secret" }) as const;
const versioned = (op: VersionOp, takes: readonly SecretRecord["kind"][]) =>
  ({ least: "write", adds: version, takes, ops: [op], marks: [], about: "secret" }) as const;

export const changeRules: Readonly<Record<ChangeAction, ActionRule>> = {
  create: versioned("create", []),
  set: versioned("set", described),
  rotate: versioned("rotate", described),
  stage: versioned("stage", []),
  activate: { least: "write", ...marking("activate") },
  abort: { least: "write", ...marking("abort") },
  meta: {
    ...none,
    least: "write",
    adds: ["meta", "seal", "mark"],
    takes: ["meta", "seal"],
    marks: ["expires"],
    about: "secret",
  },
  delete: { ...none, least: "write", takes: all, about: "secret" },
  restore: versioned("restore", described),
  resolve: { least: "write", adds: all, takes: all, ops: ["resolve"], marks: markKinds, about: "secret" },
  import: versioned("import", described),
  rekey: { ...none, least: "maintain", adds: ["seal"], takes: ["seal"], about: "secret" },
  revoke: { least: "write", ...marking("revoke") },
  prune: { ...none, least: "maintain", adds: ["mark", "seal"], takes: ["seal"], marks: ["prune"], about: "secret" },
  expires: { least: "write", ...marking("expires") },
  trust: { least: "admin", ...inStore, names: "root" },
  config: { least: "maintain", ...inStore, names: "digest" },
  archive: { least: "maintain", ...inStore, names: "digest" },
  leak: { ...marking("revoke"), least: "write", about: "either" },
  accept: { ...none, least: "maintain", about: "either" },
  reissue: { least: "write", adds: all, takes: ["meta", "seal"], ops: versionOps, marks: markKinds, about: "secret" },
  ack: { least: "admin", ...inStore, names: "digest" },
};

/** The least role that may sign a record, whatever event brings it: who may not destroy may not do so under another name. */
export function leastRoleFor(record: RecordBody): Role {
  return record.kind === "mark" && record.mark === "prune" ? "maintain" : "write";
}

/** Whoever may read may report that it did. */
export const accessRules: Readonly<Record<AccessAction, Role>> = {
  get: "read",
  list: "read",
  export: "read",
  exec: "read",
  decrypt: "read",
  denied: "read",
};
