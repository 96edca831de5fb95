import { resolve } from "node:path";

/** A path that was given on the command line, as an absolute one. */
export function pathFrom(cwd: string, path: string): string {
  return resolve(cwd, path);
}
