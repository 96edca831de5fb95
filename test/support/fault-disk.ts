import type { Disk } from "../../src/store/disk.js";

/** One call of the store, before it is made. */
export interface Call {
  /** 1 for the first call. */
  readonly number: number;
  readonly method: keyof Disk;
  readonly args: readonly unknown[];
}

/** What a plan does to a call: lets it pass, throws instead of it, or makes it and then throws. */
export type Verdict = "pass" | { readonly before: Error } | { readonly after: Error };

export interface FaultDisk extends Disk {
  readonly calls: readonly Call[];
}

const methods = [
  "open",
  "read",
  "write",
  "fsync",
  "close",
  "fstat",
  "lstat",
  "link",
  "rename",
  "unlink",
  "mkdir",
  "readdir",
  "readlink",
  "syncFolder",
] as const satisfies readonly (keyof Disk)[];

/** The calls that change what is on disk, or what a power loss leaves of it. */
export const changing: ReadonlySet<keyof Disk> = new Set([
  "open",
  "write",
  "fsync",
  "link",
  "rename",
  "unlink",
  "mkdir",
  "syncFolder",
]);

/** A disk that records each call and lets `plan` decide its fate; `done` hears of each call that took effect. */
export function faultDisk(
  inner: Disk,
  plan: (call: Call) => Verdict,
  done: (call: Call) => void = () => {},
): FaultDisk {
  const calls: Call[] = [];
  const wrap =
    (method: keyof Disk) =>
    (...args: unknown[]): unknown => {
      const call: Call = { number: calls.length + 1, method, args };
      calls.push(call);
      const verdict = plan(call);
      if (verdict !== "pass" && "before" in verdict) throw verdict.before;
      const result = Reflect.apply(inner[method], inner, args) as unknown;
      done(call);
      if (verdict !== "pass") throw verdict.after;
      return result;
    };
  const wrapped = Object.fromEntries(methods.map((method) => [method, wrap(method)])) as unknown as Disk;
  return { ...wrapped, calls };
}

/** Stands for the end of the process: no code of the store may handle it, and no call after it has an effect. */
export class Killed extends Error {
  override name = "Killed";
}

/**
 * Kills the process of the store in front of its changing call `number`: that call and all later ones do nothing. For the disk a
 * kill in front of a reading call is the same as one in front of the next changing call, so those are all there are.
 */
export function killAt(inner: Disk, number: number): FaultDisk {
  const killed = new Killed("killed");
  let changes = 0;
  return faultDisk(inner, ({ method }) => {
    if (changing.has(method) && changes < number) changes += 1;
    return changes >= number ? { before: killed } : "pass";
  });
}

/** Runs `step`; false when it was killed. */
export function survives(step: () => void): boolean {
  try {
    step();
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}
