import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { Remark } from "../../../src/review/document.js";
import { renderReview } from "../../../src/review/render/render.js";
import { makeReview } from "../../support/review-document.js";
import { hostileTexts } from "../../support/scan-report.js";

const schemaFile = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, "utf8")) as object);

const options = { version: "1.2.3" };
const remarks: readonly Remark[] = [
  { level: "error", code: "sig", name: "db/url", path: ".secrets/store/db/url.secret", message: "bad" },
  { level: "block", code: "fork", name: "db/url", message: "two" },
  { level: "warn", code: "no-reason", name: "db/url", message: "why" },
  { level: "note", code: "known-in-grace", message: "bob" },
];
const review = makeReview("x", { remarks, incomplete: ["no base"] });

function prints(of: readonly Remark[]): readonly string[] {
  const issues = JSON.parse(renderReview({ ...review, remarks: of, incomplete: [] }, "gitlab", options)) as {
    readonly fingerprint: string;
  }[];
  return issues.map(({ fingerprint }) => fingerprint);
}

describe("a review for programs", () => {
  test.each(["x", ...hostileTexts].map((text) => [JSON.stringify(text), text] as const))(
    "is SARIF by its published schema with %s in it",
    (_name, text) => {
      expect(validate(JSON.parse(renderReview(makeReview(text), "sarif", options))) ? [] : validate.errors).toEqual([]);
    },
  );

  test("tells in SARIF what must not be merged from what is only to be seen, and that it was not finished", () => {
    const log = JSON.parse(renderReview(review, "sarif", options)) as unknown;
    expect(log).toMatchObject({
      runs: [
        {
          invocations: [{ executionSuccessful: false }],
          results: [{ level: "error" }, { level: "error" }, { level: "warning" }, { level: "note" }],
        },
      ],
    });
  });

  test("has a fingerprint for each remark that does not depend on the others", () => {
    const all = prints(remarks);
    expect(new Set(all).size).toBe(remarks.length);
    expect(prints(remarks.toReversed())).toEqual(all.toReversed());
    // GitLab drops an issue whose fingerprint it has seen, so the same remark twice is one.
    expect(prints([...remarks, ...remarks])).toEqual(all);
  });

  test("is an issue for GitLab when it could not be judged", () => {
    const issues = JSON.parse(renderReview(review, "gitlab", options)) as unknown[];
    expect(issues.at(-1)).toMatchObject({ check_name: "review/incomplete", severity: "blocker" });
    expect(issues[0]).toMatchObject({ severity: "blocker", location: { path: ".secrets/store/db/url.secret" } });
  });
});
