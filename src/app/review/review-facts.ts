import { SecretsError } from "../../core/errors.js";
import { classifyPath, maxBytesOf } from "../../core/layout.js";
import { secretId } from "../../core/record.js";
import { parseSecretFile } from "../../core/secret-file.js";
import { leavesOf } from "../../providers/config-schema.js";
import { parseYaml } from "../../providers/parse-config.js";
import type { ConfigFact, FileFact, ReviewFacts, SecretFact } from "../../review/facts.js";
import { configFile } from "../../store/layout.js";
import type { ChangeFacts, SideFacts } from "../verify/change-facts.js";

/** What the files of a change say, read and not judged. */
export type TreeFacts = Pick<
  ReviewFacts,
  "secrets" | "segments" | "readSegments" | "rootSigners" | "config" | "ignores"
>;

export async function readTreeFacts(change: ChangeFacts): Promise<TreeFacts> {
  const { changes } = change;
  const of = (area: string): typeof changes => changes.filter(({ path }) => classifyPath(path)?.area === area);
  const ignores = of("ignore");
  return {
    secrets: await readSecrets(change, of("secret")),
    segments: change.segments.filter(({ header }) => header.class === "change"),
    readSegments: change.segments.filter(({ header }) => header.class === "access").length,
    rootSigners: rootSigners(change.head),
    config: changes.some(({ path }) => path === configFile) ? await readConfigs(change) : undefined,
    ignores: {
      added: ignores.flatMap(({ path, head }) => (head === undefined ? [] : [path])),
      removed: ignores.flatMap(({ path, head }) => (head === undefined ? [path] : [])),
    },
  };
}

type Changes = ChangeFacts["changes"];

async function readSecrets({ base, head }: ChangeFacts, changes: Changes): Promise<readonly SecretFact[]> {
  const repo = base.chain?.repo ?? head.chain?.repo ?? "";
  const read = async (side: SideFacts, oids: readonly (string | undefined)[]): Promise<readonly FileFact[]> => {
    const files = await readFiles(side, oids, maxBytesOf.secret);
    return files.map((bytes) => parseFile(bytes, repo));
  };
  const before = await read(
    base,
    changes.map((one) => one.base),
  );
  const after = await read(
    head,
    changes.map((one) => one.head),
  );
  return changes.map(({ path }, at) => {
    const area = classifyPath(path);
    return {
      name: area?.area === "secret" ? area.name : path,
      path,
      base: before[at] ?? { kind: "none" },
      head: after[at] ?? { kind: "none" },
    };
  });
}

/** The bytes of each object; undefined for none, an error's words for one that cannot be had. */
async function readFiles(
  { source }: SideFacts,
  oids: readonly (string | undefined)[],
  maxBytes: number,
): Promise<readonly (Uint8Array | string | undefined)[]> {
  const wanted = oids.flatMap((oid, at) => (oid === undefined ? [] : [{ oid, at }]));
  const found: (Uint8Array | string | undefined)[] = oids.map(() => undefined);
  let next = 0;
  for await (const answers of source.read(
    wanted.map(({ oid }) => oid),
    maxBytes,
  ))
    for (const answer of answers) {
      const at = wanted[next++]?.at ?? 0;
      found[at] =
        answer.kind === "bytes"
          ? Uint8Array.from(answer.bytes)
          : answer.kind === "missing"
            ? "its object is not in this clone"
            : "it is too large";
    }
  return found;
}

function parseFile(bytes: Uint8Array | string | undefined, repo: string): FileFact {
  if (bytes === undefined) return { kind: "none" };
  if (typeof bytes === "string") return { kind: "unreadable", why: bytes };
  try {
    const file = parseSecretFile(bytes);
    const [meta] = file.metas;
    return { kind: "file", file, sid: meta === undefined ? "" : secretId(repo, meta.name, meta.nonce) };
  } catch (cause) {
    if (cause instanceof SecretsError) return { kind: "unreadable", why: cause.message };
    throw cause;
  }
}

function rootSigners({ files }: SideFacts): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const { path } of files) {
    const area = classifyPath(path);
    if (area?.area === "root-signature") found.set(area.n, [...(found.get(area.n) ?? []), area.keyId]);
  }
  return found;
}

async function readConfigs({ base, head }: ChangeFacts): Promise<ConfigFact | undefined> {
  // The first config of a store comes with it, and has nothing that it could change.
  if (base.files.length === 0) return undefined;
  return { base: (await readConfig(base)) ?? flatten(undefined), head: await readConfig(head) };
}

async function readConfig(side: SideFacts): Promise<ReadonlyMap<string, string> | undefined> {
  const oid = side.files.find(({ path }) => path === configFile)?.oid;
  // Without one the defaults hold, and so they do with one that cannot be read.
  if (oid === undefined) return flatten(undefined);
  const [bytes] = await readFiles(side, [oid], maxBytesOf.config);
  if (!(bytes instanceof Uint8Array)) return undefined;
  try {
    return flatten(await parseYaml(bytes));
  } catch (cause) {
    if (cause instanceof SecretsError) return undefined;
    throw cause;
  }
}

/** Every value by its path, those that hold unsaid too: to write a default down changes nothing. */
function flatten(value: unknown): ReadonlyMap<string, string> {
  const fallbacks = leavesOf().flatMap(([path, { fallback }]) =>
    fallback === undefined ? [] : [[path, fallback] as const],
  );
  return new Map([...fallbacks, ...leaves(value, "")]);
}

function leaves(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) return [[path, `[${value.map((item: unknown) => textOf(item)).join(", ")}]`]];
  if (typeof value !== "object" || value === null) return path === "" ? [] : [[path, textOf(value)]];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
