import { fail } from "./errors.js";
import { parseInstant, type Instant } from "./instant.js";
import { recordId, type Mark, type Version } from "./record.js";
import type { SecretFile, VersionGroup } from "./secret-file.js";

export type VersionState = "pending" | "current" | "grace" | "expired" | "revoked" | "pruned" | "aborted";

/** What the records of one file say about a version at one moment. */
export interface VersionStatus {
  readonly group: VersionGroup;
  readonly id: string;
  readonly vid: string;
  /** 1 + the activated versions before it on the longest path; undefined while pending or aborted. */
  readonly number: number | undefined;
  readonly state: VersionState;
  /** The activated version that no other one replaces, whatever its state; more than one is a fork. */
  readonly latest: boolean;
  readonly expires: Instant | undefined;
  /** Until when a replaced version stays valid; undefined for the latest, or while only a resolve follows. */
  readonly graceUntil: Instant | undefined;
}

interface Node {
  readonly id: string;
  readonly prev: readonly string[];
  readonly version: Version | undefined;
}

/** Versions oldest first, with number and state derived from `prev`, marks and the time (docs/format.md, States). Throws `secret/corrupt` for a dangling `prev`. */
export function deriveVersions(file: SecretFile, now: Instant): readonly VersionStatus[] {
  const graph = graphOf(file);
  const order = topological(graph);
  const activated = new Set(file.groups.filter(isActivated).map(({ version }) => recordId(version)));
  const numbers = numberOf(order, activated);
  const covered = coveredBy(order, activated);
  const graces = graceOf(order, activated);
  const place = new Map(order.map((node, at) => [node.id, at]));
  return file.groups
    .map((group) => {
      const id = recordId(group.version);
      const live = activated.has(id);
      const latest = live && !covered.has(id);
      const expires = expiryOf(group, graph);
      const graceUntil = graces.get(id);
      const facts = { live, latest, expires, graceUntil, now };
      return {
        group,
        id,
        vid: group.version.vid,
        number: live ? numbers.get(id) : undefined,
        state: stateOf(group, facts),
        latest,
        expires,
        graceUntil,
      };
    })
    .toSorted((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
}

/** The latest versions: one, or several in a fork, or none while all are pending. */
export function latestOf(versions: readonly VersionStatus[]): readonly VersionStatus[] {
  return versions.filter(({ latest }) => latest);
}

/** Ids of the version and mark records that no other one names: what the next record's `prev` must hold, sorted. */
export function maximalRecords(file: SecretFile): readonly string[] {
  const graph = graphOf(file);
  const named = new Set([...graph.values()].flatMap(({ prev }) => prev));
  return [...graph.keys()].filter((id) => !named.has(id)).toSorted();
}

const graphs = new WeakMap<SecretFile, ReadonlyMap<string, Node>>();

function graphOf(file: SecretFile): ReadonlyMap<string, Node> {
  const known = graphs.get(file) ?? makeGraph(file);
  graphs.set(file, known);
  return known;
}

function makeGraph(file: SecretFile): ReadonlyMap<string, Node> {
  const graph = new Map<string, Node>();
  for (const { marks, version } of file.groups) {
    for (const record of [version, ...marks]) {
      const id = recordId(record);
      if (graph.has(id)) fail("secret/corrupt", "a record stands twice in the file");
      graph.set(id, { id, prev: record.prev, version: record.kind === "version" ? record : undefined });
    }
  }
  for (const { prev } of graph.values())
    if (!prev.every((id) => graph.has(id)))
      fail("secret/corrupt", "a record that a later one names in prev is missing from the file", {
        hint: "a version or a revocation was edited or dropped, e.g. by a cherry-pick: restore the file from history",
      });
  return graph;
}

// Ids are hashes of what holds them, so there can be no cycle; the order is made without recursion because files may be long.
function topological(graph: ReadonlyMap<string, Node>): readonly Node[] {
  const waiting = new Map([...graph.values()].map((node) => [node.id, node.prev.length]));
  const users = usersOf(graph);
  const ready = [...graph.values()].filter((node) => node.prev.length === 0);
  const order: Node[] = [];
  for (let node = ready.shift(); node !== undefined; node = ready.shift()) {
    order.push(node);
    for (const user of users.get(node.id) ?? []) {
      const left = (waiting.get(user.id) ?? 0) - 1;
      waiting.set(user.id, left);
      if (left === 0) ready.push(user);
    }
  }
  return order;
}

function usersOf(graph: ReadonlyMap<string, Node>): ReadonlyMap<string, readonly Node[]> {
  const users = new Map<string, Node[]>();
  for (const node of graph.values())
    for (const id of node.prev) {
      const list = users.get(id);
      if (list) list.push(node);
      else users.set(id, [node]);
    }
  return users;
}

function isActivated({ marks, version }: VersionGroup): boolean {
  if (marks.some(({ mark }) => mark === "abort")) return false;
  return version.op !== "stage" || marks.some(({ mark }) => mark === "activate");
}

function numberOf(order: readonly Node[], activated: ReadonlySet<string>): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const node of order) {
    const before = node.prev.map((id) => (numbers.get(id) ?? 1) + (activated.has(id) ? 1 : 0));
    numbers.set(node.id, Math.max(1, ...before));
  }
  return numbers;
}

