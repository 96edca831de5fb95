import { spawn, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { makeProject, program, type Project } from "../../support/cli-fixture.js";

function made(count = 1): Project {
  const project = makeProject();
  for (let at = 0; at < count; at += 1)
    expect(
      project.run(["set", `app/token-${at}`, "-", "--tags", "one,two,three,four,five,six,seven"], {
        stdin: `value ${at}`,
      }).status,
    ).toBe(0);
  return project;
}

function shell(
  project: Project,
  script: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script, program, process.execPath], {
    cwd: project.dir,
    env: project.env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const escape = String.fromCodePoint(0x1b);

test("without a terminal nothing is asked: the error names the flags, and nothing is written", () => {
  const project = made();
  const before = project.repo.run(["write-tree"]);
  const set = project.run(["set", "app/new"]);
  expect(set, `in: ${set.stderr}`).toMatchObject({ status: 2, stdout: "" });
  expect(set.stderr).toContain("--from-file");
  const removed = project.run(["delete", "app/token-0"]);
  expect(removed, `in: ${removed.stderr}`).toMatchObject({ status: 2, stdout: "" });
  expect(removed.stderr).toContain("--confirm");
  expect(project.repo.run(["write-tree"])).toBe(before);
});

test("with any standard stream closed or full, a command does its work or fails with 6", () => {
  const project = made();
  expect(shell(project, '"$1" "$0" get app/token-0 --raw <&-')).toMatchObject({ status: 0, stdout: "value 0" });
  expect(shell(project, '"$1" "$0" set app/new --generate <&- >&- 2>&-').status).not.toBeNull();
  // Node opens what is closed as /dev/null: an input without a byte is an empty value.
  expect(shell(project, '"$1" "$0" set app/other - <&-').status).toBe(0);
  expect(project.run(["get", "app/other", "--raw"])).toMatchObject({ status: 0, stdout: "" });
  const full = shell(project, '"$1" "$0" get app/token-0 --raw >/dev/full');
  expect(full, `in: ${full.stderr}`).toMatchObject({ status: 6, stdout: "" });
  expect(full.stderr).toContain("ENOSPC");
  expect(shell(project, '"$1" "$0" get app/token-0 --raw 2>&-')).toMatchObject({ status: 0, stdout: "value 0" });
  expect(project.run(["verify", "--worktree"]).status).toBe(0);
});

test("a reader that goes away early ends the command quietly", () => {
  const project = made(3);
  const { status, stdout, stderr } = shell(project, '"$1" "$0" list --names | head -1; echo "${PIPESTATUS[0]}"');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^app\/token-0\n(?:0|141)\n$/);
  expect(stderr).toBe("");
  const closed = shell(project, 'exec 3> >(true); wait $!; "$1" "$0" list >&3; echo "$?" >&2');
  expect(closed.stderr).toBe("141\n");
});

test("colours come on a terminal only, and not with NO_COLOR or into a pipe", async () => {
  const project = made();
  expect((await project.runTty(["get", "app/absent"])).stdout).toContain(escape);
  expect((await project.runTty(["get", "app/absent"], [], { env: { NO_COLOR: "1" } })).stdout).not.toContain(escape);
  for (const args of [["list"], ["get", "app/absent"], ["verify"]]) {
    const { stdout, stderr } = project.run(args);
    expect(stdout + stderr).not.toContain(escape);
  }
});

test("on a narrow terminal long cells are cut and no line is wider than it", () => {
  const project = made(3);
  const { stdout, status } = shell(project, `script -qec "stty cols 40 rows 20; exec '$1' '$0' list" /dev/null`);
  expect(status).toBe(0);
  const lines = stdout
    .replaceAll("\r", "")
    .replaceAll(new RegExp(`${escape}\\[[0-9;]*m`, "g"), "")
    .split("\n");
  expect(lines.some((line) => line.includes("…"))).toBe(true);
  for (const line of lines) expect([...line].length, `in: ${line}`).toBeLessThanOrEqual(40);
});

test("Ctrl-C while a value is asked for ends with 130, writes nothing, and gives the terminal back", async () => {
  const project = made();
  const before = project.repo.run(["write-tree"]);
  const typed = String.fromCodePoint(3);
  const { status, stdout } = await project.runTty(["set", "app/new"], [["Value of app/new: ", `secret text${typed}`]]);
  expect(status, `in: ${stdout}`).toBe(130);
  expect(stdout).not.toContain("secret text");
  expect(project.repo.run(["write-tree"])).toBe(before);
  const answered = await project.runTty(["delete", "app/token-0"], [["(yes/no): ", typed]]);
  expect(answered.status, `in: ${answered.stdout}`).toBe(130);
  expect(project.repo.run(["write-tree"])).toBe(before);
});

test("SIGINT and SIGTERM while the standard input is waited for end the command, write nothing and leave no lock", async () => {
  const project = made();
  const before = project.repo.run(["write-tree"]);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const child = spawn(process.execPath, ["--require", "/dev/null", program, "set", "app/new", "-"], {
      cwd: project.dir,
      env: project.env,
    });
    child.stdin.write("half of it");
    // It reads its input now, or is about to: both must end the same way.
    await new Promise((settle) => child.once("spawn", settle));
    const ended = await new Promise<string>((settle) => {
      child.once("close", (status, by) => settle(String(by ?? status)));
      child.kill(signal);
    });
    expect(["130", signal], `in: ${ended}`).toContain(ended);
  }
  expect(project.repo.run(["write-tree"])).toBe(before);
  expect(project.run(["set", "app/new", "-"], { stdin: "whole" }).status).toBe(0);
  expect(project.run(["verify", "--worktree"]).status).toBe(0);
});
