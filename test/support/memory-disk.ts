import { constants } from "node:fs";
import type { Disk, FileFacts, FileKind } from "../../src/store/disk.js";

/** A file system in memory that knows, for each name and each byte, whether a power loss may take it away. */
interface Node {
  readonly id: number;
  readonly kind: FileKind;
  readonly mode: number;
  data: Uint8Array;
  /** Undefined while the data has never been synced. */
  synced: Uint8Array | undefined;
  entries: Map<string, Node>;
  syncedEntries: Map<string, Node>;
  /** What happened to names since the last sync of this folder, oldest first. */
  pending: { readonly name: string; readonly node: Node | undefined }[];
}

export interface MemoryDisk extends Disk {
  readonly root: Node;
  readonly readText: (path: string) => string | undefined;
  readonly paths: () => string[];
}

let nodes = 0;

function makeNode(kind: FileKind, mode: number, data: Uint8Array = new Uint8Array()): Node {
  nodes += 1;
  const none = undefined;
  return { id: nodes, kind, mode, data, synced: none, entries: new Map(), syncedEntries: new Map(), pending: [] };
}

export function errno(code: string, syscall: string, path = ""): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall, path });
}

function factsOf(node: Node): FileFacts {
  return { kind: node.kind, size: node.data.byteLength, mode: node.mode, dev: "1", ino: String(node.id), changed: "0" };
}

interface Spot {
  readonly folder: Node;
  readonly name: string;
  readonly node: Node | undefined;
}

function locate(root: Node, path: string, syscall: string): Spot {
  const parts = path.split("/").filter((part) => part !== "");
  const name = parts.pop() ?? "";
  let folder = root;
  for (const part of parts) {
    const next = folder.entries.get(part);
    if (next === undefined) throw errno("ENOENT", syscall, path);
    if (next.kind !== "folder") throw errno("ENOTDIR", syscall, path);
    folder = next;
  }
  return { folder, name, node: name === "" ? root : folder.entries.get(name) };
}

function setEntry({ folder, name }: Spot, node: Node | undefined): void {
  if (node === undefined) folder.entries.delete(name);
  else folder.entries.set(name, node);
  folder.pending.push({ name, node });
}

function visit(node: Node, path: string, into: Map<string, Node>): void {
  for (const [name, child] of node.entries) {
    into.set(`${path}/${name}`, child);
    visit(child, `${path}/${name}`, into);
  }
}

const must = (spot: Spot, syscall: string, path: string): Node => {
  if (spot.node === undefined) throw errno("ENOENT", syscall, path);
  return spot.node;
};
const free = (spot: Spot, syscall: string, path: string): void => {
  if (spot.node !== undefined) throw errno("EEXIST", syscall, path);
};

export function memoryDisk(root: Node = makeNode("folder", 0o755)): MemoryDisk {
  const handles = new Map<number, { node: Node; at: number }>();
  let lastHandle = 2;
  const at = (handle: number): { node: Node; at: number } => {
    const open = handles.get(handle);
    if (open === undefined) throw errno("EBADF", "handle");
    return open;
  };
  return {
    root,
    open(path, flags, mode) {
      const spot = locate(root, path, "open");
      let { node } = spot;
      if ((flags & constants.O_CREAT) !== 0) {
        free(spot, "open", path);
        node = makeNode("file", mode);
        setEntry(spot, node);
      }
      if (node === undefined) throw errno("ENOENT", "open", path);
      lastHandle += 1;
      handles.set(lastHandle, { node, at: 0 });
      return lastHandle;
    },
    read(handle, into) {
      const open = at(handle);
      const part = open.node.data.subarray(open.at, open.at + into.byteLength);
      into.set(part);
      open.at += part.byteLength;
      return part.byteLength;
    },
    write(handle, bytes) {
      const { node } = at(handle);
      node.data = Buffer.concat([node.data, bytes]);
      return bytes.byteLength;
    },
    fsync(handle) {
      const { node } = at(handle);
      node.synced = node.data;
    },
    close: (handle) => void handles.delete(handle),
    fstat: (handle) => factsOf(at(handle).node),
    lstat: (path) => factsOf(must(locate(root, path, "lstat"), "lstat", path)),
    link(existing, created) {
      const node = must(locate(root, existing, "link"), "link", existing);
      const spot = locate(root, created, "link");
      free(spot, "link", created);
      setEntry(spot, node);
    },
    rename(from, to) {
      const source = locate(root, from, "rename");
      const node = must(source, "rename", from);
      setEntry(locate(root, to, "rename"), node);
      setEntry(source, undefined);
    },
    unlink(path) {
      const spot = locate(root, path, "unlink");
      must(spot, "unlink", path);
      setEntry(spot, undefined);
    },
    mkdir(path, mode) {
      const spot = locate(root, path, "mkdir");
      free(spot, "mkdir", path);
      setEntry(spot, makeNode("folder", mode));
    },
    readdir: (path) => [...must(locate(root, path, "readdir"), "readdir", path).entries.keys()],
    readlink(path) {
      throw errno("EINVAL", "readlink", path);
    },
    syncFolder(path) {
      const node = must(locate(root, path, "fsync"), "fsync", path);
      node.syncedEntries = new Map(node.entries);
      node.pending = [];
    },
    readText(path) {
      try {
        const { node } = locate(root, path, "read");
        return node?.kind === "file" ? Buffer.from(node.data).toString("utf8") : undefined;
      } catch {
        return undefined;
      }
    },
    paths() {
      const all = new Map<string, Node>();
      visit(root, "", all);
      return [...all].filter(([, node]) => node.kind === "file").map(([path]) => path);
    },
  };
}

