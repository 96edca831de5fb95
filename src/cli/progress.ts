import { cutText, escapeText } from "../core/display.js";
import type { Context } from "./context.js";

export interface Progress {
  /** Counts and lets Ctrl-C in; await it between two pieces of work, never inside a transaction. */
  advance(count?: number): Promise<void>;
  /** Takes the bar off the screen. Call it in a `finally`. */
  end(): void;
}

export interface ProgressWork {
  /** What is done, as in `verifying`. */
  readonly label: string;
  /** Undefined when nobody knows how much there is. */
  readonly total: number | undefined;
}

const quietMs = 500;
const redrawMs = 100;
const eraseLine = "\r\u001b[K";

/** A bar on stderr with count and rate, after half a second, on a terminal only, and not with `--quiet`. */
export function startProgress(context: Context & { readonly quiet: boolean }, work: ProgressWork): Progress {
  const startedAt = context.monotonicMs();
  const visible = context.stderr.isTty && !context.quiet && context.env["TERM"] !== "dumb";
  let done = 0;
  let yieldedAt = startedAt;
  let drawn = false;
  const erase = () => {
    if (drawn) context.stderr.write(eraseLine);
    drawn = false;
  };
  const forget = context.onInterrupt(erase);
  return {
    async advance(count = 1) {
      done += count;
      const at = context.monotonicMs();
      if (at - yieldedAt < redrawMs) return;
      yieldedAt = at;
      if (visible && at - startedAt >= quietMs) {
        context.stderr.write(eraseLine + renderProgress(work, done, at - startedAt, context.columns() ?? 80));
        drawn = true;
      }
      await nextTurn();
    },
    end() {
      erase();
      forget();
    },
  };
}

/** One line of progress, never wider than the terminal less one column, where some terminals wrap. */
export function renderProgress(work: ProgressWork, done: number, elapsedMs: number, columns: number): string {
  const rate = `${Math.round((done * 1000) / Math.max(1, elapsedMs))}/s`;
  const label = escapeText(work.label);
  if (work.total === undefined) return cutText(`${label} ${done}, ${rate}`, columns - 1);
  const tail = `${done}/${work.total}, ${rate}`;
  const room = Math.min(30, columns - 1 - label.length - tail.length - 4);
  if (room < 5) return cutText(`${label} ${tail}`, columns - 1);
  const filled = Math.round(room * Math.min(1, work.total === 0 ? 1 : done / work.total));
  return `${label} [${"#".repeat(filled)}${".".repeat(room - filled)}] ${tail}`;
}

// Signals are only noticed between turns of the event loop.
function nextTurn(): Promise<void> {
  return new Promise((settle) => void setImmediate(settle));
}
