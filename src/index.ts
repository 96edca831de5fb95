/** The importable API: the same use-cases as the commands, as functions of one opened store. */
import { addMember, listMembers, showMember, type AddMemberInput } from "./app/members.js";
import { changeMeta, type ChangeMetaInput } from "./app/change-meta.js";
import { deleteSecret, type DeleteInput } from "./app/delete-secret.js";
import type { Deps } from "./app/deps.js";
import { getSecret, type GetInput } from "./app/get-secret.js";
import { diffStore, type DiffInput } from "./app/diff-store.js";
import { initStore, type InitInput } from "./app/init-store.js";
import { logSecret } from "./app/log-secret.js";
import { recoverLost, type RecoverInput } from "./app/recover/recover-lost.js";
import { reissueWork, type ReissueInput } from "./app/recover/reissue-work.js";
import { revertCommit, type RevertInput } from "./app/recover/revert-commit.js";
import { listSecrets, type ListInput } from "./app/list-secrets.js";
import { readAudit, type AuditInput } from "./app/audit/audit-log.js";
import { rekeySecrets, type RekeyInput } from "./app/rekey-secrets.js";
import { resolveSecret, type ResolveInput } from "./app/resolve/resolve-secret.js";
import { rollbackSecret, rotateSecret, type RollbackInput, type RotateInput } from "./app/rotate-secret.js";
import { sealAudit } from "./app/audit/seal-audit.js";
import { setSecret, type SetInput } from "./app/set-secret.js";
import { showHistory } from "./app/show-history.js";
import { verifyChange, type ChangeInput } from "./app/verify/verify-change.js";
import { verifyStore, type VerifyInput } from "./app/verify/verify-store.js";
import { createContext } from "./cli/context.js";
import { createDeps } from "./cli/deps.js";

export { SecretsError, exitOf, type ErrorCode } from "./core/errors.js";
export type { AddMemberInput, AddMemberResult, MemberEntry, MemberList } from "./app/members.js";
export type { AuditEntry, AuditInput, AuditResult } from "./app/audit/audit-log.js";
export type { ChangeMetaInput, ChangeMetaResult } from "./app/change-meta.js";
export type { DeleteInput, DeleteResult } from "./app/delete-secret.js";
export type { DiffInput, MemberDiff, SecretDiff, StoreDiff } from "./app/diff-store.js";
export type { GetInput, GetResult } from "./app/get-secret.js";
export type { History, HistoryEntry } from "./app/show-history.js";
export type { InitInput, InitResult } from "./app/init-store.js";
export type { ListEntry, ListInput, ListResult } from "./app/list-secrets.js";
export type { LogEntry, SecretLog } from "./app/log-secret.js";
export type { RecoverInput, RecoverResult } from "./app/recover/recover-lost.js";
export type { ReissueInput, ReissueResult } from "./app/recover/reissue-work.js";
export type { RevertInput, RevertResult } from "./app/recover/revert-commit.js";
export type { RekeyInput, RekeyResult } from "./app/rekey-secrets.js";
export type { ResolveInput, ResolveResult } from "./app/resolve/resolve-secret.js";
export type { RollbackInput, RollbackResult, RotateInput, RotateResult } from "./app/rotate-secret.js";
export type { SetInput, SetResult } from "./app/set-secret.js";
export type { Finding } from "./core/finding.js";
export type { ChangeInput } from "./app/verify/verify-change.js";
export type { ChangeVerdict } from "./app/verify/change-verdict.js";
export type { VerifyInput, VerifyResult } from "./app/verify/verify-store.js";

export interface OpenOptions {
  /** A folder in the repository; the current one when absent. */
  readonly cwd?: string;
  /** Replaces the process environment, where the identity is looked for. */
  readonly env?: Deps["env"];
  /** What the journal shows as the claimed accessor. */
  readonly accessor?: string;
  /** Receives warnings; they are dropped when absent. Never holds a value. */
  readonly warn?: Deps["warn"];
}

// The return type is inferred: it lists exactly the use-cases, with their own types.
// oxlint-disable-next-line typescript/explicit-function-return-type
/** Opens the store of a repository. Nothing is read until a function is called; each throws {@link SecretsError}. */
export function openStore(options: OpenOptions = {}) {
  const context = createContext();
  const deps = createDeps(
    { ...context, cwd: options.cwd ?? context.cwd, env: options.env ?? context.env },
    { accessor: options.accessor, warn: options.warn },
  );
  return {
    init: async (input: InitInput = {}) => await initStore(deps, input),
    get: async (name: string, input: Omit<GetInput, "name"> = {}) => await getSecret(deps, { ...input, name }),
    set: async (name: string, value: Uint8Array | string, input: Omit<SetInput, "name" | "value"> = {}) =>
      await setSecret(deps, { ...input, name, value: bytesOf(value) }),
    rotate: async (name: string, value: Uint8Array | string, input: Omit<RotateInput, "name" | "value"> = {}) =>
      await rotateSecret(deps, { ...input, name, value: bytesOf(value) }),
    rollback: async (name: string, to: string, input: Omit<RollbackInput, "name" | "to"> = {}) =>
      await rollbackSecret(deps, { ...input, name, to }),
    meta: async (name: string, input: Omit<ChangeMetaInput, "name">) => await changeMeta(deps, { ...input, name }),
    delete: async (name: string, input: Omit<DeleteInput, "name"> = {}) => await deleteSecret(deps, { ...input, name }),
    list: (input: ListInput = {}) => listSecrets(deps, input),
    history: (name: string) => showHistory(deps, name),
    audit: (input: AuditInput = {}) => readAudit(deps, input),
    sealAudit: async () => await sealAudit(deps, {}),
    addMember: async (input: AddMemberInput) => await addMember(deps, input),
    members: async () => await listMembers(deps),
    member: async (id?: string) => await showMember(deps, id),
    resolve: async (name: string, input: Omit<ResolveInput, "name"> = {}) =>
      await resolveSecret(deps, { ...input, name }),
    rekey: async (input: Partial<RekeyInput> = {}) => await rekeySecrets(deps, { names: [], ...input }),
    log: (name: string) => logSecret(deps, name),
    diff: (input: DiffInput = {}) => diffStore(deps, input),
    revert: async (commit: string, input: Omit<RevertInput, "commit"> = {}) =>
      await revertCommit(deps, { ...input, commit }),
    recover: async (input: RecoverInput = {}) => await recoverLost(deps, input),
    reissue: async (commit?: string, input: Omit<ReissueInput, "commit"> = {}) =>
      await reissueWork(deps, { ...input, commit }),
    verify: async (input: VerifyInput = {}) => await verifyStore(deps, input),
    verifyChange: async (input: ChangeInput) => await verifyChange(deps, input),
  };
}

export type Store = ReturnType<typeof openStore>;

function bytesOf(value: Uint8Array | string): Uint8Array {
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}
