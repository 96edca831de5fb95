import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { fail } from "../core/errors.js";
import { failExit, failSpawn, gitCall, type GitPlace } from "./run.js";

/** A git that was told all it will be told, and whose answers are read as they come. */
export interface Conversation {
  /** The next line without its line feed. Throws `git/failed` when git ends before it. */
  line(): Promise<string>;
  /** The next bytes. Throws `git/failed` when git ends before them. */
  bytes(count: number): Promise<Buffer>;
  /**
   * All that is left, as records that end in a byte (0 for `-z`, 10 for lines), in parts as they come. Bytes that are no UTF-8
   * become U+FFFD. Throws `git/failed` when git fails, or ends within a record.
   */
  records(end: 0 | 10): AsyncGenerator<readonly string[], void, undefined>;
  /** The next line, or undefined when not all of it has arrived. */
  lineHere(): string | undefined;
  /** The next bytes, in the memory that they arrived in, or undefined when not all of them have. */
  bytesHere(count: number): Buffer | undefined;
  /** A place to come {@link back} to, as long as nothing was waited for since. */
  mark(): number;
  back(mark: number): void;
  /** Waits for git's end and returns what it had to say besides; throws `git/failed` if it failed. */
  end(): Promise<string>;
  /** Ends git at once, read or not. */
  stop(): void;
}

/** Starts git with the given standard input, which may be known later only. Its output is taken only as fast as it is read. */
export function startConversation(
  where: GitPlace,
  args: readonly string[],
  stdin: string | Uint8Array | Promise<string>,
  config: readonly string[] = [],
): Conversation {
  const call = gitCall(where, args, { config });
  const child = spawn("git", call.argv, {
    cwd: call.cwd,
    env: call.env,
    stdio: "pipe",
    windowsHide: true,
    shell: false,
  });
  const ended = watch(child);
  child.stdin.on("error", () => {}); // A git that dies early closes its input; its exit status tells why.
  if (stdin instanceof Promise)
    stdin.then(
      (text) => child.stdin.end(text),
      () => child.kill(),
    );
  else child.stdin.end(stdin);
  const end = async (): Promise<string> => {
    const { cause, status, signal, stderr } = await ended;
    if (cause !== undefined) failSpawn(cause, args, call.cwd);
    if (status !== 0) failExit(args, status, signal, stderr);
    return stderr;
  };
  const stop = (): void => {
    child.stdout.destroy();
    child.kill();
  };
  return { ...pullFrom(child.stdout, end), end, stop };
}

/** All records of a `-z` listing, when git has ended. Throws `git/failed` when it failed, or ended within a record. */
export async function readRecords(git: Conversation): Promise<readonly string[]> {
  const records: string[] = [];
  try {
    for await (const part of git.records(0)) for (const record of part) records.push(record);
    return records;
  } finally {
    git.stop();
  }
}

interface Ended {
  readonly cause: Error | undefined;
  readonly status: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

async function watch(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  return await new Promise((resolve) => {
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (stderr.length < 4096) stderr += text;
    });
    child.on("error", (cause) => resolve({ cause, status: null, signal: null, stderr }));
    child.on("close", (status, signal) => resolve({ cause: undefined, status, signal, stderr }));
  });
}

// Reads lines and counted bytes from a stream without ever holding more than one chunk and one object.
function pullFrom(stream: AsyncIterable<Buffer>, end: () => Promise<string>): Omit<Conversation, "end" | "stop"> {
  const source = stream[Symbol.asyncIterator]();
  let chunk: Buffer = Buffer.alloc(0);
  let at = 0;
  const more = async (): Promise<Buffer> => {
    const next = await source.next();
    if (next.done !== true) return next.value;
    await end();
    fail("git/failed", "git ended before it had answered");
  };
  const lineHere = (): string | undefined => {
    const newline = chunk.indexOf(0x0a, at);
    if (newline < 0) return undefined;
    const text = chunk.toString("utf8", at, newline);
    at = newline + 1;
    return text;
  };
  const bytesHere = (count: number): Buffer | undefined => {
    if (chunk.byteLength - at < count) return undefined;
    at += count;
    return chunk.subarray(at - count, at);
  };
  async function* records(ender: 0 | 10): AsyncGenerator<readonly string[], void, undefined> {
    for (;;) {
      const left = chunk.subarray(at);
      const last = left.lastIndexOf(ender);
      if (last >= 0) yield left.toString("utf8", 0, last).split(String.fromCharCode(ender));
      const rest = left.subarray(last + 1);
      at = 0;
      const next = await source.next();
      if (next.done !== true) {
        chunk = rest.byteLength === 0 ? next.value : Buffer.concat([rest, next.value]);
        continue;
      }
      await end();
      if (rest.byteLength > 0) fail("git/failed", "git ended within an answer");
      return;
    }
  }
  const line = async (): Promise<string> => {
    for (;;) {
      const text = lineHere();
      if (text !== undefined) return text;
      chunk = Buffer.concat([chunk.subarray(at), await more()]);
      at = 0;
    }
  };
  const bytes = async (count: number): Promise<Buffer> => {
    const here = bytesHere(count);
    if (here !== undefined) return here;
    const parts: Buffer[] = [chunk.subarray(at)];
    let held = chunk.byteLength - at;
    for (;;) {
      chunk = await more();
      at = Math.min(chunk.byteLength, count - held);
      parts.push(chunk.subarray(0, at));
      held += at;
      if (held === count) return Buffer.concat(parts);
    }
  };
  const back = (mark: number): void => {
    at = mark;
  };
  return { line, bytes, records, lineHere, bytesHere, mark: () => at, back };
}
