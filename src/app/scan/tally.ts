import { SecretsError } from "../../core/errors.js";
import type { Leak } from "../../scan/leak.js";
import type { ScanItem, Sourced } from "./item.js";
import { scanItem, type ItemScanner } from "./scan-item.js";

/** What a scan saw and found so far. */
export interface Tally {
  readonly leaks: Leak[];
  readonly gaps: string[];
  blobs: number;
  messages: number;
  bytes: number;
  cached: number;
  allowed: number;
}

export function emptyTally(): Tally {
  return { leaks: [], gaps: [], blobs: 0, messages: 0, bytes: 0, cached: 0, allowed: 0 };
}

export function addTally(to: Tally, more: Tally): void {
  to.leaks.push(...more.leaks);
  to.gaps.push(...more.gaps);
  to.blobs += more.blobs;
  to.messages += more.messages;
  to.bytes += more.bytes;
  to.cached += more.cached;
  to.allowed += more.allowed;
}

/** Called between two items; what it promises is waited for. */
export type OnScanned = (count: number) => Promise<void> | void;

export interface TallyOptions {
  readonly onScanned?: OnScanned | undefined;
  /** A file in which there was nothing, not even what a comment allows. */
  readonly onClean?: ((oid: string, path: string | undefined) => void) | undefined;
}

/** Scans all items. Where git or the disk fails, the failure is a gap and the scan goes on with what can be read. */
export async function tallyItems(
  by: ItemScanner,
  items: AsyncIterable<Sourced> | Iterable<Sourced>,
  { onScanned, onClean }: TallyOptions,
): Promise<Tally> {
  const tally = emptyTally();
  try {
    for await (const item of items) {
      if (item.kind === "gap") tally.gaps.push(item.why);
      else await addItem(tally, by, item, onClean);
      await onScanned?.(1);
    }
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    tally.gaps.push(cause.message);
  }
  return tally;
}

async function addItem(tally: Tally, by: ItemScanner, item: ScanItem, onClean: TallyOptions["onClean"]): Promise<void> {
  const scanned = await attempt(async () => await scanItem(by, item));
  if (typeof scanned === "string") {
    tally.gaps.push(`${item.shown}: ${scanned}`);
    return;
  }
  tally.bytes += scanned.bytes;
  tally.allowed += scanned.allowed;
  tally[item.kind === "file" ? "blobs" : "messages"]++;
  tally.leaks.push(...scanned.leaks);
  const isClean = scanned.leaks.length === 0 && scanned.allowed === 0;
  if (isClean && item.kind === "file" && item.oid !== undefined) onClean?.(item.oid, item.path);
}

// A file that goes away or cannot be read while it is, or an object that is damaged in its middle.
async function attempt<T extends object>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof SecretsError) return cause.message;
    if (cause instanceof Error && "syscall" in cause && "code" in cause)
      return `it cannot be read (${String(cause.code)})`;
    throw cause;
  }
}
