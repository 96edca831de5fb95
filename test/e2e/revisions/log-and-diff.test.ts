import { expect, test } from "vitest";
import { alice, bob, foundRepo, makeCarol, secretFile, secrets, storeOf, wendy } from "../../support/attack-scene.js";
import type { GitRepo } from "../../support/git-fixture.js";

const name = "api/key";
const value = "a value that no command shows";

function read(git: GitRepo, args: readonly string[]): string {
  const { status, stdout, stderr } = secrets(git, undefined, args);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).not.toContain(value);
  return stdout;
}

/** A rotation merged from a branch, metadata, a new member and a deletion, each a commit. */
async function makeHistory(): Promise<{ readonly git: GitRepo; readonly commits: readonly string[] }> {
  const git = await foundRepo({ members: [bob, wendy], secrets: { [name]: value, "db/url": value } });
  const founded = git.oid("HEAD");
  git.branch("side");
  await storeOf(git, bob).rotate(name, `${value} 2`, { reason: "scheduled" });
  const rotated = git.commit("rotate");
  git.switch("main");
  git.commit("something else", { "README.md": "text" });
  git.merge("side");
  const merged = git.oid("HEAD");
  await storeOf(git, alice).meta("db/url", { tags: "one", expires: "30d" });
  const tagged = git.commit("tags");
  await storeOf(git, alice).addMember(makeCarol());
  await storeOf(git, alice).delete("db/url", { reason: "unused" });
  return { git, commits: [founded, rotated, merged, tagged] };
}

test("diff and log refuse what names no revision and no secret, and need no identity", async () => {
  const { git } = await makeHistory();
  expect(secrets(git, undefined, ["diff", "no-such-branch"])).toMatchObject({ status: 8, stdout: "" });
  expect(secrets(git, undefined, ["diff", "HEAD..--all"])).toMatchObject({ status: 2, stdout: "" });
  expect(secrets(git, undefined, ["log", "never-there"])).toMatchObject({ status: 3, stdout: "" });
  expect(secrets(git, undefined, ["diff", "HEAD:README.md"])).toMatchObject({ status: 2, stdout: "" });
});

test("diff tells versions, readers, metadata, members and deletions between any two revisions, and log the commits that brought them", async () => {
  const { git, commits } = await makeHistory();
  const [founded = "", rotated = "", merged = "", tagged = ""] = commits;
  const rotation = read(git, ["diff", `${founded}..${merged}`]);
  expect(rotation).toMatch(/^api\/key: rotated\n {2}version 2 \([0-9a-f]{16}\): rotate by bob at .*Z, scheduled\n/);
  expect(rotation).toContain("version 1: current → grace");
  expect(rotation).not.toContain("db/url");
  // From the common ancestor, the other side's work is no difference.
  expect(read(git, ["diff", `${merged}^1...side`])).toBe(rotation);
  expect(read(git, ["diff", `${merged}..${tagged}`])).toMatch(
    /^db\/url: expiry changed, metadata\n {2}expires: - → .*Z\n {2}tags: - → one\n$/,
  );
  const staged = read(git, ["diff"]);
  expect(staged).toContain("db/url: deleted\n");
  expect(staged).toContain("members: trust root 3 → 4\n  carol joined (read; ");
  expect(read(git, ["diff", "side..side"])).toBe("No secret, member or setting differs\n");
  const reverse = JSON.parse(read(git, ["diff", `${merged}..${founded}`, "--json"]));
  expect(reverse).toMatchObject({ from: merged, to: founded, secrets: [{ name, words: ["versions dropped"] }] });
  expect(reverse.segments.lost).toHaveLength(1);
  const log = JSON.parse(read(git, ["log", name, "--json"]));
  expect(log.entries).toMatchObject([
    { action: "rotate", member: "bob", reason: "scheduled", commit: rotated, versions: [{ version: 2 }] },
    { action: "create", member: "alice", commit: founded, versions: [{ version: 1 }] },
  ]);
  const lines = read(git, ["log", "db/url"]).split("\n");
  expect(lines[0]).toBe("Log: db/url (3 changes)");
  expect(lines.slice(3).map((line) => line.split(/ {2,}/).slice(0, 3))).toMatchObject([
    ["-", expect.any(String), "delete"],
    [tagged.slice(0, 12), expect.any(String), "meta"],
    [founded.slice(0, 12), expect.any(String), "create"],
    [""],
  ]);
});

test("a file that is not intact is a line of the diff and does not hide the others", async () => {
  const { git, commits } = await makeHistory();
  git.commit("delete");
  const forged = git.read(secretFile(name)).replace(/^grace: 2026/m, "grace: 2036");
  const bad = git.commit("forge", { [secretFile(name)]: forged });
  const { status, stdout } = secrets(git, undefined, ["diff", `${commits[0]}..${bad}`]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^api\/key: cannot be compared\n {2}.+\ndb\/url: deleted$/m);
});
