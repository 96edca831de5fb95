import type { Deps } from "../app/deps.js";
import { readSystem, type Context } from "./context.js";

/** The facts that use-cases take, from the context of one command. Warnings go to `warn`, by default nowhere. */
export function createDeps(
  context: Pick<Context, "env" | "cwd" | "now" | "randomBytes" | "version">,
  more: { readonly accessor?: string | undefined; readonly warn?: Deps["warn"] | undefined } = {},
): Deps {
  const { env, cwd, now, randomBytes, version } = context;
  return {
    ...readSystem(),
    env,
    cwd,
    now,
    randomBytes,
    version,
    claimed: more.accessor,
    warn: more.warn ?? (() => undefined),
  };
}