// Everything in the past of an activated version.
function coveredBy(order: readonly Node[], activated: ReadonlySet<string>): ReadonlySet<string> {
  const covered = new Set<string>();
  for (const node of order.toReversed())
    if (activated.has(node.id) || covered.has(node.id)) for (const id of node.prev) covered.add(id);
  return covered;
}

// The earliest grace of the activated versions that directly follow. A resolve starts no clock: what follows it counts instead.
function graceOf(order: readonly Node[], activated: ReadonlySet<string>): ReadonlyMap<string, Instant> {
  const graces = new Map<string, Instant>();
  const lower = (id: string, grace: Instant | undefined): void => {
    if (grace !== undefined) graces.set(id, Math.min(grace, graces.get(id) ?? Number.MAX_SAFE_INTEGER));
  };
  for (const node of order.toReversed()) {
    const grace = node.version?.grace;
    const starts = activated.has(node.id) && node.version?.op !== "resolve" && grace !== undefined;
    const passed = starts ? parseInstant(grace, "secret/malformed") : graces.get(node.id);
    for (const id of node.prev) lower(id, passed);
  }
  return graces;
}

// The marks that no later expiry mark of the same version has seen; of several, the earliest end wins.
function expiryOf(group: VersionGroup, graph: ReadonlyMap<string, Node>): Instant | undefined {
  const marks = group.marks.filter(({ mark }) => mark === "expires");
  const past = pastOf(marks, graph);
  const ends = marks.filter((mark) => !past.has(recordId(mark))).map(({ expires }) => endOf(expires));
  return ends.length > 0 ? ends.reduce(earlier) : endOf(group.version.expires);
}

function endOf(text: string | undefined): Instant | undefined {
  return text === undefined || text === "never" ? undefined : parseInstant(text, "secret/malformed");
}

function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}

function pastOf(marks: readonly Mark[], graph: ReadonlyMap<string, Node>): ReadonlySet<string> {
  const past = new Set(marks.flatMap(({ prev }) => prev));
  // A set that grows while it is walked is walked to its end.
  for (const id of past) for (const before of graph.get(id)?.prev ?? []) past.add(before);
  return past;
}

interface StateFacts {
  readonly live: boolean;
  readonly latest: boolean;
  readonly expires: Instant | undefined;
  readonly graceUntil: Instant | undefined;
  readonly now: Instant;
}

function stateOf({ marks }: VersionGroup, { live, latest, expires, graceUntil, now }: StateFacts): VersionState {
  const has = (kind: Mark["mark"]): boolean => marks.some(({ mark }) => mark === kind);
  if (has("prune")) return "pruned";
  if (has("revoke")) return "revoked";
  if (has("abort")) return "aborted";
  if (!live) return "pending";
  if (expires !== undefined && expires <= now) return "expired";
  if (latest) return "current";
  return graceUntil !== undefined && graceUntil <= now ? "expired" : "grace";
}
