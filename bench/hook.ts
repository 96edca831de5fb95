/**
 * A script that node loads before the command (`-r`) and that writes to the file in BENCH_REPORT, as the command ends, what
 * it took: memory, processor time without that of child processes, and the milliseconds inside fsync and inside child processes. It is text, because it must be a file of its own.
 */
export const hookText = `
const fs = require("node:fs");
const children = require("node:child_process");
const spent = { fsync: 0, fsyncs: 0, git: 0, gits: 0 };
function wrap(module, name, kind) {
  const original = module[name];
  module[name] = (...args) => {
    const start = process.hrtime.bigint();
    try {
      return original(...args);
    } finally {
      spent[kind] += Number(process.hrtime.bigint() - start) / 1e6;
      spent[kind + "s"] += 1;
    }
  };
}
wrap(fs, "fsyncSync", "fsync");
wrap(children, "spawnSync", "git");
// What git was called with, so that it can be timed by itself: it works beside the command, which waits for a part of that only.
const calls = [];
for (const name of ["spawn", "spawnSync"]) {
  const original = children[name];
  children[name] = (program, args, options) => {
    const call = { args, cwd: options.cwd, input: String(options.input ?? "") };
    if (program === "git") calls.push(call);
    const child = original(program, args, options);
    if (name === "spawnSync" || !child.stdin) return child;
    const end = child.stdin.end.bind(child.stdin);
    child.stdin.end = (text) => {
      call.input = String(text ?? "");
      return end(text);
    };
    return child;
  };
}
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const cpu = (user + system) / 1000;
  fs.writeFileSync(process.env.BENCH_REPORT, JSON.stringify({ ...spent, calls, cpu, peakMb: process.resourceUsage().maxRSS / 1024 }));
});
`;

/** One call of git, with all that it was told. */
export interface GitCall {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly input: string;
}

export interface HookReport {
  readonly fsync: number;
  readonly fsyncs: number;
  readonly git: number;
  readonly gits: number;
  readonly calls: readonly GitCall[];
  /** Processor time of the process itself, in milliseconds. */
  readonly cpu: number;
  readonly peakMb: number;
}
