import { emitFields, malformed, readFields, type BlockValues, type Field, type Lines } from "./block.js";
import { fail, type ErrorCode } from "./errors.js";
import type { SecretRecord } from "./record.js";
import * as token from "./token.js";

const plain = (key: string, check: (text: string) => boolean): Field => ({ key, type: { is: "plain", check } });
const instant = (key: string): Field => ({ key, type: { is: "instant" } });
const list = (key: string, check: (text: string) => boolean, max: number): Field => ({
  key,
  type: { is: "list", check, max },
});
const optional = (field: Field): Field => ({ ...field, optional: true });
const exactly =
  (word: string) =>
  (text: string): boolean =>
    text === word;

const maxReaders = 500;
const maxPrev = 32;
const maxTags = 32;
const maxText = 500;
// 64-column armor of an age file that holds the largest padded value (4 MiB) in base64, with its header.
const maxArmorLines = 100_000;
const isArmorLine = (line: string): boolean =>
  /^(?:[A-Za-z0-9+/]{1,64}={0,2}|-----(?:BEGIN|END) AGE ENCRYPTED FILE-----)$/.test(line);

const head = (kind: string): readonly Field[] => [plain("v", exactly("1")), plain("kind", exactly(kind))];
const origin: readonly Field[] = [plain("trust", token.isTrustRef), plain("by", token.isFingerprint), instant("at")];
const signature: Field = plain("sig", token.isBase64);
const text = (key: string): Field => optional({ key, type: { is: "text", max: maxText } });
const prevIds = list("prev", token.isHex64, maxPrev);

const fieldsOf: Readonly<Record<SecretRecord["kind"], readonly Field[]>> = {
  meta: [
    ...head("meta"),
    plain("name", token.isSecretName),
    plain("nonce", token.isHex32),
    plain("scope", token.isScope),
    list("tags", token.isTag, maxTags),
    optional(plain("class", token.isClass)),
    optional(plain("owner", token.isOwner)),
    optional(plain("rotate-every", token.isPeriod)),
    text("note"),
    prevIds,
    ...origin,
    signature,
  ],
  seal: [
    ...head("seal"),
    plain("sid", token.isHex32),
    plain("vid", token.isHex16),
    plain("scope", token.isScope),
    list("readers", token.isMemberId, maxReaders),
    ...origin,
    plain("ct-digest", token.isHex64),
    { key: "ct", type: { is: "literal", check: isArmorLine, maxLines: maxArmorLines } },
    signature,
  ],
  version: [
    ...head("version"),
    plain("sid", token.isHex32),
    plain("vid", token.isHex16),
    plain("op", token.isOp),
    prevIds,
    text("reason"),
    optional(instant("expires")),
    optional(instant("grace")),
    ...origin,
    signature,
  ],
  mark: [
    ...head("mark"),
    plain("sid", token.isHex32),
    plain("vid", token.isHex16),
    plain("mark", token.isMarkKind),
    prevIds,
    text("reason"),
    optional({ key: "expires", type: { is: "instant-or-never" } }),
    ...origin,
    signature,
  ],
};

const withoutSignature = (fields: readonly Field[]): readonly Field[] =>
  fields.filter(({ key }) => key !== "sig" && key !== "ct");
const bodyFieldsOf: Readonly<Record<SecretRecord["kind"], readonly Field[]>> = {
  meta: withoutSignature(fieldsOf.meta),
  seal: withoutSignature(fieldsOf.seal),
  version: withoutSignature(fieldsOf.version),
  mark: withoutSignature(fieldsOf.mark),
};

/** The body fields of a kind in file order, for validating records that come from the journal instead of a file. */
export function bodyFields(kind: string): readonly Field[] | undefined {
  if (!(kind === "meta" || kind === "seal" || kind === "version" || kind === "mark")) return undefined;
  return bodyFieldsOf[kind];
}

/** Reads one block; the line after `---` is current. Throws `secret/malformed`, or `format/newer` for a later format version. */
export function readRecord(source: Lines): SecretRecord {
  checkFormatVersion(source, "secret/malformed");
  const kind = source.lines[source.at + 1]?.slice("kind: ".length);
  if (!(kind === "meta" || kind === "seal" || kind === "version" || kind === "mark"))
    malformed({ ...source, at: source.at + 1 }, "not a known kind of block", "secret/malformed");
  const values = readFields(source, fieldsOf[kind], "secret/malformed");
  checkTogether(source, kind, values);
  const record: Record<string, unknown> = values;
  record["v"] = 1;
  return record as unknown as SecretRecord;
}

/** Throws `format/newer` when the block announces a format version this program does not know. */
export function checkFormatVersion(source: Lines, code: ErrorCode): void {
  const line = source.lines[source.at] ?? "";
  if (line === "v: 1") return;
  const version = /^v: ([1-9][0-9]{0,5})$/.exec(line)?.[1];
  if (version === undefined) malformed(source, 'expected "v: 1"', code);
  fail("format/newer", `the file is of format version ${version}; this program reads version 1`, {
    hint: "install a newer gitseal",
  });
}

function checkTogether(source: Lines, kind: SecretRecord["kind"], values: BlockValues): void {
  const problem = combinationProblem(kind, values);
  if (problem !== undefined) malformed(source, problem, "secret/malformed");
}

/** What must hold between the fields of one record (docs/format.md, Version, Mark), or undefined when it does. */
export function combinationProblem(kind: SecretRecord["kind"], values: BlockValues): string | undefined {
  switch (kind) {
    case "meta":
      return undefined;
    case "seal":
      return values["readers"]?.length === 0 ? "a seal has no reader" : undefined;
    case "version":
      return versionProblem(values);
    case "mark":
      if ((values["mark"] === "expires") !== (values["expires"] !== undefined))
        return "expires must stand exactly in a mark of that kind";
      return values["prev"]?.length === 0 ? "a mark has no prev" : undefined;
  }
}

const firstOps: readonly unknown[] = ["create", "import", "restore", "resolve", "stage"];

function versionProblem({ op, prev, grace }: BlockValues): string | undefined {
  const isFirst = prev?.length === 0;
  if (op === "create" && !isFirst) return 'a version with op "create" has a prev';
  if (isFirst && !firstOps.includes(op)) return "a first version is not a create, import, restore, resolve or stage";
  const wantsGrace = !isFirst && op !== "resolve";
  return wantsGrace === (grace !== undefined)
    ? undefined
    : "grace must stand exactly where a version before is replaced";
}

/** A block as it stands in the file, `---` line included. */
export function emitRecord(record: SecretRecord): string {
  return `---\n${emitFields(fieldsOf[record.kind], { ...record, v: "1" })}`;
}
