import { createFinding, type Report } from "../../core/finding.js";
import { maxSecretFile } from "../../core/secret-file.js";
import { blobOid } from "../../git/object-id.js";
import { attributesFile, configFile, secretsFolder } from "../../store/layout.js";
import { inspectFile, listPlainFolder } from "../../store/safe-read.js";
import type { TreeFile } from "./tree-source.js";
import type { Place } from "../session.js";

const hint = "git status shows it; restore with: git checkout -- .secrets, or stage it with: git add -f .secrets";

/** Compares every file of the work tree below `.secrets/` with the index, byte by byte, whatever git's flags and filters say. */
export function compareWorkTree(place: Place, files: readonly TreeFile[], report: Report): void {
  const expected = new Map(files.filter(({ stage }) => (stage ?? 0) === 0).map((file) => [file.path, file]));
  for (const path of walk(place, secretsFolder, report)) {
    if (!expected.has(path))
      report(
        createFinding(
          path === configFile ? "worktree-config" : "worktree-extra",
          "the work tree has a file that the index does not",
          { path, hint },
        ),
      );
  }
  for (const { path, oid } of expected.values()) compareFile(place, path, oid, report);
}

function compareFile(place: Place, path: string, oid: string, report: Report): void {
  const found = inspectFile(place.disk, place.workTree, path, maxSecretFile);
  if (found.kind === "unsafe" || found.kind === "large")
    report(createFinding("worktree-unsafe", `the work tree has something else there: ${found.why}`, { path, hint }));
  else if (found.kind === "absent")
    report(createFinding("worktree-missing", "the file is missing from the work tree", { path, hint }));
  else if (blobOid(found.bytes, oid.length === 64 ? "sha256" : "sha1") !== oid) {
    const isSetting = path === configFile || path === attributesFile;
    report(
      createFinding(
        isSetting ? "worktree-config" : "worktree-differs",
        "the work tree's file is not the one in the index",
        { path, hint },
      ),
    );
  }
}

const maxDepth = 12;

/** Paths of all files below a folder. Whatever is no plain file or folder is reported and not entered. */
function* walk(place: Place, folder: string, report: Report, depth = 0): Generator<string> {
  for (const entry of listPlainFolder(place.disk, place.workTree, folder)) {
    const path = `${folder}/${entry}`;
    const { kind } = place.disk.lstat(`${place.workTree}/${path}`);
    if (kind === "folder" && depth < maxDepth) yield* walk(place, path, report, depth + 1);
    else if (kind === "file") yield path;
    else report(createFinding("worktree-unsafe", "neither a plain file nor a folder", { path, hint }));
  }
}
