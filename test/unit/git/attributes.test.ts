import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as attributes from "../../../src/git/attributes.js";
import { makeRepo } from "../../support/git-fixture.js";

const block = `${attributes.attributesBlock.join("\n")}\n`;
const kinds = (text: string) => attributes.checkAttributes(text).map((one) => `${one.kind}:${one.line}`);

test("a missing, an edited, a reordered and a doubled block are problems", () => {
  expect(kinds("")).toEqual(["block-missing:0"]);
  expect(kinds("*.png binary\n")).toEqual(["block-missing:0"]);
  expect(kinds(block.replace(" -filter", ""))).toContain("block-changed:2");
  expect(kinds(block.replace("# gitseal: end\n", ""))).toContain("block-changed:5");
  expect(kinds(block + block)).toContain("block-twice:6");
});

const risky = [
  "* text=auto",
  "*.secret text",
  "*.SECRET text",
  "**/*.jsonl text",
  ".secrets/** text",
  "/.secrets/store/* diff",
  ".secrets/odd.txt text",
  "*.gz binary",
  ".sec*/** text",
  "*.[jy]* text",
  '"a b" text',
  "  * text",
  "\t*.root eol=crlf",
  "api*",
  "/*/config.yaml text",
];

test.each(risky)("the line %j behind the block is a problem", (line) => {
  expect(kinds(`${block}${line}\n`)).toEqual(["line-after-block:6"]);
});

test.each([
  "*.png binary",
  "docs/** text",
  "Makefile text",
  "# * text",
  "",
  "/src/*.yaml text",
  "[attr]own -text",
  "lib/**/*.jsonl text",
])("the line %j behind the block is harmless", (line) => {
  expect(kinds(`${block}${line}\n`)).toEqual([]);
});

test.each(risky)("the line %j before the block is overruled by it", (line) => {
  expect(kinds(`${line}\n${block}`)).toEqual([]);
});

test("a line that only looks like ours, behind a white space git does not skip, does not pass for ours", () => {
  expect(kinds(block.replace(".secrets/** ", "\u00a0.secrets/** "))).toContain("block-changed:2");
  expect(kinds(`\u00a0${block}`)).toContain("block-missing:0");
});

test("carriage returns, indents and a byte order mark are read as git reads them", () => {
  expect(kinds(`\ufeff${block}`.replaceAll("\n", "\r\n"))).toEqual([]);
});

test("a macro under the name of one of our attributes is a problem, before the block too, and git shows why", () => {
  const macro = "[attr]linguist-generated text eol=crlf filter=evil\n";
  expect(kinds(macro + block)).toEqual(["macro:1"]);
  expect(kinds(`${block}${macro}`)).toEqual(["macro:6"]);
  expect(attributes.ensureBlock(macro + block)).toEqual({ text: macro + block, changed: false });
  const repo = makeRepo();
  repo.write(".gitattributes", macro + block);
  const path = ".secrets/journal/access/x.jsonl";
  expect(attributes.effectiveAttributes(repo.repository(), [path]).get(path)).toMatchObject({
    text: "set",
    filter: "evil",
  });
});

const before = [
  "",
  "*.png binary\n",
  "*.png binary",
  "*.png binary\r\n*.jpg binary\r\n",
  block.replace(" -filter", ""),
  block + block,
  `${block}* text=auto\n`,
  `a\n${block}b\n* text\n`,
  "# gitseal: begin\nmine text\n",
];

test.each(before)(
  "%j gets one intact block behind all that could overrule it, and loses no line of anybody's",
  (text) => {
    const first = attributes.ensureBlock(text);
    expect(first.changed).toBe(true);
    expect(attributes.checkAttributes(first.text)).toEqual([]);
    expect(attributes.ensureBlock(first.text)).toEqual({ text: first.text, changed: false });
    const theirs = text.split(/\r?\n/).filter((line) => !line.includes("gitseal") && !line.startsWith(".secrets/"));
    expect(first.text.split(/\r?\n/)).toEqual(expect.arrayContaining(theirs));
  },
);

