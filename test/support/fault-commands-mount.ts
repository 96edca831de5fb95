// Small and read-only file systems, for those who may mount them. All are unmounted at the end of the test file.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const mounted: string[] = [];

afterAll(() => {
  for (const path of mounted.splice(0).toReversed()) spawnSync("umount", ["--lazy", path]);
});

function mount(...args: readonly string[]): boolean {
  return spawnSync("mount", args).status === 0;
}

/** A new tmpfs of so many KiB. Throws where {@link canMount} is false. */
export function mountSmall(path: string, kib: number): void {
  mkdirSync(path, { recursive: true });
  if (!mount("-t", "tmpfs", "-o", `size=${kib}k`, "gitseal-test", path))
    throw new Error(`cannot mount a tmpfs at ${path}`);
  mounted.push(path);
}

/** Makes a folder read-only for everybody, root as well; the answer makes it writable again. */
export function mountReadOnly(path: string): () => void {
  if (!mount("--bind", path, path)) throw new Error(`cannot bind ${path}`);
  mounted.push(path);
  if (!mount("-o", "remount,ro,bind", path)) throw new Error(`cannot make ${path} read-only`);
  return () => {
    spawnSync("umount", ["--lazy", path]);
    mounted.splice(mounted.indexOf(path), 1);
  };
}

function tryMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), "gitseal-mount-"));
  const may = mount("-t", "tmpfs", "-o", "size=64k", "gitseal-test", path);
  if (may) spawnSync("umount", [path]);
  rmSync(path, { recursive: true, force: true });
  return may;
}

/** Whether this process may mount file systems, as root in its own mount namespace may. */
export const canMount = process.platform === "linux" && tryMount();
