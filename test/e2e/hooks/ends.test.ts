import { describe, expect, test } from "vitest";
import { prepare, sceneOf, type Project } from "../../support/cli-fixture.js";
import { git, makeHooked } from "../../support/hooks-fixture.js";

const later = "2026-12-20T12:00:00.000Z"; // 26 days and 19.5 hours after the tests begin

/** `short` lives 20 days, `long` 30, `ever` for good; `worn` should be replaced every 10 days. */
const makeScene = sceneOf(() => {
  const project = makeHooked();
  for (const [name = "", ...options] of [
    ["short", "--expires", "20d"],
    ["long", "--expires", "30d"],
    ["ever"],
    ["worn", "--rotate-every", "10d"],
  ])
    prepare(project, ["set", name, "--generate", ...options]);
  git(project, ["commit", "-q", "-m", "Secrets"]);
  return project;
});

function commit(project: Project, now = later): ReturnType<typeof git> {
  return git(project, ["commit", "-q", "--allow-empty", "-m", "one"], { now });
}

const notes = "⚠ long expires in 3 days\n⚠ short expired 6 days ago\n⚠ worn should have been rotated 16 days ago\n";

describe("secrets near their end", () => {
  test("are one line each and stop nothing, where the commit does not change them", () => {
    const project = makeScene();
    expect(commit(project)).toEqual({ status: 0, stdout: "", stderr: notes });
    // The last third of 30 days begins after 20.
    expect(commit(project, "2026-12-13T16:00:00.000Z").stderr).not.toContain("long");
    expect(commit(project, "2026-12-13T17:00:00.000Z").stderr).toContain("⚠ long expires in 9 days\n");
  });

  test.each(["short", "long"])("stop the commit that changes %s, and say what to do; a new end passes", (name) => {
    const project = makeScene();
    project.run(["meta", name, "--note", "changed"], { now: later });
    const stopped = commit(project);
    expect(stopped.status).toBe(1);
    expect(stopped.stderr).toContain(`✗ ${name} expire`);
    expect(stopped.stderr).toContain(`secrets rotate ${name}, or secrets meta ${name} --expires 90d`);
    project.run(["meta", name, "--expires", "90d"], { now: later });
    expect(commit(project)).toMatchObject({ status: 0 });
  });

  test("pass when they get a new value, or are deleted, or were only due for a rotation", () => {
    const project = makeScene();
    project.run(["rotate", "short", "--generate", "--expires", "90d"], { now: later });
    project.run(["delete", "long", "--confirm"], { now: later });
    project.run(["meta", "worn", "--note", "changed"], { now: later });
    const answer = commit(project);
    expect(answer.stderr).toBe("⚠ worn should have been rotated 16 days ago\n");
    expect(answer.status).toBe(0);
  });

  test("pass when they are only sealed anew: after somebody has joined or left, rekey does not wait", () => {
    const project = makeScene();
    const [, card = ""] = /'(.+)'/.exec(project.colleague().run(["init"]).stdout) ?? [];
    project.run(["member", "add", "bob", card], { now: later });
    project.run(["rekey"], { now: later });
    expect(project.repo.run(["diff", "--cached", "--name-only"])).toContain(".secrets/store/short.secret");
    expect(commit(project)).toEqual({ status: 0, stdout: "", stderr: notes });
  });
});

describe("after a merge or a checkout", () => {
  test("two lines say what two branches changed and what ends, and the exit status is 0", () => {
    const project = makeScene();
    const start = project.repo.oid("HEAD");
    for (const branch of ["one", "two"]) {
      project.repo.branch(branch, start);
      project.run(["rotate", "ever", "--generate"], { now: later });
      project.repo.run(["commit", "-q", "--no-verify", "-m", branch]);
    }
    // Both sides of what they appended, as a person may keep them.
    const path = ".secrets/store/ever.secret";
    const [base, one, two] = [start, "one", "two"].map((rev) => project.repo.run(["show", `${rev}:${path}`]));
    expect(git(project, ["merge", "-q", "one"], { now: later }).status).not.toBe(0);
    project.repo.write(path, `${two ?? ""}${(one ?? "").slice((base ?? "").length)}`);
    project.repo.run(["add", path]);
    expect(git(project, ["commit", "-q", "--no-edit"], { now: later }).stderr).toContain(
      "⚠ .secrets/store/ever.secret: ",
    );
    expect(project.run(["hooks", "run", "post-merge", "0"], { now: later })).toEqual({
      status: 0,
      stdout: "",
      stderr:
        "⚠ two branches changed ever: secrets resolve ever\n" +
        "⚠ 3 secrets expired or close to it: secrets list --expiring 30d --include-expired\n",
    });
    const checkout = git(project, ["switch", "-q", "one"], { now: later });
    expect(checkout).toEqual({
      status: 0,
      stdout: "",
      stderr: "⚠ 3 secrets expired or close to it: secrets list --expiring 30d --include-expired\n",
    });
    expect(git(project, ["checkout", "-q", "--", "."], { now: later })).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("a store that cannot be read does not stop them, and the verifier's word is left to the verifier", () => {
    const project = makeScene();
    project.repo.write(".secrets/store/ever.secret", "not a secret file\n");
    const stopped = git(project, ["commit", "-a", "-q", "-m", "Break it"]);
    expect(stopped.status).toBe(1);
    expect(stopped.stderr.match(/ever\.secret/g)).toHaveLength(1);
    expect(git(project, ["commit", "-a", "-q", "--no-verify", "-m", "Break it"])).toMatchObject({ status: 0 });
    expect(git(project, ["switch", "-q", "-c", "side"])).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(project.run(["hooks", "run", "post-merge"], { env: { GIT_DIR: "/nowhere" } })).toMatchObject({ status: 0 });
  });
});
