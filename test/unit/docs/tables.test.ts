import { describe, expect, test } from "vitest";
import { commands } from "../../../src/cli/registry.js";
import { exitMeanings } from "../../../src/cli/exit-meanings.js";
import { secretClasses, markKinds, versionOps } from "../../../src/core/record.js";
import { bodyFields } from "../../../src/core/record-block.js";
import { memberKinds, roles, scopes } from "../../../src/core/member.js";
import { severityOf } from "../../../src/core/finding.js";
import { attributesBlock } from "../../../src/core/attributes.js";
import { classifyPath } from "../../../src/core/layout.js";
import { changeActions, accessActions } from "../../../src/core/event.js";
import { namespaces } from "../../../src/core/signature.js";
import { filesUnder, readSource } from "../house/sources.js";
import { between, code, fences, rowsOf, section } from "./pages.js";
import { commandRows, policyRows } from "./tables.js";

const format = "docs/format.md";
const journal = "docs/journal.md";

describe("the policy table of the journal page", () => {
  test("is the one that the code follows", () => {
    const shown = between(journal, "<!-- made from src/core/policy.ts; a test compares -->\n", "\n<!-- end -->");
    expect(shown).toEqual(policyRows());
  });

  test("has every action once", () => {
    const shown = rowsOf(section(journal, "## Who may do what")).map(([action]) => code(action));
    expect(shown.toSorted()).toEqual(changeActions.toSorted());
  });
});

describe("the page of findings", () => {
  const rows = rowsOf(
    between(
      "docs/verify.md",
      "<!-- made from src/core/finding.ts; a test compares codes and severities -->\n",
      "\n<!-- end -->",
    ),
  );

  test("has every code of the verifier with its severity, and no other", () => {
    const shown = Object.fromEntries(rows.map(([name, severity]) => [code(name), severity]));
    expect(shown).toEqual(severityOf);
    expect(rows).toHaveLength(Object.keys(severityOf).length);
  });

  test("says of each code what was found", () => {
    expect(rows.filter(([, , level, text = ""]) => !/^[1-7]$|^clone$/.test(level ?? "") || text.length < 10)).toEqual(
      [],
    );
  });
});

/** `export const isTag = shaped(/…/)`, `const shape = /…/` and `/…/.test(text)`, as they stand in a source. */
const shapeOf: Readonly<Record<string, readonly [path: string, symbol: string]>> = {
  hex16: ["src/core/token.ts", "isHex16"],
  hex32: ["src/core/token.ts", "isHex32"],
  hex64: ["src/core/token.ts", "isHex64"],
  name: ["src/core/name.ts", "shape"],
  device: ["src/core/name.ts", "device"],
  pattern: ["src/core/name.ts", "patternShape"],
  member: ["src/core/member.ts", "idShape"],
  tag: ["src/core/token.ts", "isTag"],
  owner: ["src/core/token.ts", "isOwner"],
  period: ["src/core/token.ts", "isPeriod"],
  "root-ref": ["src/core/token.ts", "isTrustRef"],
  fingerprint: ["src/core/token.ts", "isFingerprint"],
  base64: ["src/core/token.ts", "isBase64"],
  armor: ["src/core/record-block.ts", "isArmorLine"],
  time: ["src/core/instant.ts", "shape"],
  count: ["src/core/trust-root-block.ts", "isCount"],
  small: ["src/core/trust-root-block.ts", "isSmall"],
  key: ["src/core/trust-root-block.ts", "isKeyBlob"],
  recipient: ["src/core/trust-root-block.ts", "isRecipient"],
  provider: ["src/core/event.ts", "isProvider"],
  ulid: ["src/core/event.ts", "isUlid"],
  code: ["src/core/event.ts", "isCode"],
  "claim-key": ["src/core/event.ts", "checkClaims"],
};

function shownShapes(): ReadonlyMap<string, string> {
  const lines = [format, journal].flatMap((page) => fences(page, "text")).flat();
  return new Map(
    lines.flatMap((line) => {
      const [, name, shape] = /^([a-z0-9-]+) +(\^.*)$/.exec(line) ?? [];
      return name === undefined || shape === undefined ? [] : [[name, shape] as const];
    }),
  );
}

describe("the shapes of the pages", () => {
  const shown = shownShapes();

  test.each(Object.entries(shapeOf))("%s is the regular expression of the code", (name, [path, symbol]) => {
    const source = readSource(path);
    const start = source.search(new RegExp(`\\b(?:const|function) ${symbol}\\b`));
    const found = /\/(\^(?:[^/\\\n]|\\.|\[(?:[^\]\\]|\\.)*\])+\$)\//.exec(source.slice(start))?.[1];
    expect(shown.get(name)).toBe(found);
  });

  test("are all known to this test", () => {
    expect([...shown.keys()].toSorted()).toEqual(Object.keys(shapeOf).toSorted());
  });

  test("include each one that single values of records have", () => {
    const named = Object.values(shapeOf).map(([, symbol]) => symbol);
    const inCode = [...readSource("src/core/token.ts").matchAll(/const (\w+) = shaped\(/g)].map((match) => match[1]);
    expect(inCode.filter((symbol) => !named.includes(symbol ?? ""))).toEqual([]);
  });
});

/** The value of `const name = 64 * 1024;` in a source. */
function constantOf(path: string, name: string): number {
  const text = new RegExp(`const ${name} = ([\\d_ *]+);`).exec(readSource(path))?.[1];
  return (text ?? "NaN").split("*").reduce((product, factor) => product * Number(factor.trim().replaceAll("_", "")), 1);
}

