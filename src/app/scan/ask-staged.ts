import { listIndexSoon, type IndexEntry } from "../../git/listing.js";
import { streamObjectsSoon, type Streamed, type WantedObject } from "../../git/object-stream.js";
import type { Repository } from "../../git/repository.js";
import { blobsOf, listStagedChangesSoon, type StagedChange } from "../../git/staged.js";
import { rootPath, storeFolder } from "../../store/layout.js";
import { choosePolicyFiles, policyPaths, readPolicyObject } from "./policy-files.js";

/** What git answers about a commit that is being made. Each promise may be left alone. */
export interface StagedAnswers {
  readonly changes: Promise<readonly StagedChange[]>;
  /** Of the index, below `.secrets/store` and where policy is. */
  readonly entries: Promise<readonly IndexEntry[]>;
  /** Contents of the policy's files, by their paths. */
  readonly policy: Promise<ReadonlyMap<string, Buffer>>;
  /** What is staged, to be read once. */
  readonly blobs: AsyncIterable<Streamed>;
}

/** Asks git all that the scan of a commit needs to know, by three programs that start at once: one after another they would take longer. */
export function askStaged(repo: Repository): StagedAnswers {
  const changes = keep(listStagedChangesSoon(repo));
  const entries = keep(listIndexSoon(repo, [storeFolder, ...policyPaths, rootPath(1)]));
  const objects = streamObjectsSoon(repo, listWanted(repo, entries, changes));
  const policy = keep(readPolicy(objects, entries));
  return { changes, entries, policy, blobs: skipPolicy(objects, policy) };
}

// Whoever waits for it is told of a failure; that nobody does yet must not end the program.
function keep<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

async function* listWanted(
  repo: Repository,
  entries: Promise<readonly IndexEntry[]>,
  changes: Promise<readonly StagedChange[]>,
): AsyncGenerator<WantedObject, void, undefined> {
  yield* choosePolicyFiles(await entries);
  yield* blobsOf(repo, await changes);
}

async function readPolicy(
  objects: AsyncGenerator<Streamed, void, undefined>,
  entries: Promise<readonly IndexEntry[]>,
): Promise<ReadonlyMap<string, Buffer>> {
  const read = new Map<string, Buffer>();
  for (let left = choosePolicyFiles(await entries).length; left > 0; left--) {
    const next = await objects.next();
    if (next.done !== true) await readPolicyObject(read, next.value);
  }
  return read;
}

async function* skipPolicy(
  objects: AsyncGenerator<Streamed, void, undefined>,
  policy: Promise<unknown>,
): AsyncGenerator<Streamed, void, undefined> {
  await policy;
  yield* objects;
}
