import type { ScanMode } from "../../scan/leak.js";
import { streamObjects, type Streamed, type StreamedObject, type WantedObject } from "../../git/object-stream.js";
import type { Repository } from "../../git/repository.js";
import { readFrom, type ScanItem, type Sourced } from "./item.js";
import { commitText, tagText } from "./message-text.js";

/** Objects named one by one. */
export async function* namedItems(
  repo: Repository,
  wanted: readonly WantedObject[],
): AsyncGenerator<Sourced, void, undefined> {
  yield* objectItems(streamObjects(repo, wanted));
}

/** Blobs, and the messages of commits and tags. */
export async function* objectItems(objects: AsyncIterable<Streamed>): AsyncGenerator<Sourced, void, undefined> {
  for await (const object of objects) {
    if (object.kind === "missing")
      yield { kind: "gap", why: `object ${object.oid}${at(object.path)} is not in this clone` };
    else if (object.kind === "damaged")
      yield { kind: "gap", why: `object ${object.oid}${at(object.path)}: ${object.why}` };
    else if (object.type === "blob") yield blobItem(object);
    else if (object.type !== "tree") yield await messageItem(object);
  }
}

function at(path: string | undefined): string {
  return path === undefined ? "" : ` (${path})`;
}

/** What findings show of a blob of which nobody knows the path yet. */
const unknownPath = "object";

function blobItem({ oid, path, mode, size, read }: StreamedObject): ScanItem {
  const shown = path ?? `${unknownPath} ${oid}`;
  return { shown, path, kind: "file", oid, commits: [], mode, size, read };
}

// Nobody writes so much by hand, and a longer one is scanned as it lies there, with the lines that git put in front.
const maxMessage = 4 * 1024 * 1024;

async function messageItem({ oid, type, size, read }: StreamedObject): Promise<ScanItem> {
  const isCommit = type === "commit";
  const commits = isCommit ? [oid] : [];
  const known = { path: undefined, kind: "message", oid, commits, mode: undefined } as const;
  const shown = isCommit ? "commit message" : "tag message";
  if (size > maxMessage) return { ...known, shown, size, read };
  const bytes = await read(size);
  const text = isCommit ? commitText(bytes) : tagText(bytes);
  return { ...known, shown, size: text.byteLength, read: readFrom(text) };
}

/** One text that is there already. */
export function* textItem(
  bytes: Buffer,
  { shown, path, kind }: Pick<ScanItem, "shown" | "path" | "kind">,
): Generator<Sourced, void, undefined> {
  const known = { oid: undefined, commits: [], mode: undefined };
  yield { ...known, shown, path, kind, size: bytes.byteLength, read: readFrom(bytes) };
}

/** What is expected to be scanned is not there: words for the report. */
export const nothingScanned: Readonly<Record<ScanMode, string>> = {
  staged: "nothing is staged: nothing was scanned",
  message: "the message is empty: nothing was scanned",
  push: "nothing new goes to the remote: nothing was scanned",
  range: "the change brings no new object: nothing was scanned",
  history: "the repository holds no object: nothing was scanned",
  paths: "no file was found there: nothing was scanned",
  stdin: "the standard input is empty: nothing was scanned",
  received: "nothing new was received: nothing was scanned",
};
