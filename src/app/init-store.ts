import { encodeHex, encodeUtf8 } from "../core/bytes.js";
import { sha256Hex } from "../core/digest.js";
import { fail, SecretsError } from "../core/errors.js";
import { formatInstant } from "../core/instant.js";
import { hasRole, isMemberId, scopes, type Member } from "../core/member.js";
import { isPlainText } from "../core/text.js";
import { verifyTrustChain, type TrustChain } from "../core/trust-chain.js";
import { attributesFile, configFile, rootPath } from "../store/layout.js";
import { ensureBlock } from "../git/attributes.js";
import { readConfig } from "../git/config.js";
import { settlePath } from "../git/state.js";
import { auditAccess, defaultConfig, renderConfig, type AuditAccess } from "../providers/config.js";
import { parseConfig } from "../providers/parse-config.js";
import { readPlainFile } from "../store/safe-read.js";
import type { Target } from "../store/transaction.js";
import { commitChange, type Moment } from "./change.js";
import { readConfigFile } from "./config/config-file.js";
import type { Deps } from "./deps.js";
import { createKeys, getActor, hasKeys, publicCard, readKeys, type Actor, type Keys } from "./identity-source.js";
import { readJournal } from "./audit/journal-read.js";
import type { NewChange } from "./segment-writer.js";
import { findPlace, openSession, type Place, type Session } from "./session.js";
import { rememberSettings } from "./config/settings.js";
import { signRoot } from "./sign-root.js";

export interface InitInput {
  /** The id of the first member; made from git's user.name or the user's name when absent. */
  readonly member?: string | undefined;
  readonly audit?: string | undefined;
}

export interface InitResult {
  readonly kind: "founded" | "repaired" | "complete" | "newcomer";
  /** The acting member's id; undefined for a newcomer, who is none yet. */
  readonly member: string | undefined;
  /** Where the identity is, and whether it was made now. */
  readonly identity: string;
  readonly isNewIdentity: boolean;
  /** What to hand to an admin: recipient and signing key. */
  readonly card: string;
  readonly fingerprint: string;
  readonly paths: readonly string[];
}

/** Whether this repository has a store already, so that nobody is asked what only matters for a new one. Throws `config/*`. */
export function isStoreFounded(deps: Deps): boolean {
  return hasFirstRoot(findPlace(deps));
}

function hasFirstRoot(place: Place): boolean {
  return readPlainFile(place.disk, place.workTree, rootPath(1), 1024 * 1024) !== undefined;
}

/** Sets a store up, or mends what is missing of one. Never overwrites an identity, a trust root or a config. */
export async function initStore(deps: Deps, input: InitInput): Promise<InitResult> {
  const place = findPlace(deps);
  const access = parseAccess(input.audit);
  const member = input.member ?? (await defaultMemberId(deps, place));
  if (!isMemberId(member)) fail("usage/invalid", "--member is 1-64 lower-case letters and digits, words joined by -");
  const isNewIdentity = !hasKeys(deps);
  const session = hasFirstRoot(place) ? openSession(deps, "change") : undefined;
  const keys = isNewIdentity ? createKeys(deps) : await readKeys(deps, place, session?.chain.latest);
  const about = { identity: keys.origin, isNewIdentity, card: publicCard(keys), fingerprint: keys.fingerprint };
  if (!session) return { ...about, ...(await foundStore(deps, place, keys, member, access)), member };
  if (!session.chain.latest.signers.has(keys.fingerprint))
    return { ...about, kind: "newcomer", member: undefined, paths: [] };
  return { ...about, ...(await repairStore(session, getActor(session, keys), access)) };
}

function parseAccess(text: string | undefined): AuditAccess {
  return (
    auditAccess.find((word) => word === (text ?? "sealed")) ??
    fail("usage/invalid", "--audit is one of sealed, local, off")
  );
}

async function defaultMemberId(deps: Deps, place: Place): Promise<string> {
  const name = (await readConfig(place.repo, "user.name")) ?? deps.user;
  const id = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 64)
    .replace(/-$/, "");
  return id === "" ? "admin" : id;
}

