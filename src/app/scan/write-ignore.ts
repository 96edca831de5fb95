import { parseExpiry } from "../../core/duration.js";
import { fail } from "../../core/errors.js";
import type { Instant } from "../../core/instant.js";
import { isRuleId } from "../../core/scan-settings.js";
import { isPlainText } from "../../core/text.js";
import { fingerprintKey, fingerprintOf } from "../../scan/fingerprint.js";
import { encodeIgnore, ignorePath, isFindingFingerprint, type Ignore } from "../../scan/ignore.js";
import { readPlainFile } from "../../store/safe-read.js";
import { listSecretNames } from "../../store/secrets.js";
import { withStoreLock } from "../../store/transaction.js";
import { placesOf, storeDeps } from "../change.js";
import type { Deps } from "../deps.js";
import { findPlace, type Place } from "../session.js";
import { readPolicyFiles } from "./policy-files.js";

export interface IgnoreInput {
  readonly fingerprint: string;
  readonly reason: string | undefined;
  readonly until?: string | undefined;
  readonly rule?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

export interface IgnoreResult {
  readonly fingerprint: string;
  readonly path: string;
  readonly until: Instant | undefined;
  readonly change: "created" | "replaced";
}

const maxFile = 64 * 1024;

/**
 * Writes and stages the file that accepts one finding. Anybody may: the file is what a reviewer judges, and who reviews a change judges
 * it by the ignores of its base. Throws `usage/invalid` for what is no fingerprint, reason or time, `usage/refused` for a value of the
 * store, and what a transaction throws.
 */
export async function writeIgnore(deps: Deps, input: IgnoreInput): Promise<IgnoreResult> {
  const ignore = parseInput(deps, input);
  const place = findPlace(deps);
  await refuseStoreValue(place, ignore.fingerprint);
  const path = ignorePath(ignore.fingerprint);
  const after = Buffer.from(encodeIgnore(ignore));
  const result = (before: Uint8Array | undefined): IgnoreResult => ({
    fingerprint: ignore.fingerprint,
    path,
    until: ignore.until,
    change: before === undefined ? "created" : "replaced",
  });
  const read = () => readPlainFile(place.disk, place.workTree, path, maxFile);
  if (input.dryRun === true) return result(read());
  return withStoreLock(storeDeps(deps, place), placesOf(place), (tx) => {
    const before = read();
    tx.commit({
      targets: [{ path, before: before ?? null, after }],
      local: [],
      note: `scan ignore ${ignore.fingerprint}`,
    });
    return result(before);
  });
}

function parseInput(deps: Deps, { fingerprint, reason, until, rule }: IgnoreInput): Ignore {
  // It may be anything, a secret too, so it is not repeated.
  if (!isFindingFingerprint(fingerprint))
    fail("usage/invalid", "a finding's fingerprint is 32 hex digits, as the report of a scan shows it", {
      hint: "run: secrets scan",
    });
  if (reason === undefined || reason.trim() === "")
    fail("usage/invalid", "an ignore needs a reason that a reviewer can judge", { hint: 'add: --reason "…"' });
  if (rule !== undefined && !isRuleId(rule))
    fail("usage/invalid", "--rule is the id of a rule", { hint: "list them with: secrets scan rules" });
  const now = deps.now();
  const end = until === undefined || until === "never" ? undefined : parseExpiry(until, now);
  if (end !== undefined && end <= now) fail("usage/invalid", "--until is in the past, so nothing would be ignored");
  const by = [deps.claimed, deps.user].find((name) => name !== undefined && name !== "" && isPlainText(name));
  return { fingerprint, rule, reason, by: (by ?? "unknown").slice(0, 200), at: now, until: end };
}

async function refuseStoreValue({ repo, disk, workTree }: Place, fingerprint: string): Promise<void> {
  const names = listSecretNames(disk, workTree);
  if (names.length === 0) return;
  const key = fingerprintKey((await readPolicyFiles(repo, { kind: "index" })).repo);
  const found = names.find((name) => fingerprintOf(key, { rule: "store/value", secret: "", name }) === fingerprint);
  if (found !== undefined)
    fail("usage/refused", `this finding is the value of your secret ${found}, which can never be ignored`, {
      hint: `take it out; if it was pushed, run: secrets rotate ${found}`,
    });
}
