import { fail, SecretsError } from "../core/errors.js";
import { startConversation, type Conversation } from "./conversation.js";
import { checkOid } from "./object-id.js";
import { parseSize, type ObjectSize, type ObjectType } from "./objects.js";
import type { Repository } from "./repository.js";

/** An object that is asked for, with the path under which it was met, where it was met. */
export interface WantedObject {
  readonly oid: string;
  readonly path: string | undefined;
  /** Six octal digits, where known. */
  readonly mode?: string;
}

/** An object whose content has not been read yet. */
export interface StreamedObject extends WantedObject {
  readonly kind: "object";
  readonly type: ObjectType;
  readonly size: number;
  /** The next bytes, fewer at the end only. Works until the next object is asked for; what nobody reads is skipped. */
  readonly read: (count: number) => Promise<Buffer>;
}

/** One answer. What is missing, or cannot be read (why: git's words), is said, never left out. */
export type Streamed =
  | StreamedObject
  | (WantedObject & { readonly kind: "missing" })
  | (WantedObject & { readonly kind: "damaged"; readonly why: string });

export interface StreamOptions {
  /** What to read of the types found; the rest is never inflated. Left out, everything is. */
  readonly types?: ReadonlySet<ObjectType>;
}

// As in objects.ts: bounds the memory for ids, and makes the price of a start vanish.
const windowSize = 4096;

const mostStarts = 100;

/**
 * Configuration for reading many objects: git else maps a gigabyte of a pack at once, all of which counts as memory of the scan. Objects
 * come in the order of the pack, so less serves as well.
 */
export const smallWindows = ["core.packedGitWindowSize=64m", "core.packedGitLimit=256m"];

const skipBytes = 1024 * 1024;

/**
 * Reads objects of any size in their order; memory is bounded by what the caller reads at once and one window of ids. Breaking out
 * of the loop ends git. Throws `git/failed` when git cannot be run, and `usage/invalid` for what is no full id.
 */
export async function* streamObjects(
  repo: Repository,
  wanted: AsyncIterable<WantedObject> | Iterable<WantedObject>,
  options: StreamOptions = {},
  started?: Started,
): AsyncGenerator<Streamed, void, undefined> {
  let first = started;
  let window: WantedObject[] = [];
  try {
    for await (const one of wanted) {
      checkOid(one.oid);
      window.push(one);
      if (window.length < windowSize) continue;
      yield* streamWindow(repo, window, options, first);
      window = [];
      first = undefined;
    }
    if (window.length > 0) yield* streamWindow(repo, window, options, first);
  } finally {
    started?.git.stop();
  }
}

/** As {@link streamObjects}, with git started at once: it gets ready while what is wanted is still being found out. */
export function streamObjectsSoon(
  repo: Repository,
  wanted: AsyncIterable<WantedObject>,
): AsyncGenerator<Streamed, void, undefined> {
  let ask: Started["ask"] = ignore;
  const asked = new Promise<string>((resolve) => {
    ask = resolve;
  });
  return streamObjects(repo, wanted, {}, { git: startConversation(repo, readArgs, asked, smallWindows), ask });
}

const ignore = (): void => undefined;

/** A git that has not been asked for anything yet. */
interface Started {
  readonly git: Conversation;
  readonly ask: (listing: string) => void;
}

const readArgs = ["cat-file", "--batch", "--buffer"];

async function* streamWindow(
  repo: Repository,
  window: readonly WantedObject[],
  { types }: StreamOptions,
  started: Started | undefined,
): AsyncGenerator<Streamed, void, undefined> {
  const sizes = types === undefined ? undefined : await sizesOf(repo, window);
  // What is missing is asked for again, so that it is reported in its place.
  let asked = window.filter((_, at) => {
    const size = sizes?.[at];
    return size === undefined || size.kind === "missing" || types?.has(size.type) === true;
  });
  // Git dies of a damaged object and leaves the rest of the window unread, so another one is started behind it.
  for (let starts = 0; asked.length > 0; starts++) {
    const isReady = starts === 0 && started !== undefined;
    const git = isReady ? started.git : startConversation(repo, readArgs, listing(asked), smallWindows);
    if (isReady) started.ask(listing(asked));
    let at = 0;
    try {
      for (; at < asked.length; at++) for await (const one of streamOne(git, asked, at)) yield one;
      await git.end();
      return;
    } catch (cause) {
      const died = asked[at];
      if (!(cause instanceof SecretsError) || died === undefined || starts === mostStarts) throw cause;
      yield { ...died, kind: "damaged", why: cause.message };
    } finally {
      git.stop();
    }
    asked = asked.slice(at + 1);
  }
}

async function sizesOf(repo: Repository, window: readonly WantedObject[]): Promise<readonly ObjectSize[]> {
  const sizes: ObjectSize[] = [];
  const check = startConversation(repo, ["cat-file", "--batch-check", "--buffer"], listing(window));
  try {
    for (const { oid } of window) sizes.push(parseSize(oid, await check.line()));
    await check.end();
  } finally {
    check.stop();
  }
  return sizes;
}

async function* streamOne(
  git: Conversation,
  asked: readonly WantedObject[],
  at: number,
): AsyncGenerator<Streamed, void, undefined> {
  const wanted = asked[at];
  if (wanted === undefined) return;
  const head = parseSize(wanted.oid, await git.line());
  if (head.kind === "missing") {
    yield { ...wanted, kind: "missing" };
    return;
  }
  let left = head.size;
  const read = async (count: number): Promise<Buffer> => {
    const taken = Math.min(count, left);
    left -= taken;
    return await git.bytes(taken);
  };
  yield { ...wanted, kind: "object", type: head.type, size: head.size, read };
  while (left > 0) await read(skipBytes);
  const end = await git.bytes(1);
  if (end[0] !== 0x0a) fail("git/failed", `git cat-file gave another size of object ${wanted.oid}`);
}

function listing(wanted: readonly WantedObject[]): string {
  return wanted.map(({ oid }) => `${oid}\n`).join("");
}
