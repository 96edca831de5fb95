import type { PolicyChange, Remark, ReviewDocument, SecretChange } from "../document.js";
import {
  checkText,
  dash,
  expiryText,
  journalText,
  kindText,
  markOf,
  pairText,
  readersText,
  remarkTexts,
  stageText,
  titleText,
  versionText,
  whoTexts,
} from "./cells.js";
import { fitSections } from "./fit.js";
import { code, name, plain } from "./markup.js";

/** A comment on GitHub holds 65,536 characters; the rest is for what stands round the review. */
export const commentBytes = 60 * 1024;

const tableHead = "| | Secret | Change | Version | Why | Expires | Readers | Checks |\n|-|-|-|-|-|-|-|-|\n";

/**
 * A comment or step summary, at most `maxBytes` bytes long. All text of the change stands in code spans; lines begin with our own
 * text, so that no forge takes one for a command.
 */
export function renderMarkdown(review: ReviewDocument, maxBytes = commentBytes): string {
  const { changes, remarks, policy, incomplete } = review;
  const ours = `### Secrets review: ${titleText(review)}\n`;
  const end = `\n${journalText(review)}${review.isOpened ? " Values were opened by an identity." : ""}\n`;
  const wanted = remarks.filter(({ level, code: of }) => level !== "note" && of !== "leak");
  const leaks = remarks.filter(({ code: of }) => of === "leak");
  const sections = [
    { head: "\n", lines: incomplete.map((why) => `- ❌ not judged: ${code(why)}`), what: "line", share: 0.05 },
    { head: `\n${tableHead}`, lines: changes.map((change) => rowOf(change, review)), what: "secret", share: 0.35 },
    { head: "\n#### To look at\n\n", lines: wanted.map(remarkLine), what: "remark", share: 0.2 },
    { head: "\n#### Members and policy\n\n", lines: policy.map(policyLine), what: "line", share: 0.1 },
    { head: "\n#### Leaks in the change\n\n", lines: leaks.map(remarkLine), what: "leak", share: 0.1 },
    { head: "\n#### Details\n\n", lines: changes.flatMap(detailLines), what: "line", share: 0.2 },
  ];
  const fixed = Buffer.byteLength(ours) + Buffer.byteLength(end);
  return `${ours}${fitSections(sections, [0, 2, 3, 4, 1, 5], maxBytes - fixed)}${end}`;
}

function rowOf(change: SecretChange, review: ReviewDocument): string {
  const checks = remarkTexts(change);
  const cells = [
    markOf(change.remarks),
    name(change.name),
    kindText(change),
    versionText(change),
    whyCell(change),
    expiryText(change),
    dash(readersText(change).map(readerCell).join(" ")),
    checks.length > 0 ? checks.map(remarkCell).join("; ") : checkText(change, review),
  ];
  return `| ${cells.join(" | ")} |`;
}

function readerCell(text: string): string {
  return /^[−+]/.test(text) ? `${text.slice(0, 1)}${name(text.slice(1))}` : plain(text);
}

function whyCell(change: SecretChange): string {
  const who = whoTexts(change).map(
    ({ sure, claimed }) => `${name(sure)}${claimed === "" ? "" : ` [${code(claimed)}]`}`,
  );
  return dash([...(change.why === undefined ? [] : [code(change.why)]), ...who].join(", "));
}

// Most remarks are our own words and checked names. One that quotes, or holds what a forge could make a link of, is shown as code.
function remarkCell(message: string): string {
  return /^(?:[\p{L}\p{N} ,:;()→-]|\.(?= |$))*$/u.test(message) ? message : code(message);
}

function remarkLine({ level, code: of, name: secret, path, message, hint }: Remark): string {
  const mark = level === "warn" ? "⚠️" : level === "note" ? "ℹ️" : "❌";
  const place = secret !== undefined ? ` ${name(secret)}` : path !== undefined ? ` ${code(path)}` : "";
  return `- ${mark} ${code(of)}${place}: ${of === "leak" ? code(message) : remarkCell(message)}${hint === undefined ? "" : ` (${code(hint)})`}`;
}

function policyLine({ area, what }: PolicyChange): string {
  return `- ${area}: ${code(what)}`;
}

/** One line a secret, so that it is whole or not there. */
function detailLines(change: SecretChange): readonly string[] {
  const { kind, stages, tags, at, class: of, rotateEvery, scope, owner, readers } = change;
  const facts = [
    ...stages.map(stageText),
    ...fact("scope", pairText(scope, kind)),
    ...fact("tags", kind === "deleted" ? tags.from.join(", ") : tagsText(tags.from, tags.to)),
    ...fact("class", pairText(of, kind)),
    ...fact("owner", pairText(owner, kind)),
    ...fact("rotate-every", pairText(rotateEvery, kind)),
    ...(readers.now.length === 0 ? [] : [`${readers.now.length} reader${readers.now.length === 1 ? "" : "s"}`]),
    ...(at === undefined ? [] : [at.replace(/\.\d{3}Z$/, "Z")]),
  ];
  return [`- ${name(change.name)}: ${facts.join("; ")}`];
}

function fact(what: string, text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : [`${what} ${code(text)}`];
}

function tagsText(from: readonly string[], to: readonly string[]): string {
  const gone = from.filter((tag) => !to.includes(tag)).map((tag) => `−${tag}`);
  const added = to.filter((tag) => !from.includes(tag)).map((tag) => (from.length === 0 ? tag : `+${tag}`));
  const kept = to.filter((tag) => from.includes(tag));
  return [...gone, ...added, ...kept].join(", ");
}
