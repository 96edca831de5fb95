// Walks through the command in a scratch repository, for real: shows each step and what it answers, fails at the first answer
// that is not the one expected, and leaves the folder for the reader to play in.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./esbuild-options.mjs";

/**
 * `run` is a command line without quotes; `input` goes to its standard input; `act` changes files instead.
 * `quietly` is a git command run behind an act, unseen. `keyless`: on a machine without an identity.
 * @typedef {{ why: string, run?: string, input?: string, act?: () => string, quietly?: string, keyless?: boolean, exit?: number }} Step
 */

const home = mkdtempSync(join(tmpdir(), "gitseal-tour-"));
const cwd = join(home, "repository");
const bin = join(home, "bin");
mkdirSync(cwd);
mkdirSync(bin);
symlinkSync(join(root, "bundle", "secrets.js"), join(bin, "secrets"));

const secretFile = join(cwd, ".secrets", "store", "api-key-stripe.secret");

// Built from parts: nothing in this file may look like a credential.
const firstValue = ["example", "value", "one", "4242"].join("-");
const secondValue = ["example", "value", "two", "7777"].join("-");
const strayToken = ["ghp", "k7Qw2mZx9LtR4vBn8sYd3HfJ6pGc1WaE5uTo"].join("_");

/** @type {readonly Step[]} */
const steps = [
  { why: "An ordinary git repository.", run: "git init --quiet --initial-branch main" },
  {
    why: "It gets a store, and you an identity. The identity stays outside of the repository.",
    run: "secrets init --member alice",
  },
  {
    why: "A value comes from standard input here, so that no shell history keeps it.",
    run: "secrets set api-key-stripe - --tags production,payment --expires 90d",
    input: firstValue,
  },
  { why: "A value that nobody ever sees.", run: "secrets set database-password --generate=40" },
  { why: "All of it is staged already: two secrets, and the journal of who made them.", run: "git status --short" },
  { why: "So it is committed like anything else.", run: "git commit --quiet --message first" },
  { why: "A person sees the value masked,", run: "secrets get api-key-stripe" },
  { why: "a program gets its bytes and nothing else.", run: "secrets get api-key-stripe --raw" },
  {
    why: "A leaked key is rotated; the old value stays valid for a week.",
    run: "secrets rotate api-key-stripe - --grace 7d --reason leaked",
    input: secondValue,
  },
  {
    why: "What a reviewer without any key sees of it: who, why, until when, for whom. Never the value.",
    run: "git diff --cached --unified=0 -- .secrets/store",
  },
  { why: "Both versions, told without a key.", run: "secrets history api-key-stripe" },
  { why: "The old one is still there for those who need it.", run: "secrets get api-key-stripe --version 1 --raw" },
  { why: "The rotation is committed.", run: "git commit --quiet --message rotate" },
  { why: "Who changed and read it, signed.", run: "secrets audit api-key-stripe" },
  { why: "All secrets.", run: "secrets list" },
  { why: "Git's hooks keep plaintext out.", run: "secrets hooks install" },
  {
    why: "Somebody copies the value into a settings file, and a token of their own beside it.",
    act: () => {
      writeFileSync(join(cwd, "settings.py"), `STRIPE = "${secondValue}"\nGITHUB_TOKEN = "${strayToken}"\n`);
      return "vi settings.py";
    },
  },
  { why: "", run: "git add settings.py" },
  {
    why: "The commit is blocked (exit 1): what, where, why, and what to do.",
    run: "git commit --message leak",
    exit: 1,
  },
  {
    why: "The token moves into the store, and a reference takes its place.",
    run: "secrets adopt settings.py:2 github-token",
  },
  {
    why: "The other line reads its value from the environment too.",
    act: () => {
      const text = readFileSync(join(cwd, "settings.py"), "utf8");
      writeFileSync(join(cwd, "settings.py"), text.replace(`"${secondValue}"`, 'os.environ["API_KEY_STRIPE"]'));
      return "vi settings.py && git add settings.py";
    },
    quietly: "git add settings.py",
  },
  { why: "What is staged now holds references only.", run: "git diff --cached -- settings.py" },
  { why: "", run: "git commit --quiet --message settings" },
  {
    why: "Git still holds the object that was staged, until it is pruned: a scan of all objects says so (exit 1).",
    run: "secrets scan --history",
    exit: 1,
  },
  { why: "Anybody can check the whole store, without a key.", run: "secrets verify" },
  {
    why: "Now somebody edits a signed file by hand: the old version shall never expire.",
    act: () => {
      const text = readFileSync(secretFile, "utf8");
      writeFileSync(secretFile, text.replace(/^(expires: )\d{4}/m, "$12999"));
      return "sed 's/^expires: ..../expires: 2999/' .secrets/store/api-key-stripe.secret";
    },
  },
  { why: "They even stage it.", run: "git add .secrets/store/api-key-stripe.secret" },
  { why: "The check finds it, and says where (exit 5),", run: "secrets verify", exit: 5 },
  { why: "and the value is not given out.", run: "secrets get api-key-stripe", exit: 5 },
  { why: "Git brings the file back.", run: "git checkout --quiet HEAD -- .secrets" },
  {
    why: "A secret that is no longer needed. History keeps its ciphertext, and the text says so.",
    run: "secrets delete database-password --confirm",
  },
  {
    why: "A name that is not there is a clear no (exit 3), never an empty answer.",
    run: "secrets get database-password --required",
    exit: 3,
  },
  { why: "The reads above are sealed into the signed journal.", run: "secrets audit seal" },
  { why: "And everything still holds.", run: "secrets verify" },
  { why: "", run: "git commit --quiet --message tidy" },
  {
    why: "For a pull request: a rotation on a branch of its own, in a commit that carries its review.",
    run: "secrets rotate api-key-stripe --generate --reason scheduled --branch",
  },
  {
    why: "A reviewer who holds no key, and a job of CI, see what merging it would do.",
    run: "secrets review --base main",
    keyless: true,
  },
  {
    why: "The next one is in a hurry, and lets the key live for ever.",
    run: "secrets rotate api-key-stripe --generate --reason hurry --expires never --commit",
  },
  {
    why: "That must not be merged as it is (exit 1). As a comment, a forge shows it so:",
    run: "secrets review --base main --format md",
    keyless: true,
    exit: 1,
  },
];

