import { maxSecretFile } from "../core/secret-file.js";
import { readObjects, readObjectsSync } from "../git/objects.js";
import { listIndex, listIndexRootNames, listRootNames, listTree } from "../git/listing.js";
import type { Repository } from "../git/repository.js";
import { attributesFile, secretsFolder } from "../store/layout.js";
import type { TreeBytes, TreeFile, TreeSource } from "./verify-tree.js";

/** What the next commit would hold: the index in use, all stages. */
export function indexSource(repo: Repository): TreeSource {
  const entries = listIndex(repo, [secretsFolder, attributesFile]);
  return sourceOf(repo, entries, listIndexRootNames(repo));
}

/** The tree of a commit. */
export function commitSource(repo: Repository, oid: string): TreeSource {
  const entries = listTree(repo, oid, [secretsFolder, attributesFile]).map((entry) => ({ ...entry, stage: 0 as const }));
  return sourceOf(repo, entries, listRootNames(repo, oid));
}

function sourceOf(repo: Repository, entries: readonly (TreeFile & { readonly oid: string })[], rootNames: TreeSource["rootNames"]): TreeSource {
  const attributes = entries.find(({ path }) => path === attributesFile);
  return {
    files: entries.filter(({ path }) => path !== attributesFile),
    rootNames,
    attributes: attributes && readSmall(repo, attributes.oid),
    read: async function* (oids, maxBytes): AsyncGenerator<TreeBytes> {
      for await (const object of readObjects(repo, oids, { maxBytes: Math.min(maxBytes, maxSecretFile) })) {
        if (object.kind === "object") yield { kind: "bytes", bytes: object.bytes };
        else yield { kind: object.kind };
      }
    },
  };
}

function readSmall(repo: Repository, oid: string): Uint8Array | undefined {
  const [object] = readObjectsSync(repo, [oid], { maxBytes: 1024 * 1024 });
  return object?.kind === "object" ? object.bytes : undefined;
}
