import type { Finding } from "../core/finding.js";
import type { Instant } from "../core/instant.js";
import type { SecretFile } from "../core/secret-file.js";
import type { ChangeSegment } from "../core/segment.js";
import type { TrustChain } from "../core/trust-chain.js";

/** A secret's file on one side of a change. Untrusted: only its form was checked. */
export type FileFact =
  | { readonly kind: "none" }
  | { readonly kind: "file"; readonly file: SecretFile; readonly sid: string }
  | { readonly kind: "unreadable"; readonly why: string };

export interface SecretFact {
  readonly name: string;
  readonly path: string;
  readonly base: FileFact;
  readonly head: FileFact;
}

export interface SideFact {
  /** Full id of the commit. */
  readonly commit: string;
  /** Undefined when there is no store, or its roots do not hold. */
  readonly chain: TrustChain | undefined;
}

/** A leak in any file of the change, as the scanner masked it. */
export interface LeakFact {
  readonly path: string;
  readonly line: number;
  readonly what: string;
  readonly why: string;
  readonly isBlocking: boolean;
  readonly fingerprint: string;
}

/** What somebody with an identity saw of a changed secret. Never a value, nor anything that a value could be guessed by. */
export interface ValueFact {
  readonly name: string;
  /** `new`: the current value was opened, and none of the other values that could be opened is the same. */
  readonly verdict: "new" | "repeated" | "closed";
  /** Where else the current value stands: `version 3`, `db/password`. */
  readonly sameAs: readonly string[];
  /** Ids of versions that were sealed anew with another value than they had. */
  readonly swapped: readonly string[];
}

/**
 * The two config files as flat keys (`secrets.audit.access`) and the values that hold, unsaid ones too; head is undefined when it
 * cannot be read.
 */
export interface ConfigFact {
  readonly base: ReadonlyMap<string, string>;
  readonly head: ReadonlyMap<string, string> | undefined;
}

/** A change segment without what only its signature needs. */
export type NewSegment = Pick<ChangeSegment, "id" | "header" | "events">;

/** All that a review is made of. Whoever gathers it decides nothing. */
export interface ReviewFacts {
  readonly now: Instant;
  /** Who told where the change begins and ends: `GitHub`, `--base`, `origin/HEAD`. */
  readonly from: string;
  readonly base: SideFact;
  readonly head: SideFact;
  readonly secrets: readonly SecretFact[];
  /** Change segments that head has and base has not. */
  readonly segments: readonly NewSegment[];
  /** How many access segments are new. */
  readonly readSegments: number;
  /** Hex ids of the keys that signed each new trust root, by its number. */
  readonly rootSigners: ReadonlyMap<number, readonly string[]>;
  /** Undefined when the config is as it was. */
  readonly config: ConfigFact | undefined;
  /** Paths of accepted scanner findings that are new, and that are gone. */
  readonly ignores: { readonly added: readonly string[]; readonly removed: readonly string[] };
  /** What the verifier said of the change; undefined when it was not asked. */
  readonly findings: readonly Finding[] | undefined;
  readonly leaks: readonly LeakFact[];
  /** Undefined without an identity. */
  readonly values: readonly ValueFact[] | undefined;
  /** What could not be judged, one line each. */
  readonly incomplete: readonly string[];
}
