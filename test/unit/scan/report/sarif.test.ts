import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { Leak, ScanReport } from "../../../../src/scan/leak.js";
import { renderReport } from "../../../../src/scan/report/render.js";
import { hostileTexts, makeLeak, makeReport, sampleRule } from "../../../support/scan-report.js";

// The schema as it was published: the package is taken for this file alone.
const schemaFile = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, "utf8")) as object);

interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly version: string; readonly rules: readonly Descriptor[] } };
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: unknown;
    }[];
    readonly results: readonly Result[];
  }[];
}
interface Descriptor {
  readonly id: string;
  readonly help: { readonly text: string };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: unknown };
  }[];
  readonly partialFingerprints: unknown;
}

function logOf(report: ScanReport): Log {
  return JSON.parse(renderReport(report, "sarif", { version: "1.2.3", rules: [sampleRule] })) as Log;
}

function runOf(report: ScanReport): Log["runs"][number] {
  const [run] = logOf(report).runs;
  if (run === undefined) throw new Error("no run");
  return run;
}

function uriOf(path: string): string | undefined {
  return runOf(makeReport([makeLeak({ path })])).results[0]?.locations[0]?.physicalLocation.artifactLocation.uri;
}

function errorsOf(report: unknown): unknown {
  return validate(report) ? [] : validate.errors;
}

describe("the published schema of SARIF 2.1.0", () => {
  test("refuses a log that is wrong in one place, so it is in force", () => {
    expect(errorsOf({ version: "2.1.0" })).not.toEqual([]);
    expect(
      errorsOf({
        version: "2.1.0",
        runs: [{ tool: { driver: { name: "x" } }, results: [{ level: "bad", message: { text: "x" } }] }],
      }),
    ).not.toEqual([]);
  });

  test.each<readonly [string, ScanReport]>([
    ["nothing", makeReport([])],
    ["what could not be judged", makeReport([], {}, ["blob x is missing"])],
    [
      "a leak of the table, of a user's rule, and of the store",
      makeReport([
        makeLeak(),
        makeLeak({ rule: "user/x", severity: "warn" }),
        makeLeak({
          rule: "store/value",
          secret: "db",
          certainty: "known",
          blob: null,
          commits: ["a".repeat(40)],
          pushed: true,
        }),
      ]),
    ],
    ...hostileTexts.map(
      (text) =>
        [
          JSON.stringify(text),
          makeReport(
            [makeLeak({ path: text, title: text, why: text, masked: text, rule: "user/x" })],
            { target: text },
            [text],
          ),
        ] as const,
    ),
  ])("accepts a report of %s", (_what, report) => {
    expect(errorsOf(logOf(report))).toEqual([]);
  });
});

describe("a SARIF report", () => {
  test("that judged not everything is not a successful run", () => {
    const [invocation] = runOf(makeReport([], {}, ["blob x is missing"])).invocations;
    expect(invocation).toEqual({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: "error", message: { text: "blob x is missing" } }],
    });
    expect(runOf(makeReport([])).invocations[0]?.executionSuccessful).toBe(true);
  });

  test("holds no snippet and no line of the source", () => {
    const text = JSON.stringify(logOf(makeReport([makeLeak({ excerpt: "the whole line of source" })])));
    expect(text).not.toContain("snippet");
    expect(text).not.toContain("the whole line of source");
  });

  test("has a fingerprint that neither line nor path nor commit changes", () => {
    const prints = [{}, { line: 99, column: 1 }, { path: "other.ts" }, { commits: ["a".repeat(40)] }].map(
      (with_: Partial<Leak>) => runOf(makeReport([makeLeak(with_)])).results[0]?.partialFingerprints,
    );
    expect(new Set(prints.map((print) => JSON.stringify(print)))).toEqual(
      new Set([`{"gitsealSecret/v1":"00112233445566778899aabbccddeeff"}`]),
    );
  });

  test("describes each rule once, with its help, and results point at it", () => {
    const run = runOf(makeReport([makeLeak(), makeLeak({ rule: "user/x" }), makeLeak({ line: 3 })]));
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(["acme/token", "user/x"]);
    expect(run.results.map(({ ruleIndex }) => ruleIndex)).toEqual([0, 1, 0]);
    expect(run.tool.driver.rules[0]?.help.text).toBe(
      "Who has it may order anvils on the account's bill. To revoke it: Acme console, Tokens, Revoke.",
    );
    expect(run.tool.driver.version).toBe("1.2.3");
  });

  test("places a finding by UTF-16 columns, with the end behind the last character", () => {
    expect(runOf(makeReport([makeLeak()])).results[0]?.locations[0]?.physicalLocation.region).toEqual({
      startLine: 12,
      startColumn: 18,
      endLine: 12,
      endColumn: 43,
    });
  });

  test.each([
    ["src/a b.ts", "src/a%20b.ts"],
    ["c:evil", "c%3Aevil"],
    ["a?b#c%d", "a%3Fb%23c%25d"],
    ["\ud800x", "%EF%BF%BDx"],
    ["//host/x", "/.//host/x"],
  ])("writes the path %j as the relative reference %s", (path, uri) => {
    expect(uriOf(path)).toBe(uri);
  });

  test("shows brackets of a hostile text as brackets, not as a link", () => {
    const [result] = runOf(makeReport([makeLeak({ title: "[x](javascript:1)" })])).results;
    expect(result?.message.text).toMatch(/^\\\[x\\\]\(javascript:1\)/);
  });

  test("says which severity a finding has", () => {
    const run = runOf(makeReport([makeLeak(), makeLeak({ severity: "warn" })]));
    expect(run.results.map(({ level }) => level)).toEqual(["error", "warning"]);
  });
});
