// The only module that loads clipanion, and only its parser: the index of the package also loads a runner, which sets up all
// three standard streams (18 ms). Import it dynamically: once loaded, clipanion prints every argument on stdout if
// DEBUG_CLI is set, so bin.ts must have had its turn to take that out of the environment.
import { CliBuilder, type RunState } from "clipanion/lib/core.js";
import type { OptionSpec } from "./options.js";

/** What clipanion made of the arguments, or undefined when it does not accept them: its messages repeat them, so none is used. */
export function parseWith(specs: readonly OptionSpec[], args: readonly string[]): RunState | undefined {
  const builders = new CliBuilder<object>({ binaryName: "secrets" });
  const builder = builders.command();
  for (const spec of specs) spec.definition(builder);
  builder.setContext({});
  const { process: run } = builders.compile();
  try {
    const state = run([...args]);
    return state.selectedIndex === 0 ? state : undefined;
  } catch {
    return undefined;
  }
}
