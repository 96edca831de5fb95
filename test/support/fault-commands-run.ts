// Runs an operation with a disk that fails at one call, lets a healthy process go on, and judges what is left.
import { expect } from "vitest";
import type { Deps } from "../../src/app/deps.js";
import type { SecretsError } from "../../src/core/errors.js";
import { changing, faultDisk, type Call, type FaultDisk, type Verdict } from "./fault-disk.js";
import {
  copyWorld,
  depsOf,
  dropWorld,
  errnos,
  judge,
  leftovers,
  outcomeOf,
  quickDisk,
  skipHours,
  snapshot,
  systemError,
  type World,
} from "./fault-commands.js";
import type { Operation } from "./fault-commands-ops.js";

/** One call of an operation that is to fail, and how. */
export interface Fault {
  readonly at: number;
  readonly side: "before" | "after";
  readonly errno: string;
  /** From that call on every call that needs room or the right to write fails, as on a disk that stays full. */
  readonly lasting: boolean;
}

const needsRoom = new Set(["open", "write", "mkdir", "link", "rename"]);
const isWriting = ({ method, args }: Call): boolean =>
  needsRoom.has(method) && !(method === "open" && (Number(args[1]) & 1) === 0);

function planOf({ at, side, errno, lasting }: Fault): (call: Call) => Verdict {
  const error = systemError(errno);
  return (call) => {
    if (lasting) return call.number >= at && isWriting(call) ? { before: error } : "pass";
    if (call.number !== at) return "pass";
    return side === "before" ? { before: error } : { after: error };
  };
}

/** The process that meets the fault; it is dead when the next one looks. */
function failing(world: World, disk: FaultDisk): Deps {
  return depsOf(world, { disk, machine: { pid: 4_000_001, host: "desk", isAlive: (pid) => pid === 4_000_001 } });
}

export interface Tally {
  done: number;
  failed: number;
  forward: number;
}

/** The calls that an undisturbed run makes. */
export async function callsOf(operation: Operation, base: World): Promise<readonly Call[]> {
  const world = copyWorld(base);
  const disk = faultDisk(quickDisk, () => "pass");
  await operation.run(failing(world, disk));
  dropWorld(world);
  return disk.calls;
}

/** Each call that changes something fails before and after it took effect (or by turns); of the others each `stride`-th fails. */
export function faultsFor(
  calls: readonly Call[],
  { stride, both }: { readonly stride: number; readonly both: boolean },
): readonly Fault[] {
  return calls.flatMap(({ number, method }) => {
    const errno = errnos[number % errnos.length] ?? "EIO";
    const other = errnos[(number + 1) % errnos.length] ?? "EIO";
    if (changing.has(method)) {
      const sides: readonly Fault[] = [
        { at: number, side: "before", errno, lasting: false },
        { at: number, side: "after", errno: other, lasting: false },
      ];
      return both ? sides : sides.filter((_, side) => side === number % 2);
    }
    return number % stride === 0 ? [{ at: number, side: "before", errno, lasting: false }] : [];
  });
}

/** A disk that is full, or read-only, from some call on. */
export function lastingFaultsFor(calls: readonly Call[], stride: number): readonly Fault[] {
  return calls
    .filter(isWriting)
    .filter((_, at) => at % stride === 0)
    .map(({ number }, at) => ({ at: number, side: "before", errno: at % 2 === 0 ? "ENOSPC" : "EROFS", lasting: true }));
}

// What the message promises: the change will be there, may be there, or is not.
function promiseOf({ message }: SecretsError): "made" | "either" | "none" {
  if (message.includes("may be recorded")) return "either";
  return /is recorded|the change is made/.test(message) ? "made" : "none";
}

/** Runs one operation with one fault, and everything that is claimed about it. */
export async function expectAllOrNothing(operation: Operation, base: World, fault: Fault, tally: Tally): Promise<void> {
  const what = `${operation.name}, ${JSON.stringify(fault)}`;
  const world = copyWorld(base);
  const before = snapshot(world);
  const disk = faultDisk(quickDisk, planOf(fault));
  const outcome = await outcomeOf(async () => await operation.run(failing(world, disk)));
  const met = disk.calls[fault.at - 1];
  const place = `${what} (${met?.method} ${String(met?.args[0])})`;
  let promise: "made" | "either" | "none" = "made";
  if (outcome.kind === "failed") {
    const { error } = outcome;
    promise = promiseOf(error);
    expect(error.exit, `${place}: ${error.message}`).toBe(6);
    expect(error.message, `in: ${place}`).toContain(fault.errno);
    expect(error.hint, `in: ${place}`).toBeDefined();
    if (promise === "none") expect(snapshot(world), `${place}: ${error.message}`).toEqual(before);
  }
  skipHours(2);
  await operation.next(world, depsOf(world));
  expect(await judge(world), `in: ${place}`).toEqual([]);
  expect(leftovers(world), `in: ${place}`).toEqual([]);
  const isMade = await operation.isMade(world);
  if (promise !== "either")
    expect(isMade, `${place}: ${outcome.kind === "failed" ? outcome.error.message : "done"}`).toBe(promise === "made");
  if (outcome.kind === "done") tally.done += 1;
  else if (isMade) tally.forward += 1;
  else tally.failed += 1;
  dropWorld(world);
}
