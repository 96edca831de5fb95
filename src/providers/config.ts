import { fail } from "../core/errors.js";

/** The settings of `.secrets/config.yaml` that commands use. */
export interface Config {
  readonly defaultProvider: string;
  readonly audit: { readonly access: AuditAccess; readonly required: boolean };
  /** What `get` does with a current version past its date. */
  readonly expired: "warn" | "refuse";
  /** Name of the environment variable that holds the identity, from `masterKey: ${env:NAME}`. */
  readonly masterKeyVariable: string | undefined;
}

export const auditAccess = ["sealed", "local", "off"] as const;
/** Where reads are kept: in the committed journal, on this machine only, or nowhere. */
export type AuditAccess = (typeof auditAccess)[number];

/** What holds where there is no config, or one that nobody entitled has admitted. */
export const defaultConfig: Config = {
  defaultProvider: "local",
  audit: { access: "sealed", required: false },
  expired: "warn",
  masterKeyVariable: undefined,
};

export const maxConfig = 64 * 1024;

/** The file that `init` writes. */
export function renderConfig(access: AuditAccess): string {
  return `# gitseal: settings of this repository's secrets. Changes are admitted by a maintainer's journal entry.
secrets:
  defaultProvider: local
  audit:
    # Where reads are recorded: sealed (in the signed journal), local (this machine only), off.
    access: ${access}
    # true: a value is not given out when its read cannot be recorded.
    required: false
  # What get does with a secret past its date: warn or refuse.
  expired: warn
`;
}

/** Parses an untrusted config file. Throws `config/invalid` with every problem found; its section `scan` is for `parseScanConfig`. */
export async function parseConfig(bytes: Uint8Array): Promise<Config> {
  return readSettings(await parseYaml(bytes));
}

/** The tree of a config file, every scalar as a text. Throws `config/invalid`. Loads the YAML parser only now. */
export async function parseYaml(bytes: Uint8Array): Promise<unknown> {
  if (bytes.byteLength > maxConfig) fail("config/invalid", `the config is larger than ${maxConfig} bytes`);
  const { parseDocument } = await import("yaml");
  const document = parseDocument(Buffer.from(bytes).toString("utf8"), {
    schema: "failsafe",
    merge: false,
    uniqueKeys: true,
  });
  const [error] = document.errors;
  if (error) fail("config/invalid", `the config is not valid YAML (line ${error.linePos?.[0].line ?? 1})`);
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    fail("config/invalid", "the config has a YAML alias (*name), which is not expanded: write the value out", {
      cause,
    });
  }
}

type Settings = Readonly<Record<string, unknown>>;

function readSettings(value: unknown): Config {
  const problems: string[] = [];
  const top = asSettings(
    asSettings(value, "", ["secrets", "scan"], problems)["secrets"],
    "secrets",
    Object.keys(topKeys),
    problems,
  );
  const audit = asSettings(top["audit"], "secrets.audit", ["access", "required"], problems);
  const access = oneOf(audit["access"], "secrets.audit.access", auditAccess, "sealed", problems);
  const enabled = oneOf(top["enableAuditLog"], "secrets.enableAuditLog", ["true", "false"], "true", problems);
  const local = asSettings(
    asSettings(top["providers"], "secrets.providers", undefined, problems)["local"],
    "secrets.providers.local",
    undefined,
    problems,
  );
  const config: Config = {
    defaultProvider: oneOf(top["defaultProvider"], "secrets.defaultProvider", ["local"], "local", problems),
    audit: {
      access: enabled === "false" ? "off" : access,
      required: oneOf(audit["required"], "secrets.audit.required", ["true", "false"], "false", problems) === "true",
    },
    expired: oneOf(top["expired"], "secrets.expired", ["warn", "refuse"], "warn", problems),
    masterKeyVariable: variableOf(local["masterKey"], problems),
  };
  const [first, ...others] = problems;
  if (first !== undefined)
    fail("config/invalid", ["the config is not valid:", first, ...others].join("\n  "), {
      hint: "see docs/cli.md for the keys",
    });
  return config;
}

const topKeys = { defaultProvider: 1, enableAuditLog: 1, audit: 1, expired: 1, providers: 1, accessControl: 1 };

function asSettings(value: unknown, place: string, known: readonly string[] | undefined, problems: string[]): Settings {
  if (value === undefined || value === null || value === "") return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    problems.push(`${place || "the file"} must hold keys and values`);
    return {};
  }
  for (const key of Object.keys(value))
    if (known && !known.includes(key))
      problems.push(`${place || "the file"} has a key that is not known here: ${JSON.stringify(key.slice(0, 40))}`);
  return value as Settings;
}

function oneOf<T extends string>(
  value: unknown,
  place: string,
  words: readonly T[],
  otherwise: T,
  problems: string[],
): T {
  if (value === undefined) return otherwise;
  const found = words.find((word) => word === value);
  if (found === undefined) problems.push(`${place} must be one of ${words.join(", ")}`);
  return found ?? otherwise;
}

function variableOf(value: unknown, problems: string[]): string | undefined {
  if (value === undefined) return undefined;
  const found = typeof value === "string" ? /^\$\{env:([A-Za-z_][A-Za-z0-9_]{0,99})\}$/.exec(value)?.[1] : undefined;
  // The value is not shown: a literal here is very likely the key itself.
  if (found === undefined)
    problems.push(
      "secrets.providers.local.masterKey must be ${env:NAME}; a key itself never belongs in a committed file",
    );
  return found;
}
