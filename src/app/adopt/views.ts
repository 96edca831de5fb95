import { fail } from "../../core/errors.js";
import { createPlaces } from "../../scan/place.js";

/** One version of a file, the staged one or that of the work tree, and a line of it. */
export interface View {
  readonly bytes: Buffer;
  /** From 1. */
  readonly line: number;
  /** Bytes of the line, without its line end. */
  readonly start: number;
  readonly end: number;
}

/** Which versions hold the line that is meant; at least one. */
export interface Views {
  readonly work: View | undefined;
  readonly staged: View | undefined;
}

export function findView(bytes: Buffer, line: number): View | undefined {
  const { start, end } = createPlaces(bytes).line(line);
  if (end <= start) return undefined;
  // With a carriage return in the work tree alone the line is the same.
  return { bytes, line, start, end: bytes[end - 1] === 0x0d ? end - 1 : end };
}

export function textOf({ bytes, start, end }: View): string {
  return bytes.toString("latin1", start, end);
}

/**
 * Where a line of one version stands in the other: at its own number, else at the one place with the same text. Throws `usage/refused`
 * when several lines are the same, because then nobody can say which is meant.
 */
export function findTwin(view: View, other: Buffer): View | undefined {
  const wanted = textOf(view);
  const same = findView(other, view.line);
  if (same !== undefined && textOf(same) === wanted) return same;
  const lines = other.toString("latin1").split("\n");
  const places = lines.flatMap((text, at) => (text.replace(/\r$/, "") === wanted ? [at + 1] : []));
  if (places.length > 1)
    fail("usage/refused", "what is staged differs from the work tree, and several of its lines have this text", {
      hint: "stage the file, or restore it, so that both are the same",
    });
  return places[0] === undefined ? undefined : findView(other, places[0]);
}
