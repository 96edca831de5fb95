import { expect, test } from "vitest";
import {
  alice,
  bob,
  errorOf,
  expectBroken,
  expectClean,
  foundRepo,
  judge,
  secretFile,
  secrets,
  storeOf,
  unmerged,
  valueOf,
} from "../../support/attack-scene.js";
import type { GitRepo } from "../../support/git-fixture.js";

const name = "api/key";
const path = secretFile(name);

/** Alice and bob rotated side by side, and git stopped. */
async function makeConflict(): Promise<GitRepo> {
  const git = await foundRepo({ members: [bob], secrets: { [name]: "one" } });
  git.branch("side");
  await storeOf(git, bob).rotate(name, "three");
  git.commit("rotate on side");
  git.switch("main");
  await storeOf(git, alice).rotate(name, "two");
  git.commit("rotate on main");
  expect(git.merge("side")).toBe(false);
  return git;
}

/** What a web editor's "accept both changes" leaves: all lines of both sides, without the markers. */
function acceptBoth(git: GitRepo): void {
  const kept = git
    .read(path)
    .split("\n")
    .filter((line) => !/^(?:<{7}|={7}|>{7})/.test(line));
  git.write(path, kept.join("\n"));
}

/** The blocks of a file's text, each with its `---`. */
function blocksOf(text: string): readonly string[] {
  return text.split(/^(?=---$)/m);
}

test("while git has a conflict, get refuses with the way out, and verify tells of the conflict and of nothing else", async () => {
  const git = await makeConflict();
  const error = await errorOf(storeOf(git, alice).get(name));
  expect(error.exit).toBe(5);
  expect(error.hint).toContain(`secrets resolve ${name}`);
  const { findings, exit } = await judge(git);
  expect(exit).toBe(5);
  expect(findings.filter(({ severity }) => severity === "error").map(({ code, hint }) => [code, hint])).toEqual([
    ["form-unmerged", `run: secrets resolve ${name}`],
  ]);
  expect((await errorOf(storeOf(git, alice).rotate(name, "four"))).exit).toBe(7);
});

test("blocks that an editor interleaved are refused, and while the index has the stages resolve does not look at them", async () => {
  for (const [take, value] of [
    ["ours", "two"],
    ["theirs", "three"],
  ] as const) {
    const git = await makeConflict();
    acceptBoth(git);
    expect((await errorOf(storeOf(git, alice).get(name))).exit).toBe(5);
    const { status, stderr } = secrets(git, alice, ["resolve", name, "--take", take]);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(unmerged(git)).toEqual([]);
    git.commit("merge");
    await expectClean(git);
    expect(await valueOf(storeOf(git, alice), name)).toBe(value);
    expect(await valueOf(storeOf(git, alice), name, "1")).toBe("one");
  }
});

test("interleaved blocks that were committed are refused (5), and resolve --merge rebuilds the secret from the merge's parents", async () => {
  const git = await makeConflict();
  acceptBoth(git);
  git.commit("accept both");
  const finding = await expectBroken(git, "secret-form");
  expect(finding.hint).toContain(`secrets resolve ${name} --merge`);
  const refused = secrets(git, alice, ["get", name, "--raw"]);
  expect([refused.status, refused.stdout]).toEqual([5, ""]);
  expect(refused.stderr).toContain(`secrets resolve ${name} --merge`);
  const undecided = await errorOf(storeOf(git, alice).resolve(name, { merge: "HEAD" }));
  expect(undecided.code).toBe("secret/conflict");
  const { status, stderr } = secrets(git, alice, ["resolve", name, "--merge", "HEAD", "--take", "theirs"]);
  expect([status, stderr]).toEqual([0, ""]);
  git.commit("mend the merge");
  await expectClean(git);
  expect(await valueOf(storeOf(git, alice), name)).toBe("three");
});

test("a rotation lost by --ours comes back by resolve --merge, also when somebody has rotated since", async () => {
  const git = await makeConflict();
  git.run(["checkout", "--ours", "--", path]);
  git.commit("keep ours");
  await storeOf(git, alice).rotate(name, "four");
  git.commit("go on");
  await expectBroken(git, "state-missing");
  const result = await storeOf(git, alice).resolve(name, { merge: "HEAD~1", take: "3" });
  expect(result.outcome).toBe("chosen");
  git.commit("mend the merge");
  await expectClean(git);
  expect(await valueOf(storeOf(git, alice), name)).toBe("four");
});

test("resolve --merge refuses a commit that merges nothing", async () => {
  const git = await makeConflict();
  git.run(["merge", "--abort"]);
  const error = await errorOf(storeOf(git, alice).resolve(name, { merge: "HEAD" }));
  expect([error.code, error.exit]).toEqual(["usage/invalid", 2]);
  expect((await errorOf(storeOf(git, alice).resolve(name, { merge: "--all" }))).exit).toBe(2);
});

test("two rotations whose blocks were kept whole are a fork: intact, exit 1, and get refuses (7) without --version", async () => {
  const git = await makeConflict();
  const [ours, theirs] = [git.run(["show", `HEAD:${path}`]), git.run(["show", `side:${path}`])];
  git.write(path, ours + blocksOf(theirs).slice(-2).join(""));
  git.commit("keep both");
  const { bad, exit } = await judge(git);
  expect([bad, exit]).toEqual([["fork"], 1]);
  const refused = secrets(git, alice, ["get", name, "--raw"]);
  expect([refused.status, refused.stdout]).toEqual([7, ""]);
  expect(refused.stderr).toContain(`secrets resolve ${name}`);
  const vids = [...git.read(path).matchAll(/^vid: ([0-9a-f]{16})$/gm)].map(([, vid]) => vid ?? "");
  const [mine, other] = [vids[2] ?? "", vids[4] ?? ""];
  expect([await valueOf(storeOf(git, alice), name, mine), await valueOf(storeOf(git, alice), name, other)]).toEqual([
    "two",
    "three",
  ]);
  expect((await errorOf(storeOf(git, alice).get(name, { version: "2" }))).exit).toBe(7);
  expect(secrets(git, alice, ["resolve", name, "--take", other]).status).toBe(0);
  git.commit("settle");
  await expectClean(git);
  expect(await valueOf(storeOf(git, alice), name)).toBe("three");
});

test("a side that cannot be checked is not settled with: a forged block in the index stops resolve", async () => {
  const git = await makeConflict();
  const forged = git.run(["show", `:3:${path}`]).replace(/^grace: 2026/m, "grace: 2036");
  const oid = git.run(["hash-object", "-w", "--stdin"], { input: forged }).trim();
  const stages = git.run(["ls-files", "-s", "--", path]).replace(/^(100644) [0-9a-f]+ 3/m, `$1 ${oid} 3`);
  git.run(["update-index", "--index-info"], { input: `0 ${"0".repeat(40)}\t${path}\n${stages}` });
  expect((await errorOf(storeOf(git, alice).resolve(name, { take: "theirs" }))).exit).toBe(5);
  expect(unmerged(git)).toEqual([path]);
});
