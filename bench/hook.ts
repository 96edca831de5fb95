/**
 * A script that node loads before the command (`-r`) and that writes to the file in BENCH_REPORT, as the command ends, what
 * it took: memory, and the milliseconds inside fsync and inside child processes. It is text, because it must be a file of its own.
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
process.on("exit", () => {
  fs.writeFileSync(process.env.BENCH_REPORT, JSON.stringify({ ...spent, peakMb: process.resourceUsage().maxRSS / 1024 }));
});
`;

export interface HookReport {
  readonly fsync: number;
  readonly fsyncs: number;
  readonly git: number;
  readonly gits: number;
  readonly peakMb: number;
}
