import { resolve } from "node:path";
import { fail } from "../core/errors.js";
import type { Context } from "./context.js";
import { writeOutFile } from "./out-file.js";

/** Reads `--write FORMAT=FILE`, given any number of times. Throws `usage/invalid`. */
export function parseReports<T extends string>(
  given: readonly string[],
  formats: readonly T[],
): readonly { readonly format: T; readonly file: string }[] {
  return given.map((text) => {
    const at = text.indexOf("=");
    const format = formats.find((one) => one === text.slice(0, Math.max(0, at)));
    const file = text.slice(at + 1);
    if (format === undefined || file === "")
      fail("usage/invalid", `--write takes FORMAT=FILE, with a format of ${formats.join(", ")}`);
    return { format, file };
  });
}

const smallest = 1024;

/** A number of bytes, at least 1,024; undefined stays so. Throws `usage/invalid`. */
export function parseBytes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,9}$/.test(text) || Number(text) < smallest)
    fail("usage/invalid", `--limit is a number of bytes, at least ${smallest}`);
  return Number(text);
}

/**
 * Writes a report in place of whatever has its name: a job may stand in a work tree that the branch under review made, and a link
 * of its making must not lead the report elsewhere. Throws `io/failed`.
 */
export function writeReport(context: Context, file: string, text: string): void {
  writeOutFile(context, { path: resolve(context.cwd, file), replaces: true }, Buffer.from(`${text}\n`, "utf8"));
}
