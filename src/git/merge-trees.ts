import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fail } from "../core/errors.js";
import { devNull } from "node:os";
import { listRootNames, listTree, type RootName, type TreeEntry } from "./listing.js";
import { checkOid, isOid } from "./object-id.js";
import { readObjectsSync, readSizesSync } from "./objects.js";
import { readObjectFormat, type Repository } from "./repository.js";
import { runGit } from "./run.js";

/** What a merge of two commits would hold, as a forge makes it: by git's text merge and nothing else. */
export type MergedTree =
  | {
      readonly kind: "merged";
      readonly tree: string;
      /** The files below the wanted paths. */
      readonly entries: readonly TreeEntry[];
      readonly rootNames: readonly RootName[];
      /** What the merge itself made, by id: these objects are in no object store. */
      readonly made: ReadonlyMap<string, Buffer>;
    }
  | { readonly kind: "conflict"; readonly paths: readonly string[] }
  | { readonly kind: "unrelated" };

const maxMade = 128 * 1024 * 1024;

/**
 * Merges two commits without touching the repository: objects go to a folder that is removed, in a bare repository of its own, so
 * that no driver, attribute or setting of anybody's decides what comes out. Throws `verify/incomplete` for a git that cannot
 * (before 2.38), and `git/failed`.
 */
export function mergeCommits(repo: Repository, ours: string, theirs: string, paths: readonly string[]): MergedTree {
  checkOid(ours);
  checkOid(theirs);
  const folder = mkdtempSync(join(tmpdir(), "gitseal-merge-"));
  try {
    const scratch = openScratch(repo, folder);
    const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs];
    const answer = runGit(scratch, args, { okExits: [1, 128, 129], maxBytes: 384 * 1024 * 1024 });
    const [tree = "", ...conflicts] = answer.stdout.toString("utf8").split("\0");
    if (answer.status === 1 && isOid(tree))
      return { kind: "conflict", paths: [...new Set(conflicts.filter((path) => path !== ""))] };
    if (/unrelated histories/.test(answer.stderr)) return { kind: "unrelated" };
    if (answer.status !== 0 || !isOid(tree)) failToMerge(answer.stderr);
    const entries = listTree(scratch, tree, paths);
    return {
      kind: "merged",
      tree,
      entries,
      rootNames: listRootNames(scratch, tree),
      made: readMade(repo, scratch, entries),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function openScratch(repo: Repository, folder: string): Repository {
  const objects = join(folder, "objects");
  mkdirSync(objects);
  mkdirSync(join(folder, "refs"));
  writeFileSync(join(folder, "HEAD"), "ref: refs/heads/none\n");
  const format = readObjectFormat(repo);
  const version = format === "sha1" ? "repositoryformatversion = 0" : "repositoryformatversion = 1";
  const extension = format === "sha1" ? "" : "[extensions]\n\tobjectFormat = sha256\n";
  writeFileSync(join(folder, "config"), `[core]\n\t${version}\n\tbare = true\n${extension}`);
  const { GIT_OBJECT_DIRECTORY: own, GIT_ALTERNATE_OBJECT_DIRECTORIES: others, ...env } = repo.env;
  const stores = [own ?? join(repo.commonDir, "objects"), ...(others === undefined ? [] : [others])];
  return {
    ...repo,
    gitDir: folder,
    commonDir: folder,
    workTree: undefined,
    runIn: folder,
    env: {
      ...without(env),
      GIT_DIR: folder,
      GIT_OBJECT_DIRECTORY: objects,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: stores.map(quotePath).join(delimiter),
      GIT_CONFIG_GLOBAL: devNull,
      GIT_CONFIG_NOSYSTEM: "1",
    },
  };
}

// Of the caller's variables these name the repository; in the scratch one nothing but ours may.
const named = new Set(["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_QUARANTINE_PATH"]);

function without(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !named.has(name) && !/^GIT_CONFIG_(?:PARAMETERS|COUNT|KEY_|VALUE_)/.test(name),
    ),
  );
}

// A list of object directories is split at the delimiter unless it stands in quotes (git(1), GIT_ALTERNATE_OBJECT_DIRECTORIES).
function quotePath(path: string): string {
  return path.includes(delimiter) && !path.startsWith('"')
    ? `"${path.replaceAll("\\", String.raw`\\`).replaceAll('"', String.raw`\"`)}"`
    : path;
}

function failToMerge(stderr: string): never {
  if (/usage: git merge-tree|unknown option/.test(stderr))
    fail(
      "verify/incomplete",
      "the head does not contain the base, and this git cannot merge them without a work tree",
      {
        hint: "use git 2.38 or newer, or merge the base into the branch first",
      },
    );
  fail("verify/incomplete", "the head and the base could not be merged: objects are missing in this clone", {
    hint: "fetch all of both: git fetch --unshallow, or without a filter",
  });
}

function readMade(repo: Repository, scratch: Repository, entries: readonly TreeEntry[]): ReadonlyMap<string, Buffer> {
  const oids = [...new Set(entries.filter(({ type }) => type === "blob").map(({ oid }) => oid))];
  const known = readSizesSync(repo, oids);
  const missing = oids.filter((_, at) => known[at]?.kind === "missing");
  const sizes = readSizesSync(scratch, missing);
  const total = sizes.reduce((sum, one) => sum + (one.kind === "sized" ? one.size : 0), 0);
  if (total > maxMade)
    fail("verify/incomplete", `merging the head with the base makes more than ${maxMade} bytes of new files`, {
      hint: "merge the base into the branch first",
    });
  const read = readObjectsSync(scratch, missing, { maxBytes: maxMade });
  return new Map(read.flatMap((one) => (one.kind === "object" ? [[one.oid, one.bytes]] : [])));
}
