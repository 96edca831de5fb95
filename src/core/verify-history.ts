import type { ChangeEvent } from "./event.js";
import { createFinding, type Finding, type FindingCode, type Place, type Report } from "./finding.js";
import { compareSegments, type Fold, type FoldedRecord, type FoldedTake, type SegmentOrigin } from "./fold.js";
import { covers, hasRole, type Member, type Scope } from "./member.js";
import { changeRules } from "./policy.js";
import type { Meta } from "./record.js";
import { segmentPath, type SegmentHeader } from "./segment.js";
import { findRoot, type TrustChain } from "./trust-chain.js";

/**
 * Level 5, what events do to each other's records: nothing is taken that was never there or belongs to another secret,
 * what must not be taken stays, and whoever changes or replaces something has the right for what was there before.
 */
export function verifyHistory(fold: Fold, chain: TrustChain, report: Report): void {
  judgeHistory(
    openHistory(fold, (origin) => findMember(origin, chain), report),
    [...fold.added.values()],
    fold.taken,
  );
}

/** What the signer of a segment may do is said by the member that this answers; undefined when it is none, which is said elsewhere. */
export type MemberOf = (origin: SegmentOrigin) => Member | undefined;

/**
 * As {@link verifyHistory} for what some segments do, by the rights of another root than the one they name: a base's, which the
 * change under review cannot have made. The journal may hold more than was there then.
 */
export function openRightsCheck(
  fold: Fold,
): (segments: ReadonlySet<string>, memberOf: MemberOf, report: Report) => void {
  const context = openHistory(
    fold,
    () => undefined,
    () => {},
  );
  const added = bySegment(fold.added.values());
  const taken = new Map<string, [string, FoldedTake][]>();
  for (const [id, takes] of fold.taken)
    for (const take of takes) {
      const list = taken.get(take.segment.id);
      if (list) list.push([id, take]);
      else taken.set(take.segment.id, [[id, take]]);
    }
  return (segments, memberOf, report) => {
    const rights = new Set<FindingCode>(["role", "scope"]);
    const history = { ...context, memberOf, report: (one: Finding) => rights.has(one.code) && report(one) };
    for (const id of segments)
      judgeHistory(
        history,
        added.get(id) ?? [],
        (taken.get(id) ?? []).map(([record, take]) => [record, [take]] as const),
      );
  };
}

function bySegment(records: Iterable<FoldedRecord>): ReadonlyMap<string, readonly FoldedRecord[]> {
  const found = new Map<string, FoldedRecord[]>();
  for (const record of records) {
    const list = found.get(record.segment.id);
    if (list) list.push(record);
    else found.set(record.segment.id, [record]);
  }
  return found;
}

function openHistory(fold: Fold, memberOf: MemberOf, report: Report): History {
  return {
    fold,
    memberOf,
    report,
    scopes: scopesBySid(fold),
    deletions: deletionsBySid(fold),
    takenBy: takenByChange(fold),
    addedBy: addedByChange(fold),
  };
}

function judgeHistory(
  history: History,
  added: readonly FoldedRecord[],
  taken: Iterable<readonly [string, readonly FoldedTake[]]>,
): void {
  for (const [id, takes] of taken) for (const take of takes) verifyTake(id, take, history);
  const vids = new Map<string, string>();
  for (const record of added.toSorted(compareRecords)) verifyAdded(record, vids, history);
}

interface History {
  readonly fold: Fold;
  readonly memberOf: MemberOf;
  readonly report: Report;
  /** Every scope that a meta ever gave a secret. */
  readonly scopes: ReadonlyMap<string, ReadonlySet<Scope>>;
  /** The first segment that deleted a secret. */
  readonly deletions: ReadonlyMap<string, SegmentOrigin>;
  /** Ids that a change takes. */
  readonly takenBy: ReadonlyMap<string, readonly string[]>;
  /** `<kind> <vid>` of what a change adds. */
  readonly addedBy: ReadonlyMap<string, ReadonlySet<string>>;
}

type Origin = Pick<FoldedTake, "event" | "segment">;