test("a harmless line behind the block leaves the file alone", () => {
  const text = `${block}*.png binary\n`;
  expect(attributes.ensureBlock(text)).toEqual({ text, changed: false });
});

test("with the block git converts nothing below .secrets, whatever stands before", () => {
  const repo = makeRepo();
  repo.write(".gitattributes", attributes.ensureBlock("* text=auto eol=crlf filter=lfs ident\n").text);
  const paths = [".secrets/store/a b.secret", ".secrets/journal/access/2026/01/01/x.jsonl", ".secrets/config.yaml"];
  const found = attributes.effectiveAttributes(repo.repository(), [...paths, "elsewhere"]);
  for (const path of paths)
    expect(found.get(path)).toMatchObject({
      text: "unset",
      filter: "unset",
      ident: "unset",
      "working-tree-encoding": "unset",
    });
  expect(found.get(paths[0] ?? "")).toMatchObject({ diff: "secrets", merge: "secrets" });
  expect(found.get(paths[1] ?? "")).toMatchObject({ "linguist-generated": "set" });
  expect(found.get("elsewhere")).toMatchObject({ text: "auto", filter: "lfs" });
  expect(attributes.effectiveAttributes(repo.repository(), []).size).toBe(0);
});

test("a line in info/attributes that beats the block is found, from a linked work tree too", () => {
  const repo = makeRepo();
  repo.commit("one", { ".gitattributes": block });
  expect(attributes.infoAttributesOverride(repo.repository())).toEqual([]);
  writeFileSync(join(repo.dir, ".git/info/attributes"), "*.png binary\n*.secret text\n");
  const wanted = [{ kind: "line-after-block", line: 2, text: "*.secret text" }];
  expect(attributes.infoAttributesOverride(repo.repository())).toEqual(wanted);
  expect(attributes.infoAttributesOverride(repo.worktree("side").repository())).toEqual(wanted);
  expect(
    attributes.effectiveAttributes(repo.repository(), [".secrets/store/a.secret"]).get(".secrets/store/a.secret"),
  ).toMatchObject({ text: "set" });
});

test("a path that an ignore rule swallows is told with the rule, a path let through is not", () => {
  const repo = makeRepo();
  repo.commit("one", { ".gitignore": "# logs\n*.jsonl\n!keep.jsonl\n", ".secrets/tracked.jsonl": "1" });
  const asked = [".secrets/a b.jsonl", ".secrets/keep.jsonl", ".secrets/store/x.secret", ".secrets/tracked.jsonl"];
  expect(attributes.isIgnored(repo.repository(), asked)).toEqual(
    [".secrets/a b.jsonl", ".secrets/tracked.jsonl"].map((path) => ({
      path,
      source: ".gitignore",
      line: 2,
      pattern: "*.jsonl",
    })),
  );
  expect(attributes.isIgnored(repo.repository(), [".secrets/x"])).toEqual([]);
  expect(attributes.isIgnored(repo.repository(), [])).toEqual([]);
});

test("flags that hide edits are told, each by its name", () => {
  const repo = makeRepo();
  repo.commit("one", { ".secrets/a": "1", ".secrets/b": "1", ".secrets/c": "1", ".secrets/d": "1", "x/e": "1" });
  repo.run(["update-index", "--assume-unchanged", ".secrets/a", ".secrets/c", "x/e"]);
  repo.run(["update-index", "--skip-worktree", ".secrets/b", ".secrets/c"]);
  expect(attributes.hiddenEntries(repo.repository())).toEqual([
    { path: ".secrets/a", flags: ["assume-unchanged"] },
    { path: ".secrets/b", flags: ["skip-worktree"] },
    { path: ".secrets/c", flags: ["assume-unchanged", "skip-worktree"] },
  ]);
});
