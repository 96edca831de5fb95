import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { makeBenchStore, peopleOf, type Shape } from "./store.js";

/** Where a store lies on disk. The repository is a clone in all respects: one commit, in a pack. */
export interface BenchRepository {
  readonly folder: string;
  readonly workTree: string;
  /** The identity of the store's founder. */
  readonly identityFile: string;
}

// Counted up when the generator changes, so that no store of an older one is taken.
const generation = 1;

/** The place of a store of this shape, whether it is there or not. */
export function placeOf(shape: Shape): BenchRepository {
  const { secrets, versions, readers, segments, sealed } = shape;
  const folder = join(
    tmpdir(),
    `gitseal-bench-${generation}`,
    `${secrets}x${versions}-r${readers}-s${segments}-${sealed}`,
  );
  return { folder, workTree: join(folder, "repo"), identityFile: join(folder, "identity") };
}

/** Makes the store unless an earlier run did. A run that was cut off leaves nothing that is taken for a store. */
export function makeRepository(shape: Shape): BenchRepository {
  const place = placeOf(shape);
  if (existsSync(place.folder)) return place;
  const top = dirname(place.folder);
  mkdirSync(top, { recursive: true });
  const draft = mkdtempSync(join(top, "draft-"));
  try {
    writeFileSync(join(draft, "identity"), `${peopleOf(shape)[0]?.identityText ?? ""}\n`, { mode: 0o600 });
    writeRepository(join(draft, "repo"), makeBenchStore(shape).files);
    renameSync(draft, place.folder);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    throw cause;
  }
  return place;
}

/** The environment of every program that a benchmark starts: nothing of the user's own settings. */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: tmpdir(),
    TZ: "UTC",
    LC_ALL: "C",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    ...more,
  };
}

export function git(cwd: string, args: readonly string[], input?: Uint8Array): void {
  const { status, stderr, error } = spawnSync("git", args, {
    cwd,
    env: cleanEnvironment(),
    input: input ?? "",
    maxBuffer: 1 << 26,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`git ${args[0] ?? ""}: ${stderr.toString("utf8")}`);
}

// One stream into a pack: tens of thousands of `git add` would take minutes, and a clone has packs too.
function writeRepository(workTree: string, files: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(workTree);
  git(workTree, ["init", "--quiet", "--initial-branch=main"]);
  git(workTree, ["config", "user.name", "Bench"]);
  git(workTree, ["config", "user.email", "bench@example.invalid"]);
  const parts: Uint8Array[] = [
    Buffer.from("commit refs/heads/main\ncommitter Bench <bench@example.invalid> 1767225600 +0000\ndata 5\nstore\n"),
  ];
  for (const [path, bytes] of files)
    parts.push(Buffer.from(`M 100644 inline ${path}\ndata ${bytes.byteLength}\n`), bytes, Buffer.from("\n"));
  git(workTree, ["fast-import", "--quiet"], Buffer.concat(parts));
  git(workTree, ["reset", "--quiet", "--hard", "main"]);
}
