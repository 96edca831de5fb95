import { resolve } from "node:path";
import { generateValue, readValueFile } from "../app/new-value.js";
import { encodeUtf8 } from "../core/bytes.js";
import { maxValue } from "../core/envelope.js";
import { fail } from "../core/errors.js";
import type { RunContext } from "./command.js";
import { askHidden } from "./prompt.js";
import { showWarning } from "./run-deps.js";
import { readStdin } from "./stdin.js";

/** Where a value may come from, as the command line says. */
export interface ValueSource {
  /** The value itself, or `-` for the standard input. */
  readonly argument: string | undefined;
  readonly fromFile: string | undefined;
  readonly generate: string | true | undefined;
  /** The name of the secret, for the question. It has been checked before anybody is asked. */
  readonly name: string;
}

/** For the help of the commands that take a value. */
export const valueHelp =
  "The value comes from exactly one of: the standard input (-), --from-file, --generate, a hidden prompt, or the argument,\n" +
  "which shells and ps keep. Bytes in are bytes out: the standard input is not trimmed, so write printf %s rather than echo.";

const ways =
  "give the value as - (standard input), --from-file FILE, --generate, or on a terminal nothing to be asked for it";

/**
 * The bytes of the new value, from exactly one source. Throws `usage/invalid` for several, `usage/refused` for none without a
 * terminal, `value/too-large` with the limit. No message holds any of the value.
 */
export async function readValue(context: RunContext, source: ValueSource): Promise<Uint8Array> {
  const { argument, fromFile, generate, name } = source;
  const given = [argument, fromFile, generate].filter((one) => one !== undefined).length;
  if (given > 1) fail("usage/invalid", "the value is given more than once", { hint: ways });
  if (fromFile !== undefined) return readValueFile(resolve(context.cwd, fromFile));
  if (generate !== undefined) return generateValue(generate, context.randomBytes);
  if (argument === "-") return await readStdin(context, maxValue);
  if (argument !== undefined) return warnedArgument(context, argument);
  if (!context.interactive) fail("usage/refused", "no value is given, and nobody can be asked for it", { hint: ways });
  return await askHidden(context, { label: `Value of ${name}`, twice: true, instead: ways });
}

function warnedArgument(context: RunContext, argument: string): Uint8Array {
  showWarning(
    context,
    "a value on the command line stays in the history of the shell and can be seen with ps",
    "next time pipe it in with -, use --from-file, or leave it out to be asked",
  );
  return encodeUtf8(argument);
}
