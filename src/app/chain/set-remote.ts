import { fail } from "../../core/errors.js";
import type { SecretName } from "../../core/name.js";
import type { ProviderId } from "../../providers/config.js";
import type { NewFacts } from "../../providers/provider.js";
import { expiryOf, parseMeta } from "../new-value.js";
import type { Acting } from "../open-actor.js";
import type { SetInput, SetResult } from "../set-secret.js";

/** `set` for another provider than this repository. Nothing of it is written to the journal: the provider keeps its own log. */
export async function setRemote(
  acting: Acting,
  id: Exclude<ProviderId, "local">,
  name: SecretName,
  input: SetInput,
): Promise<SetResult> {
  refuseOthers(id, input, localOnly);
  const { writeRemote } = await import("./write-remote.js");
  const { scope, tags } = parseMeta(input);
  const stored = await writeRemote(acting, id, {
    how: "set",
    name,
    value: input.value,
    facts: factsOf(acting, { scope, tags, expires: input.expires }),
    dryRun: input.dryRun ?? false,
  });
  return {
    name,
    provider: id,
    change: stored.change,
    version: stored.version,
    scope: stored.scope,
    created: stored.created,
    expires: stored.expires,
    graceUntil: undefined,
    paths: [],
  };
}

/** What a version is stored with, of what was typed. */
export function factsOf(
  { session }: Acting,
  {
    scope,
    tags,
    expires,
  }: {
    readonly scope?: NewFacts["scope"] | undefined;
    readonly tags?: NewFacts["tags"] | undefined;
    readonly expires: string | undefined;
  },
): NewFacts {
  const end = expires === undefined ? undefined : (expiryOf(expires, undefined, session.deps.now()) ?? null);
  return {
    ...(scope === undefined ? {} : { scope }),
    ...(tags === undefined ? {} : { tags }),
    ...(end === undefined ? {} : { expires: end }),
  };
}

const localOnly = ["class", "owner", "note", "rotateEvery", "grace", "reason", "ifVersion"] as const;

/** Throws `usage/invalid` for what only this repository keeps: dropping it silently would be worse. */
export function refuseOthers<K extends string>(
  id: ProviderId,
  input: Readonly<Partial<Record<K, unknown>>>,
  keys: readonly K[],
): void {
  const given = keys.filter((key) => input[key] !== undefined && input[key] !== false);
  if (given.length === 0) return;
  const names = given.map((key) => `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  fail("usage/invalid", `${names.join(", ")} cannot go with --provider ${id}: only this repository keeps that`);
}
