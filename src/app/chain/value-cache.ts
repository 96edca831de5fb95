import { decodeBase64, encodeBase64, findUtf8 } from "../../core/bytes.js";
import { sha256Hex } from "../../core/digest.js";
import { SecretsError } from "../../core/errors.js";
import { openAge } from "../../crypto/age-open.js";
import { sealAge } from "../../crypto/age-seal.js";
import { identityRecipient } from "../../crypto/identity.js";
import type { ValueCache } from "../../providers/azure-read.js";
import type { Config } from "../../providers/config.js";
import type { FoundSecret } from "../../providers/provider.js";
import { readSealedCache, writeSealedCache } from "../../store/cache.js";
import type { Deps } from "../deps.js";
import type { Actor } from "../identity-source.js";
import { readActor } from "../read-actor.js";
import type { Session } from "../session.js";

/** Values of a vault in the git directory, each sealed to its reader alone; who has no identity here has no cache. */
export function createValueCache(deps: Deps, session: Session, config: Config, vaultUrl: string): ValueCache {
  const { disk, commonDir } = session;
  const fileOf = (name: string): string => `vault-${sha256Hex(`${vaultUrl}\n${name}`).slice(0, 32)}`;
  const actor = async (): Promise<Actor | undefined> => {
    try {
      return await readActor(session, config);
    } catch (error) {
      if (error instanceof SecretsError) return undefined;
      throw error;
    }
  };
  return {
    read: async (name) => {
      const sealed = readSealedCache(disk, commonDir, fileOf(name));
      const reader = sealed && (await actor());
      return sealed && reader ? findEntry(sealed, reader, vaultUrl, name) : undefined;
    },
    write: async (name, secret, at) => {
      const reader = await actor();
      if (!reader) return;
      const entry: Entry = { vaultUrl, at, secret: { ...secret, value: encodeBase64(secret.value) } };
      const sealed = sealAge(Buffer.from(JSON.stringify(entry), "utf8"), [identityRecipient(reader.identity)]);
      writeSealedCache(disk, commonDir, fileOf(name), sealed, deps);
    },
    // An empty file opens for nobody.
    forget: (name) => {
      if (readSealedCache(disk, commonDir, fileOf(name)))
        writeSealedCache(disk, commonDir, fileOf(name), new Uint8Array(), deps);
    },
  };
}

interface Entry {
  readonly vaultUrl: string;
  readonly at: number;
  readonly secret: Omit<FoundSecret, "value"> & { readonly value: string };
}

// What does not open, or is of another name or vault, is a miss: whoever can write here could move files about.
function findEntry(sealed: Uint8Array, { identity }: Actor, vaultUrl: string, name: string): FoundSecret | undefined {
  try {
    const entry = JSON.parse(findUtf8(openAge(sealed, identity)) ?? "") as Entry;
    if (entry.vaultUrl !== vaultUrl || entry.secret.name !== name) return undefined;
    return { ...entry.secret, value: decodeBase64(entry.secret.value, "provider/malformed"), cachedAt: entry.at };
  } catch {
    return undefined;
  }
}
