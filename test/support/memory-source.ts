import type { TreeBytes, TreeSource } from "../../src/app/verify/tree-source.js";

/** Files in memory as a tree to judge; the path serves as object id. */
export function memorySource(files: ReadonlyMap<string, Uint8Array>): TreeSource {
  return {
    files: [...files.keys()]
      .filter((path) => path.startsWith(".secrets/"))
      .map((path) => ({ mode: "100644", path, oid: path })),
    rootNames: [...new Set([...files.keys()].map((path) => path.split("/")[0] ?? ""))].map((name) => ({
      name,
      folder: name === ".secrets",
    })),
    attributes: files.get(".gitattributes"),
    read: (oids, maxBytes) => readAll(files, oids, maxBytes),
  };
}

async function* readAll(
  files: ReadonlyMap<string, Uint8Array>,
  oids: readonly string[],
  maxBytes: number,
): AsyncGenerator<readonly TreeBytes[]> {
  for (const oid of oids) {
    const bytes = files.get(oid);
    if (!bytes) yield [{ kind: "missing" }];
    else yield [bytes.byteLength > maxBytes ? { kind: "too-large" } : { kind: "bytes", bytes }];
  }
}