function compareRecords(a: FoldedRecord, b: FoldedRecord): number {
  return compareSegments(a.segment, b.segment) || a.event.i - b.event.i || (a.id < b.id ? -1 : 1);
}

function scopesBySid(fold: Fold): ReadonlyMap<string, ReadonlySet<Scope>> {
  const scopes = new Map<string, Set<Scope>>();
  for (const { body, sid } of fold.added.values())
    if (body.kind === "meta") scopes.set(sid, (scopes.get(sid) ?? new Set()).add(body.scope));
  return scopes;
}

// What is too long for one line is written as several events of one command, even over several segments. All of this is signed.
function changeKey({ event, segment: { header } }: Origin): string {
  const known = changeKeys.get(event);
  if (known?.header === header) return known.key;
  const key = `${header.key} ${header.at} ${event.req} ${event.sid} ${event.action}`;
  changeKeys.set(event, { header, key });
  return key;
}

// Each event is asked for its key several times, and a text is quicker found in a map when it is the same object.
const changeKeys = new WeakMap<ChangeEvent, { readonly header: SegmentHeader; readonly key: string }>();

function addedByChange(fold: Fold): ReadonlyMap<string, ReadonlySet<string>> {
  const added = new Map<string, Set<string>>();
  for (const record of fold.added.values())
    if ("vid" in record.body) {
      const key = changeKey(record);
      added.set(key, (added.get(key) ?? new Set()).add(`${record.body.kind} ${record.body.vid}`));
    }
  return added;
}

function takenByChange(fold: Fold): ReadonlyMap<string, readonly string[]> {
  const taken = new Map<string, string[]>();
  for (const [id, takes] of fold.taken)
    for (const take of takes) {
      const list = taken.get(changeKey(take));
      if (list) list.push(id);
      else taken.set(changeKey(take), [id]);
    }
  return taken;
}

function say(origin: Origin, code: FindingCode, message: string, { report }: History): void {
  const { event, segment } = origin;
  const place: Place = { path: segmentPath(segment.header, segment.id), name: event.name };
  report(createFinding(code, `event ${event.i} (${event.action}): ${message}`, place));
}

/** Undefined when the signer is unknown, which has been reported with the segment. */
function findMember({ header }: SegmentOrigin, chain: TrustChain): Member | undefined {
  return findRoot(chain, header.trust)?.signers.get(header.key)?.member;
}

function verifyTake(id: string, take: FoldedTake, history: History): void {
  const { fold } = history;
  const record = fold.added.get(id);
  if (!record) return say(take, "take-unknown", "takes a record away that no event added", history);
  if (record.sid !== take.event.sid) return say(take, "take-foreign", "takes a record of another secret away", history);
  const { body } = record;
  if (!changeRules[take.event.action].takes.includes(body.kind))
    say(take, "take-kind", `may not take a ${body.kind} away`, history);
  // Versions and marks never change: else a revocation could be taken back by calling that a resolution. Only all go, or none.
  const isImmutable = body.kind === "version" || body.kind === "mark";
  if (isImmutable && fold.present.has(record.sid))
    say(take, "take-immutable", `takes a ${body.kind} away, and other records of the secret stay`, history);
  const member = history.memberOf(take.segment);
  const scopes: Iterable<Scope> = "scope" in body ? [body.scope] : (history.scopes.get(record.sid) ?? []);
  if (member && ![...scopes].some((scope) => covers(member, scope, record.name)))
    say(
      take,
      "scope",
      `the scopes of ${member.id} do not cover ${[...scopes].join(", ")}, which the ${body.kind} it takes away has`,
      history,
    );
}

function verifyAdded(record: FoldedRecord, vids: Map<string, string>, history: History): void {
  const { body, sid, name } = record;
  const member = history.memberOf(record.segment);
  const scopes = history.scopes.get(sid);
  if (!scopes) return say(record, "sid", "no metadata was ever written for the secret", history);
  if (body.kind === "meta") return verifyMeta(record, body, member, history);
  if (body.kind === "seal") {
    if (!scopes.has(body.scope)) say(record, "scope", `seals for ${body.scope}, which the secret never was`, history);
    return verifyReseal(record, body, member, history);
  }
  if (member && ![...scopes].some((scope) => covers(member, scope, name)))
    say(record, "scope", `the scopes of ${member.id} do not cover the secret`, history);
  if (body.kind === "version") verifyVersion(record, body, vids, history);
}

