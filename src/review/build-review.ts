import { describeConfig } from "./config-changes.js";
import type { PolicyChange, Remark, ReviewDocument, SecretChange } from "./document.js";
import type { ReviewFacts } from "./facts.js";
import { describeMembers } from "./member-changes.js";
import { createRemark, rankOf, remarkOfFinding, remarkOfLeak, sortRemarks } from "./remark.js";
import { describeChange } from "./secret-change.js";
import { eventsByName, type SecretEvent } from "./secret-events.js";

/** Makes the review of a change out of its facts. The same facts give the same document, whoever asks: hook, CI or a person. */
export function buildReview(facts: ReviewFacts): ReviewDocument {
  const found = (facts.findings ?? []).map(remarkOfFinding);
  const events = eventsByName(facts.segments);
  const changes = describeChanges(facts, events, found);
  const changed = new Set(facts.secrets.map(({ path }) => path));
  const names = new Set(facts.secrets.map(({ name }) => name));
  const others = found.filter(({ name, path }) => !isAbout(name, path, names, changed));
  const members = describeMembers(facts.base.chain, facts.head.chain, facts.rootSigners);
  const config = describeConfig(facts.config, facts.secrets.length > 0);
  const remarks = sortRemarks([
    ...changes.flatMap((change) => change.remarks),
    ...others,
    ...members.remarks,
    ...config.remarks,
    ...facts.ignores.added.map((path) =>
      createRemark("ignore-added", "a finding of the scanner is accepted", { path }),
    ),
    ...facts.leaks.map(remarkOfLeak),
  ]);
  return {
    schema: 1,
    base: facts.base.commit,
    head: facts.head.commit,
    from: facts.from,
    exit: exitOf(remarks, facts.incomplete),
    changes,
    policy: [...members.changes, ...config.changes, ...ignoresOf(facts)],
    journal: {
      events: facts.segments.reduce((sum, { events: list }) => sum + list.length, 0),
      readSegments: facts.readSegments,
      state: journalState(facts),
    },
    isOpened: facts.values !== undefined,
    leaks: facts.leaks,
    remarks,
    incomplete: facts.incomplete,
  };
}

function describeChanges(
  { secrets, now, base, head, values }: ReviewFacts,
  events: ReadonlyMap<string, readonly SecretEvent[]>,
  found: readonly Remark[],
): readonly SecretChange[] {
  const valueOf = new Map(values?.map((value) => [value.name, value]));
  const byPlace = new Map<string, Remark[]>();
  for (const remark of found)
    for (const place of new Set([remark.name, remark.path]))
      if (place !== undefined) byPlace.set(place, [...(byPlace.get(place) ?? []), remark]);
  const changes = secrets.map((fact) =>
    describeChange(fact, {
      now,
      chains: [base.chain, head.chain],
      events: events.get(fact.name) ?? [],
      found: [...new Set([...(byPlace.get(fact.name) ?? []), ...(byPlace.get(fact.path) ?? [])])],
      value: valueOf.get(fact.name),
    }),
  );
  return changes.toSorted((a, b) => rankOf(a.remarks) - rankOf(b.remarks) || (a.name < b.name ? -1 : 1));
}

function isAbout(
  name: string | undefined,
  path: string | undefined,
  names: ReadonlySet<string>,
  paths: ReadonlySet<string>,
): boolean {
  return (name !== undefined && names.has(name)) || (path !== undefined && paths.has(path));
}

function exitOf(remarks: readonly Remark[], incomplete: readonly string[]): ReviewDocument["exit"] {
  if (incomplete.length > 0) return 8;
  if (remarks.some(({ level }) => level === "error")) return 5;
  return remarks.some(({ level }) => level === "block") ? 1 : 0;
}

function journalState({ findings, incomplete }: ReviewFacts): ReviewDocument["journal"]["state"] {
  if (findings?.some(({ severity }) => severity === "error") === true) return "broken";
  return findings === undefined || incomplete.length > 0 ? "unverified" : "intact";
}

function ignoresOf({ ignores }: ReviewFacts): readonly PolicyChange[] {
  return [
    ...ignores.added.map((path) => ({ area: "ignores", what: `${path} is added` }) as const),
    ...ignores.removed.map((path) => ({ area: "ignores", what: `${path} is taken away` }) as const),
  ];
}
