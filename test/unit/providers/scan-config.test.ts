import { describe, expect, test } from "vitest";
import { renderConfig } from "../../../src/providers/config.js";
import { parseConfig } from "../../../src/providers/parse-config.js";
import { parseScanConfig } from "../../../src/providers/scan-config.js";

const known = ["acme/token", "acme/secret", "generic/password", "store/value"];

async function parse(text: string) {
  return await parseScanConfig(Buffer.from(text), known);
}

async function problemsOf(text: string): Promise<readonly string[]> {
  const error = (await parse(text).catch((cause: unknown) => cause)) as {
    readonly code?: string;
    readonly problems?: readonly string[];
  };
  expect(error.code).toBe("config/invalid");
  return error.problems ?? [];
}

describe("settings of a scan that are refused", () => {
  test.each<readonly [string, string, string | RegExp]>([
    [
      "an unknown key",
      "scan:\n  disabel: [x]",
      "scan has a key that is not known here: 'disabel'; did you mean disable?",
    ],
    [
      "an unknown rule",
      "scan:\n  disable: [acme/tokn]",
      "scan.disable[0] names no rule: 'acme/tokn'; did you mean acme/token?",
    ],
    ["a pattern that fits no rule", "scan:\n  disable: ['beta/*']", "scan.disable[0] names no rule: 'beta/*'"],
    [
      "values of the store",
      "scan:\n  disable: [store/value]",
      "scan.disable[0]: values of the store are always looked for, and always block",
    ],
    [
      "the severity of values of the store",
      "scan:\n  severity: { store/value: warn }",
      "scan.severity: values of the store are always looked for, and always block",
    ],
    [
      "an unknown severity",
      "scan:\n  severity: { acme/token: wran }",
      "scan.severity.acme/token must be one of block, warn; did you mean warn?",
    ],
    ["a list for a table", "scan: [x]", "scan must hold keys and values"],
    ["a rule without a regex", "scan:\n  rules: [{ id: ours/x }]", "scan.rules[0] has no regex"],
    [
      "a rule with the id of ours",
      "scan:\n  rules: [{ id: acme/token, regex: x }]",
      "scan.rules[0].id is the id of a rule of gitseal's own: acme/token",
    ],
    [
      "a rule that says it is of the store",
      "scan:\n  rules: [{ id: store/x, regex: x }]",
      "scan.rules[0].id is the id of a rule of gitseal's own: store/x",
    ],
    [
      "a rule with a blank in its id",
      "scan:\n  rules: [{ id: 'a b', regex: x }]",
      /^scan\.rules\[0\]\.id must be letters/,
    ],
    [
      "two rules with one id",
      "scan:\n  rules: [{ id: a, regex: x }, { id: a, regex: y }]",
      "scan.rules has two rules with the id 'a'",
    ],
    [
      "an expression that could run for hours",
      "scan:\n  rules: [{ id: a, regex: '(a+)+b' }]",
      /^scan\.rules\[0\]\.regex cannot be used: it has a repetition inside/,
    ],
    [
      "a group that is not there",
      "scan:\n  rules: [{ id: a, regex: x, secretGroup: 1 }]",
      "scan.rules[0].secretGroup is 1, and the number of groups in the expression is 0",
    ],
    [
      "half a group",
      "scan:\n  rules: [{ id: a, regex: '(x)', secretGroup: 0.5 }]",
      "scan.rules[0].secretGroup must be a whole number from 0 to 99",
    ],
    ["an allowance without a reason", "scan:\n  allow: [{ paths: [x] }]", "scan.allow[0] has no reason"],
    [
      "an allowance of everything",
      "scan:\n  allow: [{ reason: r, rules: [acme/token] }]",
      "scan.allow[0] names no paths, regexes or stopwords, so it allows nothing",
    ],
    [
      "an allowance for no rule",
      "scan:\n  allow: [{ reason: r, rules: [x/y], paths: [x] }]",
      "scan.allow[0].rules[0] names no rule: 'x/y'",
    ],
    [
      "a glob of nothing",
      "scan:\n  allow: [{ reason: r, paths: ['/'] }]",
      "scan.allow[0].paths must be a glob such as test/fixtures/** or *.pem",
    ],
    [
      "an empty stopword",
      "scan:\n  allow: [{ reason: r, stopwords: [''] }]",
      "scan.allow[0].stopwords[0] must be a text of 1 to 200 characters",
    ],
  ])("%s", async (_what, text, problem) => {
    expect(await problemsOf(text)).toEqual([typeof problem === "string" ? problem : expect.stringMatching(problem)]);
  });

  test("by no pattern for values of the store", async () => {
    const { disabled, severities } = await parse("scan:\n  disable: ['*']\n  severity: { '*': warn }");
    expect(disabled).not.toContain("store/value");
    expect(severities).not.toHaveProperty("store/value");
  });

  test("for all of their problems at once", async () => {
    expect(await problemsOf("scan:\n  disable: [x]\n  severity: { y: block }\n  rules: [{}]\n  oops: 1")).toHaveLength(
      5,
    );
  });

  test("when they are larger than a config may be, or no YAML", async () => {
    await expect(parse("#".repeat(70_000))).rejects.toMatchObject({ code: "config/invalid" });
    await expect(parse("scan: [")).rejects.toMatchObject({ code: "config/invalid" });
    await expect(parse("a: &x [1]\nb: *x")).rejects.toMatchObject({ code: "config/invalid" });
  });

  test("when they hold more rules than a scan could try", async () => {
    const rules = Array.from({ length: 201 }, (_, at) => `    - { id: r${at}, regex: x }`).join("\n");
    expect(await problemsOf(`scan:\n  rules:\n${rules}`)).toEqual(["scan.rules has more than 200 entries"]);
  });
});

