import type { SecretsError } from "../core/errors.js";
import type { Instant } from "../core/instant.js";
import type { Scope } from "../core/member.js";
import type { SecretName } from "../core/name.js";

/**
 * What a provider answers. `absent` means that it holds no such secret and another one may be asked; when it *knows* the name
 * (deleted, lost) nobody else may answer for it. `unavailable` and `denied` say why, and never hold a value.
 */
export type Answer<T> =
  | { readonly kind: "found"; readonly value: T }
  | { readonly kind: "absent"; readonly isKnown: boolean; readonly error: SecretsError }
  | { readonly kind: "unavailable"; readonly error: SecretsError }
  | { readonly kind: "denied"; readonly error: SecretsError };

/** What is known of a secret beside its value. */
export interface SecretFacts {
  readonly name: SecretName;
  /** Our number, from 1; undefined where the provider would not list its versions. */
  readonly version: number | undefined;
  /** The provider's own name of the version; empty where it has none. */
  readonly revision: string;
  readonly state: "current" | "grace" | "pending" | "expired" | "revoked" | "forked" | "unreadable";
  readonly scope: Scope | undefined;
  readonly tags: readonly string[];
  readonly created: Instant | undefined;
  readonly updated: Instant | undefined;
  readonly expires: Instant | undefined;
}

export interface FoundSecret extends SecretFacts {
  /** The caller's to overwrite. */
  readonly value: Uint8Array;
  /** When the value was fetched, if it comes from a cache. */
  readonly cachedAt?: Instant;
}

/** What a version is stored with; what is left out stays as it is. */
export interface NewFacts {
  readonly scope?: Scope;
  readonly tags?: readonly string[];
  /** `null` takes the end away. */
  readonly expires?: Instant | null;
}

export interface Stored extends SecretFacts {
  readonly change: "created" | "new-version" | "metadata" | "unchanged";
}

export interface Capabilities {
  readonly writes: boolean;
  readonly versions: boolean;
  readonly metadata: boolean;
}

export interface Health {
  readonly isUp: boolean;
  /** One line for people. */
  readonly message: string;
  readonly error?: SecretsError;
}

/**
 * A source of values. Every function answers, and throws only for what the caller did wrong (`name/invalid`, `value/invalid`,
 * `value/too-large`, `provider/read-only`), before anything is sent. `test/support/provider-contract.ts` holds one to this.
 */
export interface Provider {
  readonly id: string;
  readonly capabilities: Capabilities;
  /** The current version. */
  readonly get: (name: SecretName) => Promise<Answer<FoundSecret>>;
  /** A number of ours, `current`, `latest`, `previous`, or the provider's own name of a version. */
  readonly getVersion: (name: SecretName, version: string) => Promise<Answer<FoundSecret>>;
  readonly list: () => Promise<Answer<readonly SecretFacts[]>>;
  /** The same value and facts again make no version. */
  readonly set: (name: SecretName, value: Uint8Array, facts: NewFacts) => Promise<Answer<Stored>>;
  /** As `set`, for a secret that must be there with another value. */
  readonly rotate: (name: SecretName, value: Uint8Array, facts: NewFacts) => Promise<Answer<Stored>>;
  /** How many versions went. */
  readonly delete: (name: SecretName) => Promise<Answer<number>>;
  readonly health: () => Promise<Health>;
}
