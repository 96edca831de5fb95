import { isFieldValue, type BlockValues } from "./block.js";
import { canonicalize, type Canonical } from "./canonical.js";
import { fail } from "./errors.js";
import { parseInstant } from "./instant.js";
import { bodyFields, combinationProblem } from "./record-block.js";
import type { RecordBody } from "./record.js";
import { isPlainText } from "./text.js";
import { isHex16, isHex32, isHex64, isSecretName, isTrustRef } from "./token.js";

export const changeActions = [
  "create",
  "set",
  "rotate",
  "stage",
  "activate",
  "abort",
  "meta",
  "delete",
  "restore",
  "resolve",
  "import",
  "rekey",
  "revoke",
  "prune",
  "expires",
  "trust",
  "config",
  "archive",
  "leak",
  "accept",
  "reissue",
  "ack",
] as const;
export type ChangeAction = (typeof changeActions)[number];

export const accessActions = ["get", "list", "export", "exec", "decrypt", "denied"] as const;
export type AccessAction = (typeof accessActions)[number];

export type SegmentClass = "change" | "access";

/** What the writer says of itself and nobody verified: CI run, agent, os user, `--as`, tool version. */
export type Claims = Readonly<Record<string, string>>;

export interface ChangeEvent {
  readonly action: ChangeAction;
  /** Place in the segment, from 0. */
  readonly i: number;
  /** Empty for events about no secret (trust, config). */
  readonly name: string;
  readonly provider: string;
  /** The whole records that the event adds, without `ct` and `sig`. */
  readonly recs: readonly RecordBody[];
  /** Ids of the records that it takes away, sorted. */
  readonly replaces: readonly string[];
  /** ULID of the command that made it. */
  readonly req: string;
  readonly sid: string;
  /** SHA-256 of the file that a `config` event admits. */
  readonly digest?: string;
  /** The sid that held the name before a `create`, when the writer knew one. */
  readonly over?: string;
  readonly reason?: string;
  /** `<n>:<id>` of the root that a `trust` event proposes. */
  readonly root?: string;
}

export interface AccessEvent {
  readonly action: AccessAction;
  readonly at: string;
  readonly claims: Claims;
  readonly i: number;
  /** Empty when the name was not known: people type values where names belong. */
  readonly name: string;
  readonly provider: string;
  readonly req: string;
  readonly sid: string;
  readonly vid: string;
  /** The error code of a `denied` event. */
  readonly code?: string;
  /** What a `denied` event was an attempt of. */
  readonly of?: string;
}

const code = "journal/malformed";
const isUlid = (text: string): boolean => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text);
const isProvider = (text: string): boolean => /^(?:[a-z][a-z0-9-]{0,31})?$/.test(text);
const isCode = (text: string): boolean => /^[a-z]{1,20}\/[a-z-]{1,30}$/.test(text);
const orEmpty =
  (check: (text: string) => boolean) =>
  (text: string): boolean =>
    text === "" || check(text);

/** Validates one parsed event line of a change segment. Throws `journal/malformed`. */
export function checkChangeEvent(value: Canonical): ChangeEvent {
  const event = asObject(
    value,
    ["action", "i", "name", "provider", "recs", "replaces", "req", "sid"],
    ["digest", "over", "reason", "root"],
  );
  checkWord(event, "action", (text) => (changeActions as readonly string[]).includes(text));
  checkCommon(event);
  checkWord(event, "digest", isHex64);
  checkWord(event, "over", isHex32);
  checkWord(event, "root", isTrustRef);
  checkWord(event, "reason", (text) => text !== "" && text.length <= 500 && isPlainText(text));
  if (!isSortedIds(event["replaces"])) fail(code, '"replaces" is not a sorted list of record ids');
  const recs = event["recs"];
  if (!Array.isArray(recs)) fail(code, '"recs" is not a list');
  (recs as readonly Canonical[]).forEach(checkBody);
  return event as unknown as ChangeEvent;
}

