import { describe, expect, test } from "vitest";
import { fail } from "../../../src/core/errors.js";
import {
  count,
  createFinding,
  exitOfFindings,
  findOrReport,
  sortFindings,
  type Finding,
} from "../../../src/core/finding.js";
import { catchError } from "../../support/errors.js";
import { collect } from "../../support/verdict.js";

const error = createFinding("hash", "m");
const policy = createFinding("fork", "m");
const warning = createFinding("equivocation", "m");
const note = createFinding("link-missing", "m");

test("the exit says the worst: 5 for an error, 1 for a policy, else 0", () => {
  expect(exitOfFindings([note, warning, policy, error])).toBe(5);
  expect(exitOfFindings([note, warning, policy])).toBe(1);
  expect(exitOfFindings([note, warning])).toBe(0);
  expect(exitOfFindings([])).toBe(0);
});

test("findings are sorted by how bad they are, then by place, whatever order they came in", () => {
  const a = createFinding("hash", "m", { path: "a" });
  const b = createFinding("cut", "m", { path: "b" });
  const all = [note, b, warning, policy, a];
  const sorted = [a, b, policy, warning, note];
  expect(sortFindings(all)).toEqual(sorted);
  expect(sortFindings(all.toReversed())).toEqual(sorted);
});

describe("untrusted text", () => {
  test("of a path is escaped", () => {
    expect(createFinding("form-path", "m", { path: "a\u202e\u001b[31m" }).path).toBe("a\\u{202e}\\u{1b}[31m");
  });

  test("of a name that is none is left out", () => {
    expect(createFinding("form-path", "m", { name: "AKIA-NOT-A-NAME" })).not.toHaveProperty("name");
    expect(createFinding("form-path", "m", { name: "api-key" }).name).toBe("api-key");
  });
});

const run = (check: () => unknown): readonly Finding[] =>
  collect((report) => findOrReport(report, "secret-form", { path: "p", hint: "h" }, check));

describe("a check that throws", () => {
  test("becomes a finding with the error's own hint, or the place's", () => {
    expect(run(() => fail("secret/malformed", "line 3: odd"))).toEqual([
      { code: "secret-form", severity: "error", path: "p", message: "line 3: odd", hint: "h" },
    ]);
    expect(run(() => fail("secret/malformed", "odd", { hint: "do this" }))[0]?.hint).toBe("do this");
    expect(run(() => fail("format/newer", "v 2"))[0]?.code).toBe("newer");
  });

  test("for another reason than an expected one is a bug, and goes on", () => {
    expect(
      catchError(() =>
        run(() => {
          throw new TypeError("bug");
        }),
      ),
    ).toBeInstanceOf(TypeError);
  });

  test("and does not throw gives its value", () => {
    expect(
      findOrReport(
        () => {},
        "secret-form",
        {},
        () => 7,
      ),
    ).toBe(7);
  });
});

test("things are counted in words", () => {
  expect([count(0, "record"), count(1, "record"), count(2, "record")]).toEqual(["0 records", "1 record", "2 records"]);
});
