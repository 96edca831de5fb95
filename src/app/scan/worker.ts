import { parentPort, workerData } from "node:worker_threads";
import { fail } from "../../core/errors.js";
import { streamObjects } from "../../git/object-stream.js";
import type { CrewAnswer, CrewOrders } from "./crew.js";
import { createItemScanner } from "./scanner-settings.js";
import { objectItems } from "./sources.js";
import { tallyItems } from "./tally.js";

/** Serves as one thread of a crew until that ends it. Throws `usage/unknown` when it was not started as a thread. */
export async function serveCrew(): Promise<never> {
  const port = parentPort ?? fail("usage/unknown", "there is no such command");
  // Our own main thread made it.
  const { repo, settings } = workerData as CrewOrders;
  const by = await createItemScanner(settings, true);
  const answer = async (oids: readonly string[]): Promise<CrewAnswer> => {
    const clean: string[] = [];
    const wanted = oids.map((oid) => ({ oid, path: undefined }));
    const items = objectItems(streamObjects(repo, wanted));
    return { tally: await tallyItems(by, items, { onClean: (oid) => void clean.push(oid) }), clean };
  };
  return await new Promise<never>((_, refuse) => {
    port.on("message", (oids: readonly string[]) => {
      answer(oids).then((one) => port.postMessage(one, []), refuse);
    });
  });
}
