import { hmacSha256Hex } from "../../core/digest.js";
import { maskValue } from "../../core/display.js";
import { mayBeOurs } from "../../core/layout.js";
import type { Leak } from "../../scan/leak.js";
import { createPlaces } from "../../scan/place.js";
import { findPlaintextEnv } from "../../scan/store/env-names.js";
import { findIdentities } from "../../scan/store/identities.js";
import { storeRules, type FileProblem } from "../../scan/store/store-rules.js";
import { findDecryptedTwin } from "../../scan/store/twins.js";
import type { ListedBytes } from "./store-format.js";

export interface FileFacts {
  /** Whether a file of that path is in the tree that the file is in. */
  readonly hasPath: (path: string) => boolean;
  /** The store's secrets, as far as they are known. */
  readonly names: readonly string[];
}

export interface FileToCheck extends ListedBytes {
  readonly oid: string | undefined;
  readonly commits: readonly string[];
}

/**
 * What a file gives away as a whole, whatever the rules find in it: a file below `.secrets/` that is not exactly of the format, an
 * identity, a decrypted copy beside its encrypted form, an env file with a value for a secret's name. The path is relative to
 * the top of the repository. The bytes are those of the object, not decoded.
 */
export async function findFileLeaks(
  file: FileToCheck,
  facts: FileFacts,
  fingerprintKey: string,
): Promise<readonly Leak[]> {
  const twin = findDecryptedTwin(file, facts.hasPath);
  const problems = [
    ...(mayBeOurs(file.path) ? (await import("./store-format.js")).findMalformed(file) : []),
    ...findIdentities(file),
    ...(twin === undefined ? [] : [twin]),
    ...findPlaintextEnv(file, facts.names),
  ];
  if (problems.length === 0) return [];
  const places = createPlaces(file.bytes);
  return problems.map((problem) => {
    const from = places.place(problem.start);
    const to = places.place(problem.end);
    return {
      path: file.path,
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
      rule: problem.rule,
      title: titles.get(problem.rule) ?? problem.rule,
      severity: problem.severity,
      certainty: problem.certainty,
      secret: problem.name ?? null,
      masked: problem.start === problem.end ? "" : maskValue(undefined),
      excerpt: "",
      why: problem.why,
      via: [],
      fingerprint: fingerprintOf(file, problem, fingerprintKey),
      blob: file.oid ?? null,
      commits: file.commits,
      pushed: false,
    };
  });
}

/** What the checks of a scan's files need. The tree that they stand in is listed once, and only if anybody asks. */
export function fileFactsOf(list: () => Iterable<{ readonly path: string }>, names: readonly string[]): FileFacts {
  let paths: ReadonlySet<string> | undefined;
  return {
    names,
    hasPath: (path) => {
      paths ??= new Set(Array.from(list(), (entry) => entry.path));
      return paths.has(path);
    },
  };
}

const titles = new Map(storeRules.map(({ id, title }) => [id, title]));

// Of the file and what is wrong with it: there is no secret that it could be made from.
function fingerprintOf({ path }: FileToCheck, { rule, name = "", why }: FileProblem, key: string): string {
  return hmacSha256Hex(key, ["file", rule, path, name, why].join("\0")).slice(0, 32);
}
