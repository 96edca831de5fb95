import { encodeJson, escapeText } from "../core/display.js";
import { SecretsError } from "../core/errors.js";
import type { Context } from "./context.js";
import { type Colors, decideColor, loadColors, plain, readWishes } from "./wishes.js";

const bugExit = 70;

/** Says on stderr what went wrong, as text or with `--json` as one object, and answers the exit status. */
export async function reportError(error: unknown, context: Context, argv: readonly string[]): Promise<number> {
  const wishes = readWishes(argv);
  const colors = await loadColors(!wishes.json && decideColor(wishes.color, context.env, context.stderr));
  if (!(error instanceof SecretsError)) return reportBug(error, context, argv, colors);
  if (wishes.json) {
    context.stderr.write(`${encodeJson(jsonOf(error))}\n`);
    return error.exit;
  }
  // Who pressed Ctrl-C knows why it ended.
  if (error.code === "run/interrupted") return error.exit;
  const lines = [`${colors.red("error:")} ${escapeText(error.message)}`];
  lines.push(...error.problems.map((problem) => `  - ${escapeText(problem)}`));
  if (error.hint !== undefined) lines.push(`${colors.bold("hint:")} ${escapeText(error.hint)}`);
  context.stderr.write(`${lines.join("\n")}\n`);
  return error.exit;
}

/**
 * Says that this is our fault. The message of a foreign error may hold a value, so only its class and error number are
 * shown, and with `--verbose` the places in the code; an assertion of ours says what it asserted.
 */
export function reportBug(error: unknown, context: Context, argv: readonly string[], colors: Colors = plain): number {
  const { json, verbose } = readWishes(argv);
  const message = `internal error: ${escapeText(nameOf(error))}; this is a bug in this program`;
  const hint = verbose ? "report it with the lines above" : "run it again with --verbose and report what it prints";
  if (json) {
    context.stderr.write(`${encodeJson({ code: "bug", exit: bugExit, message, hint })}\n`);
    return bugExit;
  }
  const lines = [`${colors.red("error:")} ${message}`];
  if (verbose) lines.push(...framesOf(error));
  context.stderr.write(`${[...lines, `${colors.bold("hint:")} ${hint}`].join("\n")}\n`);
  return bugExit;
}

function jsonOf(error: SecretsError): Record<string, unknown> {
  return {
    code: error.code,
    exit: error.exit,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.problems.length === 0 ? {} : { problems: error.problems }),
  };
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (isOwnAssertion(error)) return error.message;
  const name = error.constructor.name;
  const fromSystem = "errno" in error && typeof error.errno === "number" && "code" in error;
  return fromSystem && typeof error.code === "string" ? `${name} ${error.code}` : name;
}

// node:assert with a message of its own; a generated message prints the values that differ.
function isOwnAssertion(error: Error): boolean {
  return error.name === "AssertionError" && "generatedMessage" in error && error.generatedMessage === false;
}

function framesOf(error: unknown): readonly string[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frames = error instanceof Error ? stack.slice(stack.indexOf(error.message) + error.message.length) : "";
  return frames
    .split("\n")
    .filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line))
    .map(escapeText);
}
