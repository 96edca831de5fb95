import { sha256Hex } from "./digest.js";
import { SecretsError } from "./errors.js";
import { createFinding, findOrReport, type Finding, type FindingCode, type Place, type Report } from "./finding.js";
import { covers, hasRole, type Scope } from "./member.js";
import { matchesPattern, type SecretName } from "./name.js";
import { leastRoleFor } from "./policy.js";
import { identifyRecord, keepId, recordId, recordText, secretId, type SecretRecord } from "./record.js";
import { arrangeBlocks, parseBlock, parseSecretFile, recordsOf, splitBlocks, type SecretFile } from "./secret-file.js";
import { namespaces } from "./signature.js";
import { findRoot } from "./trust-chain.js";
import type { Verifier } from "./verify-claim.js";
import { verifySeal } from "./verify-seal.js";
import { verifyVersions } from "./verify-versions.js";

/** What is kept of a secret file once it was checked: enough to compare it with the journal. */
export interface SecretSummary {
  readonly path: string;
  readonly name: SecretName;
  readonly sid: string;
  readonly records: readonly { readonly id: string; readonly kind: SecretRecord["kind"]; readonly vid: string }[];
  /** The number of the newest trust root that a record names. */
  readonly root: number;
}

export interface FoundSecret {
  readonly path: string;
  /** From the path. */
  readonly name: SecretName;
  /** Untrusted. */
  readonly bytes: Uint8Array;
}

/** Levels 1, 3 and 4 of one secret file. Returns undefined when its blocks could not be read at all. */
export function verifySecretFile({ path, name, bytes }: FoundSecret, verifier: Verifier): SecretSummary | undefined {
  const place: Place = { path, name };
  const hint = `if a merge mixed two changes run: secrets resolve ${name} --merge COMMIT; otherwise restore the file from history`;
  const file = findOrReport(verifier.report, "secret-form", { ...place, hint }, () => parseSecretFile(bytes));
  if (!file) return undefined;
  for (const record of recordsOf(file)) verifyRecordBlock(record, name, place, verifier);
  return verifyWhole(file, { path, name }, verifier);
}

/** What a file is beyond its blocks: names and ids, and how its versions follow each other. */
function verifyWhole(
  file: SecretFile,
  { path, name }: Pick<FoundSecret, "path" | "name">,
  verifier: Verifier,
): SecretSummary {
  const place: Place = { path, name };
  const sid = secretId(verifier.chain.repo, name, file.metas[0]?.nonce ?? "");
  const records = recordsOf(file);
  verifyNaming(file, records, name, sid, place, verifier.report);
  verifyVersions(file, name, place, verifier);
  return {
    path,
    name,
    sid,
    records: records.map((record) => ({
      id: recordId(record),
      kind: record.kind,
      vid: "vid" in record ? record.vid : "",
    })),
    root: records.reduce((last, { trust }) => Math.max(last, Number.parseInt(trust, 10)), 0),
  };
}

/** A block that was judged by itself, in a file of one name. */
export interface JudgedBlock {
  readonly record: SecretRecord;
  /** Grows until all claims are answered. */
  readonly findings: Finding[];
}

/** Blocks by the name of their secret and the digest of their bytes: a file grows by blocks, and keeps those it has. */
export type JudgedBlocks = Map<string, JudgedBlock>;

/**
 * As {@link verifySecretFile} for the many states of a file in history: each block is read and its signature claimed once. What is
 * wrong with a block is in `blocks`; undefined when the file must be judged in the plain way, which says what is wrong with it.
 */
export function verifyGrownFile(
  { path, name, bytes }: FoundSecret,
  known: JudgedBlocks,
  verifier: Verifier,
): { readonly summary: SecretSummary; readonly blocks: readonly JudgedBlock[] } | undefined {
  const parts = splitBlocks(bytes);
  if (!parts) return undefined;
  try {
    const blocks = parts.map((part) => judgeBlock(part, { path, name }, known, verifier));
    const file = arrangeBlocks(blocks.map(({ record }) => record));
    return { summary: verifyWhole(file, { path, name }, verifier), blocks };
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    return undefined;
  }
}

