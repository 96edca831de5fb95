// What action.yml runs. It stands in a checkout of the base; the pull request is fetched as objects and never checked out, and
// nothing of it is run. All that is shown was made safe by the command.
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const { env } = process;
const command = fileURLToPath(new URL("../bundle/secrets.js", import.meta.url));
const marker = "<!-- gitseal-review -->";
const event = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH ?? "", "utf8"));
const pull = event.pull_request;

const folder = makeFolder();
const files = Object.fromEntries(
  Object.entries({ md: "comment.md", summary: "summary.md", sarif: "review.sarif", json: "review.json" }).map(
    ([format, name]) => [format, join(folder, name)],
  ),
);

const exit = review(pull === undefined ? [] : fetchPull(pull));
if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, readIfThere(files.summary));
if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, `exit=${exit}\nsarif=${files.sarif}\njson=${files.json}\n`);
if (pull !== undefined && isOwnBranch(pull) && env.GITSEAL_COMMENT === "true") await comment(pull);
process.exitCode = exit;

/** Of this run alone: what a job before it left there is not read. */
function makeFolder() {
  const temp = env.RUNNER_TEMP ?? "/tmp";
  mkdirSync(temp, { recursive: true });
  return mkdtempSync(join(temp, "gitseal-review-"));
}

/** The branch as the event names it, against the tip of the target as it is now. Without them the command says that it cannot judge. */
function fetchPull({ number, base, head }) {
  const refs = [`+refs/heads/${base.ref}:refs/gitseal/base`, `+refs/pull/${Number(number)}/head:refs/gitseal/head`];
  const git = spawnSync("git", ["fetch", "--no-tags", "--quiet", "origin", ...refs], {
    env: { ...env, ...login(), GITSEAL_TOKEN: "" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (git.status !== 0) console.log("git could not fetch the pull request");
  return ["--base", "refs/gitseal/base", "--head", head.sha];
}

/** As actions/checkout does it, but for this one call: the token is in no file and in no list of processes. */
function login() {
  const server = env.GITHUB_SERVER_URL ?? "";
  if (!server.startsWith("https://") || !env.GITSEAL_TOKEN) return {};
  const basic = Buffer.from(`x-access-token:${env.GITSEAL_TOKEN}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${server}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  };
}

/** Annotations go to the log, everything else to files. */
function review(range) {
  const reports = Object.entries(files).flatMap(([format, file]) => ["--write", `${format}=${file}`]);
  const { status } = spawnSync(process.execPath, [command, "review", ...range, ...reports, "--format", "github"], {
    env: { ...env, GITSEAL_TOKEN: "" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return status ?? 70;
}

/** Whoever can push here could write a comment as well; for a fork, whose repository may be gone, the summary is enough. */
function isOwnBranch({ base, head }) {
  return head.repo?.full_name !== undefined && head.repo.full_name === base.repo?.full_name;
}

/** Keeps one comment up to date. Not being able to is no reason to fail: the verdict is the exit status. */
async function comment({ number }) {
  const text = readIfThere(files.md);
  if (text === "" || !env.GITSEAL_TOKEN) return;
  const body = JSON.stringify({ body: `${marker}\n${text}` });
  const issue = `/repos/${env.GITHUB_REPOSITORY}/issues/${Number(number)}/comments`;
  try {
    const old = await findComment(issue);
    if (old === undefined) await call(issue, { method: "POST", body });
    else await call(`/repos/${env.GITHUB_REPOSITORY}/issues/comments/${old.id}`, { method: "PATCH", body });
  } catch (error) {
    console.log(
      `::notice title=secrets review::the comment could not be written: ${Number(error.status) || "no answer"}`,
    );
  }
}

/** Anybody can write the marker into a comment; only that of a bot is ours to change. */
async function findComment(issue) {
  for (let page = 1; page <= 10; page++) {
    const comments = await call(`${issue}?per_page=100&page=${page}`, {});
    const found = comments.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(marker));
    if (found !== undefined || comments.length < 100) return found;
  }
  return undefined;
}

async function call(path, init) {
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${env.GITSEAL_TOKEN}`,
    "content-type": "application/json",
    "user-agent": "gitseal-review",
    "x-github-api-version": "2022-11-28",
  };
  const answer = await fetch(`${env.GITHUB_API_URL}${path}`, { ...init, headers });
  if (!answer.ok) throw Object.assign(new Error("the forge refused"), { status: answer.status });
  return await answer.json();
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
