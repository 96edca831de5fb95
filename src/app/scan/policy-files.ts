import { SecretsError } from "../../core/errors.js";
import { classifyPath, maxBytesOf } from "../../core/layout.js";
import { parseTrustRoot } from "../../core/trust-root.js";
import { listIndex, listIndexSoon, listTree, type IndexEntry } from "../../git/listing.js";
import { gitleaksFile, noScanSettings, type ScanSettings } from "../../core/scan-settings.js";
import { streamObjects, type Streamed } from "../../git/object-stream.js";
import { readObjectsSync } from "../../git/objects.js";
import type { Repository } from "../../git/repository.js";
import { ignoreFolder, readIgnores, type Ignores } from "../../scan/ignore.js";
import { configFile, rootPath } from "../../store/layout.js";
import type { LoadedSettings, SettingsFiles } from "./load-settings.js";

/** Whose word counts about what is a leak: the index's for who works here, a commit's for who judges a change of somebody else's. */
export type PolicySource =
  | {
      readonly kind: "index";
      /** Where they were read before. */ readonly files?: Promise<ReadonlyMap<string, Buffer>>;
    }
  | { readonly kind: "commit"; readonly oid: string };

/** What a tree says about scanning. All of it is untrusted until the tree is. */
export interface PolicyFiles {
  readonly settings: ScanSettings;
  readonly ignores: Ignores;
  /** What of the settings and ignores does not hold, one line each. */
  readonly notes: readonly string[];
  /** `repo` of the first trust root; undefined without a store. Unverified: a wrong one only makes ignores fit nothing. */
  readonly repo: string | undefined;
}

const noIgnores: Ignores = { byFingerprint: new Map(), problems: [] };

export const noPolicy: PolicyFiles = { settings: noScanSettings, ignores: noIgnores, notes: [], repo: undefined };

/** Paths whose change changes what the scanner finds. */
export const policyPaths: readonly string[] = [configFile, gitleaksFile, ignoreFolder];

/** Reads settings, ignores and the store's id from a tree, objects and not the work tree. Throws `config/invalid` for settings that cannot be read. */
export async function readPolicyFiles(repo: Repository, source: PolicySource): Promise<PolicyFiles> {
  const before = source.kind === "index" ? source.files : undefined;
  const files = before === undefined ? await readFiles(repo, source) : await before;
  const root = files.get(rootPath(1));
  const ignores = readIgnores(
    [...files].flatMap(([path, bytes]) => (path.startsWith(`${ignoreFolder}/`) ? [{ path, bytes }] : [])),
  );
  const config = files.get(configFile);
  // The parsers are slow to load, and most repositories have no settings for them.
  const isBare = config?.includes("scan") !== true && !files.has(gitleaksFile);
  const { settings, notes } = isBare
    ? { settings: noScanSettings, notes: [] }
    : await load({ config, read: (path) => files.get(path) ?? readOne(repo, source, path) });
  return {
    settings,
    ignores,
    notes: [...notes, ...ignores.problems],
    repo: root === undefined ? undefined : findRepoId(root),
  };
}

async function load(files: SettingsFiles): Promise<LoadedSettings> {
  const [{ loadScanSettings }, { ruleIds }] = await Promise.all([
    import("./load-settings.js"),
    import("./scanner-settings.js"),
  ]);
  return await loadScanSettings(files, await ruleIds());
}

const maxPolicyFile = 1024 * 1024;

async function readFiles(repo: Repository, source: PolicySource): Promise<ReadonlyMap<string, Buffer>> {
  const read = new Map<string, Buffer>();
  const paths = [...policyPaths, rootPath(1)];
  const wanted =
    source.kind === "index" ? (await listIndexSoon(repo, paths)).filter(isFile) : listFiles(repo, source, paths);
  for await (const object of streamObjects(repo, wanted)) await readPolicyObject(read, object);
  return read;
}

/** Reads one of the files that {@link choosePolicyFiles} chose. */
export async function readPolicyObject(read: Map<string, Buffer>, object: Streamed): Promise<void> {
  const limit = maxBytesOf[classifyPath(object.path ?? "")?.area ?? "config"];
  // One byte more than allowed, so that the parser refuses it.
  if (object.kind === "object") read.set(object.path ?? "", await object.read(limit + 1));
}

/** The files of a listing that say what is a leak. */
export function choosePolicyFiles(entries: readonly IndexEntry[]): readonly IndexEntry[] {
  const paths = [...policyPaths, rootPath(1)];
  return entries.filter((entry) => isFile(entry) && paths.some((path) => isAtOrBelow(entry.path, path)));
}

function isAtOrBelow(path: string, top: string): boolean {
  return path === top || path.startsWith(`${top}/`);
}

// A link, or one side of a conflict, is no file that settles anything.
function isFile({ mode, stage }: IndexEntry): boolean {
  return mode.startsWith("100") && stage === 0;
}

function readOne(repo: Repository, source: PolicySource, path: string): Buffer | undefined {
  const [file] = listFiles(repo, source, [path]).filter((one) => one.path === path);
  const [object] = file === undefined ? [] : readObjectsSync(repo, [file.oid], { maxBytes: maxPolicyFile });
  return object?.kind === "object" ? object.bytes : undefined;
}

function listFiles(repo: Repository, source: PolicySource, paths: readonly string[]): readonly IndexEntry[] {
  const entries =
    source.kind === "index"
      ? listIndex(repo, paths)
      : listTree(repo, source.oid, paths).map((entry): IndexEntry => ({ ...entry, stage: 0 }));
  return entries.filter(isFile);
}

function findRepoId(root: Uint8Array): string | undefined {
  try {
    return parseTrustRoot(root).root.repo;
  } catch (cause) {
    if (cause instanceof SecretsError) return undefined;
    throw cause;
  }
}
