import { describe, expect, test } from "vitest";
import { commands } from "../../../src/cli/registry.js";
import { makeProject } from "../../support/cli-fixture.js";

// Whether the examples work when pasted is test/e2e/docs's to say: docs/cli.md holds the same ones.
const project = makeProject({ bare: true });
const shown = commands.filter(({ hidden }) => hidden !== true);

describe.each(shown.map((entry) => [entry.path.join(" "), entry] as const))("secrets %s", (path, entry) => {
  test("shows its help on stdout, with usage, options, examples and exit statuses, outside of a store too", () => {
    for (const args of [
      [...entry.path, "--help"],
      ["help", ...entry.path],
      [...entry.path, "-h"],
    ]) {
      const { status, stdout, stderr } = project.run(args);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toContain(`${entry.summary}\n\nUsage: secrets ${path}`);
      for (const part of ["\nGlobal options:\n", "\nExamples:\n", "\nExit status:\n"]) expect(stdout).toContain(part);
    }
  });
});

test("the overview names every command that is not hidden", () => {
  const { status, stdout, stderr } = project.run([]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const lines = stdout.split("\n").map((line) => line.trim().split(/ {2,}/));
  for (const { path, summary } of shown) expect(lines).toContainEqual([path.join(" "), summary]);
});
