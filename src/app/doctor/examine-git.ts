import {
  checkAttributes,
  effectiveAttributes,
  hiddenEntries,
  infoAttributesOverride,
  isIgnored,
} from "../../git/attributes.js";
import { hasTextconvCache, readSetting } from "../../git/drivers.js";
import { gitText } from "../../git/run.js";
import { mergeState } from "../../git/state.js";
import { unstagedChanges } from "../../git/staging.js";
import { attributesFile, secretsFolder } from "../../store/layout.js";
import { readPlainFile } from "../../store/safe-read.js";
import type { Deps } from "../deps.js";
import { readDriversStatus, type DriversStatus } from "../drivers/drivers-status.js";
import { readHooksStatus } from "../hooks/hooks-status.js";
import type { Session } from "../session.js";
import type { Add } from "./report.js";

const fix = "run: secrets doctor --fix";

/** Paths of no file, one of each kind that git treats alike. */
const samples = [`${secretsFolder}/store/sample.secret`, `${secretsFolder}/journal/change/2000/01/01/sample.jsonl`];

/** What git is set up to do with our files in this clone. */
export function examineGit(session: Session, add: Add): void {
  const { repo } = session;
  add("git", "ok", gitText(repo, ["--version"]).trim());
  const state = mergeState(repo);
  if (state !== "none")
    add(
      "git",
      "warning",
      `git is in the middle of a ${state}: changing commands wait`,
      "finish it, or: secrets resolve NAME",
    );
  for (const { path, source, line } of isIgnored(repo, samples))
    add(
      "git",
      "warning",
      `${path.replace("sample", "*")} is ignored by ${source}:${line}`,
      "gitseal stages its files all the same, but git add -A will not: take the rule away",
    );
  examineAttributes(session, add);
  for (const { path, flags } of hiddenEntries(repo))
    add(
      "git",
      "problem",
      `git hides edits of ${path} (${flags.join(", ")})`,
      "run: secrets doctor --fix; or git update-index --no-assume-unchanged --no-skip-worktree -- that path",
    );
  const unstaged = unstagedChanges(repo, [secretsFolder]);
  if (unstaged.length > 0)
    add("git", "warning", `${unstaged.length} files below .secrets/ are not staged`, "run: git add -f .secrets");
}

function examineAttributes({ repo, disk, workTree }: Session, add: Add): void {
  if (infoAttributesOverride(repo).length > 0)
    add("git", "problem", "info/attributes in the git directory changes files below .secrets/", "take the line away");
  const found = effectiveAttributes(repo, samples);
  const isExact = samples.every(
    (path) => found.get(path)?.["text"] === "unset" && found.get(path)?.["filter"] === "unset",
  );
  const names = found.get(samples[0] ?? "");
  const isNamed = names?.["diff"] === "secrets" && names["merge"] === "secrets";
  const text = Buffer.from(readPlainFile(disk, workTree, attributesFile, 1024 * 1024) ?? []).toString("utf8");
  const isWhole = checkAttributes(text).length === 0;
  if (isExact && isNamed && isWhole) add("attributes", "ok", "git keeps the files of the store as they are");
  else if (!isExact) add("attributes", "problem", "git may change the files of the store on checkout", fix);
  else
    add(
      "attributes",
      "warning",
      isWhole
        ? "git does not ask our drivers about secret files"
        : "the block in .gitattributes is not as it must be, or a line behind it matches files of ours",
      fix,
    );
}

/** Diff and merge: which programs git starts for our files, what it may have kept of them, and settings that move files. */
export function examineDrivers(deps: Deps, { repo }: Session, add: Add): void {
  const status = readDriversStatus(repo, deps.program);
  if (status === "installed") add("drivers", "ok", "git shows and merges secret files by their records");
  else add("drivers", "warning", driverWords[status], fix);
  if (hasTextconvCache(repo))
    add("drivers", "problem", "git has kept output of a textconv as objects, and a mirror push uploads them", fix);
  if (readSetting(repo, "merge.directoryRenames") === "true")
    add(
      "drivers",
      "warning",
      "merge.directoryRenames lets a merge move a new secret into another folder, where its name is wrong",
      "run: git config merge.directoryRenames conflict",
    );
  if (readSetting(repo, "rerere.autoUpdate") === "true")
    add(
      "drivers",
      "warning",
      "rerere.autoUpdate lets git settle a conflict as it was settled once, without asking",
      "run: git config rerere.autoUpdate false",
    );
}

const driverWords: Readonly<Record<Exclude<DriversStatus, "installed">, string>> = {
  absent: "git shows and merges secret files line by line",
  gone: "git shows and merges secret files line by line: the program that it is to start is gone",
  different: "the drivers for secret files are set up in another way (git config --get-regexp secrets)",
};

/** Whether git calls our hooks. */
export function examineHooks(deps: Deps, add: Add): void {
  const { hooks, hint } = readHooksStatus(deps);
  const others = hooks.filter(({ status }) => status !== "installed");
  if (hint === undefined) add("hooks", "ok", "git runs all hooks of gitseal");
  else add("hooks", "warning", others.map(({ hook, status }) => `${hook} ${status}`).join(", "), hint);
}
