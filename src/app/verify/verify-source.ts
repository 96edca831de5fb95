import { fail, SecretsError } from "../../core/errors.js";
import { maxSecretFile } from "../../core/secret-file.js";
import { readObjectBatches, readObjectsSync } from "../../git/objects.js";
import { isPartialClone, listIndex, listIndexRootNames, listRootNames, listTree } from "../../git/listing.js";
import type { MergedTree } from "../../git/merge-trees.js";
import type { Repository } from "../../git/repository.js";
import { attributesFile, secretsFolder } from "../../store/layout.js";
import type { TreeBytes, TreeFile, TreeSource } from "./tree-source.js";

/** What the next commit would hold: the index in use, all stages. */
export function indexSource(repo: Repository): TreeSource {
  const entries = listIndex(repo, [secretsFolder, attributesFile]);
  return sourceOf(repo, entries, listIndexRootNames(repo));
}

/** The tree of a commit. */
export function commitSource(repo: Repository, oid: string): TreeSource {
  const entries = listTree(repo, oid, [secretsFolder, attributesFile]).map((entry) => ({
    ...entry,
    stage: 0 as const,
  }));
  return sourceOf(repo, entries, listRootNames(repo, oid));
}

/** What a merge of two commits would hold, before anybody made it. */
export function mergedSource(repo: Repository, merged: Extract<MergedTree, { kind: "merged" }>): TreeSource {
  const { entries, rootNames, made } = merged;
  const attributes = entries.find(({ path, mode }) => path === attributesFile && mode.startsWith("100"));
  const plain = sourceOf(repo, made.has(attributes?.oid ?? "") ? without(entries, attributesFile) : entries, rootNames);
  return {
    ...plain,
    files: without(entries, attributesFile),
    attributes: made.get(attributes?.oid ?? "") ?? plain.attributes,
    read: async function* (oids, maxBytes): AsyncGenerator<readonly TreeBytes[]> {
      let at = 0;
      const madeHere = (): readonly TreeBytes[] => {
        const found: TreeBytes[] = [];
        for (let bytes = made.get(oids[at] ?? ""); bytes !== undefined; bytes = made.get(oids[++at] ?? ""))
          found.push(bytes.byteLength > maxBytes ? { kind: "too-large" } : { kind: "bytes", bytes });
        return found;
      };
      const stored = oids.filter((oid) => !made.has(oid));
      for await (const batch of plain.read(stored, maxBytes)) {
        const whole: TreeBytes[] = [];
        for (const one of batch) {
          whole.push(...madeHere(), one);
          at++;
        }
        yield whole;
      }
      yield madeHere();
    },
  };
}

function without<T extends { readonly path: string }>(entries: readonly T[], path: string): readonly T[] {
  return entries.filter((entry) => entry.path !== path);
}

function sourceOf(
  repo: Repository,
  entries: readonly (TreeFile & { readonly oid: string })[],
  rootNames: TreeSource["rootNames"],
): TreeSource {
  // A link whose target spells out our block, or one side of a conflict, is no file of attributes to git.
  const attributes = entries.find(
    ({ path, mode, stage = 0 }) => path === attributesFile && mode.startsWith("100") && stage === 0,
  );
  return {
    files: entries.filter(({ path }) => path !== attributesFile),
    rootNames,
    attributes: attributes && readSmall(repo, attributes.oid),
    read: openReader(repo),
  };
}

/** Reads blobs wherever they stand. Throws `verify/incomplete` when a partial clone cannot fetch them. */
export function openReader(repo: Repository): TreeSource["read"] {
  return async function* (oids, maxBytes): AsyncGenerator<readonly TreeBytes[]> {
    try {
      for await (const batch of readObjectBatches(repo, oids, { maxBytes: Math.min(maxBytes, maxSecretFile) }))
        yield batch.map((one) => (one.kind === "object" ? { kind: "bytes", bytes: one.bytes } : { kind: one.kind }));
    } catch (cause) {
      failUnfetched(repo, cause);
    }
  };
}

function readSmall(repo: Repository, oid: string): Uint8Array | undefined {
  try {
    const [object] = readObjectsSync(repo, [oid], { maxBytes: 1024 * 1024 });
    if (object?.kind === "missing")
      fail("verify/incomplete", "the .gitattributes of the tree is not in this clone", {
        hint: "run: git fetch --refetch",
      });
    return object?.kind === "object" ? object.bytes : undefined;
  } catch (cause) {
    return failUnfetched(repo, cause);
  }
}

// Git fetches what a partial clone left out while it is read, and dies when it cannot: nothing was judged then.
function failUnfetched(repo: Repository, cause: unknown): never {
  if (cause instanceof SecretsError && cause.code === "git/failed" && isPartialClone(repo))
    fail("verify/incomplete", `this partial clone lacks objects, and git could not fetch them: ${cause.message}`, {
      hint: "run: git fetch --refetch, or in CI fetch without a filter",
      cause,
    });
  throw cause;
}
