import type { Finding } from "../../core/finding.js";
import type { ChangeFacts } from "./change-facts.js";
import type { TreeCounts } from "./verify-tree.js";

/** The word on a change, by the base's trust root. */
export interface ChangeVerdict {
  /** Full ids of commits. */
  readonly base: string;
  readonly head: string;
  /** What was judged: the head's tree when it contains the base, else what merging the two gives, if they merge. */
  readonly judged: "head" | "merge" | "conflict";
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly exit: 0 | 1 | 5;
  readonly counts: TreeCounts;
  /** `<n>:<id>` of the base's newest trust root, whose word counts; undefined when the base has no store. */
  readonly root: string | undefined;
  /** `<n>:<id>` of the newest trust root of what was judged. */
  readonly headRoot: string | undefined;
  readonly isCached: boolean;
  readonly facts: ChangeFacts;
}
