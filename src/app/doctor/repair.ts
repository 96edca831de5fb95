import { encodeUtf8 } from "../../core/bytes.js";
import { count } from "../../core/finding.js";
import { ensureBlock, hiddenEntries } from "../../git/attributes.js";
import { dropTextconvCache, hasTextconvCache, readSetting } from "../../git/drivers.js";
import { showEntries } from "../../git/hidden.js";
import { attributesFile } from "../../store/layout.js";
import { readPlainFile } from "../../store/safe-read.js";
import { withStoreLock } from "../../store/transaction.js";
import { listIds, walFolder } from "../../store/wal.js";
import { placesOf, storeDeps } from "../change.js";
import type { Deps } from "../deps.js";
import { installDrivers } from "../drivers/install-drivers.js";
import { readHooksStatus } from "../hooks/hooks-status.js";
import { installHooks } from "../hooks/install-hooks.js";
import { finishInterrupted } from "../interrupted.js";
import type { Session } from "../session.js";
import { attempt, type Add } from "./report.js";

/**
 * Mends what is wrong with the set-up of this clone: half-made changes, the block in .gitattributes (staged), diff and merge drivers,
 * hooks, what a textconv left behind, flags that hide edits. Secrets, members and files of other people's it leaves alone.
 */
export async function repair(deps: Deps, session: Session, add: Add): Promise<void> {
  await attempt(add, "recovery", () => {
    const waiting = listIds(session.disk, placesOf(session), walFolder).length;
    finishInterrupted(deps);
    if (waiting > 0) add("recovery", "fixed", "what a killed command had begun is finished, or set aside");
  });
  await attempt(add, "attributes", () => repairAttributes(deps, session, add));
  await attempt(add, "drivers", async () => {
    if ((await installDrivers(deps)) === "installed")
      add("drivers", "fixed", "git shows and merges secret files by their records");
    if (!hasTextconvCache(session.repo)) return;
    dropTextconvCache(session.repo);
    add("drivers", "fixed", "what git had kept of a textconv is let go", "it leaves the disk with: git gc --prune=now");
  });
  await attempt(add, "hooks", async () => {
    if (readHooksStatus(deps).hint === undefined) return;
    const { todo } = await installHooks(deps);
    if (todo.length === 0) add("hooks", "fixed", "git runs all hooks of gitseal");
  });
  await attempt(add, "git", () => repairHidden(session, add));
}

function repairAttributes(deps: Deps, session: Session, add: Add): void {
  const before = readPlainFile(session.disk, session.workTree, attributesFile, 1024 * 1024) ?? null;
  const { text, changed } = ensureBlock(before === null ? "" : Buffer.from(before).toString("utf8"));
  if (!changed) return;
  withStoreLock(storeDeps(deps, session), placesOf(session), (tx) => {
    const targets = [{ path: attributesFile, before, after: encodeUtf8(text) }];
    tx.commit({ targets, local: [], note: "doctor --fix" });
  });
  add("attributes", "fixed", "the block in .gitattributes is as it must be, and staged");
}

// In a sparse checkout git itself sets the flag, and means it.
function repairHidden({ repo }: Session, add: Add): void {
  const isSparse = readSetting(repo, "core.sparseCheckout") === "true";
  const hidden = hiddenEntries(repo).filter(({ flags }) => !isSparse || flags.includes("assume-unchanged"));
  if (hidden.length === 0) return;
  showEntries(
    repo,
    hidden.map(({ path }) => path),
    !isSparse,
  );
  add("git", "fixed", `git hides edits of ${count(hidden.length, "file")} no more`);
}
