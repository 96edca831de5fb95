import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Edge, edgesOf, filesUnder, readSource, root } from "./sources.js";

interface Row {
  readonly folders: readonly string[];
  /** Bare specifiers; one that ends in `*` allows all that begin so. */
  readonly packages: readonly string[];
}

const all = ["core", "crypto", "store", "providers", "scan", "git", "review", "app", "cli"];

// Which folder may import which. .oxlintrc.json says the same to an editor, as lists of what is forbidden, because its
// rule has no allow-list: a new package must be added there, and is refused here until a row names it.
const table: Readonly<Record<string, Row>> = {
  core: { folders: ["core"], packages: ["node:crypto"] },
  crypto: {
    folders: ["core", "crypto"],
    packages: ["node:crypto", "node:worker_threads", "age-encryption", "@scure/base", "bcrypt-pbkdf"],
  },
  store: { folders: ["core", "store"], packages: ["node:fs", "node:path", "node:os", "node:crypto", "node:zlib"] },
  providers: {
    folders: ["core", "crypto", "store", "providers"],
    packages: ["node:fs", "node:path", "node:crypto", "yaml", "smol-toml", "dotenv", "@azure/*"],
  },
  scan: { folders: ["core", "scan"], packages: [] },
  review: { folders: ["core", "review"], packages: [] },
  git: {
    folders: ["core", "git"],
    packages: ["node:child_process", "node:crypto", "node:fs", "node:os", "node:path", "simple-git"],
  },
  app: {
    folders: ["core", "crypto", "store", "providers", "scan", "git", "review", "app"],
    packages: ["node:path", "node:crypto", "node:worker_threads"],
  },
  "cli/commands": { folders: ["core", "app", "cli"], packages: ["clipanion", "typanion"] },
  cli: { folders: all, packages: ["node:*", "clipanion", "typanion", "picocolors"] },
  // The importable API: only what it re-exports.
  "": { folders: all, packages: [] },
};

// Each costs tens of milliseconds to import, and a `get` needs none of them at its start.
const heavy = ["age-encryption", "yaml", "smol-toml", "simple-git", "dotenv", "@azure/*", "bcrypt-pbkdf"];

const files = filesUnder("src", ".ts");
const edges = files.flatMap((path) => edgesOf(path, readSource(path)));

function rowOf(path: string): string {
  if (path.startsWith("src/cli/commands/")) return "cli/commands";
  return folderOf(path);
}

function folderOf(path: string): string {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? "";
}

function matches(patterns: readonly string[], specifier: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("*")
      ? specifier.startsWith(pattern.slice(0, -1))
      : specifier === pattern || (!pattern.startsWith("node:") && specifier.startsWith(`${pattern}/`)),
  );
}

function violation(edge: Edge): string | undefined {
  const row = table[rowOf(edge.from)];
  if (row === undefined) return `${edge.from}: its folder is not in the table`;
  const allowed = edge.to.startsWith("src/") ? row.folders.includes(folderOf(edge.to)) : matches(row.packages, edge.to);
  return allowed ? undefined : `${edge.from} must not import ${edge.to}`;
}

function findCycle(graph: readonly Edge[]): readonly string[] | undefined {
  const targets = new Map<string, Edge[]>();
  for (const edge of graph) {
    if (edge.kind !== "value" || !edge.to.startsWith("src/")) continue;
    targets.set(edge.from, [...(targets.get(edge.from) ?? []), edge]);
  }
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const edge of targets.get(path) ?? []) {
      const cycle = visit(edge.to, [...trail, path]);
      if (cycle !== undefined) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of targets.keys()) {
    const cycle = visit(path, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function judge(from: string, text: string): readonly unknown[] {
  return edgesOf(from, text).map(violation);
}

function edgeOf(from: string, to: string): Edge {
  return { from: `src/${from}`, to: `src/${to}`, kind: "value" };
}

describe("the sources", () => {
  test("import only what the table allows their folder, dynamic and type imports included", () => {
    expect(files.length).toBeGreaterThan(0);
    expect(edges.map(violation).filter((text) => text !== undefined)).toEqual([]);
  });

  test("import own files that exist, with the .js suffix", () => {
    const own = edges.filter((edge) => edge.to.startsWith("src/"));
    expect(own.filter((edge) => !edge.to.endsWith(".ts") || !existsSync(join(root, edge.to)))).toEqual([]);
  });

  test("have no import cycle, types aside", () => {
    expect(findCycle(edges)).toBeUndefined();
  });

  test("load packages that are slow to import only when they are needed", () => {
    const eager = edges.filter((edge) => edge.kind === "value" && matches(heavy, edge.to));
    expect(eager.map((edge) => `${edge.from} imports ${edge.to} at its top`)).toEqual([]);
  });
});

describe("the rule itself", () => {
  test.each([
    ["core reading a file", "src/core/a.ts", `import { readFileSync } from "node:fs";`],
    ["core calling an adapter", "src/core/a.ts", `import { open } from "../crypto/open.js";`],
    ["core taking a package", "src/core/a.ts", `import { parse } from "yaml";`],
    ["store seeing plaintext", "src/store/a.ts", `const { open } = await import("../crypto/open.js");`],
    ["store naming a type of crypto", "src/store/a.ts", `import type { Opened } from "../crypto/open.js";`],
    ["git reaching into the store", "src/git/a.ts", `export { readSegment } from "../store/journal.js";`],
    ["a use-case starting a process", "src/app/a.ts", `import { spawn } from "node:child_process";`],
    ["a command skipping the use-cases", "src/cli/commands/get.ts", `import { open } from "../../crypto/open.js";`],
    ["a computed import", "src/core/a.ts", `await import(name);`],
    ["a folder that nobody planned", "src/common/a.ts", `import { fail } from "../core/errors.js";`],
  ])("%s is refused", (_what, from, text) => {
    expect(judge(from, text)).toEqual([expect.stringContaining(from)]);
  });

  test("what the table allows passes", () => {
    expect(judge("src/core/a.ts", `import { createHash } from "node:crypto"; export const b = 1;`)).toEqual([
      undefined,
    ]);
    expect(judge("src/crypto/a.ts", `await import("age-encryption");`)).toEqual([undefined]);
  });

  test("a cycle over three files is found, and a chain is none", () => {
    expect(findCycle([edgeOf("a", "b"), edgeOf("b", "c"), edgeOf("c", "a")])).toEqual([
      "src/a",
      "src/b",
      "src/c",
      "src/a",
    ]);
    expect(findCycle([edgeOf("a", "b"), edgeOf("b", "c"), edgeOf("a", "c")])).toBeUndefined();
  });
});
