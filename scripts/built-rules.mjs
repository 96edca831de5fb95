// The scanner's rules as a scan begins with them: which bytes to look for, and which rule to try there. Preparing them takes longer
// than all else that a hook does, so it is done here, and the command reads the outcome.
import { loadTypeScript } from "./load-typescript.mjs";

/**
 * The file's bytes. The command takes them for what its own sources say, so they are always made of the same ones.
 * @returns {Promise<Uint8Array>}
 */
export async function buildRules() {
  const { builtRules } = /** @type {{ builtRules: () => Uint8Array }} */ (
    await loadTypeScript("src/scan/built-rules.ts")
  );
  return builtRules();
}