/** Validates one parsed event line of an access segment. Throws `journal/malformed`. */
export function checkAccessEvent(value: Canonical): AccessEvent {
  const event = asObject(
    value,
    ["action", "at", "claims", "i", "name", "provider", "req", "sid", "vid"],
    ["code", "of"],
  );
  checkWord(event, "action", (text) => (accessActions as readonly string[]).includes(text));
  checkCommon(event);
  checkWord(event, "vid", orEmpty(isHex16));
  checkWord(event, "of", (text) => (accessActions as readonly string[]).includes(text));
  checkWord(event, "code", isCode);
  const denied = event["action"] === "denied";
  if (denied !== (event["code"] !== undefined) || denied !== (event["of"] !== undefined))
    fail(code, '"code" and "of" must stand exactly in a denied event');
  checkTime(event);
  checkClaims(event["claims"]);
  return event as unknown as AccessEvent;
}

function checkCommon(event: Record<string, Canonical>): void {
  checkWord(event, "name", orEmpty(isSecretName));
  checkWord(event, "provider", isProvider);
  checkWord(event, "req", isUlid);
  checkWord(event, "sid", orEmpty(isHex32));
  if (typeof event["i"] !== "number") fail(code, '"i" is not a number');
  if (event["name"] === "" && (event["sid"] !== "" || (event["vid"] ?? "") !== ""))
    fail(code, "an event has a secret id but no name");
}

/** Throws `journal/malformed` unless the value is an object with exactly these keys. */
export function asObject(
  value: Canonical,
  required: readonly string[],
  optional: readonly string[],
): Record<string, Canonical> {
  if (typeof value !== "object" || Array.isArray(value)) fail(code, "not an object");
  const object = value as Record<string, Canonical>;
  for (const key of required) if (!Object.hasOwn(object, key)) fail(code, `the key "${key}" is missing`);
  for (const key of Object.keys(object))
    if (!required.includes(key) && !optional.includes(key)) fail(code, "a key is not one of the known ones");
  return object;
}

/** Throws `journal/malformed` when the key is there and its value is not a string that `check` accepts. */
export function checkWord(object: Record<string, Canonical>, key: string, check: (text: string) => boolean): void {
  const value = object[key];
  if (value !== undefined && (typeof value !== "string" || !check(value))) fail(code, `"${key}" is not of its form`);
}

/** Throws `journal/malformed` unless `at` is a time in its one spelling. */
export function checkTime(object: Record<string, Canonical>): void {
  const { at } = object;
  parseInstant(typeof at === "string" ? at : "", code);
}

function isSortedIds(value: Canonical | undefined): boolean {
  if (!Array.isArray(value)) return false;
  const ids = value as readonly Canonical[];
  return ids.every((id, at) => typeof id === "string" && isHex64(id) && (at === 0 || (ids[at - 1] as string) < id));
}

const maxClaims = 16;

export function checkClaims(value: Canonical | undefined): void {
  if (typeof value !== "object" || Array.isArray(value)) fail(code, '"claims" is not an object');
  const entries = Object.entries(value as Record<string, Canonical>);
  if (entries.length > maxClaims) fail(code, `more than ${maxClaims} claims`);
  for (const [key, claim] of entries)
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(key) || typeof claim !== "string" || claim.length > 200)
      fail(code, "a claim is not of its form");
}

/** Validates a record body that stands in an event by the rules of its block. Throws `journal/malformed`. */
export function checkBody(value: Canonical): RecordBody {
  const body = value as Readonly<Record<string, Canonical | undefined>>;
  const kind = typeof body["kind"] === "string" ? body["kind"] : "";
  const fields = bodyFields(kind);
  if (!fields || body["v"] !== 1) fail(code, "a record is not of a known kind and version");
  let known = 0;
  for (const field of fields) {
    const item = field.key === "v" ? "1" : body[field.key];
    if (item === undefined && field.optional) continue;
    if (!isFieldValue(field, item, code)) fail(code, "a record is not of its form");
    known++;
  }
  if (Object.keys(body).length !== known) fail(code, "a record has a key that is not one of the known ones");
  const problem = combinationProblem(kind as RecordBody["kind"], body as unknown as BlockValues);
  if (problem !== undefined) fail(code, problem);
  return value as unknown as RecordBody;
}

export function encodeEvent(event: ChangeEvent | AccessEvent): string {
  return canonicalize(event as unknown as Canonical);
}