async function foundStore(
  deps: Deps,
  place: Place,
  keys: Keys,
  id: string,
  access: AuditAccess,
): Promise<Pick<InitResult, "kind" | "paths">> {
  const member: Member = {
    id,
    kind: "human",
    role: "admin",
    scopes: scopes.toSorted(),
    names: ["*"],
    recipient: keys.recipient,
    key: keys.publicKey,
    label: labelOf(deps, id),
  };
  const root = signRoot(
    {
      n: 1,
      repo: encodeHex(deps.randomBytes(16)),
      prev: undefined,
      at: formatInstant(deps.now()),
      threshold: 1,
      pq: "no",
      renewBy: undefined,
      members: [member],
      wrapped: [],
      revoked: [],
      cuts: [],
    },
    keys.signing,
  );
  const chain: TrustChain = verifyTrustChain([root.files]);
  const session: Session = { ...place, deps, chain };
  const options = { note: "init", dryRun: false, founding: true };
  const { paths } = commitChange(session, getActor(session, keys), defaultConfig, options, (moment) => {
    const config = planConfig(session, access);
    return {
      drafts: [],
      files: [...root.targets, ...config.files, ...planAttributes(session)],
      events: config.digest === undefined ? [] : [configEvent(moment, config.digest)],
      result: undefined,
    };
  });
  await rememberQuietly(deps);
  return { kind: "founded", paths };
}

// The store stands by now: what the next command can look up again must not make this one fail.
async function rememberQuietly(deps: Deps): Promise<void> {
  try {
    await rememberSettings(openSession(deps, "change"));
  } catch (error) {
    if (!(error instanceof SecretsError && error.code === "io/failed")) throw error;
  }
}

function labelOf(deps: Deps, id: string): string {
  return deps.user.length <= 100 && isPlainText(deps.user) && deps.user !== "" ? deps.user : id;
}

// What is missing is written; a config that nobody admitted is admitted by a maintainer who runs init.
async function repairStore(
  session: Session,
  actor: Actor,
  access: AuditAccess,
): Promise<Pick<InitResult, "kind" | "paths" | "member">> {
  const member = actor.member.id;
  const isMaintainer = hasRole(actor.member, "maintain");
  const config = isMaintainer ? planConfig(session, access) : { files: [], digest: undefined };
  const admitted = findUnadmitted(session, config.digest);
  const isEdited = admitted !== undefined && config.files.length === 0;
  if (isEdited) await parseConfig(readConfigFile(session)?.bytes ?? new Uint8Array());
  const files = [...config.files, ...planAttributes(session)];
  if (files.length === 0 && admitted === undefined) return { kind: "complete", member, paths: [] };
  const { paths } = commitChange(session, actor, defaultConfig, { note: "init (repair)", dryRun: false }, (moment) => ({
    drafts: [],
    files,
    events: admitted === undefined ? [] : [configEvent(moment, admitted)],
    result: undefined,
  }));
  // What was admitted is what shall be committed.
  const edited = readConfigFile(session)?.path;
  if (isEdited && edited !== undefined) settlePath(session.repo, edited, true);
  if (isMaintainer) await rememberQuietly(session.deps);
  return { kind: "repaired", member, paths };
}

/** The digest when no journal entry admits it yet. */
function findUnadmitted(session: Session, digest: string | undefined): string | undefined {
  if (digest === undefined || readJournal(session, session.chain).fold.configs.has(digest)) return undefined;
  return digest;
}

function planConfig(
  session: Place,
  access: AuditAccess,
): { readonly files: readonly Target[]; readonly digest: string | undefined } {
  const now = readConfigFile(session);
  if (now !== undefined) return { files: [], digest: sha256Hex(now.bytes) };
  const after = encodeUtf8(renderConfig(access));
  return { files: [{ path: configFile, before: null, after }], digest: sha256Hex(after) };
}

const maxAttributes = 1024 * 1024;

function planAttributes(session: Place): readonly Target[] {
  const before = readPlainFile(session.disk, session.workTree, attributesFile, maxAttributes) ?? null;
  const { text, changed } = ensureBlock(before === null ? "" : Buffer.from(before).toString("utf8"));
  return changed ? [{ path: attributesFile, before, after: encodeUtf8(text) }] : [];
}

function configEvent({ req }: Moment, digest: string): NewChange {
  return { action: "config", name: "", provider: "", recs: [], replaces: [], req, sid: "", digest };
}
