import { Worker } from "node:worker_threads";
import { streamObjects, type WantedObject } from "../../git/object-stream.js";
import type { Repository } from "../../git/repository.js";
import { createItemScanner, type ScannerSettings } from "./scanner-settings.js";
import { objectItems } from "./sources.js";
import { addTally, emptyTally, tallyItems, type Tally, type TallyOptions } from "./tally.js";

/** What a thread is told when it starts. */
export interface CrewOrders {
  readonly repo: Repository;
  readonly settings: ScannerSettings;
}

/** What a thread answers to a batch of objects. */
export interface CrewAnswer {
  readonly tally: Tally;
  readonly clean: readonly string[];
}

export interface CrewWork extends CrewOrders, TallyOptions {
  /** The file of the running program, which started in a thread with {@link workerWord} serves as one; undefined where there is none. */
  readonly program: string | undefined;
  readonly threads: number;
}

/** First argument of the program in a thread. */
const workerWord = "__scan-worker";

const batchSize = 1000;
// Starting a thread takes as long as a few hundred small objects.
const worthThreads = 2 * batchSize;

/**
 * Scans objects of which no path is known, in several threads when there are many of them; each has its own git. The findings are the
 * same either way, in another order.
 */
export async function scanOnThreads(wanted: AsyncIterable<WantedObject>, work: CrewWork): Promise<Tally> {
  const source = wanted[Symbol.asyncIterator]();
  const first = await take(source, worthThreads);
  if (first.length < worthThreads || work.threads < 2 || work.program === undefined)
    return await scanHere(work, chain(first, source));
  return await scanThere(work.program, work, [first.slice(0, batchSize), first.slice(batchSize)], source);
}

async function scanHere(work: CrewWork, wanted: AsyncIterable<WantedObject>): Promise<Tally> {
  const by = await createItemScanner(work.settings, true);
  return await tallyItems(by, objectItems(streamObjects(work.repo, wanted)), work);
}

async function scanThere(
  program: string,
  work: CrewWork,
  waiting: (readonly WantedObject[])[],
  source: AsyncIterator<WantedObject>,
): Promise<Tally> {
  const total = emptyTally();
  const orders: CrewOrders = { repo: work.repo, settings: work.settings };
  const threads = Array.from({ length: work.threads }, () => startThread(program, orders));
  // One reader of the list: threads that are done wait for the one that is fetching.
  let turn: Promise<unknown> = Promise.resolve();
  const next = async (): Promise<readonly WantedObject[]> => {
    const mine = turn.then(async () => waiting.shift() ?? (await take(source, batchSize)));
    turn = mine.catch(() => undefined);
    return await mine;
  };
  const serve = async (thread: Thread): Promise<void> => {
    for (let batch = await next(); batch.length > 0; batch = await next()) {
      const { tally, clean } = await thread.ask(batch.map(({ oid }) => oid));
      addTally(total, tally);
      for (const oid of clean) work.onClean?.(oid, undefined);
      await work.onScanned?.(batch.length);
    }
  };
  try {
    await Promise.all(threads.map(serve));
  } finally {
    await Promise.all(threads.map(async (thread) => await thread.end()));
    await source.return?.();
  }
  return total;
}

// Texts are short-lived; without a limit each thread lets 50 MB of them wait to be collected.
const resourceLimits = { maxYoungGenerationSizeMb: 16 };

interface Thread {
  readonly ask: (oids: readonly string[]) => Promise<CrewAnswer>;
  readonly end: () => Promise<unknown>;
}

function startThread(program: string, orders: CrewOrders): Thread {
  // No variable of the environment: git gets those of the repository, and nothing else needs any.
  const worker = new Worker(program, { argv: [workerWord], workerData: orders, env: {}, stdin: false, resourceLimits });
  let failure: Error | undefined;
  let settle: { readonly done: (answer: CrewAnswer) => void; readonly failed: (cause: Error) => void } | undefined;
  const fail = (cause: Error): void => {
    failure ??= cause;
    settle?.failed(failure);
  };
  worker.on("message", (answer: CrewAnswer) => settle?.done(answer));
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("a scanning thread ended before its work")));
  return {
    ask: async (oids) =>
      await new Promise<CrewAnswer>((done, failed) => {
        settle = { done, failed };
        if (failure === undefined) worker.postMessage(oids, []);
        else failed(failure);
      }),
    end: async () => {
      settle = undefined;
      return await worker.terminate();
    },
  };
}

async function take(source: AsyncIterator<WantedObject>, count: number): Promise<readonly WantedObject[]> {
  const taken: WantedObject[] = [];
  while (taken.length < count) {
    const next = await source.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

async function* chain(
  first: readonly WantedObject[],
  rest: AsyncIterator<WantedObject>,
): AsyncGenerator<WantedObject, void, undefined> {
  try {
    yield* first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