/** Picks one of `count` alternatives; the enumerator replays it with every sequence of answers. */
type Choose = (count: number) => number;

// A synced inode keeps its data. One that never was may be empty, cut, zeroed, or whole.
function crashedData(node: Node, choose: Choose): Uint8Array {
  if (node.synced === node.data) return node.data;
  const half = node.data.subarray(0, Math.floor(node.data.byteLength / 2));
  const options = [node.synced ?? new Uint8Array(), half, new Uint8Array(node.data.byteLength), node.data];
  return options[choose(options.length)] ?? node.data;
}

// Each name by itself is as at the last sync, or as any later step left it: stricter than any journalling file system.
function crashedNode(node: Node, choose: Choose, seen: Map<Node, Node>): Node {
  const known = seen.get(node);
  if (known !== undefined) return known;
  const data = node.kind === "file" ? crashedData(node, choose) : node.data;
  const copy: Node = { ...node, data, synced: data, entries: new Map(), syncedEntries: new Map(), pending: [] };
  seen.set(node, copy);
  const options = new Map<string, (Node | undefined)[]>();
  for (const [name, child] of node.syncedEntries) options.set(name, [child]);
  for (const { name, node: child } of node.pending) {
    const list = options.get(name) ?? [undefined];
    if (!list.includes(child)) list.push(child);
    options.set(name, list);
  }
  for (const [name, list] of options) {
    const child = list.length === 1 ? list[0] : list[choose(list.length)];
    if (child !== undefined) copy.entries.set(name, crashedNode(child, choose, seen));
  }
  copy.syncedEntries = new Map(copy.entries);
  return copy;
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Everything that may be found after a power loss now: all of it when there are at most `limit` states, else a seeded sample. */
export function crashStates(disk: MemoryDisk, limit: number, seed: number): MemoryDisk[] {
  const states: MemoryDisk[] = [];
  let answers: number[] = [];
  for (;;) {
    const counts: number[] = [];
    const choose: Choose = (count) => {
      counts.push(count);
      return answers[counts.length - 1] ?? 0;
    };
    states.push(memoryDisk(crashedNode(disk.root, choose, new Map())));
    if (states.length > limit) break;
    const next = counts.map((_, at) => answers[at] ?? 0);
    let at = next.length - 1;
    while (at >= 0 && (next[at] ?? 0) + 1 >= (counts[at] ?? 1)) at -= 1;
    if (at < 0) return states;
    answers = [...next.slice(0, at), (next[at] ?? 0) + 1];
  }
  const random = seeded(seed);
  return Array.from({ length: limit }, () =>
    memoryDisk(crashedNode(disk.root, (count) => Math.floor(random() * count), new Map())),
  );
}

/** The same files, independent of the first: with what was not synced, or `settled`, as if all had been. */
export function copyDisk(disk: MemoryDisk, as: "settled" | "as-is" = "settled"): MemoryDisk {
  const seen = new Map<Node, Node>();
  const copy = (node: Node): Node => {
    const known = seen.get(node);
    if (known !== undefined) return known;
    const made: Node = { ...node, entries: new Map(), syncedEntries: new Map(), pending: [] };
    seen.set(node, made);
    for (const [name, child] of node.entries) made.entries.set(name, copy(child));
    if (as === "settled") {
      made.synced = node.data;
      made.syncedEntries = new Map(made.entries);
      return made;
    }
    for (const [name, child] of node.syncedEntries) made.syncedEntries.set(name, copy(child));
    made.pending = node.pending.map(({ name, node: child }) => ({ name, node: child && copy(child) }));
    return made;
  };
  return memoryDisk(copy(disk.root));
}
