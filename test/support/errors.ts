import { expect } from "vitest";

/** What `work` throws; fails the test when it throws nothing. */
export function catchError(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** For use inside of what `toEqual` and `toMatchObject` compare with. */
export function textLike(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
