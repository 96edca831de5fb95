import { formatInstant, type Instant } from "../core/instant.js";
import type { TrustChain } from "../core/trust-chain.js";
import { kindOf } from "./change-kind.js";
import type { Pair, Remark, SecretChange, Stage } from "./document.js";
import type { SecretFact, ValueFact } from "./facts.js";
import { judgeSecret } from "./judge-secret.js";
import { findKnowers } from "./known-by.js";
import { createRemark, sortRemarks } from "./remark.js";
import { memberOf, reasonsOf, writersOf, type SecretEvent } from "./secret-events.js";
import { endOf, numbersOf, readersNow, stateOf, type SecretState } from "./secret-state.js";

export interface ChangeContext {
  readonly now: Instant;
  /** Those that may say whose a key is, base's first. */
  readonly chains: readonly (TrustChain | undefined)[];
  readonly events: readonly SecretEvent[];
  /** What the verifier said of this secret. */
  readonly found: readonly Remark[];
  readonly value: ValueFact | undefined;
}

/** One changed secret, with all that the two sides and the journal say of it, judged. */
export function describeChange(fact: SecretFact, context: ChangeContext): SecretChange {
  const { now, events, found } = context;
  const [left, right] = [stateOf(fact.base, now), stateOf(fact.head, now)];
  const base = left === "unreadable" ? undefined : left;
  // Of what cannot be read nothing is told, least of all that it is gone.
  const head = right === "unreadable" ? base : right;
  const [why] = reasonsOf(events);
  const change: Omit<SecretChange, "remarks"> = {
    name: fact.name,
    path: fact.path,
    ...(right === "unreadable" ? { kind: "unreadable", also: [] } : kindOf(base, head)),
    version: { from: numbersOf(base?.latest ?? []), to: numbersOf(head?.latest ?? []) },
    stages: stagesOf(base, head),
    who: events.length > 0 ? writersOf(events, context.chains) : writersOfRecords(base, head, context),
    why,
    at: events.at(-1)?.header.at,
    expires: pairOf(base, head, (state) => showEnd(endOf(state))),
    readers: { ...readersOf(base, head), stillKnow: findKnowers(base, head, events) },
    scope: pairOf(base, head, (state) => state?.meta?.scope),
    tags: pairOf(base, head, (state) => state?.meta?.tags ?? []),
    owner: pairOf(base, head, (state) => state?.meta?.owner),
    class: pairOf(base, head, (state) => state?.meta?.class),
    rotateEvery: pairOf(base, head, (state) => state?.meta?.["rotate-every"]),
    value: context.value,
    events: events.length,
  };
  const own = right === "unreadable" ? [unreadable(fact)] : judgeSecret({ change, base, head, now });
  return { ...change, remarks: sortRemarks([...found, ...own]) };
}

function unreadable({ name, path, head }: SecretFact): Remark {
  const why = head.kind === "unreadable" ? head.why : "its records do not fit together";
  return createRemark("unreadable", `the file is not readable: ${why}`, { name, path });
}

function pairOf<T>(
  base: SecretState | undefined,
  head: SecretState | undefined,
  read: (state: SecretState | undefined) => T,
): Pair<T> {
  return { from: read(base), to: read(head) };
}

function showEnd(end: Instant | undefined): string | undefined {
  return end === undefined ? undefined : formatInstant(end);
}

function readersOf(
  base: SecretState | undefined,
  head: SecretState | undefined,
): Pick<SecretChange["readers"], "now" | "gained" | "lost"> {
  const [before, now] = [readersNow(base), readersNow(head)];
  return {
    now,
    gained: now.filter((reader) => !before.includes(reader)),
    lost: before.filter((reader) => !now.includes(reader)),
  };
}

function stagesOf(base: SecretState | undefined, head: SecretState | undefined): readonly Stage[] {
  const before = new Map(base?.versions.map((status) => [status.vid, status]));
  const after = new Map(head?.versions.map((status) => [status.vid, status]));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((vid): Stage[] => {
    const [from, to] = [before.get(vid), after.get(vid)];
    if (from?.state === to?.state) return [];
    const until = to?.state === "grace" ? showEnd(to.graceUntil) : undefined;
    return [{ version: to?.number ?? from?.number, vid, from: from?.state, to: to?.state, until }];
  });
}

// Without an event, which is an error of its own, the records still say whose key signed them.
function writersOfRecords(
  base: SecretState | undefined,
  head: SecretState | undefined,
  { chains }: ChangeContext,
): SecretChange["who"] {
  const fresh = head?.file.groups.flatMap(({ seal, version, marks }) => [seal, version, ...marks]) ?? [];
  const metas = head?.file.metas ?? [];
  const old = new Set(
    base?.file.groups.flatMap(({ seal, version, marks }) => [seal.sig, version.sig, ...marks.map(({ sig }) => sig)]),
  );
  for (const { sig } of base?.file.metas ?? []) old.add(sig);
  const records = [...metas, ...fresh].filter(({ sig }) => !old.has(sig));
  return [
    ...new Map(
      records.map(({ by, trust }) => [by, { member: memberOf(trust, by, chains), key: by, claimed: undefined }]),
    ).values(),
  ];
}
