import { cpSync, existsSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./git-fixture.js";

/**
 * A copy of a folder, with modes, times and links as they are. The product takes a copied repository for another clone, by
 * its inode and path; a test that begins in a copied scene wants the clone that made the scene, so its record is brought up to date.
 */
export function copyScene(dir: string): string {
  const copy = makeFolder();
  cpSync(dir, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  const record = join(copy, ".git/gitseal/clone.json");
  if (existsSync(record)) {
    const path = join(copy, ".git/gitseal");
    const { dev, ino } = lstatSync(path, { bigint: true });
    const clone = JSON.parse(readFileSync(record, "utf8")) as object;
    writeFileSync(record, JSON.stringify({ ...clone, dev: String(dev), ino: String(ino), path }));
  }
  return copy;
}
