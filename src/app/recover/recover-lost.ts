import { fail } from "../../core/errors.js";
import { foldSegments } from "../../core/fold.js";
import { maxSecretFile } from "../../core/secret-file.js";
import { hiddenEntries, type HiddenEntry } from "../../git/attributes.js";
import { headCommit, resolveCommit } from "../../git/listing.js";
import { listUnreachable } from "../../git/past-files.js";
import { commitChange } from "../change.js";
import type { Deps } from "../deps.js";
import { readJournal } from "../audit/journal-read.js";
import { openForChange } from "../open-actor.js";
import { findElsewhere, findLost, type Elsewhere, type Lost } from "./find-lost.js";
import { mendSecrets, type Mended } from "./mend-secrets.js";
import { recoverTrust } from "./recover-trust.js";
import type { Session } from "../session.js";
import { readPlainFile } from "../../store/safe-read.js";

export interface RecoverInput {
  /** A commit whose work is brought here too: of a lost branch, or one that `elsewhere` names. */
  readonly from?: string | undefined;
  /** Also look through what no ref and no reflog reaches. */
  readonly unreachable?: boolean;
  readonly dryRun?: boolean;
}

export interface RecoverResult {
  /** Journal segments and trust roots that are back. */
  readonly recovered: readonly string[];
  readonly secrets: readonly Pick<Mended, "name" | "outcome" | "why">[];
  readonly unfit: Lost["unfit"];
  /** More that is not here and may be meant to be so. */
  readonly elsewhere: readonly Elsewhere[];
  readonly paths: readonly string[];
}

/**
 * Brings back what the history of HEAD had and the tree has not: segments that a revert or a merge took away, and records that files of
 * secrets lack, from wherever git still has them. Nothing is signed anew but where two sides replaced the same record. Work that was
 * never merged is only listed, unless `from` names it.
 */
export async function recoverLost(deps: Deps, input: RecoverInput): Promise<RecoverResult> {
  const dryRun = input.dryRun ?? false;
  const roots = recoverTrust(deps, dryRun);
  // What later members did cannot be judged before they are back.
  if (dryRun && roots.length > 0) return { recovered: roots, secrets: [], unfit: [], elsewhere: [], paths: roots };
  const { session, actor, config } = await openForChange(deps, dryRun);
  refuseSparse(session);
  const head = headCommit(session.repo);
  const from = [
    ...(head === undefined ? [] : [head]),
    ...(input.from === undefined ? [] : [resolveCommit(session.repo, input.from)]),
  ];
  const loose = input.unreachable === true ? listUnreachable(session.repo) : { commits: [], blobs: [] };
  const sources = { from: [...from, ...loose.commits, "--all", "--reflog"], blobs: loose.blobs };
  const options = { note: "recover", dryRun };
  const { result, paths } = commitChange(session, actor, config, options, (moment) => {
    const lost = findLost(moment.session, from);
    const journal = readJournal(moment.session, moment.session.chain);
    const changes = lost.segments.flatMap(({ segment }) => (segment.class === "change" ? [segment] : []));
    const mended = mendSecrets(moment, foldSegments([...journal.segments, ...changes]), sources);
    return {
      drafts: mended.flatMap(({ drafts }) => drafts),
      files: [
        ...mended.flatMap(({ files }) => files),
        ...lost.segments.map(({ path, bytes }) => ({ path, before: null, after: bytes })),
      ],
      result: { lost, mended },
    };
  });
  return {
    recovered: [...roots, ...result.lost.segments.map(({ path }) => path)],
    secrets: result.mended.map(({ name, outcome, why }) => ({ name, outcome, why })),
    unfit: result.lost.unfit,
    elsewhere: head === undefined ? [] : findElsewhere(session, head, sources.from),
    paths: [...roots, ...paths],
  };
}

// What a sparse checkout leaves out would look as if it were lost.
function refuseSparse({ repo, disk, workTree }: Session): void {
  const isLeftOut = ({ path, flags }: HiddenEntry): boolean =>
    flags.includes("skip-worktree") && readPlainFile(disk, workTree, path, maxSecretFile) === undefined;
  if (hiddenEntries(repo).some(isLeftOut))
    fail("usage/refused", "this sparse checkout leaves files of .secrets/ out, and recover needs all of them", {
      hint: "run: git sparse-checkout add .secrets",
    });
}
