import { SecretsError, type ErrorCode } from "../../src/core/errors.js";

/** The code of the error that the call throws; any other error passes through, and no error is one. */
export function codeOf(call: () => unknown): ErrorCode {
  try {
    call();
  } catch (cause) {
    if (cause instanceof SecretsError) return cause.code;
    throw cause;
  }
  throw new Error("nothing was thrown");
}

/** {@link codeOf} for a promise. */
export async function codeOfAsync(call: () => Promise<unknown>): Promise<ErrorCode> {
  try {
    await call();
  } catch (cause) {
    if (cause instanceof SecretsError) return cause.code;
    throw cause;
  }
  throw new Error("nothing was thrown");
}

/** The hint of the error that the call throws, empty when it has none. */
export function hintOf(call: () => unknown): string {
  try {
    call();
  } catch (cause) {
    if (cause instanceof SecretsError) return cause.hint ?? "";
    throw cause;
  }
  throw new Error("nothing was thrown");
}
