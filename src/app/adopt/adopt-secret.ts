import { fail, SecretsError } from "../../core/errors.js";
import { parseSecretName, type SecretName } from "../../core/name.js";
import { findStaged, replaceStaged, type StagedFile } from "../../git/stage-blob.js";
import { deriveName } from "../../scan/adopt/derive-name.js";
import { languageOf, needsOf } from "../../scan/adopt/language.js";
import { planReference } from "../../scan/adopt/reference.js";
import type { Match } from "../../scan/match.js";
import { replaceFile } from "../../store/durable.js";
import { tempIn } from "../../store/private-file.js";
import { readPlainFile } from "../../store/safe-read.js";
import { listSecretNames } from "../../store/secrets.js";
import type { Deps } from "../deps.js";
import { createItemScanner } from "../scan/scanner-settings.js";
import { loadKnownValues } from "../scan/known-values.js";
import { readPolicyFiles } from "../scan/policy-files.js";
import type { ItemScanner } from "../scan/scan-item.js";
import { openSession, type Session } from "../session.js";
import { setSecret } from "../set-secret.js";
import { chooseMatch, findOnLine } from "./find-literal.js";
import { parsePlace, type FilePlace } from "./parse-place.js";
import { previewLine } from "./preview.js";
import { findTwin, findView, textOf, type View, type Views } from "./views.js";

export interface AdoptInput {
  /** `path:line` or `path:line:column`, the path from the folder the command runs in. */
  readonly place: string;
  readonly name: string | undefined;
  readonly column: string | undefined;
  readonly scope?: string | undefined;
  readonly tags?: string | undefined;
  readonly dryRun: boolean;
}

export interface AdoptResult {
  readonly name: SecretName;
  /** known: the store had the value already, under this name. */
  readonly change: "stored" | "known";
  readonly path: string;
  readonly line: number;
  /** The line before and after, every secret in it masked. */
  readonly before: string;
  readonly after: string;
  /** What was written, or would be. */
  readonly paths: readonly string[];
  /** What the index holds of the file now has the reference. */
  readonly staged: boolean;
  /** What a person has to do beside. */
  readonly needs: string | undefined;
}

const maxFile = 16 * 1024 * 1024;

/**
 * Moves a literal that the scanner finds on a line into the store, and leaves the reference that the file's language expects, in the work tree
 * and in what is staged, each by itself. First the store, then the file, then the index; an error says what was done by then and how to
 * go on. Throws `usage/*`, `secret/not-found`, and what `set` throws.
 */
export async function adoptSecret(deps: Deps, input: AdoptInput): Promise<AdoptResult> {
  const session = openSession(deps, "change");
  const place = parsePlace(session, input.place, input.column);
  const file = readFile(session, place.path);
  const by = await createScanner(deps, session);
  const found = await findSecret(by, file, place);
  const name = chooseName(session, found, input);
  const edits = planEdits(found, place, name);
  const paths = await store(deps, { input, found, name, place });
  if (!input.dryRun) writeEdits(session, file, edits, { name, isStored: paths.length > 0 });
  const shown = edits.work ?? edits.staged;
  return {
    name,
    change: found.match.name === undefined ? "stored" : "known",
    path: place.path,
    line: place.line,
    ...(await previewLine(by, place.path, shown, found.match)),
    paths: [...paths, place.path],
    staged: edits.staged !== undefined,
    needs: needsOf(languageOf(place.path), file.work.toString("latin1")),
  };
}

interface OpenedFile {
  readonly path: string;
  readonly work: Buffer;
  readonly staged: StagedFile | undefined;
}

function readFile({ disk, workTree, repo }: Session, path: string): OpenedFile {
  const work = readPlainFile(disk, workTree, path, maxFile);
  if (work === undefined) fail("usage/invalid", "there is no such file in the work tree", { hint: "restore it first" });
  return { path, work: Buffer.from(work), staged: findStaged(repo, path, maxFile) };
}

async function createScanner(deps: Deps, { repo }: Session): Promise<ItemScanner> {
  const { settings } = await readPolicyFiles(repo, { kind: "index" });
  const { known } = await loadKnownValues({ ...deps, warn: () => undefined });
  const built = deps.builtRules?.();
  const about = { version: deps.version, fingerprintKey: "", showAllowed: false };
  return await createItemScanner({ ...about, scan: settings, known, built });
}

interface FoundSecret {
  readonly match: Match;
  /** The view in which it was found; `match` counts in its bytes. */
  readonly at: View;
  readonly views: Views;
}

