import { remarkLevels, type PolicyChange, type Remark, type ReviewDocument, type SecretChange } from "../document.js";
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
import { fitSections } from "./fit.js";
import { code, name, plain } from "./markup.js";

/** A comment on GitHub holds 65,536 characters; the rest is for what stands round the review. */
const commentBytes = 60 * 1024;

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

/** The table and the details alone, whole. */
export function renderTable(review: ReviewDocument): string {
  const rows = review.changes.map((change) => rowOf(change, review));
  return `${tableHead}${rows.join("\n")}\n\n${review.changes.flatMap(detailLines).join("\n")}\n`;
}

function rowOf(change: SecretChange, review: ReviewDocument): string {
  const { shown, more } = shownRemarks(change);
  const checks = [...shown.map(remarkCell), ...more];
  const cells = [
    markOf(change.remarks),
    name(change.name),
    kindText(change),
    versionText(change),
    whyCell(change),
    expiryText(change),
    dash(readersText(change).map(readerCell).join(" ")),
    checks.length > 0 ? checks.join("; ") : checkText(change, review),
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

// The review's own remarks are its words and checked names. What the verifier or the scanner says may quote, and stands in code,
// as does whatever a forge could make a link of.
function remarkCell({ code: of, message }: Remark): string {
  const isOwn = Object.hasOwn(remarkLevels, of) && /^(?:[\p{L}\p{N} ,:;()→-]|\.(?= |$))*$/u.test(message);
  return isOwn ? message : code(message);
}

function remarkLine(remark: Remark): string {
  const { level, code: of, name: secret, path, hint } = remark;
  const mark = level === "warn" ? "⚠️" : level === "note" ? "ℹ️" : "❌";
  const place = secret !== undefined ? ` ${name(secret)}` : path !== undefined ? ` ${code(path)}` : "";
  return `- ${mark} ${code(of)}${place}: ${remarkCell(remark)}${hint === undefined ? "" : ` (${code(hint)})`}`;
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
