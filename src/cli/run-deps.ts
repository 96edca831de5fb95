import type { Deps } from "../app/deps.js";
import { encodeJson } from "../core/display.js";
import type { RunContext } from "./command.js";
import { createDeps } from "./deps.js";

/** What use-cases take, for one run of a command: warnings go to stderr, and nowhere with `--quiet`. */
export function runDeps(context: RunContext): Deps {
  return createDeps(context, {
    accessor: context.accessor,
    warn: (message, hint) => showWarning(context, message, hint),
  });
}

/** `warning: …` and its hint on stderr; with `--json` one object each, because errors are objects there too. */
export function showWarning(context: RunContext, message: string, hint?: string): void {
  if (context.quiet) return;
  if (context.json) {
    context.stderr.write(`${encodeJson({ warning: message, ...(hint === undefined ? {} : { hint }) })}\n`);
    return;
  }
  context.out.note(`warning: ${message}`);
  if (hint !== undefined) context.out.note(`hint: ${hint}`);
}
