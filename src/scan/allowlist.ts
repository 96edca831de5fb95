import { matchesGlob } from "../core/glob.js";
import { matchesPattern } from "../core/name.js";
import type { SafeRegex } from "../core/regex/compile.js";
import type { AllowSettings, PathPattern } from "../core/scan-settings.js";
import type { Match, ScanText } from "./match.js";

/** What a user's allowlist may look at. All texts are one Latin-1 character a byte. */
export interface Candidate {
  readonly rule: string;
  readonly secret: string;
  /** All that the rule matched. */
  readonly whole: string;
  readonly line: () => string;
  readonly path: string | undefined;
}

const longestLine = 4096;

/** Whether a user has said that this match is no secret. A value of the store always is one. */
export function isAllowlisted(allow: readonly AllowSettings[], match: Match, text: ScanText): boolean {
  if (allow.length === 0 || match.name !== undefined || match.rule === "store/value") return false;
  const { start, end, secret, rule } = match;
  const whole = text.bytes.toString("latin1", start, end);
  return isAllowedBy(allow, { rule, secret, whole, line: () => lineOf(text.bytes, start, end), path: text.path });
}

export function isAllowedBy(allow: readonly AllowSettings[], candidate: Candidate): boolean {
  return allow.some((one) => isAllowed(one, candidate));
}

/** The line that bytes stand in, as far as it is near them: a file of one line must not cost its length at every match. */
export function lineOf(bytes: Buffer, start: number, end: number): string {
  const before = bytes.toString("latin1", Math.max(0, start - longestLine / 2), start);
  const after = bytes.toString("latin1", end, end + longestLine / 2);
  const feed = after.indexOf("\n");
  const head = before.slice(before.lastIndexOf("\n") + 1);
  return head + bytes.toString("latin1", start, end) + (feed < 0 ? after : after.slice(0, feed));
}

/** Whether a user has said that what these commits brought is no secret; all of them must be meant. */
export function isAllowedInCommits(allow: readonly AllowSettings[], rule: string, commits: readonly string[]): boolean {
  return allow.some(
    (one) =>
      one.commits.length > 0 &&
      commits.length > 0 &&
      isForRule(one, rule) &&
      commits.every((commit) => one.commits.includes(commit)),
  );
}

function isForRule({ rules }: AllowSettings, rule: string): boolean {
  return rules.length === 0 || rules.some((pattern) => matchesPattern(rule, pattern));
}

function isAllowed(allow: AllowSettings, candidate: Candidate): boolean {
  const { paths, regexes, stopwords, target, all } = allow;
  if (!isForRule(allow, candidate.rule)) return false;
  const lowered = candidate.secret.toLowerCase();
  const tests: (() => boolean)[] = [];
  if (paths.length > 0) tests.push(() => paths.some((pattern) => matchesPath(pattern, candidate.path)));
  if (stopwords.length > 0) tests.push(() => stopwords.some((word) => lowered.includes(word)));
  if (regexes.length > 0) {
    const subject = target === "line" ? candidate.line() : target === "match" ? candidate.whole : candidate.secret;
    tests.push(() => regexes.some((regex) => matchesRegex(regex, subject)));
  }
  // Nothing given allows nothing.
  return tests.length > 0 && (all ? tests.every((holds) => holds()) : tests.some((holds) => holds()));
}

/** Whether a path is meant; a text without one never is. */
export function matchesPath(pattern: PathPattern, path: string | undefined): boolean {
  if (path === undefined) return false;
  if (pattern.kind === "glob") return matchesGlob(path, pattern.glob);
  return matchesRegex(pattern.regex, Buffer.from(path, "utf8").toString("latin1"));
}

const compiled = new WeakMap<SafeRegex, RegExp>();

function matcherOf(regex: SafeRegex): RegExp {
  const known = compiled.get(regex);
  if (known !== undefined) return known;
  const made = new RegExp(regex.source);
  compiled.set(regex, made);
  return made;
}

/** Whether an expression matches anywhere; a long text is tried in windows that overlap by half. */
function matchesRegex(regex: SafeRegex, text: string): boolean {
  const matcher = matcherOf(regex);
  const step = regex.window / 2;
  for (let at = 0; at === 0 || at + step < text.length; at += step)
    if (matcher.test(text.slice(at, at + regex.window))) return true;
  return false;
}
