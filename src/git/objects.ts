import { fail } from "../core/errors.js";
import { checkOid } from "./object-id.js";
import { startConversation, type Conversation } from "./conversation.js";
import type { Repository } from "./repository.js";
import { runGit, showGitText } from "./run.js";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

/** One answer of the object store. What is missing or over the limit is said, never left out. */
export type ReadObject =
  | { readonly kind: "object"; readonly oid: string; readonly type: ObjectType; readonly bytes: Buffer }
  | { readonly kind: "too-large"; readonly oid: string; readonly type: ObjectType; readonly size: number }
  | { readonly kind: "missing"; readonly oid: string };

/** An object's type and size in bytes, before any of it is read. */
export type ObjectSize =
  | { readonly kind: "sized"; readonly oid: string; readonly type: ObjectType; readonly size: number }
  | { readonly kind: "missing"; readonly oid: string };

export interface ReadOptions {
  /** Objects of more bytes are reported as `too-large` and never read. */
  readonly maxBytes: number;
}

// How many ids are sized, then read, by one pair of git processes: it bounds the memory for sizes, and makes the price of a
// start (3 ms) vanish. Within a window git buffers its answers, which a conversation with one long-lived process cannot have.
const windowSize = 4096;

/**
 * Reads objects in the order of their ids: memory is bounded by `maxBytes` and one window of ids, and git waits when the consumer
 * does. Breaking out of the loop ends git. Throws `git/failed`, `store/integrity` for a damaged object, and `usage/invalid` for
 * what is no full id.
 */
export async function* readObjects(
  repo: Repository,
  oids: AsyncIterable<string> | Iterable<string>,
  options: ReadOptions,
): AsyncGenerator<ReadObject, void, undefined> {
  for await (const batch of readObjectBatches(repo, oids, options))
    for (const one of batch) yield one.kind === "object" ? { ...one, bytes: Buffer.from(one.bytes) } : one;
}

/**
 * {@link readObjects} for many small objects: all that has arrived is handed over at once, because waiting for each one costs more
 * than reading it. The bytes of a batch lie in one piece of memory, so who keeps some of them copies them.
 */
export async function* readObjectBatches(
  repo: Repository,
  oids: AsyncIterable<string> | Iterable<string>,
  options: ReadOptions,
): AsyncGenerator<readonly ReadObject[], void, undefined> {
  let window: string[] = [];
  for await (const oid of oids) {
    checkOid(oid);
    window.push(oid);
    if (window.length < windowSize) continue;
    yield* readWindow(repo, window, options.maxBytes);
    window = [];
  }
  if (window.length > 0) yield* readWindow(repo, window, options.maxBytes);
}

async function* readWindow(
  repo: Repository,
  oids: readonly string[],
  maxBytes: number,
): AsyncGenerator<readonly ReadObject[], void, undefined> {
  const sizes = await readSizes(repo, oids);
  const wanted = sizes.flatMap((one) => (one.kind === "sized" && one.size <= maxBytes ? [one.oid] : []));
  const git = startConversation(repo, readArgs, listing(wanted));
  try {
    let batch: ReadObject[] = [];
    for (const one of sizes) {
      if (one.kind === "missing") batch.push(one);
      else if (one.size > maxBytes) batch.push({ kind: "too-large", oid: one.oid, type: one.type, size: one.size });
      else {
        let read = readHere(git, one.oid, maxBytes);
        if (read === undefined) {
          if (batch.length > 0) yield batch;
          batch = [];
          read = await readOne(git, one.oid, maxBytes);
        }
        batch.push(read);
      }
    }
    if (batch.length > 0) yield batch;
    checkHealth(await git.end());
  } finally {
    git.stop();
  }
}

async function readSizes(repo: Repository, oids: readonly string[]): Promise<readonly ObjectSize[]> {
  const check = startConversation(repo, checkArgs, listing(oids));
  try {
    const sizes: ObjectSize[] = [];
    for (const oid of oids) sizes.push(parseSize(oid, check.lineHere() ?? (await check.line())));
    checkHealth(await check.end());
    return sizes;
  } finally {
    check.stop();
  }
}

