import { basename, dirname, relative } from "node:path";
import { clientHooks, type ClientHook } from "../../git/hook-shim.js";
import type { HooksFolder } from "../../git/hooks.js";
import { inspectFile } from "../../store/safe-read.js";
import type { Place } from "../session.js";
import {
  orNot,
  addToPackage,
  addToScript,
  packageCommand,
  parseJson,
  removeFromPackage,
  removeFromScript,
  shellLines,
} from "./manager-text.js";

export type ManagerName = "husky" | "lefthook" | "simple-git-hooks" | "pre-commit";

/** Another program that owns this repository's hooks, and how it wants to be told of ours. */
export interface Manager {
  readonly name: ManagerName;
  /** The committed file for a hook, relative to the work tree. */
  readonly fileOf: (hook: ClientHook) => string;
  /** True when the text of that file calls our command for the hook. */
  readonly calls: (text: string, hook: ClientHook) => boolean;
  /** What a person adds to that file. */
  readonly show: (hooks: readonly ClientHook[]) => string;
  /** Undefined for a file that only a person can change. */
  readonly add: ((text: string | undefined, hooks: readonly ClientHook[]) => Promise<string>) | undefined;
  /** Undefined when nothing is left of the file. */
  readonly remove: (text: string, hooks: readonly ClientHook[]) => Promise<string | undefined>;
  /** True for the text of a hook in git's folder through which this manager calls what its file says now. */
  readonly owns: (hookText: string, hook: ClientHook) => boolean;
  /** What makes the manager put its hooks into git's folder. */
  readonly activate: string;
}

const maxFile = 1024 * 1024;

/** A committed file of the work tree as text; undefined when it is absent or no plain file. */
export function readWorkFile(place: Place, path: string): string | undefined {
  const found = inspectFile(place.disk, place.workTree, path, maxFile);
  return found.kind === "plain" ? Buffer.from(found.bytes).toString("utf8") : undefined;
}

