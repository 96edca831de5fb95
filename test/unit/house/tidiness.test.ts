import { describe, expect, test } from "vitest";
import { ambientUses, filesUnder, readSource } from "./sources.js";

const sources = filesUnder("src", ".ts");
const code = [
  ...sources,
  ...filesUnder("test", ".ts"),
  ...filesUnder("scripts", ".mjs"),
  ...filesUnder("bench", ".ts"),
];
const edge = new Set(["src/cli/bin.ts", "src/cli/context.ts", "src/cli/loader.ts"]);

describe("the sources", () => {
  test("have no barrel but the public one", () => {
    expect(sources.filter((path) => path.endsWith("/index.ts") && path !== "src/index.ts")).toEqual([]);
  });

  test("have no file named after nothing in particular", () => {
    const vague = /(^|\/)(utils?|helpers?|common|misc|managers?)(\.ts|\.mjs|\/)/;
    expect(code.filter((path) => vague.test(path))).toEqual([]);
  });

  test("have file names in kebab case", () => {
    expect(code.filter((path) => !/^[a-z0-9/.-]+$/.test(path))).toEqual([]);
  });

  test("have no file over 400 lines", () => {
    const long = code.map((path) => ({ path, lines: readSource(path).split("\n").length - 1 }));
    expect(long.filter(({ lines }) => lines > 400)).toEqual([]);
  });

  test("leave no note about unfinished work", () => {
    // In brackets, so that this line does not find itself.
    const note = /\b(T[O]DO|F[I]XME|X[X]X)\b/;
    expect(code.filter((path) => note.test(readSource(path)))).toEqual([]);
  });

  test("take the clock, randomness, the process and the console from the context", () => {
    const uses = sources
      .filter((path) => !edge.has(path))
      .flatMap((path) => ambientUses(readSource(path)).map((use) => `${path}: ${use}`));
    expect(uses).toEqual([]);
  });

  test("export by name only", () => {
    expect(sources.filter((path) => /^export default\b/m.test(readSource(path)))).toEqual([]);
  });
});

describe("the tests", () => {
  test("are never skipped, focused, retried or left for later", () => {
    const marker = /\b(?:test|it|describe)\.(?:only|skip|todo|fails)\b|\bretry:\s*[1-9]/;
    expect(filesUnder("test", ".test.ts").filter((path) => marker.test(readSource(path)))).toEqual([]);
  });
});

describe("the rule about ambient state", () => {
  test.each([
    ["process.env.HOME", "process"],
    ["const n = `${process.cwd()}`", "process"],
    ["console.log(1)", "console"],
    ["Date.now()", "Date.now"],
    ["new Date()", "new Date()"],
    ["Math.random()", "Math.random"],
    ["globalThis.process", "globalThis.process"],
  ])("%s is found", (text, use) => {
    expect(ambientUses(text)).toEqual([use]);
  });

  test("words in text, comments and own fields are not uses", () => {
    expect(
      ambientUses(`// process.env\nconst a = "console.log"; const d = new Date(0); this.process; event.process.id;`),
    ).toEqual([]);
  });
});
