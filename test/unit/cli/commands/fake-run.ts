import type { RunContext } from "../../../../src/cli/command.js";
import { createOutput } from "../../../../src/cli/output.js";
import { type FakeContext, type FakeFacts, fakeContext } from "../fake-context.js";

export interface FakeRun {
  readonly context: RunContext;
  readonly fake: FakeContext;
  readonly out: () => string;
  readonly err: () => string;
}

export type RunFlags = Partial<Pick<RunContext, "json" | "quiet" | "verbose" | "interactive" | "accessor">>;

/** What a command runs with, in memory: its clock stands at 2026-11-23T00:00:00.000Z. */
export async function fakeRun(flags: RunFlags = {}, facts: FakeFacts = {}): Promise<FakeRun> {
  const fake = fakeContext(facts);
  const { json = false, quiet = false, verbose = false, interactive = false, accessor } = flags;
  const out = await createOutput(fake, { quiet, verbose, color: "never" });
  return { fake, context: { ...fake, out, json, quiet, verbose, interactive, accessor }, out: fake.out, err: fake.err };
}
