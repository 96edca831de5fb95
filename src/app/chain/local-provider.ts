import { SecretsError, type ErrorCode } from "../../core/errors.js";
import type { SecretName } from "../../core/name.js";
import { showInstant } from "../../core/instant.js";
import type { Answer, FoundSecret, NewFacts, Provider, SecretFacts, Stored } from "../../providers/provider.js";
import { deleteSecret } from "../delete-secret.js";
import type { Deps } from "../deps.js";
import { findStrictSettings } from "../config/find-settings.js";
import { getLocal } from "./get-local.js";
import { explainAbsence } from "../known-names.js";
import type { ListEntry } from "../list-secrets.js";
import { readActor } from "../read-actor.js";
import { rotateSecret } from "../rotate-secret.js";
import { openSession } from "../session.js";
import { setSecret } from "../set-secret.js";

/** This repository's store as a provider like others. Every read is recorded, every change is one transaction. */
export function createLocalProvider(deps: Deps): Provider {
  const get = async (name: SecretName, version?: string): Promise<Answer<FoundSecret>> =>
    await answering(deps, name, async () => {
      const session = openSession(deps, "read");
      const config = await findStrictSettings(session);
      const result = await getLocal(deps, session, config, { name, version }, false);
      if (result === undefined) throw new SecretsError("secret/absent", "no secret of that name");
      const { scope, tags, created, updated, expires, value, vid: revision } = result;
      const state = result.state === "aborted" || result.state === "pruned" ? "revoked" : result.state;
      return { name, version: result.version, revision, state, scope, tags, created, updated, expires, value };
    });
  const factsNow = async (name: SecretName): Promise<SecretFacts> => {
    const entry = (await listLocal(deps)).find((one) => one.name === name);
    if (!entry) throw new SecretsError("store/integrity", `${name} is not there after it was stored`);
    return factsOf(entry);
  };
  return {
    id: "local",
    capabilities: { writes: true, versions: true, metadata: true },
    get: async (name) => await get(name),
    getVersion: get,
    list: async () =>
      await answering(deps, "", async () => {
        return (await listLocal(deps)).map(factsOf);
      }),
    set: async (name, value, facts) =>
      await answering(deps, name, async (): Promise<Stored> => {
        const { change } = await setSecret(deps, { name, value, provider: "local", ...typed(facts) });
        return { ...(await factsNow(name)), change };
      }),
    rotate: async (name, value, facts) =>
      await answering(deps, name, async (): Promise<Stored> => {
        const { expires } = typed(facts);
        await rotateSecret(deps, { name, value, provider: "local", expires });
        return { ...(await factsNow(name)), change: "new-version" };
      }),
    delete: async (name) =>
      await answering(deps, name, async () => (await deleteSecret(deps, { name, provider: "local" })).versions),
    health: async () => {
      const session = openSession(deps, "read");
      const actor = await readActor(session, await findStrictSettings(session));
      return { isUp: true, message: `you are ${actor.member.id}, by trust root ${session.chain.latest.root.n}` };
    },
  };
}

// The command list has it in a file of its own.
async function listLocal(deps: Deps): Promise<readonly ListEntry[]> {
  const { listSecrets } = await import("../list-secrets.js");
  return (await listSecrets(deps, { provider: "local", includeExpired: true })).entries;
}

function factsOf({ name, version, scope, tags, expires, state }: ListEntry): SecretFacts {
  return { name, version, scope, tags, expires, state, revision: "", created: undefined, updated: undefined };
}

function typed({ scope, tags, expires }: NewFacts): { scope?: string; tags?: string; expires?: string } {
  return {
    ...(scope === undefined ? {} : { scope }),
    ...(tags === undefined ? {} : { tags: tags.join(",") }),
    ...(expires === undefined ? {} : { expires: expires === null ? "never" : showInstant(expires) }),
  };
}

const absent: readonly ErrorCode[] = ["secret/absent", "secret/not-found", "version/not-found"];
const denied = /^(?:identity|policy)\//;
const callersFault = /^(?:value|name|usage)\//;

async function answering<T>(deps: Deps, name: SecretName | "", ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: "found", value: await ask() };
  } catch (error) {
    if (!(error instanceof SecretsError) || callersFault.test(error.code)) throw error;
    if (absent.includes(error.code)) {
      const isUnknown = name !== "" && explainAbsence(openSession(deps, "read"), name) === "unknown";
      return {
        kind: "absent",
        isKnown: !isUnknown,
        error: new SecretsError(isUnknown ? "secret/absent" : error.code, error.message),
      };
    }
    return { kind: denied.test(error.code) ? "denied" : "unavailable", error };
  }
}
