import { describe, expect, test } from "vitest";
import { encodeJson } from "../../../../src/core/display.js";
import { renderReport, type ReportFormat } from "../../../../src/scan/report/render.js";
import type { ScanReport } from "../../../../src/scan/leak.js";
import { hostileTexts, makeLeak, makeReport, sampleRule } from "../../../support/scan-report.js";
import { checkXml } from "../../../support/xml-form.js";

function show(report: ScanReport, format: ReportFormat): string {
  return renderReport(report, format, { version: "1.2.3", rules: [sampleRule] });
}

function linesOf(report: ScanReport): readonly string[] {
  return show(report, "github").split("\n");
}

describe("the JSON of a scan", () => {
  test("has the documented keys, and parses back to exactly what was found", () => {
    const report = makeReport([makeLeak()], {}, ["blob x is missing"]);
    const json = JSON.parse(show(report, "json")) as Record<string, unknown>;
    expect(Object.keys(json)).toEqual(["schema", "summary", "findings", "incomplete"]);
    expect(json).toEqual({ schema: 1, ...report });
  });

  test("is the same after an output that escapes what terminals obey", () => {
    for (const text of hostileTexts) {
      const leak = makeLeak({ path: text, excerpt: text });
      const shown = show(makeReport([leak]), "json");
      expect(encodeJson(JSON.parse(shown)).replaceAll("##[", "")).toBe(
        shown.replaceAll(String.raw`#\u0023[`, "").replaceAll(String.raw`#\u0023`, "##"),
      );
      expect((JSON.parse(shown) as ScanReport).findings[0]?.path).toBe(text);
    }
  });
});

describe("GitLab's code quality report", () => {
  interface Issue {
    readonly fingerprint: string;
    readonly severity: string;
    readonly check_name: string;
    readonly description: string;
    readonly location: unknown;
  }
  const issuesOf = (report: ScanReport) => JSON.parse(show(report, "gitlab")) as readonly Issue[];

  test("has the five fields, with a blocking leak as a blocker and a warning as minor", () => {
    expect(issuesOf(makeReport([makeLeak(), makeLeak({ severity: "warn" })]))).toEqual([
      {
        description: "Acme access token ********************7xQ (format)",
        check_name: "acme/token",
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
        severity: "blocker",
        location: { path: "src/pay.ts", lines: { begin: 12 } },
      },
      expect.objectContaining({ severity: "minor" }),
    ]);
  });

  test("tells the same secret twice in a file apart, and does not change when lines move", () => {
    const [first, second] = issuesOf(makeReport([makeLeak(), makeLeak({ line: 40 })]));
    const [moved] = issuesOf(makeReport([makeLeak({ line: 99 })]));
    expect(first?.fingerprint).not.toBe(second?.fingerprint);
    expect(moved?.fingerprint).toBe(first?.fingerprint);
    expect(issuesOf(makeReport([makeLeak({ path: "b" })]))[0]?.fingerprint).not.toBe(first?.fingerprint);
  });

  test("holds what could not be judged as issues", () => {
    expect(issuesOf(makeReport([], {}, ["blob x is missing"]))).toEqual([
      expect.objectContaining({ check_name: "scan/incomplete", description: "not judged: blob x is missing" }),
    ]);
  });
});

describe("JUnit XML", () => {
  test("fails for a blocking leak, not for a warning, and errs for what was not judged", () => {
    const xml = show(makeReport([makeLeak(), makeLeak({ severity: "warn" })], {}, ["blob x"]), "junit");
    expect(xml).toContain(`<testsuite name="secrets scan" tests="3" failures="1" errors="1">`);
    expect(checkXml(xml).filter((name) => name !== "system-out")).toEqual([
      "testsuites",
      "testsuite",
      "testcase",
      "failure",
      "testcase",
      "testcase",
      "error",
    ]);
    expect(xml).toContain("- secrets adopt src/pay.ts:12".replace("secrets", "keep it in the store: secrets"));
  });

  test("has one passing test when there is nothing to say, because a suite without tests is taken for a broken one", () => {
    const xml = show(makeReport([]), "junit");
    expect(xml).toContain(`tests="1" failures="0" errors="0"`);
    expect(xml).toContain(`name="✓ No leaks: the index"`);
  });
});

describe("GitHub annotations", () => {
  test("name the file and place, and break no property", () => {
    const leak = makeLeak({ path: "a,line=1::b%.ts", title: "50% off" });
    expect(linesOf(makeReport([leak]))[0]).toBe(
      "::error file=a%2Cline=1%3A%3Ab%25.ts,line=12,endLine=12,col=18,endColumn=42,title=acme/token::" +
        "50%25 off ********************7xQ: it begins and ends as Acme's tokens do (fingerprint 00112233445566778899aabbccddeeff)",
    );
  });

  test("leave columns out of a finding over several lines", () => {
    expect(linesOf(makeReport([makeLeak({ endLine: 14 })]))[0]).toContain("line=12,endLine=14,title=");
  });

  test("are ten of each kind at most, and the rest is counted", () => {
    const many = Array.from({ length: 13 }, (_, at) => makeLeak({ line: at + 1 }));
    const warned = many.map((leak) => ({ ...leak, severity: "warn" as const }));
    const lines = linesOf(makeReport([...many, ...warned], {}, ["blob x"]));
    expect(lines.filter((line) => line.startsWith("::error "))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith("::warning "))).toHaveLength(10);
    expect(lines).toContain("and 7 more findings: run secrets scan on your machine to see all of them");
    expect(lines[0]).toBe("::error title=not judged::blob x");
  });

  test("say what was scanned, behind them", () => {
    expect(linesOf(makeReport([]))).toEqual([
      "✓ No leaks: the index",
      "  scanned: 3 blobs, 12.3 kB, 0 refs, 0 messages; 190 rules",
      "  values of the store: 7 looked for",
    ]);
  });
});
