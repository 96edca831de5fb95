/** One thing to scan, from git or from disk, not read yet. */
export interface ScanItem {
  /** What findings show: a path, or `commit message` and the like. Untrusted. */
  readonly shown: string;
  /** What rules judge by: relative to the repository, or to the folder that was named; undefined where it is no file, or not known. */
  readonly path: string | undefined;
  readonly kind: "file" | "message";
  /** Id of the object that holds it, where there is one. */
  readonly oid: string | undefined;
  readonly commits: readonly string[];
  /** Six octal digits, where known. */
  readonly mode: string | undefined;
  readonly size: number;
  /** The next bytes, fewer at the end only. */
  readonly read: (count: number) => Promise<Buffer> | Buffer;
}

/** What a source of items has to say that is no item: why something could not be judged. */
export interface Gap {
  readonly kind: "gap";
  readonly why: string;
}

export type Sourced = ScanItem | Gap;

/** Bytes that are there already. */
export function readFrom(bytes: Buffer): ScanItem["read"] {
  let at = 0;
  return (count) => {
    const part = bytes.subarray(at, at + count);
    at += part.byteLength;
    return part;
  };
}
