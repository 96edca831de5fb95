import { createFinding, type Finding } from "../../core/finding.js";
import type { TreeChange } from "../../git/changes.js";
import { blobKey } from "./blob-facts.js";

export interface LossInput {
  /** No addition, below an append-only folder. */
  readonly change: TreeChange;
  /** Keys of all that the head has. */
  readonly atHead: ReadonlySet<string>;
  /** Keys of all that ever was in the base, or on the line of first parents without one. */
  readonly landed: ReadonlySet<string>;
  /** Paths of the loose segments that an archive of the commit holds. */
  readonly archived: ReadonlySet<string>;
  readonly isMerge: boolean;
  /** Whether the new bytes are a journal file, whole and under the name of its hash. */
  readonly isGenuine: boolean;
}

/**
 * What to say of a file that a commit takes away or changes where nothing ever may be. Undefined when it went into an archive.
 * A merge that drops it silently drops somebody's work; on a branch of its own somebody may have given up what never landed.
 */
export function judgeLoss({ change, atHead, landed, archived, isMerge, isGenuine }: LossInput): Finding | undefined {
  const { path, status, oldOid } = change;
  if (status === "D" && archived.has(path)) return undefined;
  const key = blobKey({ path, oid: oldOid });
  const what = status === "D" ? "takes it away" : "changes it";
  if (atHead.has(key)) return createFinding("history-restored", `${what}, and a later commit brings it back`, { path });
  // The name says what the bytes were when the file was made, so a change to them can only put right what another one did.
  if (status !== "D" && isGenuine && atHead.has(blobKey({ path, oid: change.newOid })))
    return createFinding("history-restored", "brings back what an earlier commit had changed", { path });
  if (status !== "D") return createFinding("history-changed", `${what}: journal and trust only grow`, { path });
  if (!isMerge && !landed.has(key))
    return createFinding("history-transient", `${what}, which only this branch ever had`, { path });
  return createFinding("history-lost", `${what}: journal and trust only grow`, {
    path,
    hint: "bring the file back from the commit before: git checkout COMMIT^ -- that path",
  });
}
