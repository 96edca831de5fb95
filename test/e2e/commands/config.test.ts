import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";

test("an edited config counts once a maintainer's init admits it, which stages it too; a fresh clone then finds the identity that it names", () => {
  const project = makeProject();
  const config = join(project.dir, ".secrets/config.yaml");
  const masterKey = "  providers:\n    local:\n      masterKey: ${env:TEAM_KEY}\n";
  writeFileSync(config, readFileSync(config, "utf8") + masterKey);
  expect(project.run(["set", "app/token", "-"], { stdin: "one" }).stderr).toContain(
    "without a journal entry of a maintainer",
  );
  expect(project.run(["init"]).status).toBe(0);
  expect(project.repo.run(["diff", "--name-only"])).toBe("");
  expect(project.repo.run(["diff", "--cached", "--name-only"])).toContain(".secrets/config.yaml");
  project.repo.commit("edit the config");
  expect(project.run(["verify", "--worktree"]).status).toBe(0);

  const job = project.colleague();
  const key = readFileSync(join(project.home, ".config/gitseal/identity"), "utf8");
  expect(job.run(["get", "app/token", "--raw"]).status).toBe(4);
  const answer = job.run(["get", "app/token", "--raw"], { env: { TEAM_KEY: key } });
  expect(answer).toMatchObject({ status: 0, stdout: "one" });
});
