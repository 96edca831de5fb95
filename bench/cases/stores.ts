import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { placeOf, type BenchRepository } from "../data/repository.js";
import type { Shape } from "../data/store.js";
import { runNode, type Bench } from "../program.js";

/** The stores that the benchmarks share. */
export const shapes = {
  small: { secrets: 10, versions: 1, readers: 3, segments: 10, sealed: "real" },
  large: { secrets: 10_000, versions: 1, readers: 3, segments: 10_000, sealed: "real" },
  old: { secrets: 10_000, versions: 5, readers: 3, segments: 10_000, sealed: "show" },
  shared: { secrets: 1_000, versions: 1, readers: 5, segments: 100, sealed: "real" },
} as const satisfies Readonly<Record<string, Shape>>;

/** A store as an earlier run left it, or a new one. It is made in a process of its own: one that starts programs should be small. */
function prepareStore(bench: Bench, shape: Shape): BenchRepository {
  runNode({ args: [bench.self, "--part", "make", JSON.stringify(shape)] });
  return placeOf(shape);
}

/** A copy for a benchmark that changes the store; it goes with the run. */
export function copyStore(bench: Bench, shape: Shape, name: string): BenchRepository {
  const from = prepareStore(bench, shape);
  const folder = join(bench.scratch, name);
  mkdirSync(folder);
  cpSync(from.folder, folder, { recursive: true, preserveTimestamps: true });
  // Whoever tried a command in the store by hand left reads that wait to be sealed.
  rmSync(join(folder, "repo/.git/gitseal"), { recursive: true, force: true });
  return { folder, workTree: join(folder, "repo"), identityFile: join(folder, "identity") };
}
