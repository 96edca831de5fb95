import type { InitResult } from "../app/init-store.js";
import type { RunContext } from "./command.js";

/** What `init` did on stdout, and what to do next on stderr. `member` is the id that was asked for. */
export function showInit(context: RunContext, result: InitResult, audit: string, member: string | undefined): void {
  const { out } = context;
  const { kind, identity, isNewIdentity, fingerprint, paths } = result;
  const who = [
    ["Member", result.member ?? ""],
    ["Identity", isNewIdentity ? `${identity} (new)` : identity],
    ["Fingerprint", fingerprint],
  ] as const;
  const files = paths.map((path) => ["Staged", path] as const);
  switch (kind) {
    case "founded":
      out.done("Secrets are set up in this repository", [...who, ["Reads", audit], ...files]);
      return showNext(context, result);
    case "repaired":
      return out.done("Mended what was missing", [...who, ...files]);
    case "complete":
      return out.done("Nothing to do: secrets are set up here", who);
    case "newcomer":
      return showNewcomer(context, result, member);
  }
}

function showNext({ out }: RunContext, { identity, isNewIdentity }: InitResult): void {
  out.note('\nNext:\n  git commit -m "Set up secrets"');
  if (isNewIdentity)
    out.note(`Back up ${identity} in a password manager: without it, nobody can open what is sealed to you alone.`);
  out.note("A colleague joins with: secrets init; you then run the line that it prints.");
}

// The line is all there is on stdout, so that it can be piped to wherever the admin reads it.
function showNewcomer(
  { out }: RunContext,
  { card, identity, isNewIdentity }: InitResult,
  member: string | undefined,
): void {
  out.note(isNewIdentity ? `Your identity is made: ${identity}` : `Your identity: ${identity}`);
  out.note("You are no member of this repository yet. Send this line to an admin, who runs it:");
  out.answer(`secrets member add ${member ?? "NAME"} '${card}'`);
}
