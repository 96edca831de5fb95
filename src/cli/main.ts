import { runCommand } from "./command.js";
import type { Context } from "./context.js";
import { renderOverview } from "./overview.js";
import { type CommandEntry, commands as registered } from "./registry.js";
import { reportError } from "./report.js";
import { findRoute, type Route } from "./route.js";

/** Runs one command line and answers the exit status; every failure has then been reported on stderr. */
export async function main(
  argv: readonly string[],
  context: Context,
  commands: readonly CommandEntry[] = registered,
): Promise<number> {
  try {
    if (argv[0] === "__complete") return await complete(argv.slice(1), context, commands);
    if (argv[0] === "__scan-worker") return await (await import("../app/scan/worker.js")).serveCrew();
    return await follow(findRoute(argv, commands), context, commands);
  } catch (error) {
    return await reportError(error, context, argv);
  }
}

// Start-up is most of what a user waits for, and most of that is the number of files: what every command needs is imported
// above, so that the bundler puts it into the entry, and a command is one file more.
async function follow(route: Route, context: Context, commands: readonly CommandEntry[]): Promise<number> {
  switch (route.kind) {
    case "version":
      context.stdout.write(`${context.version}\n`);
      return 0;
    case "overview": {
      context.stdout.write(`${renderOverview(commands)}\n`);
      return 0;
    }
    case "help": {
      const [{ renderHelp }, Class] = await Promise.all([import("./help.js"), route.entry.load()]);
      context.stdout.write(`${renderHelp(route.entry, Class)}\n`);
      return 0;
    }
    case "run": {
      return await runCommand(
        await route.entry.load(),
        ["secrets", ...route.entry.path].join(" "),
        route.words,
        context,
      );
    }
  }
}

async function complete(args: readonly string[], context: Context, commands: readonly CommandEntry[]): Promise<number> {
  const [{ completeLine }, { completeNames }] = await Promise.all([
    import("./completion.js"),
    import("../app/complete-names.js"),
  ]);
  const lines = completeLine(args, { commands, completeNames, cwd: context.cwd, env: context.env });
  context.stdout.write(lines.map((line) => `${line}\n`).join(""));
  return 0;
}
