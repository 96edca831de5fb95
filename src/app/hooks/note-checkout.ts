import { SecretsError } from "../../core/errors.js";
import { count } from "../../core/finding.js";
import { listIndex } from "../../git/listing.js";
import { findRepository } from "../../git/repository.js";
import { storeFolder } from "../../store/layout.js";
import type { Deps } from "../deps.js";
import { readEnds } from "./expiry.js";
import { nothingToSay, type HookOutcome } from "./hook-outcome.js";

/** post-merge and post-checkout: two lines at most, of forks and of ends. Nothing here may stop anybody: a failure is one line. */
export function noteCheckout(deps: Deps): HookOutcome {
  try {
    const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
    const ends = readEnds(deps, repo, listIndex(repo, [storeFolder]));
    const forked = ends.filter(({ isForked }) => isForked).map(({ name }) => name);
    const near = ends.filter(({ state }) => state !== "ok");
    const [first] = near;
    return {
      ...nothingToSay,
      notes: [
        ...(forked.length > 0 ? [`two branches changed ${nameFew(forked)}: secrets resolve ${forked[0] ?? ""}`] : []),
        ...(first === undefined
          ? []
          : [
              near.length === 1
                ? `${first.name} ${first.says}`
                : `${count(near.length, "secret")} expired or close to it: secrets list --expiring 30d --include-expired`,
            ]),
      ],
    };
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    return { ...nothingToSay, notes: [`secrets were not looked at: ${error.message}`] };
  }
}

function nameFew(names: readonly string[]): string {
  const [first = ""] = names;
  return names.length === 1 ? first : `${first} and ${count(names.length - 1, "other")}`;
}
