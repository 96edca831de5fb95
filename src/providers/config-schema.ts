import { auditAccess, credentialKinds, providerIds } from "./config.js";

/** One key of the config: what may stand there, and what a reader should know of it. Docs and the JSON Schema are made from it. */
export type SchemaNode =
  | { readonly kind: "table"; readonly about: string; readonly keys: Readonly<Record<string, SchemaNode>> }
  | (Leaf & { readonly kind: "word"; readonly words: readonly string[] })
  | (Leaf & { readonly kind: "words"; readonly words: readonly string[] })
  | (Leaf & { readonly kind: "switch" })
  | (Leaf & { readonly kind: "number"; readonly min: number; readonly max: number })
  | (Leaf & {
      readonly kind: "text";
      readonly shape: RegExp;
      /** What the shape means, for the message: `must be …`. */
      readonly must: string;
      /** The only place where `${env:NAME}` may stand; and what stands there is never shown, because it may be a key. */
      readonly isKey?: true;
    })
  /** Read by another part of the program, with its own messages. */
  | { readonly kind: "other"; readonly about: string };

interface Leaf {
  readonly about: string;
  /** What holds when the key is not there, as it would be written; undefined where nothing does. */
  readonly fallback: string | undefined;
}

const priority = (fallback: number): SchemaNode => ({
  kind: "number",
  min: 0,
  max: 1000,
  fallback: String(fallback),
  about: "the provider with the highest number is asked first",
});

const enabled: SchemaNode = {
  kind: "switch",
  fallback: "true",
  about: "`false` takes the provider out: it is neither asked nor shown",
};

const local: SchemaNode = {
  kind: "table",
  about: "the sealed files of this repository",
  keys: {
    masterKey: {
      kind: "text",
      shape: /^\$\{env:[A-Za-z_][A-Za-z0-9_]{0,99}\}$/,
      must: "${env:NAME}; a key itself never belongs in a committed file",
      fallback: "${env:CLAUDE_SECRETS_MASTER_KEY}",
      isKey: true,
      about: "the variable that holds your identity, after `CLAUDE_SECRETS_MASTER_KEY` and `SECRETS_IDENTITY`",
    },
    fileMode: {
      kind: "text",
      shape: /^(?:0o?)?(?:400|600|440|640)$/,
      must: "an octal file mode: 0600, 0400, 0640 or 0440",
      fallback: "0600",
      about: "mode of the files that `get --out` writes; octal, as written. The program's own files are always 0600",
    },
    storePath: {
      kind: "text",
      shape: /^.{1,1000}$/s,
      must: "a path",
      fallback: undefined,
      about: "of an older tool; warned of and never read. The store is `.secrets/`; `import` takes old values over",
    },
    priority: priority(100),
  },
};

const env: SchemaNode = {
  kind: "table",
  about: "environment variables, which are only read",
  keys: {
    enabled,
    prefix: {
      kind: "text",
      shape: /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
      must: "the start of a variable's name: letters, digits and _",
      fallback: "CLAUDE_SECRET_",
      about: "what the variables begin with",
    },
    shortPrefix: {
      kind: "switch",
      fallback: "false",
      about: "`true`: `SECRET_` is a prefix too, after the other one",
    },
    uppercaseNames: {
      kind: "switch",
      fallback: "true",
      about: "`true`: `api-key` is `API_KEY`; `false`: `api_key`",
    },
    allowUnprefixed: {
      kind: "switch",
      fallback: "false",
      about: "`true`: a variable without a prefix answers `get` too; `list` never shows those",
    },
    envFile: {
      kind: "text",
      shape: /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\\0$]{1,400}$/,
      must: "a path inside the work tree, without ..",
      fallback: undefined,
      about: "a `.env` file that is read when the environment has no such variable; never written",
    },
    priority: priority(10),
  },
};

