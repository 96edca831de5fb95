import { sameBytes } from "../../core/bytes.js";
import { fail, SecretsError } from "../../core/errors.js";
import type { SecretName } from "../../core/name.js";
import type { ProviderId } from "../../providers/config.js";
import type { Answer, NewFacts, Provider, Stored } from "../../providers/provider.js";
import { makeProvider } from "./make-provider.js";
import type { Acting } from "../open-actor.js";
import { keepPending, settlePending } from "./pending-values.js";

export interface RemoteWrite {
  readonly how: "set" | "rotate";
  readonly name: SecretName;
  readonly value: Uint8Array;
  readonly facts: NewFacts;
  readonly dryRun: boolean;
}

/**
 * Stores a value with another provider than this repository. Before it is sent it is kept, sealed to who sends it; it is forgotten
 * when the provider has answered that it has it, or that it refuses it. Throws the provider's error.
 */
export async function writeRemote(
  acting: Acting,
  id: Exclude<ProviderId, "local">,
  write: RemoteWrite,
): Promise<Stored> {
  const { session, config } = acting;
  const provider = await makeProvider(id, session.deps, session, config);
  const { how, name, value, facts, dryRun } = write;
  if (dryRun || !provider.capabilities.writes) return await planRemote(provider, write);
  await settlePending(acting, provider);
  const kept = keepPending(acting, { provider: id, name, value, facts });
  let answer: Answer<Stored>;
  try {
    answer = await provider[how](name, value, facts);
  } catch (error) {
    // Thrown before anything was sent.
    if (error instanceof SecretsError) kept.drop();
    throw error;
  }
  if (answer.kind !== "unavailable") kept.drop();
  return valueOf(answer, name, kept.path);
}

function valueOf(answer: Answer<Stored>, name: SecretName, keptAt: string): Stored {
  switch (answer.kind) {
    case "found":
      return answer.value;
    case "absent":
      return fail("secret/not-found", answer.error.message, { hint: "store it first: secrets set NAME" });
    case "denied":
      throw answer.error;
    case "unavailable": {
      const { code, message } = answer.error;
      return fail(code, `${message}; whether it has the new value of ${name} is not known`, {
        hint: `the value is kept, sealed to you, in ${keptAt}: the next command that writes there finishes it`,
        cause: answer.error,
      });
    }
  }
}

// What would happen; a provider that only reads says so itself.
async function planRemote(provider: Provider, { how, name, value, facts }: RemoteWrite): Promise<Stored> {
  if (!provider.capabilities.writes) await provider[how](name, value, facts);
  const answer = await provider.get(name);
  if (answer.kind === "found") {
    const isSame = sameBytes(answer.value.value, value);
    const version = answer.value.version === undefined ? undefined : answer.value.version + (isSame ? 0 : 1);
    return planned(name, facts, version, isSame ? "unchanged" : "new-version");
  }
  if (answer.kind !== "absent") throw answer.error;
  if (how === "rotate")
    fail("secret/not-found", `${provider.id} has no such secret`, { hint: "store it first: secrets set NAME" });
  return planned(name, facts, 1, "created");
}

function planned(
  name: SecretName,
  { scope, tags = [], expires }: NewFacts,
  version: number | undefined,
  change: Stored["change"],
): Stored {
  const unknown = { revision: "", created: undefined, updated: undefined } as const;
  return { ...unknown, name, version, state: "current", scope, tags, expires: expires ?? undefined, change };
}
