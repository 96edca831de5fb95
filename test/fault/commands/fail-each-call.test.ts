import { describe, expect, test } from "vitest";
import { rewind, tick } from "../../support/fault-commands.js";
import { operations, type Operation } from "../../support/fault-commands-ops.js";
import {
  callsOf,
  expectAllOrNothing,
  faultsFor,
  lastingFaultsFor,
  type Fault,
  type Tally,
} from "../../support/fault-commands-run.js";

type Calls = Awaited<ReturnType<typeof callsOf>>;

async function runAll(operation: Operation, choose: (calls: Calls) => readonly Fault[]): Promise<Tally> {
  const base = await operation.start();
  const start = tick();
  const tally: Tally = { done: 0, failed: 0, forward: 0 };
  for (const fault of choose(await callsOf(operation, base))) {
    rewind(start);
    await expectAllOrNothing(operation, base, fault, tally);
  }
  return tally;
}

// The others go through the same transaction: there the two sides of a call fail by turns.
const thorough = new Set(["set of a secret that exists", "audit seal"]);

describe.each(operations)("$name", (operation) => {
  test("a call that fails, before or after it took effect, leaves all or nothing, and the message says which", async () => {
    const tally = await runAll(operation, (calls) =>
      faultsFor(calls, { stride: 15, both: thorough.has(operation.name) }),
    );
    // Faults in front of the record leave nothing, those behind it are finished by the next command.
    expect(tally.failed).toBeGreaterThan(15);
    expect(tally.forward).toBeGreaterThan(3);
  });

  test("a disk that stays full or turns read-only leaves all or nothing, and the message says which", async () => {
    const tally = await runAll(operation, (calls) => lastingFaultsFor(calls, 2));
    expect(tally.failed).toBeGreaterThan(3);
    expect(tally.forward).toBeGreaterThan(0);
  });
});
