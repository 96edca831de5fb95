import { isAbsolute, posix, relative, sep } from "node:path";
import { fail } from "../../core/errors.js";
import type { Place } from "../session.js";

export interface FilePlace {
  /** Relative to the top of the work tree, with `/`. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number | undefined;
}

const shape = /^(.+?):([1-9][0-9]{0,8})(?::([1-9][0-9]{0,8}))?$/s;

/** Reads `path:line` or `path:line:column`. Throws `usage/invalid` for another text and for a path that is not of the work tree's files. */
export function parsePlace(place: Place, text: string, column: string | undefined): FilePlace {
  const [, path, line, behind] = shape.exec(text) ?? [];
  if (path === undefined || line === undefined)
    fail("usage/invalid", "say where the secret stands, as FILE:LINE", { hint: "as in: secrets adopt src/pay.ts:12" });
  if (column !== undefined && !/^[1-9][0-9]{0,8}$/.test(column)) fail("usage/invalid", "--column is a number from 1");
  const chosen = column ?? behind;
  return {
    path: pathInside(place, path),
    line: Number(line),
    column: chosen === undefined ? undefined : Number(chosen),
  };
}

function pathInside({ repo, workTree }: Place, path: string): string {
  const inside = isAbsolute(path)
    ? relative(workTree, path).split(sep).join("/")
    : posix.normalize(posix.join(repo.prefix, path.split(sep).join("/")));
  const [top = ""] = inside.split("/");
  if (inside === "" || isAbsolute(inside) || top === "..") fail("usage/invalid", "the file is not in this work tree");
  if (/^\.(?:git|secrets)$/i.test(top)) fail("usage/refused", "files of git and of the store itself are not edited");
  return inside;
}
