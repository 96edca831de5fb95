import { lstatSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const largest = 5_000_000;

/** Names of files with source text of any language. */
export const isSource =
  /\.(?:c|cc|cjs|cpp|css|go|h|hpp|html|java|js|json|jsx|kt|md|mjs|php|pl|pm|py|rb|rs|scss|sh|sql|svg|ts|tsx|txt|xml|ya?ml)$/;

export interface PublicFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** As {@link readPublicFiles}, without the paths. */
export function readPublicText(folders: readonly string[], limit: number, wanted?: RegExp): readonly Buffer[] {
  return readPublicFiles(folders, limit, wanted).map(({ bytes }) => bytes);
}

/** Files below the folders, sorted by path, until so many bytes are together; what cannot be read is passed over. */
export function readPublicFiles(folders: readonly string[], limit: number, wanted?: RegExp): readonly PublicFile[] {
  const files: PublicFile[] = [];
  let total = 0;
  const visit = (path: string): void => {
    if (total >= limit) return;
    const facts = lstatSync(path, { throwIfNoEntry: false });
    if (facts?.isDirectory() === true) for (const name of namesIn(path)) visit(join(path, name));
    if (facts?.isFile() !== true || facts.size === 0 || facts.size > largest || wanted?.test(path) === false) return;
    const bytes = readIfAllowed(path);
    files.push({ path, bytes });
    total += bytes.length;
  };
  for (const folder of folders) visit(folder);
  return files;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function readIfAllowed(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
