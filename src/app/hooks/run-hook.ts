import { fail } from "../../core/errors.js";
import type { HookName } from "../../git/hook-shim.js";
import { resolveCommit } from "../../git/listing.js";
import { findRepository } from "../../git/repository.js";
import type { Deps } from "../deps.js";
import { nothingToSay, type HookOutcome } from "./hook-outcome.js";

export interface RunHookInput {
  readonly hook: HookName;
  /** As git gives them to the hook. */
  readonly args: readonly string[];
  /** Reads the standard input, for the hooks that are told something there. */
  readonly readLines: () => Promise<string>;
}

/** Does what one hook does. It checks, and never writes. Throws where it cannot judge, and so stops what git was about to do. */
export async function runHook(deps: Deps, { hook, args, readLines }: RunHookInput): Promise<HookOutcome> {
  switch (hook) {
    case "pre-commit":
      return await (await import("./check-commit.js")).checkCommit(deps);
    case "commit-msg":
      return await checkMessage(deps, args);
    case "pre-push":
      return await (
        await import("./check-push.js")
      ).checkPush(deps, { ...remoteOf(deps, args), lines: await linesOf(deps, readLines) });
    case "post-merge":
      return (await import("./note-checkout.js")).noteCheckout(deps);
    case "post-checkout":
      // 0 says that files were checked out, not a branch.
      return args[2] === "0" ? nothingToSay : (await import("./note-checkout.js")).noteCheckout(deps);
    case "pre-receive":
      return await (await import("./check-received.js")).checkReceived(deps, await readLines());
  }
}

async function checkMessage(deps: Deps, [file]: readonly string[]): Promise<HookOutcome> {
  if (file === undefined)
    fail("usage/invalid", "commit-msg needs the file of the message, as git gives it", {
      hint: 'in a hook: secrets hooks run commit-msg -- "$@"',
    });
  const { scanForHook } = await import("./scan-for-hook.js");
  return { ...nothingToSay, ...(await scanForHook(deps, { kind: "message", file }, false)) };
}

function remoteOf({ env }: Deps, args: readonly string[]): { readonly remote: string } {
  const remote = args[0] ?? env["PRE_COMMIT_REMOTE_NAME"];
  if (remote === undefined || remote === "")
    fail("usage/invalid", "pre-push needs the name of the remote, as git gives it", {
      hint: 'in a hook: secrets hooks run pre-push -- "$@"',
    });
  return { remote };
}

// The pre-commit framework takes git's lines for itself and tells of one ref by variables, without an id for a first push.
async function linesOf(deps: Deps, readLines: () => Promise<string>): Promise<string> {
  const { PRE_COMMIT_LOCAL_BRANCH: local, PRE_COMMIT_TO_REF: to, PRE_COMMIT_REMOTE_BRANCH: remote } = deps.env;
  const lines = await readLines();
  if (lines.trim() !== "" || local === undefined || remote === undefined) return lines;
  const oid = to ?? resolveCommit(findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid }), local);
  return `${local} ${oid} ${remote} ${"0".repeat(oid.length)}\n`;
}
