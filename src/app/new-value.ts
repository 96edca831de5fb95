import { parseDuration, parseExpiry } from "../core/duration.js";
import { fail } from "../core/errors.js";
import { maxValue } from "../core/envelope.js";
import { parseInstant, type Instant } from "../core/instant.js";
import { isScope } from "../core/member.js";
import { secretClasses } from "../core/record.js";
import { isPlainText } from "../core/text.js";
import { isClass, isOwner, isPeriod, isTag } from "../core/token.js";
import type { VersionStatus } from "../core/version.js";
import { readUserFile } from "../store/user-file.js";
import type { Deps } from "./deps.js";
import type { MetaPatch } from "./draft.js";

/** Metadata as a person typed it; an empty text takes the entry away. */
export interface MetaInput {
  readonly scope?: string | undefined;
  /** Comma-separated. */
  readonly tags?: string | undefined;
  readonly class?: string | undefined;
  readonly owner?: string | undefined;
  readonly note?: string | undefined;
  readonly rotateEvery?: string | undefined;
}

/** Checks typed metadata. Throws `usage/invalid` or `value/invalid`, saying the rule and never repeating the text. */
export function parseMeta(input: MetaInput): MetaPatch {
  return {
    ...(input.scope === undefined
      ? {}
      : { scope: isScope(input.scope) ? input.scope : failRule("--scope is one of global, plugin, agent, user") }),
    ...(input.tags === undefined ? {} : { tags: parseTags(input.tags) }),
    ...patchOf("class", input.class, isClass, `--class is one of ${secretClasses.join(", ")}`),
    ...patchOf("owner", input.owner, isOwner, "--owner is up to 127 letters, digits and . _ @ / -"),
    ...patchOf("rotate-every", input.rotateEvery, isPeriod, "--rotate-every is a duration such as 90d, 12w or 1y"),
    ...patchOf(
      "note",
      input.note,
      (text) => text.length <= 500 && isPlainText(text),
      "--note is one line of up to 500 characters without control or invisible ones",
    ),
  };
}

function patchOf(
  key: string,
  text: string | undefined,
  check: (text: string) => boolean,
  rule: string,
): Record<string, string | undefined> {
  if (text === undefined) return {};
  if (text === "") return { [key]: undefined };
  return { [key]: check(text) ? text : failRule(rule) };
}

function failRule(rule: string): never {
  return fail("usage/invalid", rule);
}

/** Comma-separated tags as a sorted set. */
export function parseTags(text: string): readonly string[] {
  const tags = [
    ...new Set(
      text
        .split(",")
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ""),
    ),
  ].toSorted();
  if (!tags.every(isTag)) failRule("a tag is up to 63 letters, digits and . _ -");
  if (tags.length > 32) failRule("a secret has at most 32 tags");
  return tags;
}

/** When a new version ends: as asked, else the old lifetime again, else never. `never` or an empty text ends nothing. */
export function expiryOf(
  text: string | undefined,
  before: VersionStatus | undefined,
  at: Instant,
): Instant | undefined {
  if (text === "" || text === "never") return undefined;
  if (text !== undefined) {
    const expires = parseExpiry(text, at);
    return expires;
  }
  if (before?.expires === undefined) return undefined;
  const lifetime = before.expires - parseInstant(before.group.version.at, "secret/malformed");
  return lifetime > 0 ? at + lifetime : undefined;
}

const defaultGraceMs = 30 * 24 * 60 * 60 * 1000;

/** Until when the version before stays valid. */
export function graceOf(text: string | undefined, expireOld: boolean, at: Instant): Instant {
  if (expireOld) return at;
  return at + (text === undefined ? defaultGraceMs : text === "0" ? 0 : parseDuration(text));
}

/** The bytes of a file that the user names as a value, exactly as they are. Throws `secret/absent`-free errors of its own: `usage/invalid`, `value/too-large`, `io/failed`. */
export function readValueFile(path: string): Uint8Array {
  const file = readUserFile(path, maxValue);
  if (!file) fail("usage/invalid", `there is no file ${JSON.stringify(path)}`);
  if (file.bytes.byteLength > maxValue)
    fail("value/too-large", `the value is larger than the limit of ${maxValue} bytes (1 MiB)`);
  return file.bytes;
}

/** A pipe whose left side died gives an empty value; it is stored, since a value may be empty, but not without a word. */
export function warnIfEmpty(deps: Pick<Deps, "warn">, value: Uint8Array): void {
  if (value.byteLength === 0)
    deps.warn("the value is empty", "if that was not meant, set it again; the old version, if any, is kept");
}

const alphabets = {
  alnum: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
  alpha: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
  digits: "0123456789",
  hex: "0123456789abcdef",
  base64url: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
  ascii: Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).join(""),
} as const;

/** A random value: `[length][,charset]`, 32 letters and digits unless told otherwise. Every character is equally likely. */
export function generateValue(spec: string | true, randomBytes: (count: number) => Uint8Array): Uint8Array {
  const [length = "", charset = ""] = spec === true ? [] : spec.split(",");
  const count =
    length === ""
      ? 32
      : /^[1-9][0-9]{0,3}$/.test(length)
        ? Number(length)
        : failRule("--generate=LENGTH is a number from 1 to 9999");
  const name = charset === "" ? "alnum" : charset;
  if (!Object.hasOwn(alphabets, name))
    failRule(`--generate=LENGTH,CHARSET takes one of ${Object.keys(alphabets).join(", ")}`);
  const alphabet = alphabets[name as keyof typeof alphabets];
  const limit = 256 - (256 % alphabet.length);
  const value: number[] = [];
  while (value.length < count)
    for (const byte of randomBytes(count * 2))
      if (byte < limit && value.length < count) value.push(alphabet.charCodeAt(byte % alphabet.length));
  return Uint8Array.from(value);
}
