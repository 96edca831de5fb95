import { SecretsError, type ErrorCode } from "../../core/errors.js";

const gitsOwn: ReadonlySet<ErrorCode> = new Set(["git/failed", "store/integrity"]);

/** Does what needs git; where that fails, as in a damaged repository, there is a gap in the scan and `instead` is taken. */
export async function orGap<T>(
  work: () => Promise<T> | T,
  instead: T,
): Promise<{ readonly value: T; readonly gaps: readonly string[] }> {
  try {
    return { value: await work(), gaps: [] };
  } catch (cause) {
    if (!(cause instanceof SecretsError && gitsOwn.has(cause.code))) throw cause;
    return { value: instead, gaps: [cause.message] };
  }
}
