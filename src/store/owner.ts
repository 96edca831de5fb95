import { encodeUtf8, findUtf8 } from "../core/bytes.js";
import { constants } from "node:fs";
import type { Disk } from "./disk.js";

/** Who holds a lock: enough to tell, on the same machine, whether that process still lives. */
export interface OwnerFacts {
  readonly host: string;
  /** Changes with each start of the kernel; empty where the system does not tell. */
  readonly bootId: string;
  /** A process id means nothing outside its namespace (containers); empty where there are none. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** Start of the process in the kernel's own units: tells a process from a later one with its number. May be empty. */
  readonly startTime: string;
}

export interface OwnerRecord extends OwnerFacts {
  /** Makes every holding of a lock another record, so that "the same record still" can be asked. */
  readonly nonce: string;
  /** When the lock was taken, RFC 3339, for people only: clocks lie. */
  readonly since: string;
}

/** This process, and the question whether another one of this machine runs. A test passes its own. */
export interface Owners {
  readonly self: OwnerFacts;
  readonly isRunning: (pid: number, startTime: string) => boolean;
}

/** What the command line knows of its process: number, host name, and kill(pid, 0), where EPERM counts as running. */
export interface Machine {
  readonly pid: number;
  readonly host: string;
  readonly isAlive: (pid: number) => boolean;
}

function findSystemText(disk: Disk, path: string): string | undefined {
  try {
    const handle = disk.open(path, constants.O_RDONLY, 0);
    try {
      const bytes = new Uint8Array(4096); // files of /proc have no size: one read gives all of these
      return findUtf8(bytes.subarray(0, disk.read(handle, bytes)))?.trim();
    } finally {
      disk.close(handle);
    }
  } catch {
    return undefined; // no /proc here, or hidden from us: the caller falls back to what kill(pid, 0) tells
  }
}

function findNamespace(disk: Disk): string {
  try {
    return disk.readlink("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

interface ProcessState {
  readonly state: string;
  readonly startTime: string;
}

// proc_pid_stat(5): the name in brackets may itself hold brackets and blanks, so the fields are counted from the last one.
// State is field 3, starttime field 22.
function findProcess(disk: Disk, pid: number): ProcessState | undefined {
  const text = findSystemText(disk, `/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields?.[0], fields?.[19]];
  return state === undefined || startTime === undefined ? undefined : { state, startTime };
}

/** The facts of this process from /proc where there is one; elsewhere process number and host only. */
export function readOwners(disk: Disk, machine: Machine): Owners {
  const isRunning = (pid: number, startTime: string): boolean => {
    if (!machine.isAlive(pid)) return false;
    const found = findProcess(disk, pid);
    // Hidden (hidepid) or no /proc: the number is in use, and nothing proves that it is another process.
    if (found === undefined) return true;
    // A zombie has closed its files and will never run again, however long its parent forgets it.
    if (found.state === "Z" || found.state === "X") return false;
    return startTime === "" || found.startTime === startTime;
  };
  const self: OwnerFacts = {
    host: machine.host,
    bootId: findSystemText(disk, "/proc/sys/kernel/random/boot_id") ?? "",
    pidNamespace: findNamespace(disk),
    pid: machine.pid,
    startTime: findProcess(disk, machine.pid)?.startTime ?? "",
  };
  return { self, isRunning };
}

const kind = "gitseal owner";

export function encodeOwner(record: OwnerRecord): Uint8Array {
  const { host, bootId, pidNamespace, pid, startTime, nonce, since } = record;
  return encodeUtf8(`${JSON.stringify({ kind, host, pid, since, bootId, pidNamespace, startTime, nonce })}\n`);
}

const textKeys = ["host", "since", "bootId", "pidNamespace", "startTime", "nonce"] as const;

/** The record, or undefined for bytes that are not one: a lock of another program, or a torn write. */
export function findOwner(bytes: Uint8Array): OwnerRecord | undefined {
  try {
    const value = JSON.parse(findUtf8(bytes) ?? "") as Record<string, unknown> | null;
    if (typeof value !== "object" || value === null || value["kind"] !== kind) return undefined;
    if (!Number.isSafeInteger(value["pid"]) || Number(value["pid"]) < 1) return undefined;
    if (textKeys.some((key) => typeof value[key] !== "string")) return undefined;
    return value as unknown as OwnerRecord;
  } catch {
    return undefined;
  }
}

/** Same host, same start of the kernel, same process namespace: only then does a process number mean anything here. */
export function isSameMachine(a: OwnerFacts, b: OwnerFacts): boolean {
  return a.host === b.host && a.bootId === b.bootId && a.pidNamespace === b.pidNamespace;
}

/** True only when it is proved that the owner can never run again. */
export function isDead(owners: Owners, record: OwnerFacts): boolean {
  return isSameMachine(owners.self, record) && !owners.isRunning(record.pid, record.startTime);
}
