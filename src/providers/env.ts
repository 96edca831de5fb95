import { fail, SecretsError } from "../core/errors.js";
import type { SecretName } from "../core/name.js";
import type { EnvSettings } from "./config.js";
import { encodeEnvName, findEnvName } from "./env-names.js";
import type { Answer, FoundSecret, Provider, SecretFacts } from "./provider.js";

export interface EnvSource {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Variables that hold an identity; they are no secrets, whatever the settings say. */
  readonly reserved: readonly string[];
  /** The bytes of `envFile`; undefined when it is not there. Throws `io/failed` or `store/unsafe-file`. */
  readonly readFile: (path: string) => Uint8Array | undefined;
}

/** Environment variables, and a `.env` file where the settings name one, as a provider that is only read. */
export function createEnvProvider(settings: EnvSettings, source: EnvSource): Provider {
  const load = async (): Promise<Variables> => await loadVariables(settings, source);
  const get = async (name: SecretName): Promise<Answer<FoundSecret>> =>
    await answering(async (): Promise<Answer<FoundSecret>> => {
      const variables = await load();
      const variable = candidatesOf(settings, name).find((one) => variables.has(one));
      if (variable === undefined) return absent(`no variable ${candidatesOf(settings, name).join(" or ")}`);
      const text = variables.get(variable) ?? "";
      return { kind: "found", value: { ...factsOf(name), value: Buffer.from(text, "utf8") } };
    });
  return {
    id: "env",
    capabilities: { writes: false, versions: false, metadata: false },
    get,
    getVersion: async (name, version) =>
      ["1", "current", "latest"].includes(version) ? await get(name) : absent("a variable has one version only"),
    list: async () =>
      await answering(async () => {
        const names = new Set([...(await load()).keys()].flatMap((variable) => findName(settings, variable) ?? []));
        return { kind: "found", value: [...names].toSorted().map(factsOf) };
      }),
    set: (name) => refuseWrite(settings, name),
    rotate: (name) => refuseWrite(settings, name),
    delete: (name) => refuseWrite(settings, name),
    health: async () => {
      try {
        const variables = await load();
        const count = [...variables.keys()].filter((variable) => findName(settings, variable) !== undefined).length;
        return { isUp: true, message: `${count} variables` };
      } catch (error) {
        if (!(error instanceof SecretsError)) throw error;
        return { isUp: false, message: error.message, error };
      }
    },
  };
}

type Variables = ReadonlyMap<string, string>;

// The environment goes before the file. A variable that is set but empty is no value: nothing may pass for one.
async function loadVariables({ envFile }: EnvSettings, source: EnvSource): Promise<Variables> {
  const bytes = envFile === undefined ? undefined : source.readFile(envFile);
  const fromFile = bytes === undefined ? {} : await parseEnvFile(bytes);
  const all = { ...fromFile, ...source.variables };
  return new Map(
    Object.entries(all).flatMap(([variable, text]) =>
      text === undefined || text === "" || source.reserved.includes(variable) ? [] : [[variable, text] as const],
    ),
  );
}

async function parseEnvFile(bytes: Uint8Array): Promise<Readonly<Record<string, string>>> {
  const { parse } = await import("dotenv");
  return parse(Buffer.from(bytes));
}

function prefixesOf({ prefix, shortPrefix }: EnvSettings): readonly string[] {
  return shortPrefix ? [prefix, "SECRET_"] : [prefix];
}

function candidatesOf(settings: EnvSettings, name: SecretName): readonly string[] {
  const body = encodeEnvName(name, settings.uppercaseNames);
  const bare = settings.allowUnprefixed ? [body] : [];
  return [...prefixesOf(settings).map((prefix) => `${prefix}${body}`), ...bare];
}

function findName(settings: EnvSettings, variable: string): SecretName | undefined {
  const prefix = prefixesOf(settings).find((one) => variable.startsWith(one));
  return prefix === undefined ? undefined : findEnvName(variable.slice(prefix.length), settings.uppercaseNames);
}

function factsOf(name: SecretName): SecretFacts {
  const unknown = { created: undefined, updated: undefined, expires: undefined };
  return { name, version: 1, revision: "", state: "current", scope: undefined, tags: [], ...unknown };
}

function absent(why: string): Answer<never> {
  return { kind: "absent", isKnown: false, error: new SecretsError("secret/absent", why) };
}

async function answering<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    return { kind: "unavailable", error };
  }
}

function refuseWrite(settings: EnvSettings, name: SecretName): never {
  return fail("provider/read-only", "environment variables are only read: whoever starts the command sets them", {
    hint: `set ${settings.prefix}${encodeEnvName(name, settings.uppercaseNames)} there, or store it with --provider local`,
  });
}