describe("settings of a scan", () => {
  test("are none where there are none", async () => {
    const none = { disabled: [], severities: {}, allow: [], rules: [], files: [], useDefault: true };
    expect(await parse("")).toEqual(none);
    expect(await parse(renderConfig("sealed"))).toEqual(none);
    expect(await parse("scan:\n")).toEqual(none);
  });

  test("do not disturb the other settings of the same file", async () => {
    const text = `${renderConfig("off")}scan:\n  disable: [acme/token]\n`;
    expect((await parseConfig(Buffer.from(text))).audit.access).toBe("off");
    expect((await parse(text)).disabled).toEqual(["acme/token"]);
  });

  test("name rules one by one, by pattern, and those of the user", async () => {
    const text =
      "scan:\n  disable: ['acme/*']\n  severity: { ours/x: warn, generic/*: warn }\n  rules: [{ id: ours/x, regex: x }]";
    const { disabled, severities } = await parse(text);
    expect(disabled).toEqual(["acme/token", "acme/secret"]);
    expect(severities).toEqual({ "ours/x": "warn", "generic/password": "warn" });
  });

  test("hold rules with all that can be said of one", async () => {
    const { rules } = await parse(`scan:
  rules:
    - id: ours/deploy-key
      title: Our deploy key
      regex: 'deploy_([a-f0-9]{32})'
      keywords: [Deploy_]
      entropy: 3.5
      path: "**/*.env"
      secretGroup: 1
      severity: warn
      allow:
        - reason: test data
          paths: [test/]
          stopwords: [Example]
          regexes: ['^0+$']
          target: match
          match: all
`);
    expect(rules).toEqual([
      {
        id: "ours/deploy-key",
        title: "Our deploy key",
        regex: expect.objectContaining({ source: "deploy_([0-9a-f]{32})" }),
        keywords: ["deploy_"],
        entropy: 3.5,
        path: { kind: "glob", glob: "**/*.env" },
        secretGroup: 1,
        severity: "warn",
        allow: [
          {
            rules: [],
            paths: [{ kind: "glob", glob: "test/" }],
            regexes: [expect.objectContaining({ groups: 0 })],
            target: "match",
            stopwords: ["example"],
            commits: [],
            all: true,
          },
        ],
      },
    ]);
  });

  test("take an expression's own words for keywords where none are given", async () => {
    const { rules } = await parse("scan:\n  rules: [{ id: ours/x, regex: 'deploy_[0-9]{8}' }]");
    expect(rules[0]).toMatchObject({ title: "ours/x", keywords: ["deploy_"], severity: "block" });
  });
});