function verifyVersion(
  record: FoldedRecord,
  body: { readonly vid: string },
  vids: Map<string, string>,
  history: History,
): void {
  if (!history.addedBy.get(changeKey(record))?.has(`seal ${body.vid}`))
    say(record, "event-record", "adds a version without its seal", history);
  const key = `${record.sid} ${body.vid}`;
  if (vids.has(key)) say(record, "vid", "gives a version an id that another one of the secret has", history);
  vids.set(key, record.id);
}

// Who seals an existing version anew could seal another value, and nobody without a key would see it. So that is for
// maintainers, whatever the event is called; only who may change the scope seals for the new one with it.
function verifyReseal(
  record: FoldedRecord,
  seal: { readonly vid: string; readonly scope: Scope },
  member: Member | undefined,
  history: History,
): void {
  const change = changeKey(record);
  if (!member || history.addedBy.get(change)?.has(`version ${seal.vid}`)) return;
  const replaced = (history.takenBy.get(change) ?? []).flatMap((id) => {
    const body = history.fold.added.get(id)?.body;
    return body?.kind === "seal" && body.vid === seal.vid ? [body] : [];
  });
  if (replaced.length === 0) say(record, "reseal", "seals a version anew without taking its seal away", history);
  const isMoved = replaced.every(({ scope }) => scope !== seal.scope);
  if (!isMoved && !hasRole(member, "maintain"))
    say(
      record,
      "role",
      `${member.id} has only the role ${member.role}; sealing an existing version anew needs maintain`,
      history,
    );
}

function verifyMeta(
  record: FoldedRecord,
  meta: Pick<Meta, "prev">,
  member: Member | undefined,
  history: History,
): void {
  const metas = (history.takenBy.get(changeKey(record)) ?? [])
    .filter((id) => history.fold.added.get(id)?.body.kind === "meta")
    .toSorted();
  if (metas.length !== meta.prev.length || !metas.every((id, at) => id === meta.prev[at]))
    say(record, "meta-prev", "the metadata it takes away is not what the new metadata names in prev", history);
  if (meta.prev.length === 0) verifyCreation(record, member, history);
}

// Deleting and creating again would otherwise be a way round the rights that changing the scope asks for.
function verifyCreation(record: FoldedRecord, member: Member | undefined, history: History): void {
  const { fold } = history;
  const { over } = record.event;
  const before = (fold.sidsOf.get(record.name) ?? []).filter((sid) => sid !== record.sid);
  if (over === undefined) {
    // Two branches may create one name side by side, and nobody could know; but a deletion before it could be seen.
    if (before.some((sid) => wasDeleted(sid, record, history)))
      say(record, "over-unnamed", "creates a name that another secret held before, and does not say so", history);
    return;
  }
  if (!before.includes(over)) return say(record, "over-unknown", "names a secret that never held the name", history);
  const old = history.scopes.get(over) ?? new Set<Scope>();
  const lacking = member ? [...old].filter((scope) => !covers(member, scope, record.name)) : [];
  if (lacking.length > 0)
    say(
      record,
      "scope",
      `the scopes of ${member?.id ?? ""} do not cover ${lacking.join(", ")}, which the secret before it had`,
      history,
    );
}

function wasDeleted(sid: string, record: FoldedRecord, { deletions }: History): boolean {
  const deletion = deletions.get(sid);
  return deletion !== undefined && compareSegments(deletion, record.segment) < 0;
}

function deletionsBySid(fold: Fold): ReadonlyMap<string, SegmentOrigin> {
  const deletions = new Map<string, SegmentOrigin>();
  for (const takes of fold.taken.values())
    for (const { event, segment } of takes) {
      if (event.action !== "delete") continue;
      const first = deletions.get(event.sid);
      if (!first || compareSegments(segment, first) < 0) deletions.set(event.sid, segment);
    }
  return deletions;
}
