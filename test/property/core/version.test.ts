import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatInstant } from "../../../src/core/instant.js";
import { recordId, type Mark, type Seal, type Version } from "../../../src/core/record.js";
import type { SecretFile, VersionGroup } from "../../../src/core/secret-file.js";
import { deriveVersions, latestOf, maximalRecords, type VersionStatus } from "../../../src/core/version.js";

// Histories as commands make them: every new record names all maximal ones it sees; a branch sees some prefix of them.

interface Step {
  readonly make: "rotate" | "stage" | "resolve" | "activate" | "abort" | "revoke" | "prune" | "expires";
  /** Which of the records so far the writer sees, as a number of the last ones that it does not. */
  readonly unseen: number;
  /** Which visible version a mark is for. */
  readonly pick: number;
  readonly graceDays: number;
  readonly endDays: number;
}

const day = 86_400_000;
const base = Date.parse("2026-01-01T00:00:00.000Z");
const common = {
  v: 1,
  sid: "0".repeat(32),
  trust: `1:${"0".repeat(64)}`,
  by: `SHA256:${"A".repeat(43)}`,
  sig: "AAAA",
} as const;

const steps = (concurrent: boolean): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.record({
      make: fc.constantFrom<Step["make"]>(
        "rotate",
        "rotate",
        "rotate",
        "stage",
        "resolve",
        "activate",
        "abort",
        "revoke",
        "prune",
        "expires",
      ),
      unseen: concurrent ? fc.nat(3) : fc.constant(0),
      pick: fc.nat(),
      graceDays: fc.nat(30),
      endDays: fc.nat(60),
    }),
    { maxLength: 14 },
  );

type Item = { readonly id: string; readonly record: Version | Mark };

function build(plan: readonly Step[]): SecretFile {
  const items: Item[] = [];
  const add = (record: Version | Mark): void => {
    items.push({ id: recordId(record), record });
  };
  add({ ...common, kind: "version", vid: vidOf(0), op: "create", prev: [], at: at(0) });
  plan.forEach((step, index) => {
    const seen = items.slice(0, Math.max(1, items.length - step.unseen));
    const named = new Set(seen.flatMap(({ record }) => record.prev));
    const prev = seen
      .map(({ id }) => id)
      .filter((id) => !named.has(id))
      .toSorted();
    const versions = seen.flatMap(({ record }) => (record.kind === "version" ? [record] : []));
    const target = versions[step.pick % versions.length];
    if (step.make === "rotate" || step.make === "stage" || step.make === "resolve") {
      const grace = step.make === "resolve" ? {} : { grace: formatInstant(base + (index + step.graceDays) * day) };
      add({ ...common, kind: "version", vid: vidOf(index + 1), op: step.make, prev, ...grace, at: at(index + 1) });
    } else {
      const expires =
        step.make === "expires"
          ? { expires: step.endDays === 0 ? "never" : formatInstant(base + step.endDays * day) }
          : {};
      add({ ...common, kind: "mark", vid: target?.vid ?? "", mark: step.make, prev, ...expires, at: at(index + 1) });
    }
  });
  const groups = items.flatMap(({ record }): VersionGroup[] => {
    if (record.kind !== "version") return [];
    const marks = items.flatMap(({ record: other }) =>
      other.kind === "mark" && other.vid === record.vid ? [other] : [],
    );
    const seal: Seal = {
      ...common,
      kind: "seal",
      vid: record.vid,
      scope: "global",
      readers: ["a"],
      at: record.at,
      "ct-digest": "0".repeat(64),
      ct: "",
    };
    return [{ marks, seal, version: record }];
  });
  return { metas: [], groups };
}

const at = (index: number): string => formatInstant(base + index * day);
const vidOf = (index: number): string => index.toString(16).padStart(16, "0");

