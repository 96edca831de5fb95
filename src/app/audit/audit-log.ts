import { parseDuration } from "../../core/duration.js";
import { fail } from "../../core/errors.js";
import type { AccessEvent, ChangeEvent, Claims } from "../../core/event.js";
import { parseInstant, type Instant } from "../../core/instant.js";
import type { SecretName } from "../../core/name.js";
import { accessActions, changeActions, type SegmentClass } from "../../core/event.js";
import type { TrustChain } from "../../core/trust-chain.js";
import type { Segment } from "../../core/segment.js";
import { listDays, listSegments, readSegment } from "../../store/journal.js";
import { listSecretNames } from "../../store/secrets.js";
import { readSpooled } from "./access-log.js";
import type { Deps } from "../deps.js";
import { findKnownName } from "./journal-names.js";
import { checkSegment, signerOf } from "./journal-read.js";
import { failNoFile, parseKnownName } from "../known-names.js";
import { openSession, type Session } from "../session.js";
import { findSettings } from "../config/find-settings.js";
import type { AuditAccess } from "../../providers/config.js";

export interface AuditInput {
  /** All secrets when absent. */
  readonly name?: string | undefined;
  readonly limit?: string | undefined;
  readonly failedOnly?: boolean;
  /** A duration back from now, or a date. */
  readonly since?: string | undefined;
  /** A member's id or a claimed name. */
  readonly accessor?: string | undefined;
  readonly action?: string | undefined;
}

export interface AuditEntry {
  readonly at: Instant;
  /** `claimed (member)`, the member alone, or `unknown` when no member's key was at hand. */
  readonly accessor: string;
  /** The verified member; undefined for reads that are not sealed and for attempts without an identity. */
  readonly member: string | undefined;
  readonly claims: Claims;
  readonly action: string;
  readonly isSuccess: boolean;
  /** Empty for a failed attempt that reached none. */
  readonly provider: string;
  /** Empty for an attempt at a name that is no secret's, and for events about members and settings. */
  readonly name: string;
  /** Why an attempt failed, as an error code; or the reason of a change. */
  readonly note: string | undefined;
  readonly isSealed: boolean;
}

export interface AuditResult {
  readonly name: SecretName | undefined;
  readonly limit: number;
  /** Newest first, at most `limit`. */
  readonly entries: readonly AuditEntry[];
  /** Over everything that matches, not only what is shown. */
  readonly total: number;
  readonly failed: number;
  readonly mostFrequent: { readonly accessor: string; readonly count: number } | undefined;
  readonly lastRotation: Instant | undefined;
  readonly unsealed: number;
  /** Where reads go by the config: only with `sealed` does anything seal them. */
  readonly reads: AuditAccess;
}

/** The journal as a person reads it: changes, sealed reads and reads still in the spool. Every signature is checked. Throws `journal/*`. */
export function readAudit(deps: Deps, input: AuditInput): AuditResult {
  const limit = parseLimit(input.limit);
  const session = openSession(deps, "read");
  const name = input.name === undefined ? undefined : parseAuditedName(session, input.name);
  const matches = parseFilter(deps, input);
  const all = [
    ...changesOf(session, name),
    ...sealedReads(session, name),
    ...spooledReads(session, name),
    ...rootChanges(session, name),
  ];
  const unique = [...new Map(all.map((entry) => [entry.key, entry])).values()].toSorted((a, b) => b.at - a.at);
  const entries: readonly AuditEntry[] = unique.map(({ key: _key, ...entry }) => entry).filter(matches);
  return {
    name,
    limit,
    entries: entries.slice(0, limit),
    total: entries.length,
    failed: entries.filter(({ isSuccess }) => !isSuccess).length,
    mostFrequent: mostFrequent(entries),
    lastRotation: unique.find(({ action }) => rotating.has(action))?.at,
    unsealed: entries.filter(({ isSealed }) => !isSealed).length,
    reads: findSettings(session).audit.access,
  };
}

const rotating: ReadonlySet<string> = new Set(["set", "rotate", "restore", "activate"]);

function parseLimit(text: string | undefined): number {
  if (text === undefined) return 50;
  return /^[1-9][0-9]{0,6}$/.test(text) ? Number(text) : fail("usage/invalid", "--limit is a number from 1");
}

/**
 * A name that has a file, or that the journal knows: a deleted secret keeps its journal. So does one that another provider has
 * answered for. Throws `secret/not-found` for any other.
 */
export function parseAuditedName(session: Session, text: string): SecretName {
  const name = parseKnownName(session, text);
  const isOurs = listSecretNames(session.disk, session.workTree).includes(name) || findKnownName(session, name);
  if (!isOurs && [...spooledReads(session, name), ...sealedReads(session, name)].length === 0)
    failNoFile(session, name);
  return name;
}

function parseFilter(deps: Deps, input: AuditInput): (entry: AuditEntry) => boolean {
  const since =
    input.since === undefined
      ? undefined
      : /^\d{4}-/.test(input.since)
        ? Date.parse(input.since)
        : deps.now() - parseDuration(input.since);
  if (Number.isNaN(since)) fail("usage/invalid", "--since is a duration such as 7d, or a date");
  const { action, accessor } = input;
  const actions: readonly string[] = [...changeActions, ...accessActions];
  if (action !== undefined && !actions.includes(action))
    fail("usage/invalid", `--action is one of ${actions.join(", ")}`);
  return (entry) =>
    (!input.failedOnly || !entry.isSuccess) &&
    (since === undefined || entry.at >= since) &&
    (action === undefined || entry.action === action || (action === "denied" && !entry.isSuccess)) &&
    (accessor === undefined ||
      entry.member === accessor ||
      entry.claims["agent"] === accessor ||
      entry.accessor === accessor);
}

