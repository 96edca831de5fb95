import { showText } from "../../core/report-text.js";
import { renderTable } from "../../core/table.js";
import type { Remark, ReviewDocument, SecretChange } from "../document.js";
import {
  checkText,
  dash,
  expiryText,
  journalText,
  kindText,
  markOf,
  pairText,
  readersText,
  shownRemarks,
  stageText,
  titleText,
  versionText,
  whoTexts,
} from "./cells.js";

const marks = { "✅": "✓", "⚠️": "!", "❌": "✗" } as const;
const levels = { error: "error", block: "block", warn: "warn", note: "note" } as const;

/** For a terminal, a log or a commit message; nothing is left out. `width` cuts the table to a terminal. */
export function renderText(review: ReviewDocument, width?: number): string {
  const { changes, remarks, policy, incomplete } = review;
  const rows = changes.map((change) => rowOf(change, review));
  const table =
    rows.length === 0
      ? []
      : renderTable(["", "Secret", "Change", "Version", "Why", "Expires", "Readers", "Checks"], rows, {
          boxed: false,
          width,
        });
  return [
    `Secrets review: ${titleText(review)}`,
    ...incomplete.map((why) => `not judged: ${showText(why)}`),
    ...part(table),
    ...part(remarks.flatMap(remarkLines)),
    ...part(policy.map(({ area, what }) => `${area}: ${showText(what)}`)),
    ...part(changes.map(detailLine)),
    "",
    `${journalText(review)}${review.isOpened ? " Values were opened by your identity." : ""}`,
  ].join("\n");
}

function part(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function rowOf(change: SecretChange, review: ReviewDocument): readonly string[] {
  const { shown, more } = shownRemarks(change);
  const checks = [...shown.map(({ message }) => message), ...more];
  const why = [
    ...(change.why === undefined ? [] : [change.why]),
    ...whoTexts(change).map(({ sure, claimed }) => (claimed === "" ? sure : `${sure} [${claimed}]`)),
  ];
  return [
    marks[markOf(change.remarks)],
    change.name,
    kindText(change),
    versionText(change),
    dash(why.join(", ")),
    expiryText(change),
    dash(readersText(change).join(" ")),
    checks.length > 0 ? checks.join("; ") : checkText(change, review),
  ].map(showText);
}

function remarkLines({ level, code, name, path, message, hint }: Remark): readonly string[] {
  const place = name ?? path;
  const line = `${levels[level]} ${showText(code)}${place === undefined ? "" : ` ${showText(place)}`}: ${showText(message)}`;
  return hint === undefined ? [line] : [line, `  hint: ${showText(hint)}`];
}

function detailLine({ name, kind, stages, scope, tags, owner, rotateEvery, readers, class: of }: SecretChange): string {
  const facts = [
    ...stages.map(stageText),
    ...fact("scope", pairText(scope, kind)),
    ...fact("tags", pairText({ from: tags.from.join(", "), to: tags.to.join(", ") }, kind)),
    ...fact("class", pairText(of, kind)),
    ...fact("owner", pairText(owner, kind)),
    ...fact("rotate-every", pairText(rotateEvery, kind)),
    ...fact("readers", readers.now.join(", ")),
  ];
  // Never at the start of a line, where a job's log takes `::` for a command.
  return `- ${showText(`${name}: ${facts.join("; ")}`)}`;
}

function fact(what: string, text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : [`${what} ${text}`];
}
