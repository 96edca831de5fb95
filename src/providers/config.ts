export const providerIds = ["local", "env", "azure-keyvault"] as const;
export type ProviderId = (typeof providerIds)[number];

export const auditAccess = ["sealed", "local", "off"] as const;
/** Where reads are kept: in the committed journal, on this machine only, or nowhere. */
export type AuditAccess = (typeof auditAccess)[number];

export const credentialKinds = ["default", "environment", "workload-identity", "managed-identity", "cli"] as const;
/** How to sign in to Azure: `default` tries what DefaultAzureCredential tries, the others one way only. */
export type CredentialKind = (typeof credentialKinds)[number];

/** Bytes of a config that is read. */
export const maxConfig = 64 * 1024;

/** The settings of `.secrets/config.yaml` that commands use. It is kept as JSON in the clone's cache. */
export interface Config {
  readonly defaultProvider: ProviderId;
  readonly audit: { readonly access: AuditAccess; readonly required: boolean };
  /** What `get` does with a current version past its date. */
  readonly expired: "warn" | "refuse";
  /** Whether the chain ends at a provider that cannot answer. */
  readonly onUnavailable: "fail" | "next";
  /** Name of the environment variable that holds the identity, from `masterKey: ${env:NAME}`. */
  readonly masterKeyVariable: string | undefined;
  /** Mode of the files that `get --out` writes. */
  readonly fileMode: number;
  /** The role of a new human member when nobody names one. */
  readonly defaultRole: "read" | "write";
  readonly local: { readonly priority: number; readonly hasOldStore: boolean };
  readonly env: EnvSettings;
  readonly azure: AzureSettings;
}

export interface EnvSettings {
  readonly enabled: boolean;
  readonly priority: number;
  readonly prefix: string;
  readonly shortPrefix: boolean;
  readonly uppercaseNames: boolean;
  readonly allowUnprefixed: boolean;
  /** Relative to the work tree. */
  readonly envFile: string | undefined;
}

export interface AzureSettings {
  readonly enabled: boolean;
  readonly priority: number;
  readonly vaultUrl: string | undefined;
  readonly cacheTtlSeconds: number;
  readonly maxRetries: number;
  readonly timeoutSeconds: number;
  readonly credential: CredentialKind;
}

/** `.secrets/config.yaml`, and where it was in an older layout. The second is read only when the first is not there. */
export const oldConfigFile = ".claude/config/secrets.yaml";

/** What holds where there is no config, or one that nobody entitled has admitted. A test compares it with the schema's defaults. */
export const defaultConfig: Config = {
  defaultProvider: "local",
  audit: { access: "sealed", required: false },
  expired: "warn",
  onUnavailable: "fail",
  masterKeyVariable: undefined,
  fileMode: 0o600,
  defaultRole: "write",
  local: { priority: 100, hasOldStore: false },
  env: {
    enabled: true,
    priority: 10,
    prefix: "CLAUDE_SECRET_",
    shortPrefix: false,
    uppercaseNames: true,
    allowUnprefixed: false,
    envFile: undefined,
  },
  azure: {
    enabled: true,
    priority: 50,
    vaultUrl: undefined,
    cacheTtlSeconds: 0,
    maxRetries: 3,
    timeoutSeconds: 30,
    credential: "default",
  },
};

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
