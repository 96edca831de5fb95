import { fail } from "../../core/errors.js";
import { classifyPath } from "../../core/layout.js";
import type { SecretName } from "../../core/name.js";
import { maxSecretFile } from "../../core/secret-file.js";
import type { TrustChain } from "../../core/trust-chain.js";
import { changedBetween, type TreeChange } from "../../git/changes.js";
import { parentsOf, resolveCommit } from "../../git/listing.js";
import { configFile, secretsFolder, trustFolder } from "../../store/layout.js";
import { commitChange, type Moment, type Plan } from "../change.js";
import type { Deps } from "../deps.js";
import { checkSecret, loadSecret, type LoadedSecret } from "../load-secret.js";
import { openForChange } from "../open-actor.js";
import type { Restored } from "./restore-drafts.js";
import { revertSecret } from "./revert-secret.js";
import { readBlobs, readChainAt } from "../verify/store-at.js";

export interface RevertInput {
  readonly commit: string;
  readonly reason?: string | undefined;
  readonly dryRun?: boolean;
}

export interface RevertResult {
  /** Full ids. */
  readonly commit: string;
  /** The first parent, whose state comes back. */
  readonly parent: string;
  readonly secrets: readonly Pick<Restored, "name" | "did" | "left">[];
  /** What of the commit is no secret and stays. */
  readonly left: readonly string[];
  readonly paths: readonly string[];
}

/**
 * Takes back what a commit did to secrets, by new events: values come from old versions, and nothing is taken out of the journal, as
 * `git revert` would. Of a merge it takes back what it brought to its first parent. Throws `usage/invalid` for a first commit.
 */
export async function revertCommit(deps: Deps, input: RevertInput): Promise<RevertResult> {
  const { session, actor, config } = await openForChange(deps, input.dryRun);
  const commit = resolveCommit(session.repo, input.commit);
  const [parent] = parentsOf(session.repo, commit);
  if (parent === undefined) return fail("usage/invalid", "there is nothing before the first commit to go back to");
  const changes = changedBetween(session.repo, parent, commit, [secretsFolder]);
  const options = { note: "revert", dryRun: input.dryRun ?? false };
  const chains = { before: readChainAt(session.repo, parent), after: readChainAt(session.repo, commit) };
  const { result, paths } = commitChange(session, actor, config, options, (moment) =>
    planRevert(moment, changes, chains, input.reason ?? "revert"),
  );
  return { commit, parent, secrets: result, left: otherChanges(changes), paths };
}

interface Chains {
  readonly before: TrustChain | undefined;
  readonly after: TrustChain | undefined;
}

function planRevert(
  moment: Moment,
  changes: readonly TreeChange[],
  chains: Chains,
  reason: string,
): Plan<RevertResult["secrets"]> {
  const { session } = moment;
  const touched = changes.flatMap((change) => {
    const area = classifyPath(change.path);
    return area?.area === "secret" ? [{ ...change, name: area.name }] : [];
  });
  const oids = touched.flatMap(({ oldOid, newOid }) => [oldOid, newOid]).filter((oid) => !/^0+$/.test(oid));
  const blobs = readBlobs(session.repo, oids, maxSecretFile);
  const side = (name: SecretName, oid: string, chain: TrustChain | undefined): LoadedSecret | undefined => {
    const bytes = blobs.get(oid);
    return bytes && chain ? checkSecret({ deps: session.deps, chain }, name, bytes) : undefined;
  };
  const restored = touched.map(({ name, oldOid, newOid }) => {
    const [before, after] = [side(name, oldOid, chains.before), side(name, newOid, chains.after)];
    return revertSecret(moment, { name, before, after, now: loadSecret(session, name) }, reason);
  });
  return {
    drafts: restored.flatMap(({ drafts }) => drafts),
    result: restored.map(({ name, did, left }) => ({ name, did, left })),
  };
}

function otherChanges(changes: readonly TreeChange[]): readonly string[] {
  const has = (prefix: string): boolean => changes.some(({ path }) => path === prefix || path.startsWith(`${prefix}/`));
  return [
    ...(has(trustFolder) ? ["members and roles are changed back with: secrets member"] : []),
    ...(has(configFile)
      ? ["config.yaml: take the old one with git checkout COMMIT -- .secrets/config.yaml, then: secrets init"]
      : []),
  ];
}
