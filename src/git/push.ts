import { fail } from "../core/errors.js";
import { isOid } from "./object-id.js";
import { readSizesSync } from "./objects.js";
import type { Reach } from "./reachable.js";
import type { Repository } from "./repository.js";

/** One line of a pre-push hook's standard input. */
export interface PushedRef {
  readonly localRef: string;
  /** Undefined when the remote ref is to be deleted. */
  readonly localOid: string | undefined;
  readonly remoteRef: string;
  /** Undefined when the remote has no such ref yet. */
  readonly remoteOid: string | undefined;
}

/** Every line of `<local ref> <local oid> <remote ref> <remote oid>` (githooks, pre-push). Throws `usage/invalid` for any other. */
export function parsePushLines(lines: string): readonly PushedRef[] {
  return lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [localRef = "", local = "", remoteRef = "", remote = "", ...more] = line.trim().split(" ");
      if (!isOid(local) || !isOid(remote) || more.length > 0)
        fail("usage/invalid", "the standard input is not what git tells a pre-push hook", {
          hint: "each line is: <local ref> <local oid> <remote ref> <remote oid>",
        });
      return { localRef, localOid: findOid(local), remoteRef, remoteOid: findOid(remote) };
    });
}

function findOid(oid: string): string | undefined {
  return /^0+$/.test(oid) ? undefined : oid;
}

/** What a push would bring to the remote, as far as this clone knows what is there; more, never less, where it does not. */
export function reachOfPush(repo: Repository, remote: string, refs: readonly PushedRef[]): Reach {
  const from = refs.flatMap(({ localOid }) => localOid ?? []);
  const there = refs.flatMap(({ remoteOid }) => remoteOid ?? []);
  return { from, not: present(repo, there), notRefs: isRemoteName(remote) ? [`--remotes=${remote}`] : [] };
}

/** What a receive brings to a server: reachable from the new ids, and from no ref that is there. The ids are git's, from the hook's input. */
export function reachOfReceived(updates: readonly { readonly new: string }[]): Reach {
  return { from: updates.flatMap((update) => findOid(update.new) ?? []), not: [], notRefs: ["--all"] };
}

// What somebody else pushed meanwhile is not here, and git refuses to leave out what it does not know.
function present(repo: Repository, oids: readonly string[]): readonly string[] {
  return readSizesSync(repo, [...new Set(oids)]).flatMap((one) => (one.kind === "sized" ? [one.oid] : []));
}

// For a push to an address git names that address, of which there are no remote-tracking refs; and in a pattern of git's
// these characters would take in the refs of other remotes.
function isRemoteName(remote: string): boolean {
  return remote !== "" && !/[*?[\\\s:]/.test(remote) && !remote.startsWith("-");
}
