import { SecretsError } from "../../core/errors.js";
import { isShallow } from "../../git/listing.js";
import { findRange } from "../../git/range.js";
import { findRepository, type Repository } from "../../git/repository.js";
import { buildReview } from "../../review/build-review.js";
import type { ReviewDocument } from "../../review/document.js";
import type { ReviewFacts } from "../../review/facts.js";
import { renderReview, reviewFormats, type RenderOptions, type ReviewFormat } from "../../review/render/render.js";
import type { Deps } from "../deps.js";
import { readTreeFacts } from "./review-facts.js";
import type { Actor } from "../identity-source.js";
import { recallReview, rememberReview, type CommitRange, type Judged } from "./review-cache.js";
import { compareValues, findActor } from "./review-values.js";

export { reviewFormats };
export type { ReviewDocument, ReviewFormat };

export interface ReviewInput {
  /** Revisions; worked out from the variables of a CI service or from origin/HEAD when left out. */
  readonly base: string | undefined;
  readonly head: string | undefined;
  readonly fresh?: boolean | undefined;
}

/**
 * Reviews what a head would bring to a base, by the base's word: the verifier's verdict, the two trees, the journal, and what the
 * scanner finds in all files of the change. Needs no key; with one it also compares values. What cannot be judged is in
 * `incomplete` and makes the exit status 8. Throws `trust/pinned` when the base is not the one that `SECRETS_TRUST` names.
 */
export async function reviewChange(deps: Deps, input: ReviewInput): Promise<ReviewDocument> {
  const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
  const range = findRange(repo, deps.env, input);
  const from = input.base === undefined ? ("from" in range ? range.from : "nobody") : "--base";
  if (range.kind === "unknown") {
    const why = range.why.replace("--range", "--base");
    return unjudged(
      deps,
      from,
      input,
      `${why}${isShallow(repo) ? "; this clone is shallow" : ""}: fetch it, or say --base REF`,
    );
  }
  try {
    return buildReview(await gather(deps, repo, range, input.fresh ?? false, from));
  } catch (error) {
    if (!(error instanceof SecretsError && error.code === "verify/incomplete")) throw error;
    const hint = error.hint === undefined ? "" : ` (${error.hint})`;
    return unjudged(deps, from, range, `${error.message}${hint}`);
  }
}

async function gather(
  deps: Deps,
  repo: Repository,
  { base, head }: CommitRange,
  fresh: boolean,
  from: string,
): Promise<ReviewFacts> {
  const { facts, findings, leaks, gaps, actor } = await judge(deps, repo, { base, head }, fresh);
  const trees = await readTreeFacts(facts);
  const members = facts.base.chain;
  // A head whose roots are not base's roots and more is an error already; then base's names are the only ones.
  const last = members?.latest;
  const isLonger = last === undefined || facts.head.chain?.roots[last.root.n - 1]?.ref === last.ref;
  const chain = isLonger ? facts.head.chain : members;
  return {
    ...trees,
    now: deps.now(),
    from,
    base: { commit: base, chain: members },
    head: { commit: head, chain },
    findings,
    leaks,
    values: compareValues(deps, actor, trees.secrets, chain),
    incomplete: gaps.map((why) => `scan: ${why}`),
  };
}

async function judge(
  deps: Deps,
  repo: Repository,
  range: CommitRange,
  fresh: boolean,
): Promise<Judged & { readonly actor: Actor | undefined }> {
  const known = fresh ? undefined : await recallReview(deps, repo, range);
  const knownActor = known && (await findActor(deps, known.facts.base.chain));
  if (known !== undefined && knownActor === undefined) return { ...known, actor: undefined };
  const { judgeChange } = await import("./review-judge.js");
  const judged = await judgeChange(deps, repo, range, fresh);
  const actor = await findActor(deps, judged.facts.base.chain);
  if (actor === undefined && judged.gaps.length === 0) rememberReview(deps, repo, range, judged);
  return { ...judged, actor };
}

function unjudged(
  deps: Deps,
  from: string,
  { base = "", head = "" }: Partial<ReviewInput>,
  why: string,
): ReviewDocument {
  return buildReview({
    now: deps.now(),
    from,
    base: { commit: base, chain: undefined },
    head: { commit: head, chain: undefined },
    secrets: [],
    segments: [],
    readSegments: 0,
    rootSigners: new Map(),
    config: undefined,
    ignores: { added: [], removed: [] },
    findings: undefined,
    leaks: [],
    values: undefined,
    incomplete: [why],
  });
}

/** A review in one of the formats, without a line feed at its end. */
export function showReview(review: ReviewDocument, format: ReviewFormat, options: RenderOptions): string {
  return renderReview(review, format, options);
}
