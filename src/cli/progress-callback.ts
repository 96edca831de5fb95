import type { RunContext } from "./command.js";
import { startProgress, type Progress } from "./progress.js";

/** Called between two pieces of synchronous work with the number done, and of all. */
export type OnProgress = (done: number, all: number) => void;

/**
 * Runs work that reports its progress from inside one synchronous stretch, such as a transaction: the bar is drawn, while
 * Ctrl-C waits for the stretch to end.
 */
export async function withProgress<T>(
  context: RunContext,
  label: string,
  work: (onProgress: OnProgress) => Promise<T>,
): Promise<T> {
  let progress: Progress | undefined;
  try {
    return await work((_done, all) => {
      progress ??= startProgress(context, { label, total: all });
      void progress.advance();
    });
  } finally {
    progress?.end();
  }
}