const env = {
  PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
  HOME: home,
  XDG_CONFIG_HOME: join(home, "config"),
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "alice",
  GIT_AUTHOR_EMAIL: "alice@example.invalid",
  GIT_COMMITTER_NAME: "alice",
  GIT_COMMITTER_EMAIL: "alice@example.invalid",
};

/** @param {Step} step */
function take({ why, run, input, act, quietly, keyless, exit }) {
  if (why !== "") process.stdout.write(`\n# ${why}\n`);
  if (act) process.stdout.write(`$ ${act()}\n`);
  if (quietly !== undefined) spawnSync("git", quietly.split(" ").slice(1), { cwd, env });
  const own = keyless === true ? { ...env, XDG_CONFIG_HOME: join(home, "nobody") } : env;
  return run === undefined || execute(run, input, exit ?? 0, own);
}

/**
 * @param {string} run
 * @param {string | undefined} input
 * @param {number} exit
 * @param {NodeJS.ProcessEnv} own
 */
function execute(run, input, exit, own) {
  const [program = "", ...args] = run.split(" ");
  process.stdout.write(`$ ${input === undefined ? "" : "printf %s '…' | "}${run}\n`);
  const done = spawnSync(program, args, { cwd, env: own, encoding: "utf8", input: input ?? "" });
  // Only the middle of a ciphertext is left out; everything else is shown as it is.
  const shown = `${done.stdout}${done.stderr}`
    .replaceAll(/(?:^\+ {2}[A-Za-z0-9+/=]{4,64}\n)+/gm, "+  … ciphertext …\n")
    .trimEnd();
  if (shown !== "") process.stdout.write(`${shown}\n`);
  if (done.status === exit) return true;
  process.stderr.write(`tour: expected exit ${String(exit)}, got ${String(done.status ?? done.error?.message)}\n`);
  return false;
}

process.exitCode = steps.every(take) ? 0 : 1;
process.stdout.write(`
The repository is yours to play in:

  cd ${cwd}
  export PATH="${bin}:$PATH" HOME="${home}" XDG_CONFIG_HOME="${join(home, "config")}"
  secrets --help

Remove it with: rm -r ${home}
`);
