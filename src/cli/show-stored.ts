import type { SetResult } from "../app/set-secret.js";
import { showInstant } from "../core/instant.js";
import type { RunContext } from "./command.js";
import type { Fact } from "./output.js";
import { changeJson, showDryRun } from "./show-dry-run.js";
import { jsonTime, showGrace, showMoment } from "./show-time.js";

/** What `set` did, or with `dryRun` would do, on stdout. */
export function showStored(context: RunContext, result: SetResult, dryRun: boolean): void {
  const { name, provider, change, version, scope, created, expires, graceUntil, paths } = result;
  const number = version === undefined ? "-" : String(version);
  if (context.json) {
    const times = { created: jsonTime(created), expires: jsonTime(expires), graceUntil: jsonTime(graceUntil) };
    context.out.json({
      name,
      provider,
      change,
      version: version ?? null,
      scope: scope ?? null,
      ...times,
      ...changeJson(dryRun, paths),
    });
    return;
  }
  if (dryRun) {
    showDryRun(context, `'${name}' ${planned[change]} version ${number}`, paths);
    return;
  }
  const facts: Fact[] = [
    ["Provider", provider],
    ["Version", number],
    ["Scope", scope ?? "-"],
    ["Created", created === undefined ? "-" : showInstant(created)],
  ];
  if (expires !== undefined) facts.push(["Expires", showMoment(expires, context.now())]);
  if (graceUntil !== undefined && version !== undefined && created !== undefined)
    facts.push(["Old version", `${version - 1} (${showGrace(graceUntil, created)})`]);
  context.out.done(`Secret '${name}' ${done[change]}`, facts);
}

const planned = {
  created: "would be stored as",
  "new-version": "would be stored as",
  metadata: "would get new metadata and stay at",
  unchanged: "would stay as it is, at",
} as const;

const done = {
  created: "stored successfully",
  "new-version": "stored successfully",
  metadata: "has this value already; its metadata is changed",
  unchanged: "is unchanged: it has this value already",
} as const;
