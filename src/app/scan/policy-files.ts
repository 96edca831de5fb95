import { SecretsError } from "../../core/errors.js";
import { classifyPath, maxBytesOf } from "../../core/layout.js";
import { parseTrustRoot } from "../../core/trust-root.js";
import { listIndex, listTree } from "../../git/listing.js";
import { streamObjects } from "../../git/object-stream.js";
import type { Repository } from "../../git/repository.js";
import { ignoreFolder, readIgnores, type Ignores } from "../../scan/ignore.js";
import { configFile, rootPath } from "../../store/layout.js";

/** Whose word counts about what is a leak: the index's for who works here, a commit's for who judges a change of somebody else's. */
export type PolicySource = { readonly kind: "index" } | { readonly kind: "commit"; readonly oid: string };

/** What a tree says about scanning. All of it is untrusted until the tree is. */
export interface PolicyFiles {
  readonly config: Uint8Array | undefined;
  readonly ignores: Ignores;
  /** `repo` of the first trust root; undefined without a store. Unverified: a wrong one only makes ignores fit nothing. */
  readonly repo: string | undefined;
}

export const noPolicy: PolicyFiles = {
  config: undefined,
  ignores: { byFingerprint: new Map(), problems: [] },
  repo: undefined,
};

/** Paths whose change changes what the scanner finds. */
export const policyPaths: readonly string[] = [configFile, ignoreFolder];

/** Reads config, ignores and the store's id from a tree, objects and not the work tree. */
export async function readPolicyFiles(repo: Repository, source: PolicySource): Promise<PolicyFiles> {
  const paths = [...policyPaths, rootPath(1)];
  const entries = source.kind === "index" ? listIndex(repo, paths) : listTree(repo, source.oid, paths);
  const files = entries.filter(
    ({ mode, ...entry }) => mode.startsWith("100") && !("stage" in entry && entry.stage > 0),
  );
  const read = new Map<string, Buffer>();
  for await (const object of streamObjects(repo, files)) {
    const limit = maxBytesOf[classifyPath(object.path ?? "")?.area ?? "ignore"];
    // One byte more than allowed, so that the parser refuses it.
    if (object.kind === "object") read.set(object.path ?? "", await object.read(limit + 1));
  }
  const root = read.get(rootPath(1));
  return {
    config: read.get(configFile),
    ignores: readIgnores(
      [...read].flatMap(([path, bytes]) => (path.startsWith(`${ignoreFolder}/`) ? [{ path, bytes }] : [])),
    ),
    repo: root === undefined ? undefined : findRepoId(root),
  };
}

function findRepoId(root: Uint8Array): string | undefined {
  try {
    return parseTrustRoot(root).root.repo;
  } catch (cause) {
    if (cause instanceof SecretsError) return undefined;
    throw cause;
  }
}
