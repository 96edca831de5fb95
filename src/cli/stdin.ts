import { fail } from "../core/errors.js";
import type { Context } from "./context.js";

/** All bytes of the standard input as they are. Throws `value/too-large` above `limit` bytes, `io/failed` when it breaks. */
export async function readStdin(context: Context, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of context.stdin.open()) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, "utf8") : chunk;
      length += bytes.byteLength;
      if (length > limit) break;
      chunks.push(bytes);
    }
  } catch (cause) {
    fail("io/failed", "cannot read the standard input", { cause });
  }
  if (length > limit) fail("value/too-large", `the standard input is longer than ${limit} bytes`);
  return Buffer.concat(chunks);
}
