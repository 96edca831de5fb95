import { resolve } from "node:path";
import { quote } from "../../core/display.js";
import { fail, SecretsError } from "../../core/errors.js";
import { findRepository, type Repository } from "../../git/repository.js";
import { listStaged } from "../../git/staged.js";
import type { ScanMode } from "../../scan/leak.js";
import { readUserFile } from "../../store/user-file.js";
import type { Deps } from "../deps.js";
import type { Sourced } from "./item.js";
import { messageOf } from "./message-text.js";
import { textItem } from "./sources.js";
import { nothingMore, ownPolicy, type ScanPlan, type ScanTarget, type StagedAhead } from "./target.js";

const maxMessage = 64 * 1024 * 1024;

/** Works out what a scan has to read. Throws `config/not-a-repository` where one is needed, and `usage/invalid` for what names nothing. */
export async function planScan(deps: Deps, target: ScanTarget): Promise<ScanPlan> {
  switch (target.kind) {
    case "staged":
      return planStaged(openRepository(deps), target.ahead);
    case "message":
      return planMessage(deps, target.file);
    case "push":
      return await (await import("./plan-change.js")).planPush(openRepository(deps), target);
    case "range":
      return await (await import("./plan-change.js")).planRange(deps, openRepository(deps), target);
    case "history":
      return (await import("./plan-history.js")).planHistory(openRepository(deps));
    case "paths":
      return (await import("./plan-files.js")).planFiles(deps, target, findOwn(deps));
    case "stdin":
      return planText(findOwn(deps), "stdin", target.name ?? "the standard input", {
        bytes: Buffer.from(target.bytes),
        shown: target.name ?? "standard input",
        path: target.name,
        kind: "file",
      });
    case "received":
      return await (await import("./plan-change.js")).planReceived(openRepository(deps), target.updates);
  }
}

function openRepository(deps: Deps): Repository {
  return findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
}

function findOwn(deps: Deps): Repository | undefined {
  try {
    return openRepository(deps);
  } catch (cause) {
    if (cause instanceof SecretsError && cause.code === "config/not-a-repository") return undefined;
    throw cause;
  }
}

function planStaged(repo: Repository, ahead: StagedAhead | undefined): ScanPlan {
  if (repo.workTree === undefined)
    fail("config/bare-repository", "a bare repository has nothing staged", {
      hint: "scan what it holds: secrets scan --history",
    });
  const given = ahead && { values: ahead.values };
  return {
    ...nothingMore,
    ...given,
    mode: "staged",
    target: "the index",
    repo,
    source: { kind: "objects", list: () => listStaged(repo), isMixed: false, ...(ahead && { objects: ahead.blobs }) },
    policy: { kind: "index", ...(ahead && { files: ahead.policy }) },
  };
}

function planMessage(deps: Deps, file: string): ScanPlan {
  const read = readUserFile(resolve(deps.cwd, file), maxMessage);
  if (read === undefined) fail("usage/invalid", `there is no message file ${quote(file)}`);
  const bytes = messageOf(Buffer.from(read.bytes));
  const shown = "commit message";
  return planText(findOwn(deps), "message", "the commit message", { bytes, shown, path: undefined, kind: "message" });
}

function planText(
  repo: Repository | undefined,
  mode: ScanMode,
  target: string,
  { bytes, ...about }: { readonly bytes: Buffer } & Parameters<typeof textItem>[1],
): ScanPlan {
  const items = (): Iterable<Sourced> => (bytes.byteLength === 0 ? [] : textItem(bytes, about));
  return { ...nothingMore, mode, target, repo, source: { kind: "items", items }, policy: ownPolicy(repo) };
}
