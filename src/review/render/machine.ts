import { sha256Hex } from "../../core/digest.js";
import { showJson, showMessage, showText } from "../../core/report-text.js";
import { encodeSarif, sarifPlace } from "../../core/sarif.js";
import type { Remark, RemarkLevel, ReviewDocument } from "../document.js";

/** The documented schema 1: it only ever grows. */
export function renderJson(review: ReviewDocument): string {
  return showJson(review);
}

const config = ".secrets/config.yaml";
const sarifLevels: Readonly<Record<RemarkLevel, string>> = {
  error: "error",
  block: "error",
  warn: "warning",
  note: "note",
};

/** Where a remark is about no file, tools still want one. */
function pathOf({ path, name }: Remark): string {
  return path ?? (name === undefined ? config : `.secrets/store/${name}.secret`);
}

/** Of what a remark says and where: the same one has the same print in the next run. */
function printOf(remark: Remark): string {
  return sha256Hex("gitseal/review/v1", "\0", remark.code, "\0", pathOf(remark), "\0", remark.message).slice(0, 32);
}

/** SARIF 2.1.0: one result for each remark. */
export function renderSarif({ remarks, incomplete, base, head, exit }: ReviewDocument, version: string): string {
  const codes = [...new Set(remarks.map(({ code }) => code))];
  return encodeSarif({
    version,
    automation: "secrets-review/",
    rules: codes.map((id) => ({ id: `review/${id}` })),
    incomplete,
    results: remarks.map((remark) => ({
      ruleId: `review/${remark.code}`,
      ruleIndex: codes.indexOf(remark.code),
      level: sarifLevels[remark.level],
      message: { text: showMessage(sentenceOf(remark)) },
      locations: [sarifPlace(pathOf(remark), { startLine: 1 })],
      partialFingerprints: { "gitsealReview/v1": printOf(remark) },
    })),
    properties: { base, head, exit },
  });
}

function sentenceOf({ name, message, hint }: Remark): string {
  return `${name === undefined ? "" : `${name}: `}${message}${hint === undefined ? "" : ` (${hint})`}`;
}

const gitlabSeverities: Readonly<Record<RemarkLevel, string>> = {
  error: "blocker",
  block: "critical",
  warn: "minor",
  note: "info",
};

/** GitLab's code quality report. What could not be judged is an issue too: its widget shows nothing else. */
export function renderGitlab({ remarks, incomplete }: ReviewDocument): string {
  const issues = new Map(
    remarks.map((remark) => [
      printOf(remark),
      {
        description: showText(sentenceOf(remark)),
        check_name: `review/${remark.code}`,
        fingerprint: printOf(remark),
        severity: gitlabSeverities[remark.level],
        location: { path: pathOf(remark), lines: { begin: 1 } },
      },
    ]),
  );
  const gaps = incomplete.map((why) => ({
    description: showText(`not judged: ${why}`),
    check_name: "review/incomplete",
    fingerprint: sha256Hex("gitseal/review/incomplete", "\0", why).slice(0, 32),
    severity: "blocker",
    location: { path: config, lines: { begin: 1 } },
  }));
  return showJson([...issues.values(), ...gaps]);
}

// GitHub shows ten errors and ten warnings of a step and drops the rest without a word.
const most = 10;

/** Workflow commands of GitHub's runner, ten of each kind, then how many more there are. */
export function renderGithub({ remarks, incomplete }: ReviewDocument): string {
  const errors = [
    ...incomplete.map((why) => `::error title=${property("secrets review: not judged")}::${data(why)}`),
    ...remarks.filter(({ level }) => level === "error" || level === "block").map((one) => annotate("error", one)),
  ];
  const warnings = remarks.filter(({ level }) => level === "warn").map((one) => annotate("warning", one));
  const hidden = Math.max(0, errors.length - most) + Math.max(0, warnings.length - most);
  return [
    ...errors.slice(0, most),
    ...warnings.slice(0, most),
    ...(hidden > 0 ? [`and ${hidden} more: secrets review --format text shows all of them`] : []),
  ].join("\n");
}

function annotate(command: "error" | "warning", remark: Remark): string {
  const title = property(`secrets review: ${remark.code}`);
  return `::${command} file=${property(pathOf(remark))},line=1,title=${title}::${data(sentenceOf(remark))}`;
}

// The two escapes of the runner (actions/toolkit, command.ts): `%` first, so that no escape of ours is read as one of theirs.
function data(text: string): string {
  return showText(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