describe("the limits of the format page", () => {
  const rows = rowsOf(section(format, "## Limits"));
  const shown = rows.map(([what, value = "", , place = ""]) => ({
    what,
    value: Number(value.replaceAll(",", "")),
    place,
  }));

  test.each(shown)("$what is as in the code", ({ value, place }) => {
    const [, name = "", path = ""] = /^`(\w+)` in `([\w./-]+)`$/.exec(place) ?? [];
    expect(value).toBe(constantOf(path, name));
  });

  test("include every limit of the core that bounds what is read", () => {
    // Of the program, not of the format: a cache of keys, the text of a signature (its shape bounds it), plain ages; and what a
    // user's expressions may cost (src/core/regex).
    const own = ["maxCachedKeys", "maxSignatureText"];
    const inCode = filesUnder("src/core", ".ts")
      .filter((path) => !path.startsWith("src/core/regex/"))
      .flatMap((path) =>
        [...readSource(path).matchAll(/^(?:export )?const (max\w+) = [\d_ *]+;/gm)].map((match) => match[1] ?? ""),
      );
    const named = shown.map(({ place }) => /^`(\w+)`/.exec(place)?.[1]);
    expect(inCode.filter((name) => !own.includes(name) && !named.includes(name))).toEqual([]);
  });

  test("are the same on the journal page", () => {
    const text = readSource(journal);
    for (const [name, suffix] of [
      ["maxSegmentLine", " bytes"],
      ["maxSegment", " bytes"],
      ["maxSegmentEvents", " events"],
    ] as const)
      expect(text).toContain(`${constantOf("src/core/segment.ts", name).toLocaleString("en-US")}${suffix}`);
    expect(text).toContain(`${constantOf("src/store/archive.ts", "maxArchive").toLocaleString("en-US")} bytes`);
  });
});

describe("the keys of a block", () => {
  const kinds = ["Meta", "Seal", "Version", "Mark"] as const;

  test.each(kinds)("%s are those of the code, in order, and optional where they are", (kind) => {
    const rows = rowsOf(section(format, `### ${kind}`)).map(([key, , rest]) => ({
      key: code(key),
      optional: rest === "optional",
    }));
    const fields = (bodyFields(kind.toLowerCase()) ?? []).map(({ key, optional }) => ({
      key,
      optional: optional === true,
    }));
    expect(rows.filter(({ key }) => key !== "sig" && key !== "ct")).toEqual(fields);
  });

  test.each(kinds)("%s stand in the example in the same order", (kind) => {
    const keys = rowsOf(section(format, `### ${kind}`)).map(([key]) => code(key));
    const lines = section(format, `### ${kind}`);
    const example = lines.slice(lines.indexOf("```text") + 2).flatMap((line) => /^([a-z-]+): /.exec(line)?.[1] ?? []);
    expect(keys.filter((key) => example.includes(key))).toEqual(example);
    expect(example.length).toBeGreaterThan(8);
  });
});

function words(items: readonly string[]): string {
  return items.map((item) => `\`${item}\``).join(", ");
}

function hex(count: number): string {
  return "0123456789abcdef".repeat(4).slice(0, count);
}

describe("words that the pages list", () => {
  test("are the closed sets of the code", () => {
    const text = readSource(format);
    expect(text).toContain(`one of ${words(scopes)}.`);
    expect(text).toContain(`one of ${words(secretClasses)}.`);
    expect(text).toContain(`one of ${words(versionOps)}`);
    expect(text).toContain(`one of ${words(markKinds)}`);
    expect(text).toContain(`\`${roles.slice(0, -1).join("`, `")}\` or \`${roles.at(-1)}\``);
    expect(text).toContain(`\`${memberKinds.slice(0, -1).join("`, `")}\` or \`${memberKinds.at(-1)}\``);
    expect(readSource(journal)).toContain(
      `\`${accessActions.slice(0, -1).join("`, `")}\` or \`${accessActions.at(-1)}\``,
    );
  });

  test("are the namespaces of signatures", () => {
    expect(rowsOf(section(format, "## Signatures")).map(([name]) => code(name))).toEqual(Object.values(namespaces));
  });

  test("are the lines of the attributes block", () => {
    expect(fences(format, "text").map((lines) => lines.join("\n"))).toContain(attributesBlock.join("\n"));
  });

  test("are paths that the code allows below .secrets/", () => {
    const layout = (fences(format, "text")[0] ?? []).slice(1).map((line) => line.trim().split(/ {2,}/)[0] ?? "");
    const literal = layout.map((path) =>
      `.secrets/${path}`
        .replace("<key id>", hex(64))
        .replace("<h32>", hex(32))
        .replace("<member id>", "ci-prod")
        .replace("<name>", "payments/db/password")
        .replace("<fingerprint>", hex(32))
        .replace("YYYY/MM/DD/<stamp>", "2026/11/23/20261123T163000000Z")
        .replace("YYYY-MM", "2026-11"),
    );
    expect(literal.length).toBeGreaterThan(7);
    expect(literal.filter((path) => classifyPath(path) === undefined)).toEqual([]);
  });
});

describe("the README", () => {
  test("has every command in one line", () => {
    expect(between("README.md", "| command | what it does |\n|-|-|\n", "\n\n")).toEqual(commandRows(commands));
  });

  test("has a session of under 15 lines at its top, after one sentence", () => {
    const [title, , sentence, , fence] = readSource("README.md").split("\n");
    expect(title).toBe("# gitseal");
    expect(sentence?.match(/\.(?: |$)/g)).toHaveLength(1);
    expect(fence).toBe("```sh");
    expect(fences("README.md", "sh")[0]?.length).toBeLessThan(15);
  });

  test("names every exit status", () => {
    const text = section("README.md", "## Exit status").join("\n");
    expect(Object.keys(exitMeanings).filter((status) => !new RegExp(`\\b${status}\\b`).test(text))).toEqual([]);
  });
});