const azure: SchemaNode = {
  kind: "table",
  about: "a vault of Azure Key Vault",
  keys: {
    enabled,
    vaultUrl: {
      kind: "text",
      shape: /^https:\/\/[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]{1,5})?\/?$/,
      must: "https:// and a host, without a path, a user or ${…}",
      fallback: undefined,
      about:
        "which vault; the variable `AZURE_VAULT_URL` goes before it. Without either this provider is not configured",
    },
    cacheTtlSeconds: {
      kind: "number",
      min: 0,
      max: 86_400,
      fallback: "0",
      about:
        "how long a value may be taken from the cache, which is sealed to you, in the git directory; 0 for no cache",
    },
    maxRetries: {
      kind: "number",
      min: 0,
      max: 10,
      fallback: "3",
      about: "how often a request is tried again that was throttled, or failed on the way or in the service",
    },
    timeoutSeconds: {
      kind: "number",
      min: 1,
      max: 600,
      fallback: "30",
      about: "after how long the vault counts as unavailable, signing in and retries included",
    },
    credential: {
      kind: "word",
      words: credentialKinds,
      fallback: "default",
      about: "how to sign in; `default` tries one way after the other, as `AZURE_TOKEN_CREDENTIALS` narrows them",
    },
    priority: priority(50),
  },
};

/** Every key of `.secrets/config.yaml`. */
export const configSchema: SchemaNode = {
  kind: "table",
  about: "settings of the secrets of a repository",
  keys: {
    secrets: {
      kind: "table",
      about: "all but the scanner's",
      keys: {
        defaultProvider: {
          kind: "word",
          words: providerIds,
          fallback: "local",
          about: "where `set` stores what no `--provider` and no `CLAUDE_SECRETS_PROVIDER` decides",
        },
        enableAuditLog: { kind: "switch", fallback: "true", about: "`false` is the same as `audit.access: off`" },
        audit: {
          kind: "table",
          about: "the record of reads",
          keys: {
            access: {
              kind: "word",
              words: auditAccess,
              fallback: "sealed",
              about: "`sealed`: into the signed journal; `local`: on the reader's machine only; `off`: nowhere",
            },
            required: {
              kind: "switch",
              fallback: "false",
              about: "`true`: no value leaves when its read cannot be recorded",
            },
          },
        },
        expired: {
          kind: "word",
          words: ["warn", "refuse"],
          fallback: "warn",
          about: "what `get` does with a current version past its date, whatever provider it is from",
        },
        onUnavailable: {
          kind: "word",
          words: ["fail", "next"],
          fallback: "fail",
          about: "what happens when a provider cannot answer: `fail` (6), or ask the `next` one and say so",
        },
        providers: {
          kind: "table",
          about: "the sources of values",
          keys: { local, env, "azure-keyvault": azure },
        },
        accessControl: {
          kind: "table",
          about: "who may do what; members, roles and scopes of the trust root decide",
          keys: {
            enforce: {
              kind: "word",
              words: ["true"],
              fallback: "true",
              about: "only `true`: values are sealed to their readers, and no setting can change that",
            },
            defaultPermissions: {
              kind: "words",
              words: ["read", "write"],
              fallback: "[read, write]",
              about: "the role of a new human member when `member add` names none: `[read]` or `[read, write]`",
            },
          },
        },
      },
    },
    scan: { kind: "other", about: "settings of the leak scanner, see [scan.md](scan.md)" },
  },
};

export type SchemaLeaf = Exclude<SchemaNode, { readonly kind: "table" | "other" }>;

/** Every key that holds a value, by its path. */
export function leavesOf(
  node: SchemaNode = configSchema,
  path = "",
): readonly (readonly [path: string, leaf: SchemaLeaf])[] {
  if (node.kind === "other") return [];
  if (node.kind !== "table") return [[path, node]];
  return Object.entries(node.keys).flatMap(([key, inner]) => leavesOf(inner, path === "" ? key : `${path}.${key}`));
}