/** The slow twin: every answer from the definition, by looking at all paths. */
function describeSlowly(
  file: SecretFile,
): ReadonlyMap<string, { number: number | undefined; latest: boolean; graceUntil: number | undefined }> {
  const records = new Map(
    file.groups.flatMap(({ version, marks }) => [version, ...marks]).map((record) => [recordId(record), record]),
  );
  const live = (record: Version | Mark | undefined): boolean => {
    if (record?.kind !== "version") return false;
    const marks = file.groups.find(({ version }) => version === record)?.marks ?? [];
    return (
      !marks.some(({ mark }) => mark === "abort") &&
      (record.op !== "stage" || marks.some(({ mark }) => mark === "activate"))
    );
  };
  const past = new Map<string, ReadonlySet<string>>();
  const pastOf = (id: string): ReadonlySet<string> => {
    const known = past.get(id);
    if (known) return known;
    const all = new Set((records.get(id)?.prev ?? []).flatMap((before) => [before, ...pastOf(before)]));
    past.set(id, all);
    return all;
  };
  const height = (id: string): number =>
    Math.max(0, ...(records.get(id)?.prev ?? []).map((before) => height(before) + (live(records.get(before)) ? 1 : 0)));
  // From a version upwards: the first activated versions on every path, through marks, pending ones and resolves.
  const graces = (id: string): number[] =>
    [...records].flatMap(([other, record]) => {
      if (!record.prev.includes(id)) return [];
      const starts = record.kind === "version" && record.op !== "resolve" && live(record) && record.grace !== undefined;
      return starts && record.kind === "version" ? [Date.parse(record.grace ?? "")] : graces(other);
    });
  return new Map(
    file.groups.map(({ version }) => {
      const id = recordId(version);
      const covered = [...records].some(([other, record]) => live(record) && pastOf(other).has(id));
      const ends = graces(id);
      return [
        version.vid,
        {
          number: live(version) ? 1 + height(id) : undefined,
          latest: live(version) && !covered,
          graceUntil: ends.length > 0 ? Math.min(...ends) : undefined,
        },
      ];
    }),
  );
}

const brief = ({ number, latest, graceUntil }: VersionStatus): unknown => ({ number, latest, graceUntil });

test("numbers, latest versions and graces are those of the slow twin", () => {
  fc.assert(
    fc.property(steps(true), fc.nat(60), (plan, days) => {
      const file = build(plan);
      const now = base + days * day;
      const slow = describeSlowly(file);
      expect(new Map(deriveVersions(file, now).map((status) => [status.vid, brief(status)]))).toEqual(slow);
    }),
    { numRuns: 400 },
  );
});

const states = (one: SecretFile): unknown =>
  new Map(deriveVersions(one, base).map((status) => [status.vid, [brief(status), status.state, status.expires]]));

test("the order of the groups in the file changes nothing", () => {
  fc.assert(
    fc.property(steps(true), (plan) => {
      const file = build(plan);
      const turned = {
        ...file,
        groups: file.groups.toReversed().map((group) => ({ ...group, marks: group.marks.toReversed() })),
      };
      expect(states(turned)).toEqual(states(file));
      expect(maximalRecords(turned)).toEqual(maximalRecords(file));
    }),
    { numRuns: 200 },
  );
});

describe("without concurrency", () => {
  test("there is at most one latest version, and the next record has one thing to name", () => {
    fc.assert(
      fc.property(steps(false), (plan) => {
        const file = build(plan);
        expect(latestOf(deriveVersions(file, base)).length).toBeLessThanOrEqual(1);
        expect(maximalRecords(file)).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  test("rotations alone are numbered from one upwards, and only the last is current", () => {
    fc.assert(
      fc.property(fc.nat(12), (count) => {
        const plan = Array.from(
          { length: count },
          () => ({ make: "rotate", unseen: 0, pick: 0, graceDays: 30, endDays: 0 }) as const,
        );
        const versions = deriveVersions(build(plan), base);
        expect(versions.map(({ number }) => number)).toEqual(
          Array.from({ length: count + 1 }, (_, index) => index + 1),
        );
        expect(versions.map(({ state }) => state)).toEqual([
          ...Array.from({ length: count }, () => "grace"),
          "current",
        ]);
      }),
    );
  });
});

test("the number grows along prev from one activated version to the next", () => {
  fc.assert(
    fc.property(steps(true), (plan) => {
      const file = build(plan);
      const numbers = new Map(deriveVersions(file, base).map(({ id, number }) => [id, number]));
      const pairs = file.groups.flatMap(({ version }) =>
        version.prev.map((before) => [numbers.get(recordId(version)), numbers.get(before)] as const),
      );
      expect(pairs.filter(([own, other]) => own !== undefined && other !== undefined && own <= other)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("two rotations of one version are two latest versions of the same number, until a resolve covers both", () => {
  const step = { pick: 0, graceDays: 1, endDays: 0 } as const;
  const fork = build([
    { ...step, make: "rotate", unseen: 0 },
    { ...step, make: "rotate", unseen: 1 },
  ]);
  expect(latestOf(deriveVersions(fork, base)).map(({ number }) => number)).toEqual([2, 2]);
  const settled = build([
    { ...step, make: "rotate", unseen: 0 },
    { ...step, make: "rotate", unseen: 1 },
    { ...step, make: "resolve", unseen: 0 },
  ]);
  expect(latestOf(deriveVersions(settled, base)).map(({ number, vid }) => [number, vid])).toEqual([[3, vidOf(3)]]);
});
