import { expect, test } from "vitest";
import {
  alice,
  bob,
  expectBroken,
  expectClean,
  foundRepo,
  listed,
  secrets,
  storeOf,
  valueOf,
} from "../../support/attack-scene.js";
import { makePerson } from "../../support/core-people.js";

const name = "api/key";
const outsider = makePerson("rita", { role: "read", names: ["other/*"] });

test("reissue does what a branch came to again under another signature, leaves its segments behind, and says what does not fit", async () => {
  const git = await foundRepo({
    members: [bob],
    secrets: { [name]: "one", "db/url": "url", gone: "gone", met: "met", ended: "ended" },
  });
  const [mine, his] = [storeOf(git, alice), storeOf(git, bob)];
  git.branch("side");
  await his.rotate(name, "two", { reason: "scheduled" });
  await his.rotate(name, "three", { reason: "leak" });
  await his.meta("db/url", { owner: "payments", tags: "one" });
  await his.meta("ended", { expires: "20d" });
  await his.delete("gone");
  await his.set("new", "fresh", { tags: "a" });
  await his.rotate("met", "his");
  const side = git.commit("side");
  git.switch("main");
  await mine.rotate("met", "hers");
  await mine.meta("db/url", { tags: "two" });
  git.commit("main");
  const segments = (): number => git.run(["ls-files", ".secrets/journal/change"]).split("\n").length - 1;
  const before = segments();
  expect(secrets(git, undefined, ["reissue", "side"])).toMatchObject({ status: 4, stdout: "" });
  expect(secrets(git, outsider, ["reissue", "side"])).toMatchObject({ status: 4, stdout: "" });
  const dry = await mine.reissue("side", { dryRun: true });
  expect([dry.authors, git.status()]).toEqual([["bob"], ""]);
  const { status, stdout, stderr } = secrets(git, alice, ["reissue", "side"]);
  expect([status, stderr.split("\n").toSorted()]).toEqual([
    1,
    [
      "",
      "left: db/url: tags has been changed since",
      "left: met: it has a new version here too: merge the two by hand, or rotate it",
    ],
  ]);
  expect(stdout).toContain(`✓ Did again the work of bob up to ${side.slice(0, 12)}\n`);
  expect(segments()).toBe(before + 1);
  expect(await Promise.all([name, "met", "new"].map(async (of) => await valueOf(mine, of)))).toEqual([
    "three",
    "hers",
    "fresh",
  ]);
  expect(mine.history(name).versions.map(({ by, op, reason }) => [by, op, reason])).toEqual([
    ["alice", "rotate", "leak"],
    ["alice", "create", undefined],
  ]);
  expect((await mine.list()).entries.map((entry) => entry.name)).toEqual([name, "db/url", "ended", "met", "new"]);
  expect(mine.history("ended").versions[0]?.expires).toBeDefined();
  expect(mine.log(name).entries[0]).toMatchObject({ action: "reissue", member: "alice" });
  git.commit("reissue");
  await expectClean(git);
});

test("records whose segment was lost before anybody had it are done again, and recover leaves them alone", async () => {
  const git = await foundRepo({ members: [bob], secrets: { [name]: "one", other: "o" } });
  const [mine, his] = [storeOf(git, alice), storeOf(git, bob)];
  const before = new Set(listed(git, ".secrets/journal"));
  await his.rotate(name, "two", { reason: "scheduled" });
  await his.meta("other", { owner: "payments" });
  await his.set("new", "fresh");
  // The files were added, and their segments were not.
  for (const path of listed(git, ".secrets/journal")) if (!before.has(path)) git.remove(path);
  git.commit("torn");
  await expectBroken(git, "state-unknown");
  const { secrets: left } = await mine.recover();
  expect(left.map((secret) => [secret.name, secret.outcome])).toEqual([
    [name, "left"],
    ["new", "left"],
    ["other", "left"],
  ]);
  expect(left[0]?.why).toBe("2 records of it that no event knows: secrets reissue");
  expect(git.status()).toBe("");
  const { secrets: done } = await mine.reissue();
  expect(done).toEqual([
    { name, did: ["a version with the last value of it"], left: [] },
    { name: "new", did: ["created"], left: [] },
    { name: "other", did: ["metadata: owner"], left: [] },
  ]);
  await expectClean(git);
  expect(await Promise.all([name, "new"].map(async (of) => await valueOf(mine, of)))).toEqual(["two", "fresh"]);
  expect(mine.history(name).versions.map(({ by, reason }) => [by, reason])).toEqual([
    ["alice", "scheduled"],
    ["alice", undefined],
  ]);
  expect((await mine.reissue()).secrets).toEqual([]);
});
