import { findUtf8 } from "./bytes.js";
import { escapeText } from "./display.js";
import { fail } from "./errors.js";
import type { AccessEvent, ChangeEvent } from "./event.js";
import { recordId, type Mark, type Meta, type Seal } from "./record.js";
import { parseSecretFile } from "./secret-file.js";
import { parseSegment } from "./segment.js";
import { parseTrustRoot } from "./trust-root.js";
import { deriveVersions, type VersionStatus } from "./version.js";

/**
 * What a file below `.secrets/` says, one fact a line, for `git diff`: a secret file, a journal segment or a trust root, told apart by
 * their first bytes. It depends on the bytes alone, so that two equal files read alike; nothing is opened or verified. Every difference
 * but that of a signature shows. Throws what the parsers throw, or `secret/malformed` for any other file.
 */
export function describeFile(bytes: Uint8Array): string {
  const start = findUtf8(bytes.subarray(0, 24)) ?? "";
  if (start.startsWith("{")) return joined(segmentLines(bytes));
  if (start.startsWith("---\nv: 1\nkind: root")) {
    parseTrustRoot(bytes);
    return joined((findUtf8(bytes) ?? "").split("\n").slice(1, -1));
  }
  if (!start.startsWith("---\n")) fail("secret/malformed", "not a file of a secret, a journal segment or a trust root");
  return joined(secretLines(bytes));
}

// The parsers let nothing through that a terminal would obey; this holds should one ever do.
function joined(lines: readonly string[]): string {
  return lines.map((line) => `${escapeText(line)}\n`).join("");
}

function secretLines(bytes: Uint8Array): readonly string[] {
  const file = parseSecretFile(bytes);
  // No time is known here, so numbers are shown and states are not: a state would change while the file does not.
  const versions = deriveVersions(file, 0);
  return [...file.metas.flatMap(metaLines), ...versions.flatMap((version) => ["", ...versionLines(version)])];
}

function metaLines(meta: Meta): readonly string[] {
  return [
    `secret: ${meta.name}`,
    `scope: ${meta.scope}`,
    `tags: ${meta.tags.join(", ")}`,
    ...optional("class", meta.class),
    ...optional("owner", meta.owner),
    ...optional("rotate every", meta["rotate-every"]),
    ...optional("note", meta.note),
    `described by: ${meta.by} at ${meta.at}, trust root ${rootOf(meta)}`,
  ];
}

function versionLines({ group, number }: VersionStatus): readonly string[] {
  const { version, seal, marks } = group;
  return [
    `version ${number ?? "-"}: ${version.op} ${version.vid}`,
    `  by: ${version.by} at ${version.at}, trust root ${rootOf(version)}`,
    ...optional("  reason", version.reason),
    ...optional("  expires", version.expires),
    ...optional("  the one before is valid until", version.grace),
    ...marks.map(markLine),
    ...sealLines(seal),
    `  record: ${recordId(version)}`,
  ];
}

function markLine({ mark, expires, reason, by, at }: Mark): string {
  const what = [mark, ...(expires === undefined ? [] : [expires])].join(" ");
  return `  mark: ${what} by ${by} at ${at}${reason === undefined ? "" : `: ${reason}`}`;
}

function sealLines(seal: Seal): readonly string[] {
  return [
    `  readers: ${seal.readers.join(", ")}`,
    `  sealed: for ${seal.scope} by ${seal.by} at ${seal.at}, trust root ${rootOf(seal)}`,
    `  sealed bytes: SHA-256 ${seal["ct-digest"]}`,
  ];
}

function rootOf({ trust }: { readonly trust: string }): string {
  return trust.split(":")[0] ?? "";
}

function optional(label: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${label}: ${value}`];
}

function segmentLines(bytes: Uint8Array): readonly string[] {
  const { header, events, id } = parseSegment(bytes);
  return [
    `${header.class} segment ${id}`,
    `by: ${header.key} at ${header.at}, trust root ${rootOf(header)}, clone ${header.clone} number ${header.seq}`,
    ...Object.entries(header.claims).map(([key, claim]) => `claimed ${key}: ${claim}`),
    ...events.flatMap((event) => ("recs" in event ? changeLines(event) : [accessLine(event)])),
  ];
}

function changeLines({ action, name, reason, recs, replaces, root, digest }: ChangeEvent): readonly string[] {
  return [
    `${action}${name === "" ? "" : ` ${name}`}${reason === undefined ? "" : `: ${reason}`}`,
    ...recs.map((body) => `  adds ${body.kind}${"vid" in body ? ` of ${body.vid}` : ""} ${recordId(body)}`),
    ...replaces.map((gone) => `  takes ${gone}`),
    ...optional("  trust root", root),
    ...optional("  file", digest),
  ];
}

function accessLine({ action, name, at, code, of }: AccessEvent): string {
  return `${at} ${action}${of === undefined ? "" : ` of ${of}`} ${name === "" ? "(unknown name)" : name}${code === undefined ? "" : `: ${code}`}`;
}
