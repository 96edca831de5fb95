import { sameBytes } from "../core/bytes.js";
import { escapeText } from "../core/display.js";
import { fail, SecretsError } from "../core/errors.js";
import type { Context, InputStream } from "./context.js";
import { emptyLine, typeKeys } from "./hidden-line.js";

export interface Asking extends Context {
  readonly interactive: boolean;
}

export interface HiddenQuestion {
  /** What is asked for, as in `Value of api-key-stripe`. */
  readonly label: string;
  readonly twice: boolean;
  /** What to write on the command line instead, for when nobody can be asked. */
  readonly instead: string;
}

/**
 * Bytes that a person typed without seeing them; only the line end is taken off. Throws `usage/refused` when nobody can be
 * asked or nothing was typed, `value/invalid` when the two entries differ and `run/interrupted` on Ctrl-C.
 */
export async function askHidden(context: Asking, question: HiddenQuestion): Promise<Uint8Array> {
  checkInteractive(context, `cannot ask for ${question.label}`, question.instead);
  const label = escapeText(question.label);
  const [first = new Uint8Array(), ...others] = await readHidden(
    context,
    question.twice ? [label, `${label} (again)`] : [label],
  );
  if (first.byteLength === 0) fail("usage/refused", "nothing was typed", { hint: question.instead });
  if (others.some((other) => !sameBytes(first, other)))
    fail("value/invalid", "the two entries are not the same", {
      hint: "a value of several lines cannot be typed: use --from-file or the standard input",
    });
  return first;
}

/**
 * The answer to `question (yes/no): `. Anything but yes, y, no and n asks again, three times in all; then, and at the end
 * of the input, it is a no. Throws `usage/refused` when nobody can be asked.
 */
export async function askYesNo(context: Asking, question: string, instead: string): Promise<boolean> {
  checkInteractive(context, "cannot ask for confirmation", instead);
  const lines = readLines(context.stdin.open());
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      context.stderr.write(`${escapeText(question)} (yes/no): `);
      const line = await lines.next();
      if (line === undefined) {
        context.stderr.write("\n");
        return false;
      }
      const word = line.trim().toLowerCase();
      if (word === "yes" || word === "y") return true;
      if (word === "no" || word === "n") return false;
    }
    return false;
  } finally {
    lines.close();
  }
}

/**
 * The place of the line that a person picked by its number, from 0; undefined when nothing was picked in three attempts, or the input
 * ended. Throws `usage/refused` when nobody can be asked.
 */
export async function askNumber(
  context: Asking,
  question: string,
  options: readonly string[],
  instead: string,
): Promise<number | undefined> {
  checkInteractive(context, "cannot ask for a choice", instead);
  const list = options.map((option, at) => `  ${at + 1}  ${escapeText(option)}\n`).join("");
  context.stderr.write(`${escapeText(question)}\n${list}`);
  const lines = readLines(context.stdin.open());
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      context.stderr.write(`1 to ${options.length}: `);
      const line = await lines.next();
      if (line === undefined) context.stderr.write("\n");
      const number = Number(line?.trim() === "" ? undefined : line);
      if (line === undefined || (Number.isInteger(number) && number >= 1 && number <= options.length))
        return line === undefined ? undefined : number - 1;
    }
    return undefined;
  } finally {
    lines.close();
  }
}

function checkInteractive(context: Asking, message: string, instead: string): void {
  if (!context.interactive)
    fail("usage/refused", `${message}: there is no terminal, or --no-input is given`, { hint: instead });
}

// In raw mode the terminal shows nothing, and Ctrl-C is a byte that we must obey ourselves.
async function readHidden(context: Asking, labels: readonly string[]): Promise<readonly Uint8Array[]> {
  const stdin = context.stdin.open();
  const restore = () => {
    stdin.setRawMode?.(false);
    stdin.pause();
  };
  const forget = context.onInterrupt(restore);
  stdin.setRawMode?.(true);
  try {
    return await collectLines(stdin, labels, (text) => context.stderr.write(text));
  } finally {
    restore();
    forget();
  }
}

function collectLines(
  stdin: InputStream,
  labels: readonly string[],
  show: (text: string) => void,
): Promise<readonly Uint8Array[]> {
  return new Promise((settle, refuse) => {
    const lines: Uint8Array[] = [];
    let line = emptyLine;
    const finish = (error?: Error) => {
      stdin.off("data", onData).off("end", onEnd).off("error", finish);
      show("\n");
      if (error === undefined) settle(lines);
      else refuse(error);
    };
    const onEnd = () => finish(new SecretsError("run/interrupted", "the terminal was closed"));
    const onData = (chunk: Uint8Array | string) => {
      let rest = bytesOf(chunk);
      while (rest.byteLength > 0) {
        const typed = typeKeys(line, rest);
        ({ line } = typed);
        rest = rest.subarray(typed.used);
        if (line.state === "interrupted") return finish(new SecretsError("run/interrupted", "interrupted"));
        if (line.state === "typing") return undefined;
        lines.push(Uint8Array.from(line.bytes));
        line = emptyLine;
        // What was pasted beyond the last line is dropped here: the shell must not run it.
        if (lines.length === labels.length) return finish();
        show(`\n${labels[lines.length] ?? ""}: `);
      }
      return undefined;
    };
    show(`${labels[0] ?? ""}: `);
    stdin.on("data", onData).on("end", onEnd).on("error", finish);
    stdin.resume();
  });
}

interface Lines {
  /** The next line without its end, or undefined at the end of the input. */
  next(): Promise<string | undefined>;
  close(): void;
}

function readLines(stdin: InputStream): Lines {
  const state = { text: "", ended: false };
  const arrivals = new Set<() => void>();
  const arrive = () => {
    for (const settle of arrivals) settle();
    arrivals.clear();
  };
  const onData = (chunk: Uint8Array | string) => {
    state.text += Buffer.from(bytesOf(chunk)).toString("utf8");
    arrive();
  };
  const onEnd = () => {
    state.ended = true;
    arrive();
  };
  stdin.on("data", onData).on("end", onEnd).on("error", onEnd);
  return {
    async next() {
      while (!state.text.includes("\n")) {
        if (state.ended) return undefined;
        stdin.resume();
        await new Promise<void>((settle) => arrivals.add(settle));
      }
      const end = state.text.indexOf("\n");
      const line = state.text.slice(0, end);
      state.text = state.text.slice(end + 1);
      return line;
    },
    close() {
      stdin.off("data", onData).off("end", onEnd).off("error", onEnd);
      stdin.pause();
    },
  };
}

function bytesOf(chunk: Uint8Array | string): Uint8Array {
  return typeof chunk === "string" ? Buffer.from(chunk, "utf8") : chunk;
}
