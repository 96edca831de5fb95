import { buildBundle, staleReason, targets } from "./bundle.mjs";

/** Vitest's global setup of the e2e project: the tests run the built command, so it must be that of these sources. */
export async function setup() {
  const reason = staleReason(targets.test);
  if (reason === undefined) return;
  process.stderr.write(`e2e: building bundle-test/ (${reason})\n`);
  await buildBundle(targets.test);
}
