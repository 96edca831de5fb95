import { checkAttributes, type AttributesProblem } from "./attributes.js";
import { findUtf8 } from "./bytes.js";
import { escapeText } from "./display.js";
import { createFinding, type FindingCode, type Report } from "./finding.js";
import { classifyPath, maxBytesOf, type Area } from "./layout.js";

/** One file as a tree or an index lists it, before any of it is read. */
export interface ListedFile {
  /** Six octal digits. */
  readonly mode: string;
  /** Relative to the top of the work tree, with `/`. */
  readonly path: string;
  /** Above 0 for the sides of an unresolved merge. */
  readonly stage?: number;
  /** Bytes, where known. */
  readonly size?: number;
}

/** A file that may be read. */
export type Classified<T extends ListedFile> = Area & { readonly file: T };

const special: Readonly<Record<string, readonly [FindingCode, string]>> = {
  "100755": ["form-mode", "is executable"],
  "120000": ["form-symlink", "is a symbolic link"],
  "160000": ["form-gitlink", "is a submodule"],
};

/**
 * Level 1: of all files below `.secrets/`, those that may stand there, each once, as plain files within the limit of their
 * area. Everything else is reported and never read.
 */
export function verifyListing<T extends ListedFile>(files: readonly T[], report: Report): readonly Classified<T>[] {
  const seen = new Set<string>();
  const unmerged = new Set<string>();
  const kept: Classified<T>[] = [];
  for (const file of files) {
    const { path } = file;
    const folded = foldName(path);
    if ((file.stage ?? 0) > 0) {
      const area = unmerged.has(path) ? undefined : classifyPath(path);
      const hint = area?.area === "secret" ? `run: secrets resolve ${area.name}` : "settle it as git says: git status";
      if (!unmerged.has(path)) report(createFinding("form-unmerged", "an unresolved merge conflict", { path, hint }));
      unmerged.add(path);
      continue;
    }
    if (seen.has(folded))
      report(
        createFinding("form-duplicate", "a file of the same name up to upper and lower case stands beside it", {
          path,
        }),
      );
    seen.add(folded);
    const area = checkPath(file, report);
    if (area && checkMode(file, report) && checkSize(file, area, report)) kept.push({ ...area, file });
  }
  return kept;
}

function checkPath({ path }: ListedFile, report: Report): Area | undefined {
  const area = classifyPath(path);
  if (area) return area;
  if (/(?:^|\/)\.gitattributes$/i.test(path))
    report(
      createFinding("form-attributes", "attributes below .secrets/ could change what git writes and shows", {
        path,
        hint: "remove the file",
      }),
    );
  else if (/\/\.tmp-/.test(path))
    report(
      createFinding("form-path", "a file that an interrupted command left behind", {
        path,
        hint: "remove it, then run: secrets doctor",
      }),
    );
  else
    report(
      createFinding("form-path", "nothing of this name belongs below .secrets/", {
        path,
        hint: "move the file elsewhere",
      }),
    );
  return undefined;
}

function checkMode({ path, mode }: ListedFile, report: Report): boolean {
  if (mode === "100644") return true;
  const [code, what] = special[mode] ?? ["form-mode", "is not a plain file"];
  report(createFinding(code, `${what}; only plain files (mode 100644) may stand below .secrets/`, { path }));
  return false;
}

function checkSize({ path, size }: ListedFile, { area }: Area, report: Report): boolean {
  if (size === undefined || size <= maxBytesOf[area]) return true;
  reportTooLarge(path, area, report);
  return false;
}

export function reportTooLarge(path: string, area: Area["area"], report: Report): void {
  report(createFinding("form-size", `larger than ${maxBytesOf[area]} bytes`, { path }));
}

// Windows makes short names from the first six characters, or from two and a hash of the rest when those are taken.
const shortName = /^(?:secret|gitatt|(?:se|gi)[0-9a-f]{4})~[0-9]/;
const guarded = [".secrets", ".gitattributes"];

/**
 * Names in the root of a tree that some file system takes for `.secrets` or `.gitattributes`: other case, trailing dots and
 * spaces, invisible characters, NTFS streams and short names. They would be checked out over the real ones.
 */
export function verifyRootNames(
  names: readonly { readonly name: string; readonly folder: boolean }[],
  report: Report,
): void {
  for (const { name, folder } of names) {
    const isExact = name === ".secrets" ? folder : name === ".gitattributes" && !folder;
    if (isExact) continue;
    const folded = foldName(name.split(/[\\:]/)[0] ?? "").replace(/[. ]+$/, "");
    const twin = guarded.find((one) => one === folded) ?? (shortName.test(folded) ? "a guarded name" : undefined);
    if (twin === undefined) continue;
    const what =
      name === twin
        ? `${twin} is not a ${twin === ".secrets" ? "folder" : "file"}`
        : `some file systems take this name for ${twin}`;
    report(createFinding("root-name", what, { path: name, hint: "rename or remove it" }));
  }
}

/** One spelling for all names that a file system may hold to be the same. */
function foldName(name: string): string {
  if (/^[a-z0-9./-]*$/.test(name)) return name;
  return name
    .normalize("NFKC")
    .replaceAll(/[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu, "")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKC");
}

const attributeTexts: Readonly<Record<AttributesProblem["kind"], readonly [FindingCode, string]>> = {
  "block-missing": ["attributes-block", "the gitseal block is missing"],
  "block-changed": ["attributes-block", "the gitseal block was edited"],
  "block-twice": ["attributes-block", "the gitseal block stands twice"],
  "line-after-block": ["attributes-line", "a line behind the gitseal block could match files below .secrets/"],
  macro: ["attributes-line", "a macro redefines an attribute of the gitseal block"],
};

/** The root `.gitattributes` (undefined when there is none): our block as it must be, and nothing that overrules it. */
export function verifyAttributes(bytes: Uint8Array | undefined, report: Report): void {
  const path = ".gitattributes";
  const hint = "run: secrets init";
  const text = bytes === undefined ? "" : findUtf8(bytes);
  if (text === undefined) return report(createFinding("attributes-block", "not valid UTF-8", { path, hint }));
  for (const { kind, line, text: found } of checkAttributes(text)) {
    const [code, what] = attributeTexts[kind];
    const place = line === 0 ? "" : `line ${line}: `;
    const shown = found === "" ? "" : ` (${escapeText(found.slice(0, 80))})`;
    report(createFinding(code, `${place}${what}${kind === "line-after-block" ? shown : ""}`, { path, hint }));
  }
}
