import { fail } from "../../core/errors.js";
import type { Match } from "../../scan/match.js";
import { createPlaces } from "../../scan/place.js";
import { decodeText } from "../../scan/text.js";
import type { ItemScanner } from "../scan/scan-item.js";
import type { View } from "./views.js";

/** The secrets on a line of a file, those too that settings or comments allow: who adopts one has decided. */
export async function findOnLine(by: ItemScanner, view: View, path: string): Promise<readonly Match[]> {
  const text = decodeText(view.bytes, path);
  if (!text.bytes.equals(view.bytes))
    fail("usage/refused", "the file is not plain UTF-8 text, so its bytes cannot be replaced one by one", {
      hint: "store the value with: secrets set",
    });
  return (await by.find(text)).filter(({ start, end }) => start < view.end && end > view.start);
}

/**
 * The one secret that is meant. Throws `secret/not-found` where there is none, and `usage/invalid` where there are several and `column` (in
 * UTF-16 units, from 1) is not in one of them.
 */
export function chooseMatch(matches: readonly Match[], view: View, column: number | undefined): Match {
  const places = createPlaces(view.bytes);
  const columnsOf = ({ start, end }: Match) => [places.place(start).column, places.place(end).column] as const;
  const chosen =
    column === undefined
      ? matches
      : matches.filter((match) => {
          const [from, to] = columnsOf(match);
          return from <= column && column < to;
        });
  const [match, another] = chosen;
  if (match === undefined)
    fail(
      "secret/not-found",
      `the scanner finds no secret ${column === undefined ? "on that line" : "at that column"}`,
      {
        hint: "see what it finds with: secrets scan --paths FILE; store any other value with: secrets set",
      },
    );
  if (another !== undefined) {
    const columns = chosen.map((one) => columnsOf(one)[0]);
    fail("usage/invalid", `there are ${chosen.length} secrets on that line, at the columns ${columns.join(", ")}`, {
      hint: `name one: --column ${columns[0] ?? 1}`,
    });
  }
  return checkMatch(match, view);
}

function checkMatch(match: Match, { bytes, start, end }: View): Match {
  const [encoding] = match.via;
  if (encoding !== undefined)
    fail("usage/refused", `the secret stands there as ${match.via.join(" in ")}, and what reads it expects it so`, {
      hint: "take it out by hand, and store it with: secrets set",
    });
  if (match.start < start || match.end > end)
    fail("usage/refused", "the secret goes over several lines", {
      hint: "store it with: secrets set NAME --from-file FILE; then take it out by hand",
    });
  if (match.name === undefined && bytes.toString("latin1", match.start, match.end) !== match.secret)
    fail("usage/refused", "what the file says and what the program reads differ", {
      hint: "store it with: secrets set",
    });
  return match;
}
