import { fail } from "../../core/errors.js";
import { classifyPath, maxBytesOf } from "../../core/layout.js";
import { parseSegment } from "../../core/segment.js";
import { SecretsError } from "../../core/errors.js";
import type { TrustChain } from "../../core/trust-chain.js";
import type { FileChange, NewSegment } from "../../core/verify-base.js";
import { verifyTrust } from "../../core/verify-trust.js";
import { verifyListing } from "../../core/verify-form.js";
import type { TreeFile, TreeSource } from "./tree-source.js";
import { readTrust } from "./verify-tree.js";

/** One side of a change. */
export interface SideFacts {
  /** Undefined when the side has no trust roots, or none that hold. */
  readonly chain: TrustChain | undefined;
  /** Everything below `.secrets/`. */
  readonly files: readonly TreeFile[];
  readonly source: TreeSource;
}

/** What a change is, beside what is wrong with it. Segments and files of the head are untrusted until the verdict is known. */
export interface ChangeFacts {
  readonly base: SideFacts;
  readonly head: SideFacts;
  /** Files below `.secrets/` that the sides do not have alike, sorted by path. */
  readonly changes: readonly FileChange[];
  /** Segments that the head has and the base has not, as far as they can be read, oldest first. */
  readonly segments: readonly NewSegment[];
}

export async function readSide(source: TreeSource): Promise<SideFacts> {
  // Of the listing only this much is needed here, and what is wrong with the rest of it the verdict says.
  const trust = source.files.filter(({ path }) => /^\.secrets\/(?:trust|wrapped)\//.test(path));
  const found = verifyListing(trust, () => {});
  const chain = verifyTrust(await readTrust(source, found, () => {}), () => {});
  return { chain, files: source.files, source };
}

/** Files that are not the same on both sides, mode included. */
export function compareListings(base: readonly TreeFile[], head: readonly TreeFile[]): readonly FileChange[] {
  const before = new Map(base.map(({ path, oid, mode }) => [path, `${mode} ${oid}`]));
  const after = new Map(head.map(({ path, oid, mode }) => [path, `${mode} ${oid}`]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
  return paths.toSorted().map((path) => ({ path, base: oidOf(before.get(path)), head: oidOf(after.get(path)) }));
}

const oidOf = (text: string | undefined): string | undefined => text?.slice(text.indexOf(" ") + 1);

/** The segments among the changes. One that cannot be read is left out: the verdict on the tree names it. */
export async function readNewSegments(
  source: TreeSource,
  changes: readonly FileChange[],
  take: (segment: NewSegment, bytes: Uint8Array) => boolean,
): Promise<void> {
  const added = changes.flatMap(({ path, base, head }) =>
    base === undefined && head !== undefined && classifyPath(path)?.area === "segment" ? [{ path, oid: head }] : [],
  );
  let at = 0;
  const oids = added.map(({ oid }) => oid);
  for await (const answers of source.read(oids, maxBytesOf.segment))
    for (const answer of answers) {
      const path = added[at++]?.path ?? "";
      if (answer.kind === "missing") failMissing();
      const segment = answer.kind === "bytes" ? parseOrSkip(path, answer.bytes) : undefined;
      if (segment && answer.kind === "bytes" && !take(segment, answer.bytes)) return;
    }
}

function failMissing(): never {
  fail("verify/incomplete", "objects of the change are not in this clone", { hint: "run: git fetch --refetch" });
}

function parseOrSkip(path: string, bytes: Uint8Array): NewSegment | undefined {
  try {
    const { id, header, ...segment } = parseSegment(bytes);
    return { id, header, path, events: segment.class === "change" ? segment.events : [] };
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    return undefined;
  }
}
