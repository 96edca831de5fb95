import { emitFields, malformed, readFields, type Field, type Lines } from "./block.js";
import { isMemberId, isMemberKind, isRole, isScope, type Member } from "./member.js";
import { isNamePattern } from "./name.js";
import { checkFormatVersion } from "./record-block.js";
import { isPlainText } from "./text.js";
import { isHex32, isHex64 } from "./token.js";
import type { Cut, TrustRoot, Wrapped } from "./trust-root.js";

const code = "trust/malformed";
const isCount = (text: string): boolean => /^(?:0|[1-9][0-9]{0,8})$/.test(text);
const isSmall = (text: string): boolean => /^[1-9][0-9]{0,3}$/.test(text);
const isKeyBlob = (text: string): boolean => /^AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}$/.test(text);
const isRecipient = (text: string): boolean =>
  /^age1(?:[02-9ac-hj-np-z]{58}|pq1[02-9ac-hj-np-z]{50,4000})$/.test(text) ||
  (text.startsWith("ssh-ed25519 ") && isKeyBlob(text.slice(12)));

const plain = (key: string, check: (text: string) => boolean, optional = false): Field =>
  optional ? { key, type: { is: "plain", check }, optional: true } : { key, type: { is: "plain", check } };

const head: readonly Field[] = [
  plain("v", (text) => text === "1"),
  plain("kind", (text) => text === "root"),
  plain("n", isSmall),
  plain("repo", isHex32),
  plain("prev", isHex64, true),
  { key: "at", type: { is: "instant" } },
  plain("threshold", isSmall),
  plain("pq", (text) => text === "yes" || text === "no"),
  { key: "renew-by", type: { is: "instant" }, optional: true },
];

const limits = { member: 1000, wrapped: 1000, revoked: 10_000, cut: 1000 } as const;

/** Reads a root's block: fixed head, then sorted `member`, `wrapped`, `revoked` and `cut` lines, and nothing behind. */
export function readRootBlock(source: Lines): TrustRoot {
  if (source.lines[0] !== "---") malformed(source, 'expected "---"', code);
  source.at = 1;
  checkFormatVersion(source, code);
  const values = readFields(source, head, code) as Record<string, string>;
  const members = readLines(source, "member", parseMember);
  const wrapped = readLines(source, "wrapped", parseWrapped);
  const revoked = readLines(source, "revoked", (text) => (isKeyBlob(text) ? text : undefined));
  const cuts = readLines(source, "cut", parseCut);
  if (source.at !== source.lines.length) malformed(source, "not expected here", code);
  return {
    n: Number(values["n"]),
    repo: values["repo"] ?? "",
    prev: values["prev"],
    at: values["at"] ?? "",
    threshold: Number(values["threshold"]),
    pq: values["pq"] === "yes" ? "yes" : "no",
    renewBy: values["renew-by"],
    members,
    wrapped,
    revoked,
    cuts,
  };
}

function readLines<T>(source: Lines, key: keyof typeof limits, parse: (text: string) => T | undefined): readonly T[] {
  const items: T[] = [];
  let before = "";
  const prefix = `${key}: `;
  for (;;) {
    const line = source.lines[source.at];
    if (!line?.startsWith(prefix)) return items;
    const item = parse(line.slice(prefix.length));
    if (item === undefined) malformed(source, `"${key}" is not of its form`, code);
    if (!(before < line)) malformed(source, `the "${key}" lines are not sorted without duplicates`, code);
    if (items.push(item) > limits[key]) malformed(source, `more than ${limits[key]} "${key}" lines`, code);
    before = line;
    source.at++;
  }
}

// [id, kind, role, [scopes], ["pattern", …], recipient, signing key, "label"]
type MemberTexts = [
  id: string,
  kind: string,
  role: string,
  scopes: string,
  names: string,
  recipient: string,
  key: string,
  label: string,
];
const memberShape = /^\[([^,]*), ([^,]*), ([^,]*), \[([^\]]*)\], \[([^\]]*)\], ([^,]*), ([^,]*), (".*")\]$/;

function parseMember(text: string): Member | undefined {
  const found = memberShape.exec(text);
  if (!found) return undefined;
  const [id, kind, role, scopeText, patterns, recipient, key, labelText] = found.slice(1) as MemberTexts;
  const scopes = parseSorted(scopeText.split(", "), isScope);
  const names = parseSorted(
    patterns.split(", ").map((quoted) => quoted.slice(1, -1)),
    isNamePattern,
  );
  const label = parseQuoted(labelText);
  if (!isMemberId(id) || !isMemberKind(kind) || !isRole(role) || !isRecipient(recipient) || !isKeyBlob(key))
    return undefined;
  return scopes && names && label !== undefined ? { id, kind, role, scopes, names, recipient, key, label } : undefined;
}

function parseSorted<T extends string>(
  items: readonly string[],
  check: (item: string) => item is T,
): readonly T[] | undefined;
function parseSorted(items: readonly string[], check: (item: string) => boolean): readonly string[] | undefined;
function parseSorted(items: readonly string[], check: (item: string) => boolean): readonly string[] | undefined {
  return items.every(check) && sorted(items) ? items : undefined;
}

function parseQuoted(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" && value.length <= 100 && isPlainText(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function sorted(items: readonly string[]): boolean {
  return items.every((item, at) => at === 0 || (items[at - 1] ?? "") < item);
}

function parseWrapped(text: string): Wrapped | undefined {
  const found = /^\[([^,]*), ([^,]*)\]$/.exec(text);
  const [, member = "", digest = ""] = found ?? [];
  return isMemberId(member) && isHex64(digest) ? { member, digest } : undefined;
}

function parseCut(text: string): Cut | undefined {
  const found = /^\[([^,]*), ([^,]*), ([^,]*)\]$/.exec(text);
  const [, member = "", count = "", digest = ""] = found ?? [];
  return isMemberId(member) && isCount(count) && isHex64(digest) ? { member, count: Number(count), digest } : undefined;
}

/** The one spelling of a root. */
export function emitRootBlock(root: TrustRoot): string {
  const values: Record<string, string> = {
    v: "1",
    kind: "root",
    n: String(root.n),
    repo: root.repo,
    at: root.at,
    threshold: String(root.threshold),
    pq: root.pq,
    ...(root.prev === undefined ? {} : { prev: root.prev }),
    ...(root.renewBy === undefined ? {} : { "renew-by": root.renewBy }),
  };
  const lines = [
    ...root.members.map((member) => `member: ${emitMember(member)}`).toSorted(),
    ...root.wrapped.map(({ member, digest }) => `wrapped: [${member}, ${digest}]`).toSorted(),
    ...root.revoked.map((key) => `revoked: ${key}`).toSorted(),
    ...root.cuts.map(({ member, count, digest }) => `cut: [${member}, ${count}, ${digest}]`).toSorted(),
  ];
  return `---\n${emitFields(head, values)}${lines.map((line) => `${line}\n`).join("")}`;
}

function emitMember(member: Member): string {
  const names = member.names.map((pattern) => JSON.stringify(pattern)).join(", ");
  const { id, kind, role, recipient, key } = member;
  return `[${id}, ${kind}, ${role}, [${member.scopes.join(", ")}], [${names}], ${recipient}, ${key}, ${JSON.stringify(member.label)}]`;
}
