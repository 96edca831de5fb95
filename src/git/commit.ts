import { spawnSync } from "node:child_process";
import { fail } from "../core/errors.js";
import type { Environment } from "./environment.js";
import { isOid } from "./object-id.js";
import type { Repository } from "./repository.js";
import { runGit, showGitText } from "./run.js";

/**
 * Commits just these paths, as they stand in the work tree, to the branch that is checked out. All else that is staged stays
 * staged and uncommitted. It is the user's own commit: hooks, signing, names and environment are what `git commit` would have.
 * Returns the commit's id. Throws `git/failed` with what git or a hook said.
 */
export function commitPaths(repo: Repository, env: Environment, paths: readonly string[], message: string): string {
  // Verbatim but for spaces at line ends: lines that begin with # are text here, whatever commit.cleanup says.
  const options = ["--quiet", "--cleanup=whitespace", "--file=-", "--only"];
  runAsUser(repo, env, ["commit", ...options, "--", ...paths], message);
  const head = runGit(repo, ["rev-parse", "--verify", "--quiet", "HEAD"]).stdout.toString("utf8").trim();
  return isOid(head) ? head : fail("git/failed", "git made no commit");
}

/** Makes a branch at HEAD and checks it out, which changes no file. Throws `git/failed`. */
export function startBranch(repo: Repository, env: Environment, name: string): void {
  runAsUser(repo, env, ["switch", "--quiet", "--no-guess", "--create", name], "");
}

/** Whether a new branch may have this name: `taken`, or `invalid` for what git takes for no name of a branch. */
export function judgeBranchName(repo: Repository, name: string): "free" | "taken" | "invalid" {
  if (name.startsWith("-")) return "invalid";
  const form = runGit(repo, ["check-ref-format", "--branch", name], { okExits: [1, 128] });
  // `@{-1}` is a branch to git, and another one each time.
  if (form.status !== 0 || form.stdout.toString("utf8").trim() !== name) return "invalid";
  const refs = runGit(repo, ["for-each-ref", "--format=%(refname)", `refs/heads/${name}`]).stdout.toString("utf8");
  // A branch `a` and a branch `a/b` cannot both be; git lists what stands below a name, too.
  const parts = name.split("/").slice(0, -1);
  const above = parts.map((_, at) => `refs/heads/${parts.slice(0, at + 1).join("/")}`);
  const isBlocked = above.some(
    (ref) => runGit(repo, ["show-ref", "--verify", "--quiet", ref], { okExits: [1] }).status === 0,
  );
  return refs.trim() !== "" || isBlocked ? "taken" : "free";
}

// Every other call of git shuts out what the repository or its user could have run. This one is what the user would have typed.
function runAsUser(repo: Repository, env: Environment, args: readonly string[], stdin: string): void {
  const own = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const result = spawnSync("git", ["--no-pager", ...args], {
    cwd: repo.runIn,
    env: { ...Object.fromEntries(own), GIT_LITERAL_PATHSPECS: "1", GIT_TERMINAL_PROMPT: "0" },
    input: stdin,
    encoding: "utf8",
    windowsHide: true,
    shell: false,
  });
  if (result.error !== undefined) fail("git/failed", "git could not be run", { cause: result.error });
  if (result.status === 0) return;
  const said = result.stderr
    .split("\n")
    .map(showGitText)
    .filter((line) => line !== "");
  fail("git/failed", `git ${args[0] ?? ""} refused, or a hook of it did`, { problems: said.slice(0, 20) });
}