// A hook names lines of what is staged, an editor lines of the work tree. Where both have a secret there, it must be the same line.
async function findSecret(
  by: ItemScanner,
  { path, work, staged }: OpenedFile,
  { line, column }: FilePlace,
): Promise<FoundSecret> {
  const inWork = findView(work, line);
  const inStaged = staged === undefined ? undefined : findView(staged.bytes, line);
  const stagedMatches = inStaged === undefined ? [] : await findOnLine(by, inStaged, path);
  if (inStaged !== undefined && stagedMatches.length > 0) {
    const twin = findTwin(inStaged, work);
    if (twin === undefined)
      fail("usage/refused", "that line was changed in the work tree since it was staged", {
        hint: "stage the file, or restore it, so that both are the same",
      });
    return {
      match: chooseMatch(stagedMatches, inStaged, column),
      at: inStaged,
      views: { work: twin, staged: inStaged },
    };
  }
  if (inWork === undefined) fail("usage/invalid", `the file has no line ${line}, or there is nothing on it`);
  const match = chooseMatch(await findOnLine(by, inWork, path), inWork, column);
  const twin = staged === undefined ? undefined : findTwin(inWork, staged.bytes);
  return { match, at: inWork, views: { work: inWork, staged: twin } };
}

function chooseName(session: Session, { match, at }: FoundSecret, { name: typed }: AdoptInput): SecretName {
  if (match.name !== undefined) return parseSecretName(match.name);
  const line = textOf(at);
  const name = typed ?? deriveName(line.slice(0, match.start - at.start), match.rule);
  if (name === undefined)
    fail("usage/invalid", "the line does not say what the secret is called", { hint: "give a name behind the place" });
  const checked = parseSecretName(name);
  if (listSecretNames(session.disk, session.workTree).includes(checked))
    fail("usage/refused", `the store has a secret ${checked} already, with another value`, {
      hint: "give another name behind the place",
    });
  return checked;
}

interface Edit {
  readonly view: View;
  readonly after: Buffer;
  /** The reference, in the bytes after the edit. */
  readonly start: number;
  readonly end: number;
}

export interface Edits {
  readonly work: Edit;
  readonly staged: Edit | undefined;
}

function planEdits({ match, at, views }: FoundSecret, place: FilePlace, name: SecretName): Edits {
  const [start, end] = [match.start - at.start, match.end - at.start];
  const reference = planReference({ path: place.path, line: textOf(at), start, end, name });
  if (reference.kind === "refused")
    fail("usage/refused", `the text cannot be replaced here: ${reference.why}`, {
      hint: `store it with: secrets set ${name}; then take it out by hand`,
    });
  const editOf = (view: View): Edit => {
    const from = view.start + reference.start;
    const text = Buffer.from(reference.text, "latin1");
    const after = Buffer.concat([view.bytes.subarray(0, from), text, view.bytes.subarray(view.start + reference.end)]);
    return { view, after, start: from, end: from + text.byteLength };
  };
  return { work: editOf(views.work ?? at), staged: views.staged === undefined ? undefined : editOf(views.staged) };
}

async function store(
  deps: Deps,
  {
    input,
    found,
    name,
    place,
  }: { readonly input: AdoptInput; readonly found: FoundSecret; readonly name: SecretName; readonly place: FilePlace },
): Promise<readonly string[]> {
  if (found.match.name !== undefined) return [];
  const value = Buffer.from(found.match.secret, "latin1");
  try {
    const { scope, tags, dryRun } = input;
    const reason = `taken out of ${place.path}`;
    const { paths } = await setSecret(deps, {
      name,
      value,
      scope,
      tags,
      dryRun,
      ifVersion: "0",
      ...(/^[\x20-\x7e]{1,200}$/.test(reason) ? { reason } : {}),
    });
    return paths;
  } finally {
    value.fill(0);
  }
}

function writeEdits(
  session: Session,
  file: OpenedFile,
  { work, staged }: Edits,
  { name, isStored }: { readonly name: SecretName; readonly isStored: boolean },
): void {
  const { disk, workTree, repo, deps } = session;
  const where = isStored ? `the value is in the store as ${name}` : `the store has the value as ${name}`;
  explain(`${where}, but the file was not changed`, "write the reference to it by hand", () => {
    const now = readPlainFile(disk, workTree, file.path, maxFile);
    if (now === undefined || !file.work.equals(now)) fail("version/changed", "the file was changed meanwhile");
    const { mode } = disk.lstat(`${workTree}/${file.path}`);
    replaceFile(disk, workTree, file.path, work.after, { temp: tempIn(".secrets", deps), mode });
  });
  if (staged === undefined || file.staged === undefined) return;
  const before = file.staged;
  explain(
    `${where} and the file refers to it, but what is staged still has the value`,
    "run: git add, with that file",
    () => {
      replaceStaged(repo, file.path, before, staged.after);
    },
  );
}

/** Says what was done before a step failed. */
function explain(sofar: string, hint: string, step: () => void): void {
  try {
    step();
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    fail(cause.code, `${sofar}: ${cause.message}`, { hint, cause });
  }
}
