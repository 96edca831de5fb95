import { parseAgeHeader } from "../../core/age-header.js";
import { findUtf8 } from "../../core/bytes.js";
import { sha256Hex } from "../../core/digest.js";
import { SecretsError } from "../../core/errors.js";
import type { Finding } from "../../core/finding.js";
import type { Area } from "../../core/layout.js";
import { parseSecretFile } from "../../core/secret-file.js";
import { parseSegment } from "../../core/segment.js";
import { dearmorSshsig } from "../../core/signature.js";
import { parseTrustRoot } from "../../core/trust-root.js";
import { verifyListing, verifyRootNames } from "../../core/verify-form.js";
import { fingerprintOfPath, parseIgnore } from "../../scan/ignore.js";
import { readArchive } from "../../store/archive.js";
import type { FileProblem } from "../../scan/store/store-rules.js";

export interface ListedBytes {
  readonly path: string;
  /** Six octal digits, where known. */
  readonly mode: string | undefined;
  readonly bytes: Buffer;
}

/**
 * What is wrong with a file as one below `.secrets/`, or as one that some file system takes for it: its name, its mode, its size,
 * and every byte of it. So nothing in plain can hide there. Whether it is signed and belongs where it is, `verify` says.
 */
export function findMalformed({ path, mode, bytes }: ListedBytes): readonly FileProblem[] {
  const findings: Finding[] = [];
  const report = (finding: Finding): void => void findings.push(finding);
  const [top = ""] = path.split("/", 1);
  verifyRootNames([{ name: top, folder: top !== path }], report);
  if (findings.length === 0 && top === ".secrets") {
    const [listed] = verifyListing([{ path, mode: mode ?? "100644", size: bytes.length }], report);
    const wrong = listed && explainContent(listed, path, bytes);
    if (wrong !== undefined) return [problem(wrong)];
  }
  return findings.map(({ message }) => problem(message));
}

function problem(why: string): FileProblem {
  return { rule: "store/malformed", severity: "block", certainty: "checked", start: 0, end: 0, name: undefined, why };
}

function explainContent(area: Area, path: string, bytes: Buffer): string | undefined {
  try {
    return checkContent(area, path, bytes);
  } catch (error) {
    if (error instanceof SecretsError) return error.message;
    throw error;
  }
}

function checkContent(area: Area, path: string, bytes: Buffer): string | undefined {
  switch (area.area) {
    case "secret":
      return checkSecret(area.name, bytes);
    case "segment":
    case "archive":
    case "wrapped":
      return checkHashed(area, bytes);
    case "root":
      return parseTrustRoot(bytes).root.n === area.n ? undefined : "it is a root of another number";
    case "root-signature":
      dearmorSshsig(bytes.toString("latin1"));
      return undefined;
    case "ignore":
      parseIgnore(fingerprintOfPath(path) ?? "", bytes);
      return undefined;
    // People write it: the rules look through it as through any other file.
    case "config":
      return findUtf8(bytes) === undefined ? "it is not valid UTF-8" : undefined;
  }
}

type Hashed = Extract<Area, { readonly h32: string }>;

function checkHashed(area: Hashed, bytes: Buffer): string | undefined {
  if (!sha256Hex(bytes).startsWith(area.h32)) return "its bytes are not those that its name was made from";
  switch (area.area) {
    case "segment":
      return parseSegment(bytes).class === area.class ? undefined : "it is a segment of another class";
    case "archive":
      for (const segment of readArchive(bytes)) parseSegment(segment);
      return undefined;
    case "wrapped":
      return parseAgeHeader(bytes).stanzas.every(({ type }) => type === "scrypt")
        ? undefined
        : "it is not under a passphrase";
  }
}

function checkSecret(name: string, bytes: Buffer): string | undefined {
  const { metas } = parseSecretFile(bytes);
  return metas.every((meta) => meta.name === name) ? undefined : "it is the file of another secret";
}
