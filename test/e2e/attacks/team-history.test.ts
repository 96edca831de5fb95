import { beforeAll, describe, expect, test } from "vitest";
import { expectClean, judgeChange } from "../../support/attack-scene.js";
import { faultKinds, makeFault } from "../../support/faults.js";
import { makeRepo, type GitRepo } from "../../support/git-fixture.js";
import { actHonestly, importCommits, makeDice, makeTeamHistory, type MadeCommit } from "../../support/team-history.js";

// GITSEAL_TEAM_HISTORY=full tries a history of more than a thousand commits with 500 faults and 500 honest commits.
const isFull = process.env["GITSEAL_TEAM_HISTORY"] === "full";
const size = isFull ? { commits: 1400, each: 500 } : { commits: 150, each: 18 };
const seed = Number(process.env["GITSEAL_TEAM_SEED"] ?? 1);

interface Tried {
  readonly commit: MadeCommit;
  readonly oid: string;
  /** The commit that it stands on. */
  readonly base: string;
}

let git: GitRepo;
let head = "";
let reachable = 0;
let faults: readonly Tried[] = [];
let honest: readonly Tried[] = [];

beforeAll(() => {
  const team = makeTeamHistory(size.commits, seed);
  const dice = makeDice(seed + 1);
  const faulty: MadeCommit[] = [];
  for (let at = 0; faulty.length < size.each; at++) {
    const fault = makeFault(team, dice.below(team.commits.length), faultKinds[at % faultKinds.length] ?? "edit", dice);
    if (fault) faulty.push(fault);
  }
  const fair = Array.from({ length: size.each }, () => actHonestly(team, dice.below(team.commits.length), dice));
  const commits = [...team.commits, ...faulty, ...fair];
  git = makeRepo();
  const oids = importCommits(git, commits);
  const tried = commits.map((commit, at): Tried => ({
    commit,
    oid: oids[at] ?? "",
    base: oids[commit.parents[0] ?? 0] ?? "",
  }));
  faults = tried.slice(team.commits.length, team.commits.length + size.each);
  honest = tried.slice(team.commits.length + size.each);
  head = oids[team.main] ?? "";
  reachable = Number(git.run(["rev-list", "--count", head]));
});

describe("a history that five clones made, merged by merge, pull, squash and rebase", () => {
  test("is clean, commit by commit", async () => {
    expect(reachable).toBeGreaterThan(isFull ? 1000 : 80);
    await expectClean(git, { rev: head, history: true });
  });

  test("no fault in it is missed: edits, drops, reorderings, swaps, rollbacks, forged signers", async () => {
    const missed: string[] = [];
    for (const { commit, oid, base } of faults)
      if ((await judgeChange(git, base, oid)).exit !== 5) missed.push(`${commit.message} on ${commit.parents.join()}`);
    expect(missed).toEqual([]);
  });

  test("no honest commit in it is blamed", async () => {
    const blamed: string[] = [];
    for (const { commit, oid, base } of honest) {
      const { bad } = await judgeChange(git, base, oid, true);
      if (bad.length > 0) blamed.push(`${commit.message}: ${bad.join()}`);
    }
    expect(blamed).toEqual([]);
  });
});
