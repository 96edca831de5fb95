import { expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";

const day = 86_400_000;
const noon = Date.UTC(2026, 10, 23, 12);
const at = (offset: number): string => new Date(noon + offset).toISOString();

interface Entry {
  readonly at: string;
  readonly action: string;
}

function set(project: Project, value: string, offset: number): string {
  const { status, stderr } = project.run(["set", "app/token", "-"], { stdin: value, now: at(offset) });
  expect(status, `in: ${stderr}`).toBe(0);
  return stderr;
}

function journal(project: Project, offset: number): readonly Entry[] {
  const { status, stdout, stderr } = project.run(["audit", "app/token", "--json"], { now: at(offset) });
  expect(status, `in: ${stderr}`).toBe(0);
  return (JSON.parse(stdout) as { readonly entries: readonly Entry[] }).entries;
}

test("a clock that was set back by less than a day is told of, and what is written still comes after what was there", () => {
  const project = makeProject();
  set(project, "one", day);
  expect(set(project, "two", 60_000)).toContain("clock is 1439 minutes behind the newest journal entry");
  const [newest, first] = journal(project, day);
  expect([newest?.action, first?.action]).toEqual(["set", "create"]);
  expect(Date.parse(newest?.at ?? "")).toBeGreaterThanOrEqual(Date.parse(first?.at ?? ""));
  expect(project.run(["get", "app/token", "--raw"], { now: at(60_000) }).stdout).toBe("two");
  expect(project.run(["verify"], { now: at(day) }).status).toBe(0);
});

test("a clock that was set back further is told of, and the newest version is still the one written last", () => {
  const project = makeProject();
  set(project, "one", 3 * day);
  expect(set(project, "two", day)).toContain("the newest journal entry is 2 days ahead of this machine's clock");
  expect(project.run(["get", "app/token", "--raw"], { now: at(day) }).stdout).toBe("two");
  expect(project.run(["verify"], { now: at(3 * day) }).status).toBe(0);
});

test("a stamp that is further ahead than a day does not drag the clock of others along, and doctor tells of it", () => {
  const project = makeProject();
  set(project, "far", 30 * day);
  expect(set(project, "now", 0)).toContain("the newest journal entry is 30 days ahead");
  const times = journal(project, 31 * day).map((entry) => Date.parse(entry.at));
  expect(times).toContain(noon + 30 * day);
  expect(Math.min(...times)).toBeLessThan(noon + day);
  const doctor = project.run(["doctor"], { now: at(day) });
  expect(doctor.stdout + doctor.stderr).toContain("the newest journal entry is from the future");
  expect(project.run(["verify"], { now: at(day) }).status).toBe(0);
});

test("a stamp less than a day ahead is followed, so that the order stays", () => {
  const project = makeProject();
  set(project, "ahead", day - 1000);
  set(project, "next", 0);
  const [newest, first] = journal(project, 2 * day).map((entry) => Date.parse(entry.at));
  expect(first).toBe(noon + day - 1000);
  expect(newest).toBeGreaterThanOrEqual(noon + day - 1000);
  expect(project.run(["verify"], { now: at(2 * day) }).status).toBe(0);
});
