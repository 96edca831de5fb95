import { expect, test } from "vitest";
import { SecretsError } from "../../../src/core/errors.js";
import { withStoreLock } from "../../../src/store/transaction.js";
import { faultDisk, type Call, type Verdict } from "../../support/fault-disk.js";
import { copyDisk, errno, memoryDisk, type MemoryDisk } from "../../support/memory-disk.js";
import {
  change,
  fakeOwners,
  fileStager,
  findFaults,
  judgeTree,
  leftovers,
  makeDeps,
  nextDay,
  placesAt,
  prepare,
} from "../../support/store-fixture.js";

const places = placesAt("/repo");
const prepared = memoryDisk();
prepare(prepared, places);

interface Outcome {
  readonly disk: MemoryDisk;
  readonly calls: readonly Call[];
  readonly error: unknown;
}

function run(plan: (call: Call) => Verdict): Outcome {
  const disk = copyDisk(prepared);
  const faulty = faultDisk(disk, plan);
  const deps = makeDeps(faulty, places, fakeOwners(100), { stager: fileStager(disk, places) });
  let error: unknown;
  try {
    withStoreLock(deps, places, (tx) => tx.commit(change));
  } catch (thrown) {
    error = thrown;
  }
  return { disk, calls: faulty.calls, error };
}

function reopen(disk: MemoryDisk): void {
  withStoreLock(makeDeps(disk, places, fakeOwners(200), { now: nextDay }), places, () => {});
}

/** What the message promised, as the state that must be found after the next command. */
function promised(error: unknown): readonly string[] {
  if (error === undefined) return ["after"];
  const text = error instanceof SecretsError ? error.message : "";
  if (/is recorded|is made/.test(text)) return ["after"];
  if (text.includes("may be recorded")) return ["before", "after"];
  // Everything in front of the record: locks, recovery, the second look.
  return ["before"];
}

const known = /\b(ENOSPC|EACCES|EROFS|EIO)\b|appeared while/;

function judgeOutcome({ disk, error }: Outcome, what: string): string[] {
  const clear = error === undefined || (error instanceof SecretsError && known.test(error.message));
  const said = error instanceof Error ? error.message : "no error";
  reopen(disk);
  return [
    ...(clear ? [] : [`${what}: unclear error ${said}`]),
    ...findFaults(disk, places, promised(error), `${what}: ${said}`),
  ];
}

const healthy = run(() => "pass");
const codes = ["ENOSPC", "EACCES", "EROFS", "EIO"];

test("without a fault the change is made, staged, and nothing is left behind", () => {
  expect(healthy.error).toBeUndefined();
  expect(judgeTree(healthy.disk, places)).toBe("after");
  expect(leftovers(healthy.disk, places)).toEqual([]);
  expect(healthy.calls.length).toBeGreaterThan(60);
});

for (const code of codes) {
  test(`${code} in place of any one call leaves all or nothing, as its message says`, () => {
    const faults = healthy.calls.flatMap(({ number, method }) =>
      judgeOutcome(
        run((call) => (call.number === number ? { before: errno(code, method) } : "pass")),
        `${code} before call ${number} (${method})`,
      ),
    );
    expect(faults).toEqual([]);
  });

  test(`${code} reported by any one call that did take effect leaves all or nothing, as its message says`, () => {
    const faults = healthy.calls.flatMap(({ number, method }) =>
      judgeOutcome(
        run((call) => (call.number === number ? { after: errno(code, method) } : "pass")),
        `${code} after call ${number} (${method})`,
      ),
    );
    expect(faults).toEqual([]);
  });

  test(`${code} from any call on leaves all or nothing, as its message says`, () => {
    const faults = healthy.calls.flatMap(({ number, method }) =>
      judgeOutcome(
        run((call) => (call.number >= number ? { before: errno(code, method) } : "pass")),
        `${code} from call ${number} (${method}) on`,
      ),
    );
    expect(faults).toEqual([]);
  });
}

test("a disk that is full for good before the record is whole changes nothing and says so", () => {
  const record = healthy.calls.find(({ method, args }) => method === "open" && String(args[0]).includes("/wal/.tmp-"));
  const full = (call: Call): Verdict =>
    call.number > (record?.number ?? 0) && call.method === "write" ? { before: errno("ENOSPC", "write") } : "pass";
  const { disk, error } = run(full);
  expect(error).toMatchObject({ code: "io/failed", hint: expect.stringContaining("disk is full") });
  expect(String(error)).toMatch(/cannot write \.git\/gitseal\/wal\/\.tmp-\w+ \(ENOSPC\): nothing was changed/);
  expect(judgeTree(disk, places)).toBe("before");
});
