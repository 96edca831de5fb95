import { setup } from "../../scripts/e2e-setup.mjs";

/** Brings bundle-test/ up to date: fault tests run the built command too, and only the e2e project does that by itself. */
export async function buildForTests(): Promise<void> {
  await setup();
}
