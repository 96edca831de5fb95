import { count, type Finding } from "../../core/finding.js";
import type { Deps } from "../deps.js";
import { verifyStore } from "../verify/verify-store.js";
import type { HookProblem } from "./hook-outcome.js";

export interface StoreVerdict {
  readonly problems: readonly HookProblem[];
  readonly notes: readonly string[];
}

const mostShown = 3;

/**
 * The verifier's word on the index, or on a commit. What is not intact stops; what is intact but not as it must be (a fork, stale
 * readers) is a note, because the way to mend it may be the next commit.
 */
export async function checkStore(deps: Deps, rev: string | undefined): Promise<StoreVerdict> {
  const { findings, judged } = await verifyStore(deps, { rev });
  const errors = findings.filter(({ severity }) => severity === "error");
  const policies = findings.filter(({ severity }) => severity === "policy");
  const where = rev === undefined ? "" : ` ${judged.slice(0, 12)}`;
  const look = `secrets verify${where}`;
  return {
    problems: [
      ...errors.slice(0, mostShown).map(({ hint, ...finding }) => ({ message: describe(finding), hint })),
      ...more(errors.length, "finding", look),
    ],
    notes: [
      ...policies.slice(0, mostShown).map(describe),
      ...more(policies.length, "note", look).map(({ message, hint }) => `${message}; ${hint ?? ""}`),
    ],
  };
}

function describe({ code, path, name, message }: Finding): string {
  const place = path ?? name;
  return `${place === undefined ? ".secrets/" : place}: ${message} (${code})`;
}

function more(all: number, what: string, look: string): readonly HookProblem[] {
  return all <= mostShown ? [] : [{ message: `and ${count(all - mostShown, what)} more`, hint: `see all: ${look}` }];
}
