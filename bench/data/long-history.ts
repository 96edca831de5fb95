import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { isSource, readPublicFiles } from "./public-text.js";
import { cleanEnvironment } from "./repository.js";

const batchBytes = 64_000_000;

interface History {
  readonly blobs: number;
  readonly bytes: number;
}

function runGit(args: readonly string[], input: Buffer): void {
  const { status, stderr, error } = spawnSync("git", args, { env: cleanEnvironment(), input, maxBuffer: 1 << 26 });
  if (error) throw error;
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr.toString("utf8")}`);
}

/** A bare repository whose different blobs are together at least so long: source text, each time under a line of its own; a commit a batch. */
export function makeHistory(folder: string, bytes: number, sources: readonly string[]): History {
  mkdirSync(folder);
  runGit(["init", "-q", "--bare", folder], Buffer.alloc(0));
  const files = readPublicFiles(sources, Number.POSITIVE_INFINITY, isSource);
  let parts: Buffer[] = [];
  let batch = 0;
  let total = 0;
  let blobs = 0;
  let commits = 0;
  const flush = (): void => {
    runGit(["-C", folder, "-c", "core.compression=1", "fast-import", "--quiet", "--force"], Buffer.concat(parts));
    parts = [];
    batch = 0;
  };
  for (let round = 0; total < bytes; round++)
    for (const { path, bytes: text } of files) {
      if (total >= bytes) break;
      if (batch === 0) {
        const from = commits === 0 ? "" : "from refs/heads/main^0\n";
        parts.push(
          Buffer.from(
            `commit refs/heads/main\ncommitter A <a@example.org> ${1_700_000_000 + commits++} +0000\ndata 5\nbatch\n${from}`,
          ),
        );
      }
      const body = Buffer.concat([Buffer.from(`// ${round}\n`), text]);
      parts.push(
        Buffer.from(`M 100644 inline ${JSON.stringify(path)}\ndata ${body.length}\n`),
        body,
        Buffer.from("\n"),
      );
      batch += body.length;
      total += body.length;
      blobs++;
      if (batch >= batchBytes) flush();
    }
  if (batch > 0) flush();
  return { blobs, bytes: total };
}
