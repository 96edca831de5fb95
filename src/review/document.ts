import type { VersionState } from "../core/version.js";
import type { LeakFact, ValueFact } from "./facts.js";

/** error: not intact (exit 5) · block: must not be merged as it is (exit 1) · warn: a person should look · note: for information. */
export type RemarkLevel = "error" | "block" | "warn" | "note";

/** One thing that the review has to say. All text may come from the change: renderers escape it. */
export interface Remark {
  readonly level: RemarkLevel;
  /** A code of {@link remarkLevels}, of the verifier (docs/verify.md), or `leak`. */
  readonly code: string;
  readonly name?: string;
  readonly path?: string;
  readonly message: string;
  readonly hint?: string;
}

/** What the review itself can say, beside what the verifier and the scanner do (docs/review.md is compared with it). */
export const remarkLevels = {
  unreadable: "error",
  "value-swapped": "error",
  "expiry-removed": "block",
  "expiry-beyond-policy": "block",
  "policy-weakened": "block",
  "self-granted": "block",
  "config-destination": "block",
  "still-known": "warn",
  "grace-long": "warn",
  "no-reason": "warn",
  "near-expiry": "warn",
  "expiry-extended": "warn",
  "value-repeated": "warn",
  "policy-loosened": "warn",
  "admin-granted": "warn",
  "config-changed": "warn",
  "ignore-added": "warn",
  "known-in-grace": "note",
} as const satisfies Readonly<Record<string, RemarkLevel>>;

export type RemarkCode = keyof typeof remarkLevels;

export type ChangeKind =
  | "added"
  | "replaced"
  | "deleted"
  | "rotated"
  | "staged"
  | "restored"
  | "resolved"
  | "rekeyed"
  | "state"
  | "metadata"
  | "unreadable";

export interface Who {
  /** The member whose key signed, by a trust root in force; undefined for a key that is nobody's. */
  readonly member: string | undefined;
  /** `SHA256:…` of the signing key. */
  readonly key: string;
  /** What the writer called itself; nobody verified it. */
  readonly claimed: string | undefined;
}

export interface Stage {
  readonly version: number | undefined;
  readonly vid: string;
  /** Undefined when the version is new. */
  readonly from: VersionState | undefined;
  /** Undefined when the version is gone. */
  readonly to: VersionState | undefined;
  /** The end of the grace. */
  readonly until: string | undefined;
}

/** A value before and after; equal when nothing changed. */
export interface Pair<T> {
  readonly from: T;
  readonly to: T;
}

export interface Knower {
  readonly member: string;
  readonly versions: readonly number[];
}

export interface SecretChange {
  readonly name: string;
  readonly path: string;
  readonly kind: ChangeKind;
  /** What else the change does to the secret. */
  readonly also: readonly ("rekeyed" | "state" | "metadata")[];
  readonly version: Pair<readonly number[]>;
  readonly stages: readonly Stage[];
  readonly who: readonly Who[];
  readonly why: string | undefined;
  /** Of the newest event, ISO 8601. */
  readonly at: string | undefined;
  readonly expires: Pair<string | undefined>;
  readonly readers: {
    readonly now: readonly string[];
    readonly gained: readonly string[];
    readonly lost: readonly string[];
    /** Who may not read the secret any more and knows versions that are still valid. */
    readonly stillKnow: readonly Knower[];
  };
  readonly scope: Pair<string | undefined>;
  readonly tags: Pair<readonly string[]>;
  readonly owner: Pair<string | undefined>;
  readonly class: Pair<string | undefined>;
  readonly rotateEvery: Pair<string | undefined>;
  /** Undefined without an identity. */
  readonly value: ValueFact | undefined;
  readonly events: number;
  readonly remarks: readonly Remark[];
}

/** A change of what decides about secrets: members, settings, accepted findings. */
export interface PolicyChange {
  readonly area: "members" | "config" | "ignores";
  readonly what: string;
}

/** A change as a reviewer without a key has to see it. */
export interface ReviewDocument {
  readonly schema: 1;
  readonly base: string;
  readonly head: string;
  readonly from: string;
  /** 8 could not be judged · 5 not intact · 1 must not be merged as it is · 0 neither. */
  readonly exit: 0 | 1 | 5 | 8;
  /** Worst first, then by name. */
  readonly changes: readonly SecretChange[];
  readonly policy: readonly PolicyChange[];
  readonly journal: {
    readonly events: number;
    readonly readSegments: number;
    readonly state: "intact" | "broken" | "unverified";
  };
  /** True when an identity opened what it could. */
  readonly isOpened: boolean;
  readonly leaks: readonly LeakFact[];
  /** All of them, those of single secrets too, worst first. */
  readonly remarks: readonly Remark[];
  readonly incomplete: readonly string[];
}
