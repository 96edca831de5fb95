import { expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";

const project = makeProject();
const typed = "canary p4ss w0rd ";

test("set asks twice for a value that nobody sees, and takes off nothing but the line end", async () => {
  const { status, stdout } = await project.runTty(
    ["set", "typed-one", "--color", "never"],
    [
      ["Value of typed-one: ", `${typed}\r`],
      ["Value of typed-one (again): ", `${typed}\r`],
    ],
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^Value of typed-one: \nValue of typed-one \(again\): \n✓ Secret 'typed-one' stored successfully\n/,
  );
  expect(stdout).not.toContain(typed.trim());
  expect(project.run(["get", "typed-one", "--raw"]).stdout).toBe(typed);
});

test("two entries that differ store nothing, exit status 2, and neither is shown", async () => {
  const { status, stdout } = await project.runTty(
    ["rotate", "typed-one"],
    [
      ["Value of typed-one: ", "first-entry\r"],
      ["(again): ", "other-entry\r"],
    ],
  );
  expect(status).toBe(2);
  expect(stdout).toContain("the two entries are not the same");
  expect(stdout).not.toMatch(/first-entry|other-entry/);
  expect(project.run(["get", "typed-one", "--raw"]).stdout).toBe(typed);
});

test("nothing typed is nothing stored", async () => {
  const { status, stdout } = await project.runTty(
    ["set", "typed-two"],
    [
      ["Value of typed-two: ", "\r"],
      ["(again): ", "\r"],
    ],
  );
  expect(status).toBe(2);
  expect(stdout).toContain("nothing was typed");
});

test("Ctrl-C ends the question with 130 and stores nothing", async () => {
  const { status } = await project.runTty(["set", "typed-two"], [["Value of typed-two: ", "abc\u0003"]]);
  expect(status).toBe(130);
  expect(project.run(["list", "--names"]).stdout).toBe("typed-one\n");
});

test("nobody is asked for the value of a name that cannot be, or of a secret that is not there", async () => {
  for (const args of [
    ["set", "Not_A_Name"],
    ["rotate", "not-there"],
  ]) {
    const { status, stdout } = await project.runTty(args);
    expect([2, 3]).toContain(status);
    expect(stdout).not.toContain("Value of");
  }
});

test("--no-input asks nothing on a terminal either", async () => {
  const { status, stdout } = await project.runTty(["set", "typed-two", "--no-input"]);
  expect(status).toBe(2);
  expect(stdout).toContain("no value is given, and nobody can be asked for it");
});
