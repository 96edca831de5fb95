import { emitFields, readFields, splitLines, malformed, type Field } from "../core/block.js";
import { findUtf8 } from "../core/bytes.js";
import { escapeText } from "../core/display.js";
import { fail, SecretsError } from "../core/errors.js";
import { formatInstant, parseInstant, type Instant } from "../core/instant.js";
import { isRuleId } from "../core/scan-settings.js";
import { isPlainText } from "../core/text.js";
import { isHex32 } from "../core/token.js";

/** One accepted finding: `.secrets/scan-ignore/<fingerprint>.yaml` (docs/format.md, Scan ignores). */
export interface Ignore {
  /** 32 hex digits: the name of the file. */
  readonly fingerprint: string;
  /** When it is named, findings of other rules with the same fingerprint stay. */
  readonly rule: string | undefined;
  readonly reason: string;
  /** Who wrote it, as claimed: review shows the file, and git who committed it. */
  readonly by: string;
  readonly at: Instant;
  /** From when on it accepts nothing; undefined for never. */
  readonly until: Instant | undefined;
}

export const ignoreFolder = ".secrets/scan-ignore";
const code = "config/invalid";
const maxIgnore = 8 * 1024;
const maxReason = 500;
const maxBy = 200;

/** Whether a text can be the fingerprint of a finding. */
export function isFindingFingerprint(text: string): boolean {
  return isHex32(text);
}

const fields: readonly Field[] = [
  { key: "v", type: { is: "plain", check: (text) => text === "1" } },
  { key: "rule", type: { is: "plain", check: isRuleId }, optional: true },
  { key: "reason", type: { is: "text", max: maxReason } },
  { key: "by", type: { is: "text", max: maxBy } },
  { key: "at", type: { is: "instant" } },
  { key: "until", type: { is: "instant-or-never" } },
];

/** The path of an ignore's file below the top of the work tree. The fingerprint must be checked. */
export function ignorePath(fingerprint: string): string {
  return `${ignoreFolder}/${fingerprint}.yaml`;
}

/** The fingerprint that a path accepts, or undefined for what is no such path. */
export function fingerprintOfPath(path: string): string | undefined {
  const name = path.startsWith(`${ignoreFolder}/`) ? path.slice(ignoreFolder.length + 1) : "";
  const fingerprint = name.endsWith(".yaml") ? name.slice(0, -".yaml".length) : "";
  return isHex32(fingerprint) ? fingerprint : undefined;
}

/**
 * Parses the bytes of an ignore's file; they are untrusted. Throws `config/invalid` with the line. What is accepted is exactly what
 * {@link encodeIgnore} writes, so that a reviewer reads all that counts.
 */
export function parseIgnore(fingerprint: string, bytes: Uint8Array): Ignore {
  if (bytes.byteLength > maxIgnore) fail(code, `larger than ${maxIgnore} bytes`);
  const text = findUtf8(bytes);
  if (text === undefined) fail(code, "not valid UTF-8");
  const source = splitLines(text, code);
  // A field that is no list is read as one text.
  const values = readFields(source, fields, code) as Readonly<Record<string, string>>;
  if (source.at !== source.lines.length) malformed(source, "not expected here", code);
  const { rule, reason = "", by = "", at = "", until = "never" } = values;
  if (reason.trim() === "") fail(code, "the reason is empty");
  return {
    fingerprint,
    rule,
    reason,
    by,
    at: parseInstant(at, code),
    until: until === "never" ? undefined : parseInstant(until, code),
  };
}

/** The one spelling of an ignore. Throws `usage/invalid` for a text that cannot stand in it. */
export function encodeIgnore({ rule, reason, by, at, until }: Ignore): string {
  if (reason.trim() === "") fail("usage/invalid", "the reason of an ignore is empty");
  for (const [what, text, max] of [
    ["reason", reason, maxReason],
    ["author", by, maxBy],
  ] as const)
    if (text.length > max || !isPlainText(text))
      fail("usage/invalid", `the ${what} of an ignore is one line of up to ${max} characters without invisible ones`);
  return emitFields(fields, {
    v: "1",
    ...(rule === undefined ? {} : { rule }),
    reason,
    by,
    at: formatInstant(at),
    until: until === undefined ? "never" : formatInstant(until),
  });
}

export interface Ignores {
  readonly byFingerprint: ReadonlyMap<string, Ignore>;
  /** Files that are none, one line each: they accept nothing. */
  readonly problems: readonly string[];
}

/** Reads all ignores of one tree. A file that is not exactly of the format accepts nothing and is reported, never guessed at. */
export function readIgnores(files: Iterable<{ readonly path: string; readonly bytes: Uint8Array }>): Ignores {
  const byFingerprint = new Map<string, Ignore>();
  const problems: string[] = [];
  for (const { path, bytes } of files) {
    const fingerprint = fingerprintOfPath(path);
    if (fingerprint === undefined) {
      problems.push(`${escapeText(path)} is not named after a finding's fingerprint`);
      continue;
    }
    try {
      byFingerprint.set(fingerprint, parseIgnore(fingerprint, bytes));
    } catch (error) {
      if (!(error instanceof SecretsError)) throw error;
      problems.push(`${path} accepts nothing: ${error.message}`);
    }
  }
  return { byFingerprint, problems };
}

/** True from the moment an ignore ends. */
export function isExpired({ until }: Ignore, now: Instant): boolean {
  return until !== undefined && until <= now;
}

/** The ignore that accepts a finding now, or undefined. A value of the store is never accepted, whatever a file says. */
export function findIgnore(
  { byFingerprint }: Ignores,
  leak: { readonly fingerprint: string; readonly rule: string; readonly secret: string | null },
  now: Instant,
): Ignore | undefined {
  if (leak.secret !== null || leak.rule === "store/value") return undefined;
  const ignore = byFingerprint.get(leak.fingerprint);
  if (ignore === undefined || isExpired(ignore, now)) return undefined;
  return ignore.rule === undefined || ignore.rule === leak.rule ? ignore : undefined;
}
