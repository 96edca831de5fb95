import { encodeJson, escapeLines, escapeText } from "../core/display.js";
import { renderTable } from "../core/table.js";
import type { Context } from "./context.js";
import { type Colors, decideColor, loadColors } from "./wishes.js";

export type Fact = readonly [label: string, value: string];

/** The only way commands speak. Every text is taken as untrusted and escaped; what is on stdout is the answer. */
export interface Output {
  /** Lines on stdout. */
  answer(...lines: readonly string[]): void;
  /** Bytes on stdout as they are: the value that was asked for, and nothing else. */
  bytes(data: Uint8Array): void;
  /** One JSON document on stdout. */
  json(value: unknown): void;
  /** `✓ message` on stdout, then indented `Label: value` lines. */
  done(message: string, facts?: readonly Fact[]): void;
  /** `Label: value` lines on stdout. */
  facts(facts: readonly Fact[]): void;
  /** A table on stdout: boxed and cut to the terminal, or aligned columns into a pipe. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
  /** `⚠ Warning: message` on stderr, further lines indented; `--quiet` does not hide it. */
  warn(message: string, ...details: readonly string[]): void;
  /** A line on stderr that `--quiet` hides. */
  note(message: string): void;
  /** A line on stderr that only `--verbose` shows. */
  detail(message: string): void;
}

export interface OutputFlags {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: string | undefined;
}

export async function createOutput(context: Context, flags: OutputFlags): Promise<Output> {
  const [out, err] = await Promise.all([
    loadColors(decideColor(flags.color, context.env, context.stdout)),
    loadColors(decideColor(flags.color, context.env, context.stderr)),
  ]);
  return {
    ...answers(context, out),
    warn(message, ...details) {
      context.stderr.write(`${err.yellow("⚠ Warning:")} ${escapeLines(message)}\n`);
      for (const line of details) context.stderr.write(`  ${escapeText(line)}\n`);
    },
    note(message) {
      if (!flags.quiet) context.stderr.write(`${escapeLines(message)}\n`);
    },
    detail(message) {
      if (flags.verbose) context.stderr.write(`${err.dim(escapeLines(message))}\n`);
    },
  };
}

function answers(context: Context, colors: Colors): Omit<Output, "warn" | "note" | "detail"> {
  const print = (lines: readonly string[]) => context.stdout.write(lines.map((line) => `${line}\n`).join(""));
  return {
    answer: (...lines) => print(lines.map(escapeLines)),
    bytes: (data) => context.stdout.write(data),
    json: (value) => print([encodeJson(value)]),
    done: (message, facts = []) =>
      print([`${colors.green("✓")} ${escapeText(message)}`, ...facts.map((fact) => `  ${showFact(fact)}`)]),
    facts: (facts) => print(facts.map(showFact)),
    table(head, rows) {
      const boxed = context.stdout.isTty && context.env["TERM"] !== "dumb";
      print(renderTable(head, rows, { boxed, width: context.columns() }));
    },
  };
}

function showFact([label, value]: Fact): string {
  return `${escapeText(label)}: ${escapeText(value)}`;
}
