import { expect, test } from "vitest";
import { traitsOf } from "../../../../src/scan/generic/file-kind.js";

test.each([
  [undefined, "text", false],
  ["src/app.ts", "code", false],
  ["test/app.py", "code", true],
  ["spec/user_spec.rb", "code", true],
  ["README.md", "text", true],
  ["notes.txt", "text", false],
  ["deploy/values.yaml", "data", false],
  ["examples/values.yaml", "data", true],
  [".env", "data", false],
  [".env.production", "data", false],
  [".env.example", "data", true],
  ["Dockerfile", "data", false],
  ["home/.netrc", "data", false],
  ["package-lock.json", "noise", false],
  ["src/locales/de.json", "noise", false],
  ["vendor/app.min.js", "noise", false],
  ["latest/app.ts", "code", false],
  ["contest.go", "code", false],
])("%s is %s", (path, kind, rehearsal) => expect(traitsOf(path)).toEqual({ kind, rehearsal }));

test("the answer does not depend on the one before", () => {
  const first = traitsOf("a.ts");
  traitsOf("b.md");
  expect(traitsOf("a.ts")).toEqual(first);
});
