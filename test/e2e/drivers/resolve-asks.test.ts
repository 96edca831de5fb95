import { expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";

test("on a terminal resolve shows both sides and takes the one that is picked; without one it says how to choose", async () => {
  const project = makeProject();
  const { repo } = project;
  project.run(["set", "api-token", "-"], { stdin: "one" });
  repo.commit("set");
  repo.branch("side");
  project.run(["rotate", "api-token", "-", "--reason", "theirs"], { stdin: "three" });
  repo.commit("side");
  repo.switch("main");
  project.run(["rotate", "api-token", "-"], { stdin: "two" });
  repo.commit("main");
  expect(repo.merge("side")).toBe(false);
  const refused = project.run(["resolve", "api-token"]);
  expect([refused.status, refused.stdout]).toEqual([7, ""]);
  expect(refused.stderr).toContain("hint: say whose value stays: secrets resolve api-token --take ours");
  const { status, stdout } = await project.runTty(["resolve", "api-token"], [["1 to 2: ", "2\n"]]);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^ {2}1 {2}ours: version 2 \([0-9a-f]{16}\), rotate by alice at 2026-11-23T16:30:00Z\n {2}2 {2}theirs: version 2 .*, theirs$/m,
  );
  expect(project.run(["get", "api-token", "--raw"]).stdout).toBe("three");
  expect(repo.run(["diff", "--name-only", "--diff-filter=U"])).toBe("");
});
