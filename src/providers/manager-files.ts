import type { Document } from "yaml";
import { fail } from "../core/errors.js";

/** One command in a hook manager's YAML file: where it goes, and what stands there. */
export interface YamlEntry {
  readonly hook: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** lefthook.yml with a command `gitseal` for each hook; everything else, comments too, stays. Throws `config/invalid`. */
export async function addToLefthook(text: string, entries: readonly YamlEntry[]): Promise<string> {
  const document = await parse(text, "the lefthook configuration");
  for (const { hook, value } of entries) document.setIn([hook, "commands", "gitseal"], document.createNode(value));
  return print(document);
}

/** The file without what {@link addToLefthook} added. */
export async function removeFromLefthook(text: string, hooks: readonly string[]): Promise<string> {
  const document = await parse(text, "the lefthook configuration");
  for (const hook of hooks)
    for (const path of [[hook, "commands", "gitseal"], [hook, "commands"], [hook]])
      if (path.length === 3 || isEmpty(document, path)) document.deleteIn(path);
  return print(document);
}

function isEmpty(document: Document, path: readonly string[]): boolean {
  const node: unknown = document.getIn(path);
  return typeof node === "object" && node !== null && "items" in node && Array.isArray(node.items)
    ? node.items.length === 0
    : false;
}

/** .pre-commit-config.yaml with one local repository of hooks more. Throws `config/invalid`. */
export async function addToPreCommit(text: string, entries: readonly YamlEntry[]): Promise<string> {
  const document = await parse(text, ".pre-commit-config.yaml");
  const hooks = entries.map(({ value }) => value);
  const repository = document.createNode({ repo: "local", hooks });
  if (document.has("repos")) document.addIn(["repos"], repository);
  else document.set("repos", document.createNode([repository]));
  return print(document);
}

/** The file without local hooks whose id begins with `gitseal`. */
export async function removeFromPreCommit(text: string): Promise<string> {
  const document = await parse(text, ".pre-commit-config.yaml");
  const repos = (document.toJS() as { readonly repos?: readonly { readonly hooks?: readonly { id?: unknown }[] }[] })
    .repos;
  for (const [at, repo] of [...(repos ?? []).entries()].toReversed()) {
    const ours = (repo.hooks ?? []).map(({ id }) => typeof id === "string" && id.startsWith("gitseal"));
    if (ours.length > 0 && ours.every(Boolean)) document.deleteIn(["repos", at]);
    else
      for (const [place, isOurs] of [...ours.entries()].toReversed())
        if (isOurs) document.deleteIn(["repos", at, "hooks", place]);
  }
  return print(document);
}

async function parse(text: string, what: string): Promise<Document> {
  const { parseDocument } = await import("yaml");
  const document: Document = parseDocument(text, { keepSourceTokens: true });
  const [error] = document.errors;
  if (error) fail("config/invalid", `${what} is not valid YAML (line ${error.linePos?.[0].line ?? 1})`);
  return document;
}

function print(document: Document): string {
  return document.toString({ lineWidth: 0 });
}