/** The next object when all of it has arrived. */
function readHere(git: Conversation, oid: string, maxBytes: number): ReadObject | undefined {
  const mark = git.mark();
  const line = git.lineHere();
  if (line === undefined) return undefined;
  const head = parseHead(oid, line, maxBytes);
  if (head.kind === "missing") return head;
  const bytes = git.bytesHere(head.size + 1);
  if (bytes !== undefined) return { kind: "object", oid, type: head.type, bytes: bytes.subarray(0, head.size) };
  git.back(mark);
  return undefined;
}

async function readOne(git: Conversation, oid: string, maxBytes: number): Promise<ReadObject> {
  const head = parseHead(oid, await git.line(), maxBytes);
  if (head.kind === "missing") return head;
  const bytes = await git.bytes(head.size + 1);
  return { kind: "object", oid, type: head.type, bytes: bytes.subarray(0, head.size) };
}

function parseHead(oid: string, line: string, maxBytes: number): ObjectSize {
  const head = parseSize(oid, line);
  // An id names one content, so another size than just before means a store that lies or is being repaired.
  if (head.kind === "sized" && head.size > maxBytes) fail("git/failed", `object ${oid} changed its size`);
  return head;
}

const checkArgs = ["cat-file", "--batch-check", "--buffer"];
const readArgs = ["cat-file", "--batch", "--buffer"];

/** The answer of `cat-file --batch` or `--batch-check` about one object. Throws `git/failed` for an answer about another. */
export function parseSize(oid: string, line: string): ObjectSize {
  const match = /^([0-9a-f]+) (blob|tree|commit|tag) (\d+)$/.exec(line);
  if (match !== null && match[1] === oid)
    return { kind: "sized", oid, type: match[2] as ObjectType, size: Number(match[3]) };
  if (line === `${oid} missing`) return { kind: "missing", oid };
  fail("git/failed", `git cat-file gave no answer about ${oid}`);
}

// A damaged object is `missing` to git, with an error beside. To a verifier these are two verdicts.
function checkHealth(stderr: string): void {
  if (/^(?:error|fatal):/m.test(stderr))
    fail("store/integrity", `the object store is damaged: ${showGitText(stderr)}`, { hint: "run: git fsck" });
}

/** The sizes of a few objects, in order. Throws as {@link readObjects}. */
export function readSizesSync(repo: Repository, oids: readonly string[]): ObjectSize[] {
  for (const oid of oids) checkOid(oid);
  if (oids.length === 0) return [];
  const answer = runGit(repo, checkArgs, { stdin: listing(oids) });
  checkHealth(answer.stderr);
  const lines = answer.stdout.toString("utf8").split("\n");
  return oids.map((oid, at) => parseSize(oid, lines[at] ?? ""));
}

/** {@link readObjects} for a few small objects, all held in memory at once. */
export function readObjectsSync(repo: Repository, oids: readonly string[], options: ReadOptions): ReadObject[] {
  const sizes = readSizesSync(repo, oids);
  const wanted = sizes.flatMap((one) => (one.kind === "sized" && one.size <= options.maxBytes ? [one] : []));
  const total = wanted.reduce((sum, one) => sum + one.size + 100, 0);
  const names = listing(wanted.map((one) => one.oid));
  const out = wanted.length === 0 ? Buffer.alloc(0) : runGit(repo, readArgs, { stdin: names, maxBytes: total }).stdout;
  let at = 0;
  return sizes.map((one): ReadObject => {
    if (one.kind === "missing") return one;
    const { oid, type, size } = one;
    if (size > options.maxBytes) return { kind: "too-large", oid, type, size };
    const from = out.indexOf(0x0a, at) + 1;
    const head = parseSize(oid, out.toString("utf8", at, from - 1));
    if (head.kind === "missing" || head.size !== size) fail("git/failed", `object ${oid} changed while it was read`);
    at = from + size + 1;
    return { kind: "object", oid, type, bytes: Buffer.from(out.subarray(from, from + size)) };
  });
}

function listing(oids: readonly string[]): string {
  return oids.map((oid) => `${oid}\n`).join("");
}
