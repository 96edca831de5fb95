import { SecretsError } from "../core/errors.js";
import { classifyPath } from "../core/layout.js";
import type { Member } from "../core/member.js";
import type { SecretName } from "../core/name.js";
import { compareSecrets, type SecretChange } from "../core/secret-change.js";
import { maxSecretFile } from "../core/secret-file.js";
import { findRoot, type TrustChain } from "../core/trust-chain.js";
import { changedBetween, mergeBase, type TreeChange } from "../git/changes.js";
import { headCommit, resolveCommit } from "../git/listing.js";
import { findRepository, type Repository } from "../git/repository.js";
import { configFile, secretsFolder } from "../store/layout.js";
import type { Deps } from "./deps.js";
import { checkSecret } from "./load-secret.js";
import { readBlobs, readChainAt } from "./verify/store-at.js";

export interface DiffInput {
  /** `A..B`, `A...B` (from their common ancestor), or `A` up to what is staged; what is staged against HEAD when absent. */
  readonly range?: string | undefined;
}

/** What one secret has differently. `problem` instead of a change where a side is not intact. */
export interface SecretDiff {
  readonly name: SecretName;
  readonly change: SecretChange | undefined;
  readonly problem: string | undefined;
}

export interface MemberDiff {
  readonly id: string;
  readonly before: Member | undefined;
  readonly after: Member | undefined;
}

export interface StoreDiff {
  /** Full ids; undefined for nothing before the first commit, and for what is staged. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** By name. */
  readonly secrets: readonly SecretDiff[];
  readonly members: readonly MemberDiff[];
  /** Numbers of the latest trust roots; 0 where there is none. */
  readonly roots: readonly [before: number, after: number];
  readonly isConfigChanged: boolean;
  /** Journal segments that came, and that were changed or are gone, which must never be. */
  readonly segments: { readonly added: number; readonly lost: readonly string[] };
  /** The member behind a signature of the newer side, or of the older one; the fingerprint when none is. */
  readonly nameOf: (signed: { readonly trust: string; readonly by: string }) => string;
}

/**
 * What two revisions of the store have differently, from signed metadata: no identity is needed and nothing is opened. Works in a
 * bare repository. Throws `usage/invalid`, `verify/incomplete` and `trust/*`.
 */
export function diffStore(deps: Deps, { range }: DiffInput): StoreDiff {
  const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
  const { from, to } = findEnds(repo, range);
  const chains = [from === undefined ? undefined : readChainAt(repo, from), readChainAt(repo, to)] as const;
  const changes = changedBetween(repo, from, to, [secretsFolder]);
  const segments = changes.filter(({ path }) => path.startsWith(`${secretsFolder}/journal/`));
  return {
    from,
    to,
    secrets: diffSecrets(deps, repo, changes, chains),
    members: diffMembers(...chains),
    roots: [chains[0]?.latest.root.n ?? 0, chains[1]?.latest.root.n ?? 0],
    isConfigChanged: changes.some(({ path }) => path === configFile),
    segments: {
      added: segments.filter(({ status }) => status === "A").length,
      lost: segments.flatMap(({ status, path }) => (status === "A" ? [] : [path])),
    },
    nameOf: ({ trust, by }) => findName(chains[1], trust, by) ?? findName(chains[0], trust, by) ?? by,
  };
}

function findName(chain: TrustChain | undefined, trust: string, by: string): string | undefined {
  return chain && findRoot(chain, trust)?.signers.get(by)?.member.id;
}

function findEnds(
  repo: Repository,
  range: string | undefined,
): { readonly from: string | undefined; readonly to: string | undefined } {
  if (range === undefined) return { from: headCommit(repo), to: undefined };
  const [, left = "", dots, right = ""] = /^(.*?)(\.{2,3})(.*)$/.exec(range) ?? [];
  if (dots === undefined) return { from: resolveCommit(repo, range), to: undefined };
  const from = resolveCommit(repo, left === "" ? "HEAD" : left);
  const to = resolveCommit(repo, right === "" ? "HEAD" : right);
  return { from: dots === "..." ? mergeBase(repo, from, to) : from, to };
}

function isThere(oid: string): boolean {
  return !/^0+$/.test(oid);
}

function diffSecrets(
  deps: Deps,
  repo: Repository,
  changes: readonly TreeChange[],
  [before, after]: readonly [TrustChain | undefined, TrustChain | undefined],
): readonly SecretDiff[] {
  const touched = changes.flatMap((change) => {
    const area = classifyPath(change.path);
    return area?.area === "secret" ? [{ ...change, name: area.name }] : [];
  });
  const oids = touched.flatMap(({ oldOid, newOid }) => [oldOid, newOid]).filter(isThere);
  const blobs = readBlobs(repo, oids, maxSecretFile);
  return touched.map(({ name, oldOid, newOid, status }) => {
    if (status === "U") return { name, change: undefined, problem: `in conflict: secrets resolve ${name}` };
    try {
      // Each side by the members of its own tree.
      const [old, young] = ([[oldOid, before] as const, [newOid, after] as const] as const).map(([oid, chain]) =>
        isThere(oid) && chain ? checkSecret({ deps, chain }, name, blobs.get(oid) ?? new Uint8Array()).file : undefined,
      );
      return { name, change: compareSecrets(old, young, deps.now()), problem: undefined };
    } catch (cause) {
      if (!(cause instanceof SecretsError)) throw cause;
      return { name, change: undefined, problem: cause.message };
    }
  });
}

function diffMembers(before: TrustChain | undefined, after: TrustChain | undefined): readonly MemberDiff[] {
  const [old, young] = [before, after].map(
    (chain) => new Map((chain?.latest.root.members ?? []).map((member) => [member.id, member])),
  );
  const ids = [...new Set([...(old?.keys() ?? []), ...(young?.keys() ?? [])])].toSorted();
  return ids
    .map((id) => ({ id, before: old?.get(id), after: young?.get(id) }))
    .filter((pair) => JSON.stringify(pair.before) !== JSON.stringify(pair.after));
}
