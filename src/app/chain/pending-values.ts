import { decodeBase64, encodeBase64, findUtf8, sameBytes } from "../../core/bytes.js";
import { parseSecretName, type SecretName } from "../../core/name.js";
import { openAge } from "../../crypto/age-open.js";
import { sealAge } from "../../crypto/age-seal.js";
import { identityRecipient } from "../../crypto/identity.js";
import type { NewFacts, Provider } from "../../providers/provider.js";
import { listPending, readPending, removePending, writePending } from "../../store/pending.js";
import type { Acting } from "../open-actor.js";
import { findVaultUrl } from "./provider-choice.js";

export interface PendingValue {
  readonly provider: string;
  readonly name: SecretName;
  readonly value: Uint8Array;
  readonly facts: NewFacts;
}

interface Kept {
  /** For people: where it lies. */
  readonly path: string;
  readonly drop: () => void;
}

interface Entry extends Omit<PendingValue, "value" | "name"> {
  readonly vaultUrl: string;
  readonly at: number;
  readonly name: string;
  readonly value: string;
}

/** Keeps a value that is about to be sent, sealed to the one who sends it and durable. */
export function keepPending({ session, actor, config }: Acting, pending: PendingValue): Kept {
  const { deps, disk, commonDir } = session;
  const entry: Entry = {
    ...pending,
    value: encodeBase64(pending.value),
    vaultUrl: findVaultUrl(deps, config) ?? "",
    at: deps.now(),
  };
  const sealed = sealAge(Buffer.from(JSON.stringify(entry), "utf8"), [identityRecipient(actor.identity)]);
  const path = writePending(disk, commonDir, sealed, deps);
  return { path: `${commonDir}/${path}`, drop: () => removePending(disk, commonDir, path) };
}

/**
 * Finishes what an earlier command left: a value that the provider has is forgotten, one that it never got is sent again, and one
 * that somebody has replaced since is kept and told of. Only entries of the same vault, and of who acts, are looked at.
 */
export async function settlePending(acting: Acting, provider: Provider): Promise<void> {
  const { session, config } = acting;
  const { deps, disk, commonDir } = session;
  for (const path of listPending(disk, commonDir)) {
    const entry = findEntry(readPending(disk, commonDir, path), acting);
    if (entry === undefined || entry.provider !== provider.id || entry.vaultUrl !== findVaultUrl(deps, config))
      continue;
    const outcome = await settle(provider, entry);
    const isOver = outcome === "arrived" || outcome === "sent";
    if (isOver) removePending(disk, commonDir, path);
    deps.warn(
      `an earlier command that stored ${entry.name} in ${provider.id} was cut off; ${outcomes[outcome]}`,
      isOver ? undefined : `it is kept, sealed to you, in ${commonDir}/${path}`,
    );
  }
}

const outcomes = {
  arrived: "its value had arrived",
  sent: "its value is stored now",
  replaced: "somebody has stored another value since, which stays",
  waits: "it still waits",
} as const;

async function settle(provider: Provider, entry: Entry): Promise<keyof typeof outcomes> {
  const name = parseSecretName(entry.name);
  const value = decodeBase64(entry.value, "provider/malformed");
  const now = await provider.get(name);
  if (now.kind === "found" && sameBytes(now.value.value, value)) return "arrived";
  // The vault's clock shows seconds.
  if (now.kind === "found" && (now.value.created ?? 0) >= entry.at - 1000) return "replaced";
  if (now.kind === "unavailable" || now.kind === "denied") return "waits";
  return (await provider.set(name, value, entry.facts)).kind === "found" ? "sent" : "waits";
}

function findEntry(sealed: Uint8Array | undefined, { actor }: Acting): Entry | undefined {
  if (sealed === undefined) return undefined;
  try {
    return JSON.parse(findUtf8(openAge(sealed, actor.identity)) ?? "") as Entry;
  } catch {
    return undefined; // of another member who shares this clone, or torn
  }
}
