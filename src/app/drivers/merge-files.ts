import { encodeUtf8, findUtf8 } from "../../core/bytes.js";
import { fail } from "../../core/errors.js";
import { classifyPath } from "../../core/layout.js";
import { mergeSecrets, type MergeProblem } from "../../core/merge-secret.js";
import { maxSecretFile, parseSecretFile, type SecretFile } from "../../core/secret-file.js";
import { overwriteUserFile, readUserFile } from "../../store/user-file.js";

export interface MergeFilesInput {
  /** The common ancestor, our side and theirs, as files that git made; the result replaces ours. An empty ancestor is none. */
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** Where the file stands in the repository. */
  readonly path: string;
}

export interface MergedFiles {
  readonly isClean: boolean;
  /** For people: what did not fit, and the command that settles it. */
  readonly problems: readonly string[];
  readonly hint: string | undefined;
}

/**
 * Merges a secret file for git. The result always holds the records of both sides, also where a person has to choose. Throws
 * `secret/malformed` or `format/newer`, and has then written nothing, when a side is no secret file.
 */
export function mergeFiles({ base, ours, theirs, path }: MergeFilesInput): MergedFiles {
  const ancestor = readBytes(base);
  const result = mergeSecrets(
    ancestor.byteLength === 0 ? undefined : parseSecretFile(ancestor),
    readSide(ours),
    readSide(theirs),
  );
  if (findUtf8(readBytes(ours)) !== result.text) overwriteUserFile(ours, encodeUtf8(result.text));
  const area = classifyPath(path);
  const name = area?.area === "secret" ? area.name : "NAME";
  return {
    isClean: result.problems.length === 0,
    problems: result.problems.map((problem) => words[problem]),
    hint: result.problems.length === 0 ? undefined : hintOf(result.problems, name),
  };
}

const words: Readonly<Record<MergeProblem, string>> = {
  fork: "both sides made a version of it; both are kept",
  metadata: "both sides changed its metadata; both are kept",
  seals: "both sides sealed a version of it anew; both are kept",
  "two-secrets": "each side has another secret of that name; both are kept",
  dropped: "one side took away what the other one builds on; nothing is left out",
  gap: "what came builds on changes that are not here",
};

function hintOf(problems: readonly MergeProblem[], name: string): string {
  if (problems.includes("gap"))
    return "take all of the changes, by merging the branch; or give up: git cherry-pick --abort, git rebase --abort";
  return `run: secrets resolve ${name}`;
}

function readSide(path: string): SecretFile {
  return parseSecretFile(readBytes(path));
}

function readBytes(path: string): Uint8Array {
  return readUserFile(path, maxSecretFile)?.bytes ?? fail("io/failed", "a file that git named is not there");
}
