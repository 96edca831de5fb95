import { PassThrough } from "node:stream";
import type { Context, InputStream } from "../../../src/cli/context.js";

export interface FakeContext extends Context {
  readonly out: () => string;
  readonly err: () => string;
  readonly input: PassThrough & InputStream;
  /** Every change of raw mode, in order. */
  readonly rawModes: boolean[];
  readonly interruptNow: () => void;
  readonly pass: (ms: number) => void;
}

export interface FakeFacts {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly tty?: boolean;
  readonly columns?: number;
}

/** The outside world of one command line, kept in memory. */
export function fakeContext({ env = {}, cwd = "/", tty = false, columns }: FakeFacts = {}): FakeContext {
  const written = { out: "", err: "" };
  const cleanups = new Set<() => void>();
  const rawModes: boolean[] = [];
  let elapsedMs = 0;
  const input = Object.assign(new PassThrough(), { setRawMode: (raw: boolean) => rawModes.push(raw) });
  const sink = (name: "out" | "err") => ({
    isTty: tty,
    write(data: string | Uint8Array) {
      written[name] += typeof data === "string" ? data : Buffer.from(data).toString("latin1");
    },
  });
  return {
    env,
    cwd,
    version: "1.2.3",
    now: () => Date.UTC(2026, 10, 23),
    monotonicMs: () => elapsedMs,
    randomBytes: (length) => new Uint8Array(length),
    stdin: { isTty: tty, open: () => input },
    stdout: sink("out"),
    stderr: sink("err"),
    columns: () => columns,
    onInterrupt(cleanup) {
      cleanups.add(cleanup);
      return () => void cleanups.delete(cleanup);
    },
    out: () => written.out,
    err: () => written.err,
    input,
    rawModes,
    interruptNow: () => {
      for (const cleanup of cleanups) cleanup();
    },
    pass: (ms) => void (elapsedMs += ms),
  };
}