function judgeBlock(
  bytes: Uint8Array,
  place: { readonly path: string; readonly name: SecretName },
  known: JudgedBlocks,
  verifier: Verifier,
): JudgedBlock {
  const key = `${sha256Hex(bytes)} ${place.name}`;
  const before = known.get(key);
  if (before) return before;
  const record = parseBlock(bytes);
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  const claim: Verifier["claim"] = (one) => verifier.claim({ ...one, finding: () => keep(one.finding(), report) });
  verifyRecordBlock(record, place.name, place, { ...verifier, report, claim });
  const judged: JudgedBlock = { record: withoutSealed(record), findings };
  known.set(key, judged);
  return judged;
}

function keep(finding: Finding, report: Report): Finding {
  report(finding);
  return finding;
}

// A copy, because texts that were cut out of a file keep all of it in memory; and the sealed bytes were judged.
function withoutSealed(record: SecretRecord): SecretRecord {
  const text = recordText(record);
  const copy: SecretRecord = {
    ...(JSON.parse(text) as SecretRecord),
    sig: "",
    ...(record.kind === "seal" ? { ct: "" } : {}),
  };
  keepId(copy, text);
  return copy;
}

function verifyNaming(
  file: SecretFile,
  records: readonly SecretRecord[],
  name: SecretName,
  sid: string,
  place: Place,
  report: Report,
): void {
  const say = (code: FindingCode, message: string): void =>
    report(createFinding(code, message, { ...place, hint: "restore the file from history" }));
  if (file.metas.some((meta) => meta.name !== name))
    say("secret-name", "the file stands under another name than its metadata says");
  const nonces = new Set(file.metas.map(({ nonce }) => nonce));
  if (nonces.size > 1 || records.some((record) => record.kind !== "meta" && record.sid !== sid))
    say("sid", "the file holds a block of another secret");
  const vids = file.groups.map(({ version }) => version.vid);
  if (new Set(vids).size !== vids.length) say("vid", "two versions have the same id");
  if (new Set(records.map(recordId)).size !== records.length) say("record-twice", "a block stands twice in the file");
}

/** A block by itself: signed by a member who had the role, under the root it names, for this name and scope. */
function verifyRecordBlock(
  record: SecretRecord,
  name: SecretName,
  place: Place,
  { chain, report, claim }: Verifier,
): void {
  const root = findRoot(chain, record.trust);
  if (!root)
    return report(
      createFinding("root-unknown", `${describe(record)} names a trust root that is not in force here`, place),
    );
  const signer = root.signers.get(record.by);
  if (!signer)
    return report(
      createFinding(
        "key-unknown",
        `${describe(record)} is signed by a key that is no member's in trust root ${root.root.n}`,
        {
          ...place,
          hint: "see who changed the file: git log",
        },
      ),
    );
  claim({
    key: signer.verifyKey,
    namespace: namespaces.record,
    message: identifyRecord(record).text,
    signature: record.sig,
    finding: () =>
      createFinding("sig", `the signature of ${describe(record)} is not valid`, {
        ...place,
        hint: "restore the file from history",
      }),
  });
  const { member } = signer;
  if (!hasRole(member, leastRoleFor(record)))
    report(
      createFinding(
        "role",
        `${describe(record)} is signed by ${member.id}, who has only the role ${member.role}`,
        place,
      ),
    );
  const scope = scopeOf(record);
  const isCovered =
    scope === undefined ? member.names.some((pattern) => matchesPattern(name, pattern)) : covers(member, scope, name);
  if (!isCovered)
    report(
      createFinding(
        "scope",
        `${describe(record)} is signed by ${member.id}, whose scopes and names do not cover it`,
        place,
      ),
    );
  if (record.kind === "seal") verifySeal(record, name, root.root, place, report);
}

/** Versions and marks have no scope of their own: which one the secret had is for the journal to say. */
function scopeOf(record: SecretRecord): Scope | undefined {
  return record.kind === "meta" || record.kind === "seal" ? record.scope : undefined;
}

function describe(record: SecretRecord): string {
  if (record.kind === "meta") return "the metadata block";
  return record.kind === "mark"
    ? `the ${record.mark} mark of version ${record.vid}`
    : `the ${record.kind} block of version ${record.vid}`;
}
