import type { Leak, ScanReport, ScanSummary } from "../../src/scan/leak.js";
import type { Rule } from "../../src/scan/rule.js";

export const sampleRule: Rule = {
  id: "acme/token",
  vendor: "Acme",
  title: "Acme access token",
  grants: "may order anvils on the account's bill",
  revoke: "Acme console, Tokens, Revoke",
  certainty: "format",
  severity: "block",
  matcher: { kind: "token", starts: ["acme_"], pattern: "acme_[a-z0-9]{20}" },
  hits: [],
  nearMisses: [],
};

export function makeLeak(with_: Partial<Leak> = {}): Leak {
  return {
    path: "src/pay.ts",
    line: 12,
    column: 18,
    endLine: 12,
    endColumn: 43,
    rule: "acme/token",
    title: "Acme access token",
    severity: "block",
    certainty: "format",
    secret: null,
    masked: "********************7xQ",
    excerpt: 'const key = "********************7xQ";',
    why: "it begins and ends as Acme's tokens do",
    via: [],
    fingerprint: "00112233445566778899aabbccddeeff",
    blob: "1".repeat(40),
    commits: [],
    pushed: false,
    ...with_,
  };
}

export function makeSummary(with_: Partial<ScanSummary> = {}): ScanSummary {
  return {
    mode: "staged",
    target: "the index",
    blobs: 3,
    bytes: 12_345,
    refs: 0,
    messages: 0,
    cached: 0,
    rules: 190,
    known: { values: 7, tooShort: 0, why: null },
    ignored: 0,
    ...with_,
  };
}

export function makeReport(
  findings: readonly Leak[],
  summary: Partial<ScanSummary> = {},
  incomplete: readonly string[] = [],
): ScanReport {
  return { summary: makeSummary(summary), findings, incomplete };
}

/** What a hostile commit could be called or hold: for terminals, logs of CI services, Markdown, XML, shells and JSON. */
export const hostileTexts: readonly string[] = [
  "\u001b[2J\u001b]0;gone\u0007",
  "a\r\n::error file=x::made up",
  "::stop-commands::stop",
  "##[error]made up",
  "##vso[task.setvariable variable=x]y",
  "##teamcity[buildStop]",
  "\u202egnp.ts",
  "zero\u200bwidth\u2066",
  "]]></failure></testcase><evil/>",
  '"/><script>alert(1)</script>',
  "<!--",
  "]]>",
  "&lt;&amp;",
  "</system-out>",
  "[click](javascript:alert(1))",
  "![x](https://example.org/pixel)",
  "`code` **bold** | cell | @somebody #1",
  "a,line=1::b%0Ac",
  "%0A::add-mask::x",
  "'; rm -rf ~; echo '",
  "$(rm -rf ~)",
  "`rm -rf ~`",
  "--option",
  "-rf",
  "\ud800lone",
  "\ufffe\uffff",
  "\u0000nul",
  "\u2028line\u2029",
  "e" + "\u0301".repeat(50),
];