type Keyed = AuditEntry & { readonly key: string };

/** The segments of a class that name a secret (all without one), newest day first, each verified. */
export function* segmentsNaming(session: Session, of: SegmentClass, name: string | undefined): Generator<Segment> {
  const wanted = name === undefined ? undefined : Buffer.from(`"name":"${name}"`);
  for (const day of listDays(session.disk, session.workTree, of))
    for (const path of listSegments(session.disk, session.workTree, of, day)) {
      const bytes = readSegment(session.disk, session.workTree, path);
      // Signatures cost the most, so segments that do not name the secret at all are passed over unread.
      if (
        bytes &&
        (wanted === undefined || Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(wanted))
      )
        yield checkSegment(bytes, path, session.chain);
    }
}

function* changesOf(session: Session, name: string | undefined): Generator<Keyed> {
  for (const segment of segmentsNaming(session, "change", name)) {
    if (segment.class !== "change") continue;
    const member = signerOf(segment, session.chain).member.id;
    const seen = new Set<string>();
    for (const event of segment.events) {
      const key = `change ${event.req} ${event.name} ${event.action}`;
      if ((name === undefined || event.name === name) && !seen.has(key)) yield changeEntry(segment, event, member, key);
      seen.add(key);
    }
  }
}

function changeEntry({ header }: Segment, event: ChangeEvent, member: string, key: string): Keyed {
  const reason =
    event.reason ??
    event.recs
      .map((body) => (body.kind === "version" || body.kind === "mark" ? body.reason : undefined))
      .find((text) => text !== undefined);
  return {
    key,
    at: parseInstant(header.at, "journal/malformed"),
    accessor: accessorOf(header.claims, member),
    member,
    claims: header.claims,
    action: event.action,
    isSuccess: true,
    provider: event.provider,
    name: event.name,
    note: reason,
    isSealed: true,
  };
}

function* sealedReads(session: Session, name: string | undefined): Generator<Keyed> {
  for (const segment of segmentsNaming(session, "access", name)) {
    if (segment.class !== "access") continue;
    const member = signerOf(segment, session.chain).member.id;
    for (const event of segment.events)
      if (name === undefined || event.name === name) yield accessEntry(event, member, true);
  }
}

function* spooledReads(session: Session, name: string | undefined): Generator<Keyed> {
  for (const { record } of readSpooled(session)) {
    // A spool file is the user's own and unsigned: its key says who would sign it, and nothing more.
    const member = record ? session.chain.latest.signers.get(record.key)?.member.id : undefined;
    for (const event of record?.events ?? [])
      if (name === undefined || event.name === name) yield accessEntry(event, member, false);
  }
}

function accessEntry(event: Omit<AccessEvent, "i">, member: string | undefined, isSealed: boolean): Keyed {
  return {
    key: `access ${event.req} ${event.name} ${event.vid} ${event.action}`,
    at: parseInstant(event.at, "journal/malformed"),
    accessor: accessorOf(event.claims, member),
    member,
    claims: event.claims,
    action: event.of ?? event.action,
    isSuccess: event.action !== "denied",
    provider: event.action === "denied" ? "" : event.provider,
    name: event.name,
    note: event.code,
    isSealed,
  };
}

// Members are added by trust roots, which are their own signed log; the whole journal shows them too.
function* rootChanges(session: Session, name: string | undefined): Generator<Keyed> {
  if (name !== undefined) return;
  for (const { root, ref } of session.chain.roots) {
    const before = session.chain.roots[root.n - 2]?.root.members ?? [];
    const gained = root.members.filter(({ id }) => !before.some((member) => member.id === id)).map(({ id }) => id);
    const by = adminOf(session.chain, root.n);
    yield {
      key: `root ${ref}`,
      at: parseInstant(root.at, "trust/malformed"),
      accessor: by,
      member: by,
      claims: {},
      action: "trust",
      isSuccess: true,
      provider: "",
      name: "",
      note: gained.length > 0 ? `root ${root.n}: +${gained.join(", +")}` : `root ${root.n}`,
      isSealed: true,
    };
  }
}

// With one admin it is that one; with several the signatures beside the root tell, and the list names all who could.
function adminOf(chain: TrustChain, n: number): string {
  const root = chain.roots[Math.max(0, n - 2)]?.root;
  return (
    root?.members
      .filter(({ role }) => role === "admin")
      .map(({ id }) => id)
      .join(", ") ?? ""
  );
}

function accessorOf(claims: Claims, member: string | undefined): string {
  const claimed = claims["agent"];
  if (member === undefined) return claimed === undefined ? "unknown" : `${claimed} (unknown)`;
  return claimed === undefined ? member : `${claimed} (${member})`;
}

function mostFrequent(entries: readonly AuditEntry[]): AuditResult["mostFrequent"] {
  const counts = new Map<string, number>();
  for (const { accessor } of entries) counts.set(accessor, (counts.get(accessor) ?? 0) + 1);
  const [first] = [...counts].toSorted(([, a], [, b]) => b - a);
  return first && { accessor: first[0], count: first[1] };
}
