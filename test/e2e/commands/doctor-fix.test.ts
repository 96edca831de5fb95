import { expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";

interface Checked {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly hint?: string;
}

function wrong(checks: readonly Checked[]): readonly string[] {
  return checks
    .filter(({ status }) => status !== "ok")
    .map(({ name, status, message }) => `${status} ${name}: ${message}`);
}

test("doctor sees every part of the set-up that is wrong and changes nothing; --fix mends what is ours to mend, once", () => {
  const project = makeProject();
  const { repo } = project;
  const path = ".secrets/store/api-token.secret";
  project.run(["set", "api-token", "--generate"]);
  repo.commit("set");
  const look = (...options: readonly string[]): readonly Checked[] => {
    const { stdout, stderr } = project.run(["doctor", "--json", ...options]);
    expect(stderr).toBe("");
    return (JSON.parse(stdout) as { checks: readonly Checked[] }).checks;
  };
  expect(wrong(look())).toEqual([expect.stringMatching(/^warning hooks: pre-commit missing, /)]);
  for (const key of ["diff.secrets.textconv", "merge.secrets.driver"]) repo.run(["config", "--unset-all", key]);
  repo.run(["config", "merge.directoryRenames", "true"]);
  repo.run(["config", "rerere.autoUpdate", "true"]);
  repo.run(["update-ref", "refs/notes/textconv/secrets", "HEAD"]);
  repo.run(["update-index", "--assume-unchanged", path]);
  repo.write(".gitattributes", repo.read(".gitattributes").replace("diff=secrets merge=secrets", "diff=secrets"));
  const before = project.snapshot();
  const found = look();
  expect(project.changedSince(before)).toEqual([]);
  expect(wrong(found)).toEqual([
    "warning attributes: the block in .gitattributes is not as it must be, or a line behind it matches files of ours",
    `problem git: git hides edits of ${path} (assume-unchanged)`,
    "warning drivers: git shows and merges secret files line by line",
    "problem drivers: git has kept output of a textconv as objects, and a mirror push uploads them",
    "warning drivers: merge.directoryRenames lets a merge move a new secret into another folder, where its name is wrong",
    "warning drivers: rerere.autoUpdate lets git settle a conflict as it was settled once, without asking",
    expect.stringMatching(/^warning hooks: /),
  ]);
  expect(found.every(({ status, hint }) => status === "ok" || hint?.startsWith("run: ") === true)).toBe(true);
  expect(wrong(look("--fix"))).toEqual([
    "fixed attributes: the block in .gitattributes is as it must be, and staged",
    "fixed drivers: git shows and merges secret files by their records",
    "fixed drivers: what git had kept of a textconv is let go",
    "fixed hooks: git runs all hooks of gitseal",
    "fixed git: git hides edits of 1 file no more",
    // These are the user's own settings.
    "warning drivers: merge.directoryRenames lets a merge move a new secret into another folder, where its name is wrong",
    "warning drivers: rerere.autoUpdate lets git settle a conflict as it was settled once, without asking",
  ]);
  expect(repo.run(["status", "--porcelain"])).toBe("");
  expect(wrong(look("--fix")).every((line) => line.startsWith("warning drivers: "))).toBe(true);
  // Settings of another person's making under our names are told, and replaced when that is asked for.
  repo.run(["config", "diff.secrets.textconv", "cat"]);
  expect(wrong(look())).toContain(
    "warning drivers: the drivers for secret files are set up in another way (git config --get-regexp secrets)",
  );
  expect(project.run(["doctor", "--fix"]).stdout).toContain("✓ drivers: mended: ");
  // In a sparse checkout the flag is git's own.
  repo.run(["sparse-checkout", "set", "--no-cone", "/*", "!/.secrets/store/"]);
  expect(wrong(look("--fix"))).toContain(`problem git: git hides edits of ${path} (skip-worktree)`);
});
