import { listIndex, listIndexRootNames, listRootNames, listTree } from "../git/listing.js";
import { readObjects, readObjectsSync } from "../git/objects.js";
import type { Repository } from "../git/repository.js";
import type { TreeBytes, TreeSource } from "./verify-tree.js";

const paths = [".secrets", ".gitattributes"];
const maxAttributes = 1024 * 1024;

interface Listed {
  readonly mode: string;
  readonly oid: string;
  readonly path: string;
  readonly stage?: number;
}

/** A commit or tree by its full id, as {@link TreeSource}. Works in bare repositories. */
export function treeSource(repo: Repository, treeish: string): TreeSource {
  return sourceOf(repo, listTree(repo, treeish, paths), listRootNames(repo, treeish));
}

/** What the next commit would hold: the index in use. */
export function indexSource(repo: Repository): TreeSource {
  return sourceOf(repo, listIndex(repo, paths), listIndexRootNames(repo));
}

function sourceOf(repo: Repository, listed: readonly Listed[], rootNames: TreeSource["rootNames"]): TreeSource {
  // Attributes that are a link or in conflict are as good as none: git would not read them as what they seem.
  const attributes = listed.find(({ path, mode, stage = 0 }) => path === ".gitattributes" && mode.startsWith("100") && stage === 0);
  const [answer] = attributes ? readObjectsSync(repo, [attributes.oid], { maxBytes: maxAttributes }) : [];
  return {
    files: listed.filter(({ path }) => path !== ".gitattributes"),
    rootNames,
    attributes: answer?.kind === "object" ? answer.bytes : undefined,
    read: (oids, maxBytes) => readBytes(repo, oids, maxBytes),
  };
}

async function* readBytes(repo: Repository, oids: readonly string[], maxBytes: number): AsyncGenerator<TreeBytes> {
  for await (const answer of readObjects(repo, oids, { maxBytes })) {
    if (answer.kind === "object") yield { kind: "bytes", bytes: answer.bytes };
    else yield { kind: answer.kind };
  }
}
