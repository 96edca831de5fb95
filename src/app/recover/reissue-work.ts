import { classifyPath } from "../../core/layout.js";
import type { SecretName } from "../../core/name.js";
import { maxSecretFile } from "../../core/secret-file.js";
import { mergeBase } from "../../git/changes.js";
import { headCommit, listTree, resolveCommit } from "../../git/listing.js";
import { secretPath } from "../../store/layout.js";
import { commitChange, type Moment, type Plan } from "../change.js";
import type { Deps } from "../deps.js";
import { signerOf } from "../audit/journal-read.js";
import { checkSecret, loadSecret, type LoadedSecret } from "../load-secret.js";
import { openForChange } from "../open-actor.js";
import { findLost, type Lost } from "./find-lost.js";
import type { Restored } from "./restore-drafts.js";
import { planOrphans } from "./reissue-orphans.js";
import { reissueSecret } from "./reissue-secret.js";
import type { Session } from "../session.js";
import { readBlobs } from "../verify/store-at.js";

export interface ReissueInput {
  /** A commit with work that is not here; without one, records of files here that no event knows. */
  readonly commit?: string | undefined;
  readonly dryRun?: boolean;
}

export interface ReissueResult {
  /** Full id; undefined for records without events. */
  readonly commit: string | undefined;
  readonly secrets: readonly Pick<Restored, "name" | "did" | "left">[];
  /** The members whose work it was. */
  readonly authors: readonly string[];
  readonly unfit: Lost["unfit"];
  readonly paths: readonly string[];
}

/**
 * Does again, signed by who runs it, what a branch did to secrets and what may not be merged as it is: work that is too old, or of a
 * member who has left. What it comes to counts: one new version with the last value, the metadata and ends that it set, what it
 * revoked and deleted. Its own segments stay behind. Without a commit it is about records whose events were lost: the files go
 * back to what the journal holds, and what the others came to is done again. Needs to open the values.
 */
export async function reissueWork(deps: Deps, input: ReissueInput): Promise<ReissueResult> {
  const { session, actor, config } = await openForChange(deps, input.dryRun);
  const head = headCommit(session.repo);
  const options = { note: "reissue", dryRun: input.dryRun ?? false };
  if (input.commit === undefined) {
    const sources = { from: ["--all", "--reflog"], blobs: [] };
    const { result, paths } = commitChange(session, actor, config, options, (moment) => planOrphans(moment, sources));
    return { commit: undefined, secrets: result, authors: [], unfit: [], paths };
  }
  const commit = resolveCommit(session.repo, input.commit);
  const base = head === undefined ? undefined : mergeBase(session.repo, head, commit);
  const { result, paths } = commitChange(session, actor, config, options, (moment) =>
    planReissue(moment, commit, base),
  );
  return { commit, ...result, paths };
}

function planReissue(
  moment: Moment,
  commit: string,
  base: string | undefined,
): Plan<Pick<ReissueResult, "secrets" | "authors" | "unfit">> {
  const { session } = moment;
  const { segments, unfit } = findLost(session, [commit]);
  const names = new Map<SecretName, Set<string>>();
  for (const { segment } of segments)
    if (segment.class === "change")
      for (const { name } of segment.events) {
        const area = classifyPath(`.secrets/store/${name}.secret`);
        if (area?.area !== "secret") continue;
        const authors = names.get(area.name) ?? new Set();
        names.set(area.name, authors.add(signerOf(segment, session.chain).member.id));
      }
  const there = filesAt(session, commit, [...names.keys()]);
  const before = base === undefined ? new Map<SecretName, LoadedSecret>() : filesAt(session, base, [...names.keys()]);
  const done = [...names].map(([name, authors]) =>
    reissueSecret(moment, {
      name,
      base: before.get(name),
      there: there.get(name),
      now: loadSecret(session, name),
      reason: `reissue of work by ${[...authors].toSorted().join(", ")}`,
    }),
  );
  return {
    drafts: done.flatMap(({ drafts }) => drafts),
    result: {
      secrets: done.map(({ name, did, left }) => ({ name, did, left })),
      authors: [...new Set([...names.values()].flatMap((ids) => [...ids]))].toSorted(),
      unfit,
    },
  };
}

function filesAt(
  session: Session,
  commit: string,
  names: readonly SecretName[],
): ReadonlyMap<SecretName, LoadedSecret> {
  const byPath = new Map(names.map((name) => [secretPath(name), name]));
  const entries = names.length === 0 ? [] : listTree(session.repo, commit, [...byPath.keys()]);
  const blobs = readBlobs(
    session.repo,
    entries.map(({ oid }) => oid),
    maxSecretFile,
  );
  return new Map(
    entries.flatMap(({ path, oid }) => {
      const [name, bytes] = [byPath.get(path), blobs.get(oid)];
      return name !== undefined && bytes ? [[name, checkSecret(session, name, bytes)] as const] : [];
    }),
  );
}
