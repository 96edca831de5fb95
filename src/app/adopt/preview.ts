import { maskLine } from "../../scan/mask.js";
import type { Match } from "../../scan/match.js";
import { createPlaces } from "../../scan/place.js";
import { decodeText } from "../../scan/text.js";
import type { ItemScanner } from "../scan/scan-item.js";
import type { View } from "./views.js";

/** A line before and after the edit, every secret in both masked: beside the one there may be others. */
export async function previewLine(
  by: ItemScanner,
  path: string,
  edit: { readonly view: View; readonly after: Buffer; readonly start: number; readonly end: number },
  match: Match,
): Promise<{ readonly before: string; readonly after: string }> {
  const { view, after, start, end } = edit;
  const around = { ...match, start, end };
  return {
    before: await show(by, path, view.bytes, view.line, match),
    after: await show(by, path, after, view.line, around),
  };
}

async function show(by: ItemScanner, path: string, bytes: Buffer, line: number, around: Match): Promise<string> {
  const matches = await by.find(decodeText(bytes, path));
  return maskLine(bytes, createPlaces(bytes).line(line), around, matches).trim();
}
