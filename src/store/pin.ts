import { fail } from "../core/errors.js";
import type { Disk } from "./disk.js";
import { readPrivate, writePrivate } from "./private-file.js";
import type { UlidSource } from "./ulid.js";

/** What this clone has seen of the trust chain; local, never committed. */
export interface Pin {
  readonly repo: string;
  /** Refs `<n>:<id>` of the roots in force, oldest first. */
  readonly roots: readonly string[];
  /** For each upstream branch, as `refs/remotes/origin/main`, the last commit of it that this clone has verified. */
  readonly tips?: Readonly<Record<string, string>>;
}

const file = "pin.json";
const maxPin = 1024 * 1024;

export function readPin(disk: Disk, commonDir: string): Pin | undefined {
  const bytes = readPrivate(disk, commonDir, file, maxPin);
  if (bytes === undefined) return undefined;
  try {
    const pin = JSON.parse(Buffer.from(bytes).toString("utf8")) as Pin;
    if (
      typeof pin.repo === "string" &&
      Array.isArray(pin.roots) &&
      pin.roots.every((ref) => typeof ref === "string") &&
      isTips(pin.tips)
    )
      return pin;
  } catch {
    // Fails below: an unreadable pin must not pass for a first use.
  }
  return fail("trust/pinned", "this clone's memory of the trust roots (pin.json) cannot be read", {
    hint: "compare the trust root with a colleague (secrets member list), then remove gitseal/pin.json from the git directory",
  });
}

function isTips(tips: unknown): boolean {
  if (tips === undefined) return true;
  if (typeof tips !== "object" || tips === null) return false;
  return Object.values(tips).every((oid) => typeof oid === "string" && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(oid));
}

export function writePin(disk: Disk, commonDir: string, pin: Pin, source: UlidSource): void {
  writePrivate(disk, commonDir, file, Buffer.from(`${JSON.stringify(pin)}\n`, "utf8"), source);
}

/** How a chain stands to the pin: `same`, `newer` (pin it), or `older` (a checkout of the past: changing commands refuse). Throws `trust/pinned`. */
export type PinVerdict = "first" | "same" | "newer" | "older";

export function comparePin(pin: Pin | undefined, roots: readonly string[]): PinVerdict {
  if (!pin) return "first";
  const shared = Math.min(roots.length, pin.roots.length);
  for (let at = 0; at < shared; at++)
    if (roots[at] !== pin.roots[at])
      fail("trust/pinned", `trust root ${at + 1} is not the one this clone has known`, {
        hint: "somebody replaced the list of members: compare it with an admin (secrets member list --json). If you undid a change of members of your own, remove gitseal/pin.json from the git directory",
      });
  if (roots.length === pin.roots.length) return "same";
  return roots.length > pin.roots.length ? "newer" : "older";
}
