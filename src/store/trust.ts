import { maxRoots, type RootFiles } from "../core/trust-chain.js";
import { maxRootFile } from "../core/trust-root.js";
import type { Disk } from "./disk.js";
import { rootPath, trustFolder } from "./layout.js";
import { listPlainFolder, readPlainFile } from "./safe-read.js";

const maxSignatureFile = 4096;

/** The numbered trust roots with their signatures as they stand in the work tree, all untrusted. [] when there are none. */
export function readTrustRoots(disk: Disk, workTree: string): readonly RootFiles[] {
  const files: RootFiles[] = [];
  for (let n = 1; n <= maxRoots; n++) {
    const bytes = readPlainFile(disk, workTree, rootPath(n), maxRootFile);
    if (bytes === undefined) break;
    const folder = `${trustFolder}/${String(n).padStart(4, "0")}`;
    const signatures = listPlainFolder(disk, workTree, folder).map((entry) => ({
      keyId: entry.replace(/\.sig$/, ""),
      bytes: readPlainFile(disk, workTree, `${folder}/${entry}`, maxSignatureFile) ?? new Uint8Array(),
    }));
    files.push({ n, bytes, signatures });
  }
  return files;
}
