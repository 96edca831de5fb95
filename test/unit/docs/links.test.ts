import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { filesUnder, readSource, root } from "../house/sources.js";
import { fences, pages } from "./pages.js";

interface Link {
  readonly page: string;
  readonly target: string;
}

/** The text of a page without its fenced blocks, which show other things than this repository. */
function prose(text: string): string {
  return text.replaceAll(/^ *(```+)[^\n]*\n[\s\S]*?^ *\1\s*$/gm, "");
}

function linksOf(page: string): readonly Link[] {
  return [...prose(readSource(page)).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => ({ page, target: match[1] ?? "" }));
}

// How forges make an anchor of a heading.
function anchorsOf(page: string): readonly string[] {
  const headings = prose(readSource(page)).matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function fault({ page, target }: Link): string | undefined {
  if (/^https?:\/\//.test(target)) return undefined;
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, file))) return `${page} links to ${target}, and there is no ${file}`;
  if (anchor !== undefined && !anchorsOf(file).includes(anchor))
    return `${page} links to ${target}, and ${file} has no such heading`;
  return undefined;
}

// Paths as a page writes them: below a folder of this checkout, or a file of its root.
const pathShape =
  /(?<![\w./-])(?:(?:src|test|docs|scripts|\.ci|bench|hooks)\/[\w./*-]*[\w*]|[A-Z]+\.md|\.oxlintrc\.json|package\.json|vitest\.config\.ts)(?![\w*])/g;

function isThere(path: string): boolean {
  if (!path.includes("*")) return existsSync(join(root, path));
  const shape = new RegExp(
    `^${path
      .split("*")
      .map((part) => part.replaceAll(/[.\\]/g, "\\$&"))
      .join("[^/]*")}$`,
  );
  return filesUnder(dirname(path), "").some((file) => shape.test(file));
}

describe("the pages", () => {
  test("link to files and headings that exist", () => {
    const links = pages().flatMap(linksOf);
    expect(links.length).toBeGreaterThan(20);
    expect(links.map(fault).filter((text) => text !== undefined)).toEqual([]);
  });

  test("name no file that does not exist", () => {
    const named = pages().flatMap((page) =>
      [...prose(readSource(page)).matchAll(pathShape)].map(([path]) => ({ page, path: path.replace(/\/$/, "") })),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ path }) => !isThere(path))).toEqual([]);
  });

  test("name commands in `npm run` that package.json has", () => {
    const { scripts } = JSON.parse(readSource("package.json")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = pages().flatMap((page) =>
      [...readSource(page).matchAll(/npm run (?:--silent )?([a-z][a-z:]*)/g)].map((match) => match[1] ?? ""),
    );
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test("show no key in clear", () => {
    const keys =
      /AGE-SECRET-KEY-[0-9A-Z]*1[0-9A-Z]{20}|-----BEGIN OPENSSH PRIVATE KEY-----|\b(?:AKIA|ghp_|sk_live_)\w{12}/;
    expect(pages().filter((page) => keys.test(readSource(page)))).toEqual([]);
  });

  test("close every fence, so that no text is taken for a command", () => {
    expect(pages().filter((page) => (readSource(page).match(/^ *```/gm)?.length ?? 0) % 2 === 1)).toEqual([]);
  });
});

describe("the numbered decisions", () => {
  test("are short, and their number is the one of their file", () => {
    const decisions = filesUnder("docs/adr", ".md");
    const wrong = decisions.filter((path, at) => {
      const number = Number(/\/(\d{4})-/.exec(path)?.[1]);
      return (
        number !== at + 1 || !readSource(path).startsWith(`# ${number}. `) || readSource(path).split("\n").length > 60
      );
    });
    expect(decisions.length).toBeGreaterThan(2);
    expect(wrong).toEqual([]);
  });
});

describe("the rules themselves", () => {
  test("a link to nothing and one to a heading that is not there are faults", () => {
    expect(fault({ page: "docs/format.md", target: "no-such-page.md" })).toMatch(/there is no docs\/no-such-page\.md/);
    expect(fault({ page: "docs/format.md", target: "journal.md#no-such-heading" })).toMatch(/no such heading/);
    expect(fault({ page: "docs/format.md", target: "journal.md#reads-and-the-spool" })).toBeUndefined();
  });

  test("paths in a block of example text are not looked for", () => {
    expect(prose("a\n```text\nsrc/none.ts\n```\nb")).not.toContain("none");
    expect(fences("README.md", "sh").length).toBeGreaterThan(0);
  });
});