/** True when a text calls our command for the hook, in a line that is no comment. */
export function mentions(text: string, hook: ClientHook): boolean {
  return text.split("\n").some((line) => !/^\s*#/.test(line) && new RegExp(`hooks run ${hook}(?![\\w-])`).test(line));
}

/** The manager that the repository uses, told from its files and from where git looks for hooks. */
export function findManager(place: Place, folder: HooksFolder): Manager | undefined {
  const packageText = readWorkFile(place, "package.json");
  const isDependency = packageText !== undefined && /"gitseal"\s*:/.test(packageText);
  const command = isDependency ? "node_modules/.bin/gitseal" : "gitseal";
  return (
    findHusky(place, folder, isDependency ? "gitseal" : command) ??
    findLefthook(place, command) ??
    findSimple(place, packageText, command) ??
    findPreCommit(place, command)
  );
}

// Husky 9 points core.hooksPath at `.husky/_`, older ones at `.husky`; the scripts of the team are in `.husky` in both.
function findHusky(place: Place, folder: HooksFolder, command: string): Manager | undefined {
  const own = basename(folder.path) === "_" ? dirname(folder.path) : folder.path;
  const path = relative(place.workTree, own).replaceAll("\\", "/");
  const isSet = folder.setBy === "own" && path !== "" && !path.startsWith("..");
  const base = isSet ? path : ".husky";
  const marks = [`${base}/_/h`, `${base}/_/husky.sh`];
  if (!(isSet ? marks : [".husky/pre-commit", ...marks]).some((one) => readWorkFile(place, one) !== undefined))
    return undefined;
  return {
    name: "husky",
    fileOf: (hook) => `${base}/${hook}`,
    calls: mentions,
    show: (hooks) => hooks.map((hook) => shellLines(hook, command)).join(""),
    add: (text, [hook = "pre-commit"]) => Promise.resolve(addToScript(text, hook, command)),
    remove: (text) => Promise.resolve(removeFromScript(text)),
    owns: (text) => text.includes("husky.sh") || /\. ".*\/h"/.test(text),
    activate: "npx husky",
  };
}

const edit = async () => await import("../../providers/manager-files.js");

const lefthookFiles = ["yml", "yaml", "toml", "json"].flatMap((end) =>
  ["lefthook", ".lefthook", ".config/lefthook"].map((name) => `${name}.${end}`),
);
const lefthookArgs: Readonly<Record<ClientHook, string>> = {
  "pre-commit": "",
  "commit-msg": " {1}",
  "pre-push": " {1}",
  "post-merge": ` {1}${orNot}`,
  "post-checkout": ` {1} {2} {3}${orNot}`,
};

function findLefthook(place: Place, command: string): Manager | undefined {
  const file = lefthookFiles.find((path) => readWorkFile(place, path) !== undefined);
  if (file === undefined) return undefined;
  const run = (hook: ClientHook): string => `${command} hooks run ${hook}${lefthookArgs[hook]}`;
  const show = (hooks: readonly ClientHook[]): string =>
    hooks
      .map((hook) => {
        const stdin = hook === "pre-push" ? "      use_stdin: true\n" : "";
        return `${hook}:\n  commands:\n    gitseal:\n      run: ${run(hook)}\n${stdin}`;
      })
      .join("");
  const entries = (hooks: readonly ClientHook[]) =>
    hooks.map((hook) => ({
      hook,
      value: { run: run(hook), ...(hook === "pre-push" ? { use_stdin: true } : {}) },
    }));
  const isYaml = /\.ya?ml$/.test(file);
  return {
    name: "lefthook",
    fileOf: () => file,
    calls: mentions,
    show,
    add: isYaml ? async (text, hooks) => await (await edit()).addToLefthook(text ?? "", entries(hooks)) : undefined,
    remove: async (text, hooks) => (isYaml ? await (await edit()).removeFromLefthook(text, hooks) : text),
    owns: (text) => text.includes("lefthook"),
    activate: "lefthook install",
  };
}

function findSimple(place: Place, packageText: string | undefined, command: string): Manager | undefined {
  const ends = ["json", "js", "cjs", "mjs"];
  const names = ends.flatMap((end) => [`.simple-git-hooks.${end}`, `simple-git-hooks.${end}`]);
  const other = names.find((path) => readWorkFile(place, path) !== undefined);
  const isInPackage = packageText !== undefined && packageText.includes('"simple-git-hooks"') && hasKey(packageText);
  if (other === undefined && !isInPackage) return undefined;
  return {
    name: "simple-git-hooks",
    fileOf: () => other ?? "package.json",
    calls: mentions,
    show: (hooks) =>
      hooks.map((hook) => `${JSON.stringify(hook)}: ${JSON.stringify(packageCommand(hook, command))}\n`).join(""),
    add: other === undefined ? (text, hooks) => Promise.resolve(addToPackage(text ?? "{}", hooks, command)) : undefined,
    remove: (text, hooks) => Promise.resolve(other === undefined ? removeFromPackage(text, hooks) : text),
    // Its hooks hold the commands themselves, as they were when they were written.
    owns: (text, hook) => text.includes("SIMPLE_GIT_HOOKS") && mentions(text, hook),
    activate: "npx simple-git-hooks",
  };
}

function hasKey(packageText: string): boolean {
  try {
    return Object.hasOwn(parseJson(packageText), "simple-git-hooks");
  } catch {
    return false; // A broken package.json is not ours to report.
  }
}

const preCommitFile = ".pre-commit-config.yaml";

function findPreCommit(place: Place, command: string): Manager | undefined {
  if (readWorkFile(place, preCommitFile) === undefined) return undefined;
  const value = (hook: ClientHook) => ({
    id: hook === "pre-commit" ? "gitseal" : `gitseal-${hook}`,
    name: `gitseal ${hook}`,
    entry: `${command} hooks run ${hook}`,
    language: "system",
    stages: [hook],
    always_run: true,
    // Only commit-msg is told by the names: there it is the file of the message.
    pass_filenames: hook === "commit-msg",
  });
  const entries = (hooks: readonly ClientHook[]) => hooks.map((hook) => ({ hook, value: value(hook) }));
  const showHook = (hook: ClientHook): string =>
    Object.entries(value(hook))
      .map(
        ([name, one], at) =>
          `${at === 0 ? "      - " : "        "}${name}: ${Array.isArray(one) ? `[${one.join(", ")}]` : String(one)}\n`,
      )
      .join("");
  return {
    name: "pre-commit",
    fileOf: () => preCommitFile,
    // Listed by its id, the hook comes from the manifest of our own repository.
    calls: (text, hook) =>
      mentions(text, hook) || new RegExp(`^\\s*-?\\s*id: ['"]?${value(hook).id}['"]?\\s*$`, "m").test(text),
    show: (hooks) => `  - repo: local\n    hooks:\n${hooks.map(showHook).join("")}`,
    add: async (text, hooks) => await (await edit()).addToPreCommit(text ?? "", entries(hooks)),
    remove: async (text) => await (await edit()).removeFromPreCommit(text),
    owns: (text) => text.includes("pre-commit.com"),
    activate: "pre-commit install",
  };
}

/** The hooks that a manager must call, since git's own places for them are its. pre-commit lets other programs have theirs. */
export function managedHooks(
  manager: Manager | undefined,
  textOf: (hook: ClientHook) => string,
): readonly ClientHook[] {
  if (manager === undefined) return [];
  return manager.name === "pre-commit" ? clientHooks.filter((hook) => manager.owns(textOf(hook), hook)) : clientHooks;
}
