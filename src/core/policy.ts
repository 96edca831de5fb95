import type { AccessAction, ChangeAction } from "./event.js";
import type { Role } from "./member.js";
import type { SecretRecord } from "./record.js";

/**
 * The normative table role × action × class (docs/journal.md): the least role that may sign an event,
 * and the kinds of record it may add. What stands in neither list is refused, whoever signs.
 */
interface ActionRule {
  readonly least: Role;
  readonly adds: readonly SecretRecord["kind"][];
  /** Kinds of record it may take away. */
  readonly takes: readonly SecretRecord["kind"][];
}

const version: readonly SecretRecord["kind"][] = ["meta", "seal", "version"];

export const changeRules: Readonly<Record<ChangeAction, ActionRule>> = {
  create: { least: "write", adds: version, takes: [] },
  set: { least: "write", adds: version, takes: ["meta"] },
  rotate: { least: "write", adds: version, takes: ["meta"] },
  stage: { least: "write", adds: ["seal", "version"], takes: [] },
  activate: { least: "write", adds: ["mark"], takes: [] },
  abort: { least: "write", adds: ["mark"], takes: [] },
  meta: { least: "write", adds: ["meta", "seal", "mark"], takes: ["meta", "seal"] },
  delete: { least: "write", adds: [], takes: ["meta", "seal", "version", "mark"] },
  restore: { least: "write", adds: version, takes: ["meta"] },
  resolve: { least: "write", adds: ["meta", "seal", "version", "mark"], takes: ["meta", "seal", "version", "mark"] },
  import: { least: "write", adds: version, takes: ["meta"] },
  rekey: { least: "maintain", adds: ["seal"], takes: ["seal"] },
  revoke: { least: "write", adds: ["mark"], takes: [] },
  prune: { least: "maintain", adds: ["mark", "seal"], takes: ["seal"] },
  expires: { least: "write", adds: ["mark"], takes: [] },
  trust: { least: "admin", adds: [], takes: [] },
  config: { least: "maintain", adds: [], takes: [] },
  archive: { least: "maintain", adds: [], takes: [] },
  leak: { least: "write", adds: ["mark"], takes: [] },
  accept: { least: "maintain", adds: [], takes: [] },
  reissue: { least: "write", adds: ["meta", "seal", "version", "mark"], takes: ["meta", "seal"] },
  ack: { least: "admin", adds: [], takes: [] },
};

/** Whoever may read may report that it did. */
export const accessRules: Readonly<Record<AccessAction, Role>> = {
  get: "read",
  list: "read",
  export: "read",
  exec: "read",
  decrypt: "read",
  denied: "read",
};
