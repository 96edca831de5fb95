import { sameBytes } from "../../core/bytes.js";
import { SecretsError } from "../../core/errors.js";
import { isSecretName, type SecretName } from "../../core/name.js";
import { recordId, type Seal } from "../../core/record.js";
import type { VersionGroup } from "../../core/secret-file.js";
import type { TrustChain } from "../../core/trust-chain.js";
import { deriveVersions, latestOf } from "../../core/version.js";
import type { FileFact, SecretFact, ValueFact } from "../../review/facts.js";
import type { Deps } from "../deps.js";
import { findSettings } from "../config/find-settings.js";
import type { Actor } from "../identity-source.js";
import { readActor } from "../read-actor.js";
import { openValue } from "../seal-value.js";
import { findPlace, type Session } from "../session.js";

/**
 * What an identity that is at hand sees of the changed secrets: whether a "new" value is new, and whether what was sealed anew is
 * what it was. Undefined without an identity, which is how a CI job runs. Values are compared and overwritten; no access event is
 * written, since none is given to anybody (docs/adr/0022). `chain`: the roots that the records of the change may name.
 */
export function compareValues(
  deps: Deps,
  actor: Actor | undefined,
  secrets: readonly SecretFact[],
  chain: TrustChain | undefined,
): readonly ValueFact[] | undefined {
  if (actor === undefined || chain === undefined || secrets.length === 0) return undefined;
  const opened = secrets.map((secret) => openSecret(secret, actor, chain, deps));
  try {
    return opened.map((one) => compare(one, opened));
  } finally {
    for (const { values } of opened) for (const { value } of values) value.fill(0);
  }
}

/** Who reviews, when an identity of a member is at hand. */
export async function findActor(deps: Deps, members: TrustChain | undefined): Promise<Actor | undefined> {
  if (members === undefined) return undefined;
  try {
    const session: Session = { ...findPlace(deps), deps, chain: members };
    return await readActor(session, findSettings(session));
  } catch (error) {
    if (error instanceof SecretsError) return undefined;
    throw error;
  }
}

interface OpenedValue {
  readonly vid: string;
  readonly label: string;
  readonly isLatest: boolean;
  readonly value: Uint8Array;
}

interface OpenedSecret {
  readonly name: string;
  /** Of head, as far as they could be opened. */
  readonly values: readonly OpenedValue[];
  readonly swapped: readonly string[];
}

function openSecret({ name, base, head }: SecretFact, actor: Actor, chain: TrustChain, deps: Deps): OpenedSecret {
  if (head.kind !== "file" || !isSecretName(name)) return { name, values: [], swapped: [] };
  const statuses = orNothing(() => deriveVersions(head.file, deps.now())) ?? [];
  const latest = new Set(latestOf(statuses).map(({ vid }) => vid));
  const values = statuses.flatMap(({ vid, number, group }): OpenedValue[] => {
    const value = open(group.seal, name, actor, chain);
    const label = number === undefined ? `version ${vid}` : `version ${number}`;
    return value === undefined ? [] : [{ vid, label, isLatest: latest.has(vid), value }];
  });
  return { name, values, swapped: findSwapped(name, base, values, head.file.groups, actor, chain) };
}

// A seal can be made anew for other readers, and nobody without a key sees whether the value in it is the same.
function findSwapped(
  name: SecretName,
  base: FileFact,
  values: readonly OpenedValue[],
  groups: readonly VersionGroup[],
  actor: Actor,
  chain: TrustChain,
): readonly string[] {
  if (base.kind !== "file") return [];
  const before = new Map(base.file.groups.map(({ seal }) => [seal.vid, seal]));
  return groups.flatMap(({ seal }) => {
    const old = before.get(seal.vid);
    const now = values.find(({ vid }) => vid === seal.vid);
    if (old === undefined || now === undefined || recordId(old) === recordId(seal)) return [];
    const value = open(old, name, actor, chain);
    const isOther = value !== undefined && !sameBytes(value, now.value);
    value?.fill(0);
    return isOther ? [seal.vid] : [];
  });
}

function compare(one: OpenedSecret, all: readonly OpenedSecret[]): ValueFact {
  const { name, values, swapped } = one;
  const current = values.find(({ isLatest }) => isLatest);
  if (current === undefined) return { name, verdict: "closed", sameAs: [], swapped };
  const own = values.flatMap(({ vid, label, value }) =>
    vid !== current.vid && sameBytes(value, current.value) ? [label] : [],
  );
  const others = all.flatMap((other) =>
    other !== one && other.values.some(({ value }) => sameBytes(value, current.value)) ? [other.name] : [],
  );
  const sameAs = [...own, ...others];
  return { name, verdict: sameAs.length > 0 ? "repeated" : "new", sameAs, swapped };
}

function open(seal: Seal, name: SecretName, actor: Actor, chain: TrustChain): Uint8Array | undefined {
  return seal.readers.includes(actor.member.id) ? orNothing(() => openValue(seal, name, actor, chain)) : undefined;
}

// What cannot be opened is no news here: the verifier says whether something is wrong with it.
function orNothing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof SecretsError) return undefined;
    throw error;
  }
}
