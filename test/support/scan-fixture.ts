import type { Deps } from "../../src/app/deps.js";
import { scanRepository, type ScanInput } from "../../src/app/scan/scan-repository.js";
import type { Leak, ScanReport } from "../../src/scan/leak.js";
import type { GitRepo } from "./git-fixture.js";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** What one rule with nothing but a form finds and blocks, another one for each number; built here so that no file holds one. */
export function token(number = 0): string {
  let state = 12345 + number;
  const body = Array.from({ length: 36 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return letters.charAt((state >> 8) % letters.length);
  });
  return ["gh", "p_", ...body].join("");
}

export const tokenRule = "github/personal-access-token";

/** What a use-case takes, standing in a folder; warnings are kept. */
export function scanDeps(cwd: string, env: Readonly<Record<string, string>>): Deps & { readonly warnings: string[] } {
  const warnings: string[] = [];
  let count = 0;
  return {
    cwd,
    env,
    now: () => Date.parse("2026-11-25T12:00:00.000Z"),
    randomBytes: (length) => Uint8Array.from({ length }, () => (count = (count * 5 + 7) % 251)),
    home: env["HOME"] ?? cwd,
    uid: undefined,
    user: "tester",
    machine: { pid: 1, host: "host", isAlive: () => false },
    sleep: () => undefined,
    platform: "linux",
    threads: 1,
    claimed: undefined,
    version: "0.0.0-test",
    warn: (message) => void warnings.push(message),
    warnings,
  };
}

/** Scans as somebody in the repository does. */
export async function scan(
  repo: GitRepo,
  target: ScanInput["target"],
  where: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>>; readonly fresh?: boolean } = {},
): Promise<ScanReport> {
  const deps = scanDeps(where.cwd ?? repo.dir, { ...repo.env, ...where.env });
  return await scanRepository(deps, { target, fresh: where.fresh });
}

/** `path:line` of every finding, sorted. */
export function placesOf({ findings }: Pick<ScanReport, "findings">): readonly string[] {
  return findings.map(({ path, line }: Leak) => `${path}:${line}`).toSorted();
}
