import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  alice,
  bob,
  errorOf,
  expectClean,
  foundRepo,
  judge,
  makeCarol,
  storeOf,
  unmerged,
  valueOf,
} from "../../support/attack-scene.js";
import { makePerson } from "../../support/core-people.js";
import type { GitRepo } from "../../support/git-fixture.js";

const name = "api/key";
const ada = makePerson("ada");

/** Two admins who each add a member, on two branches in two clones. */
async function makeTwoRoots(): Promise<readonly [GitRepo, GitRepo]> {
  const git = await foundRepo({ members: [ada], secrets: { [name]: "one" } });
  const other = git.clone();
  await storeOf(git, alice).addMember(makeCarol());
  git.commit("admit carol");
  await storeOf(other, ada).addMember({ id: "dave", generate: true });
  other.commit("admit dave");
  return [git, other];
}

test("a new member on one branch and a rotation on the other merge clean, and a rekey afterwards lets the new member in", async () => {
  const git = await foundRepo({ members: [bob], secrets: { [name]: "one" } });
  git.branch("side");
  await storeOf(git, bob).rotate(name, "two");
  git.commit("rotate");
  git.switch("main");
  await storeOf(git, alice).addMember(makeCarol());
  git.commit("admit carol");
  expect(git.merge("side")).toBe(true);
  await expectClean(git);
  const carol = makePerson("carol", { role: "read" });
  expect((await errorOf(storeOf(git, carol).get(name))).exit).toBe(4);
  const { rekeyed } = await storeOf(git, bob).rekey({});
  expect(rekeyed).toEqual([{ name, gained: ["carol"], lost: [] }]);
  git.commit("rekey");
  await expectClean(git);
  expect(await valueOf(storeOf(git, carol), name)).toBe("two");
});

test("two new members side by side are a loud conflict of trust roots, never a mixture", async () => {
  const [git, other] = await makeTwoRoots();
  git.run(["fetch", "-q", other.dir, "main"]);
  expect(git.merge("FETCH_HEAD")).toBe(false);
  expect(unmerged(git).every((path) => path.startsWith(".secrets/trust/"))).toBe(true);
  const { exit, findings } = await judge(git);
  expect(exit).toBe(5);
  expect(findings.filter(({ code }) => code === "form-unmerged").map(({ hint }) => hint)).toEqual(
    expect.arrayContaining(["settle it as git says: git status"]),
  );
  expect((await errorOf(storeOf(git, alice).get(name))).exit).toBe(5);
  git.run(["checkout", "--theirs", "--", ".secrets/trust"]);
  git.run(["add", "-A", "-f", "."]);
  // Alice's signature stands beside Ada's root.
  expect((await errorOf(Promise.resolve().then(() => storeOf(git, alice).list()))).code).toBe("trust/corrupt");
});

test("who undid an own change of members is told that the clone remembers it, and how to make it forget", async () => {
  const [git, other] = await makeTwoRoots();
  await storeOf(git, alice).list();
  git.run(["reset", "-q", "--hard", "HEAD~1"]);
  const older = await errorOf(storeOf(git, alice).rotate(name, "two"));
  expect([older.code, older.hint]).toEqual(["trust/pinned", expect.stringContaining("pin.json")]);
  git.run(["pull", "-q", other.dir, "main"]);
  const replaced = await errorOf(storeOf(git, alice).rotate(name, "two"));
  expect([replaced.code, replaced.exit, replaced.hint]).toEqual([
    "trust/pinned",
    5,
    expect.stringContaining("pin.json"),
  ]);
  rmSync(join(git.dir, ".git/gitseal/pin.json"));
  await storeOf(git, alice).addMember(makeCarol());
  git.commit("admit carol again");
  await storeOf(git, alice).rekey({});
  git.commit("rekey");
  await expectClean(git);
  expect((await storeOf(git, alice).members()).members.map(({ id }) => id)).toEqual(["ada", "alice", "carol", "dave"]);
});
