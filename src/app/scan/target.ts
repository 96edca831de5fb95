import type { Streamed, WantedObject } from "../../git/object-stream.js";
import { headCommit } from "../../git/listing.js";
import type { Repository } from "../../git/repository.js";
import type { ScanMode } from "../../scan/leak.js";
import type { StagedAnswers } from "./ask-staged.js";
import type { Sourced } from "./item.js";
import type { KnownInStore } from "./known-values.js";
import type { PolicySource } from "./policy-files.js";

/** What to scan. */
export type ScanTarget =
  /** `ahead`: what a hook has found out by itself. */
  | { readonly kind: "staged"; readonly ahead?: StagedAhead }
  | { readonly kind: "message"; readonly file: string }
  /** `lines`: what git told a pre-push hook on its standard input. */
  | { readonly kind: "push"; readonly remote: string; readonly lines: string }
  | { readonly kind: "range"; readonly base: string | undefined; readonly head: string | undefined }
  | { readonly kind: "history" }
  | { readonly kind: "paths"; readonly paths: readonly string[]; readonly noIgnore: boolean }
  | { readonly kind: "stdin"; readonly bytes: Uint8Array; readonly name: string | undefined }
  /** What git told a pre-receive hook; the objects are read from its quarantine. */
  | { readonly kind: "received"; readonly updates: readonly RefUpdate[] };

/** What is known before a scan of what is staged begins. */
export interface StagedAhead extends StagedAnswers {
  readonly values: KnownInStore;
}

export interface RefUpdate {
  readonly old: string;
  readonly new: string;
  readonly ref: string;
}

/** Where the texts come from. Objects have ids, and what was said of one before need not be found out again. */
export type PlannedSource = PlannedObjects | { readonly kind: "items"; readonly items: () => Iterable<Sourced> };

export interface PlannedObjects {
  readonly kind: "objects";
  readonly list: () => AsyncIterable<WantedObject> | Iterable<WantedObject>;
  /** Whether trees are among them. */
  readonly isMixed: boolean;
  /** What is listed, where it is being read already. */
  readonly objects?: AsyncIterable<Streamed>;
}

/** All that is decided before anything is read. */
export interface ScanPlan {
  readonly mode: ScanMode;
  /** For people. */
  readonly target: string;
  readonly repo: Repository | undefined;
  readonly refs: number;
  readonly source: PlannedSource;
  /** Whose config and ignores hold; undefined outside of a repository. */
  readonly policy: PolicySource | undefined;
  /** The values of the store, where they were loaded before. */
  readonly values?: KnownInStore;
  /** The change that is judged, where what it does to the scanner's own settings is a finding too. */
  readonly change: { readonly base: string; readonly head: string } | undefined;
  /** What is known not to be judged. */
  readonly gaps: readonly string[];
}

/** What most plans have to say beyond what they read: nothing. */
export const nothingMore = { refs: 0, change: undefined, gaps: [] } as const;

/** The settings of who works here: those of the index, in a bare repository of the branch that is checked out. */
export function ownPolicy(repo: Repository | undefined): PolicySource | undefined {
  if (repo === undefined) return undefined;
  if (repo.workTree !== undefined) return { kind: "index" };
  const head = headCommit(repo);
  return head === undefined ? undefined : { kind: "commit", oid: head };
}
