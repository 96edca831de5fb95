import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findForbidden } from "../../../src/app/scan/forbidden-files.js";
import type { ScanItem } from "../../../src/app/scan/item.js";
import { ruleIds } from "../../../src/app/scan/scanner-settings.js";
import { createUserRules, findByUserRules } from "../../../src/scan/user-rules.js";
import { isAllowedInCommits, isAllowlisted } from "../../../src/scan/allowlist.js";
import { ownRulesOf } from "../../../src/providers/gitleaks-ids.js";
import { parseGitleaks } from "../../../src/providers/gitleaks-config.js";

function item(path: string | undefined, kind: "file" | "message" = "file"): ScanItem {
  return {
    shown: path ?? "commit message",
    path,
    kind,
    oid: undefined,
    commits: [],
    mode: undefined,
    size: 0,
    read: () => Promise.resolve(Buffer.alloc(0)),
  };
}

async function parse(text: string) {
  return await parseGitleaks(Buffer.from(text));
}

/** The notes about a file that extends the default rules. */
async function notesOf(text: string): Promise<readonly string[]> {
  const { notes } = await parse(`${text}\n[extend]\nuseDefault = true\n`);
  return notes.map((note) => note.replace(".gitleaks.toml: ", ""));
}

async function findIn(toml: string, content: string, path = "a.txt"): Promise<readonly string[]> {
  const { settings } = await parse(toml);
  const text = { bytes: Buffer.from(content), path };
  return findByUserRules(createUserRules(settings.rules), text)
    .filter((match) => !isAllowlisted(settings.allow, match, text))
    .map(({ rule, secret }) => `${rule} ${secret}`);
}

describe("a file that cannot be read", () => {
  test("is refused without a word of what is in it", async () => {
    const error = await parse('title = "x"\nregex = hunter2hunter2\n').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "config/invalid", message: ".gitleaks.toml is not valid TOML (line 2)" });
  });

  test("is refused when it is too large or no UTF-8", async () => {
    await expect(parse("#".repeat(1024 * 1024 + 1))).rejects.toMatchObject({ code: "config/invalid" });
    await expect(parseGitleaks(Buffer.from([0xff]))).rejects.toMatchObject({ code: "config/invalid" });
  });
});

describe("what is not understood is said", () => {
  test.each<readonly [string, string, RegExp]>([
    ["a key at the top", 'colour = "red"', /^the file has a key that is not understood: 'colour'$/],
    ["a key of a rule", '[[rules]]\nid = "a"\nregex = "x"\nseverity = "high"', /^the rule 'a' has a key .*'severity'$/],
    ["lookahead", '[[rules]]\nid = "a"\nregex = "(?=x)"', /^the rule 'a': its regex cannot be used: it has lookahead/],
    [
      "exponential time",
      '[[rules]]\nid = "a"\nregex = "(a+)+b"',
      /cannot be used: it has a repetition inside a repetition/,
    ],
    ["a rule of nothing", '[[rules]]\nid = "a"', /^the rule 'a' has neither a regex nor a path, .*: it is left out$/],
    [
      "another entropy for a rule of gitleaks' own",
      '[[rules]]\nid = "gitlab-pat"\nentropy = 2',
      /^the rule 'gitlab-pat' changes the entropy of gitleaks' own rule, which is not understood/,
    ],
    ["rules that need others", '[[rules]]\nid = "a"\nregex = "x"\nskipReport = true', /depends on other rules/],
    ["a group that is not there", '[[rules]]\nid = "a"\nregex = "x(y)"\nsecretGroup = 2', /secretGroup is 2, .* is 1$/],
    [
      "commits and something else at once",
      '[allowlist]\ncondition = "AND"\ncommits = ["abc"]\nstopwords = ["x"]',
      /wants commits and something else at once, .*: it allows nothing; accept single findings with/,
    ],
    ["a list that is none", "rules = 3", /^rules\[0\] is not a table$/],
    ["an entropy of ten", '[[rules]]\nid = "a"\nregex = "x"\nentropy = 10', /entropy must be a number from 0 to 8$/],
    ["a hostile name", '[[rules]]\nid = "a\\u001b[2J"\nregex = "("', /^the rule 'a\\u\{1b\}\[2J': its regex/],
  ])("%s", async (_what, text, note) => {
    expect(await notesOf(text)).toEqual([expect.stringMatching(note)]);
  });

  test("a rule that is off and that nobody knows", async () => {
    const { notes } = await parse('[extend]\nuseDefault = true\ndisabledRules = ["acme-key"]');
    expect(notes).toEqual([expect.stringMatching(/'acme-key', for which no rule is known here; .* scan\.disable/)]);
  });

  test("that without useDefault only its own rules count", async () => {
    const { notes, settings } = await parse('title = "ours"');
    expect(settings.useDefault).toBe(false);
    expect(notes).toEqual([expect.stringMatching(/does not extend the default rules/)]);
  });

  test("a rule for a path that is not understood does not become one for every path", async () => {
    const { settings } = await parse('[[rules]]\nid = "a"\nregex = "x"\npath = "(?=x)"');
    expect(settings.rules).toEqual([]);
  });

  test("an allowlist of several conditions of which one is not understood allows nothing", async () => {
    const commits = '[[allowlists]]\ncondition = "AND"\ncommits = ["abc"]\nstopwords = ["x"]';
    expect((await parse(commits)).settings.allow).toEqual([]);
    const regex = '[[allowlists]]\ncondition = "AND"\nregexes = ["(?=x)"]\nstopwords = ["x"]';
    expect((await parse(regex)).settings.allow).toEqual([]);
  });
});

describe("a configuration of gitleaks", () => {
  const toml = String.raw`
title = "ours"
[extend]
useDefault = true
path = "base.toml"
[[rules]]
id = "acme-key"
description = "Acme key"
regex = '''(?i)acme[_-]?key\s*=\s*["']?(?P<key>[a-z0-9]{16,40})["']?'''
secretGroup = 1
entropy = 2.5
keywords = ["ACME"]
tags = ["key"]
  [[rules.allowlists]]
  regexTarget = "line"
  regexes = ['''#\s*harmless''']
[[rules]]
id = "only in env"
regex = '''TOKEN=(\S+)'''
path = '''\.env$'''
[allowlist]
paths = ['''^vendor/''']
stopwords = ["Example"]
[[allowlists]]
targetRules = ["acme-key"]
regexes = ['''^0123''']
`;

  test("becomes rules that find what gitleaks' find", async () => {
    expect(await findIn(toml, "Acme_Key = 'abcdefgh12345678'\n")).toEqual(["gitleaks/acme-key abcdefgh12345678"]);
    expect(await findIn(toml, "TOKEN=one", "x/.env")).toEqual(["gitleaks/only-in-env one"]);
  });

  test.each([
    ["too little entropy", "acme_key = 'aaaaaaaabbbbbbbb'", "a.txt"],
    ["another path", "TOKEN=one", "a.txt"],
    ["a rule's allowlist", "acme_key = 'abcdefgh12345678' # harmless", "a.txt"],
    ["a global path", "acme_key = 'abcdefgh12345678'", "vendor/a.txt"],
    ["a stopword in any case", "acme_key = 'abcdexample12345678'", "a.txt"],
    ["an allowlist for that rule", "acme_key = '0123abcdefgh5678'", "a.txt"],
  ])("finds nothing with %s", async (_what, content, path) => {
    expect(await findIn(toml, content, path)).toEqual([]);
  });

  test("names the file that it extends, and says nothing when all is understood", async () => {
    expect(await parse(toml)).toMatchObject({ extendPath: "base.toml", notes: [] });
  });

  test("takes a description for the title", async () => {
    const { settings } = await parse(toml);
    expect(settings.rules.map(({ title, severity }) => [title, severity])).toEqual([
      ["Acme key", "block"],
      ["only in env", "block"],
    ]);
  });
});

describe("names of gitleaks' own rules", () => {
  test("stand for rules that there are", async () => {
    const known = await ruleIds();
    const source = readFileSync("src/providers/gitleaks-ids.ts", "utf8");
    const lines = source
      .slice(source.indexOf("= `") + 3, source.lastIndexOf("`"))
      .trim()
      .split("\n");
    const ours = lines.flatMap((line) => line.split(" ").slice(1));
    expect(ours.length).toBeGreaterThan(200);
    expect(ours.filter((id) => !known.includes(id))).toEqual([]);
    expect(lines.filter((line) => ownRulesOf(line.split(" ")[0] ?? "") === undefined)).toEqual([]);
  });

  test("switch ours off", async () => {
    const { notes, settings } = await parse('[extend]\nuseDefault = true\ndisabledRules = ["aws-access-token"]');
    expect(notes).toEqual([]);
    expect(settings.disabled).toEqual(expect.arrayContaining(["aws/access-key-id"]));
    expect(settings.useDefault).toBe(true);
  });

  test("carry their allowlists to ours, and to no others", async () => {
    const { settings, notes } = await parse(
      '[extend]\nuseDefault = true\n[[rules]]\nid = "github-pat"\n[[rules.allowlists]]\npaths = ["^docs/"]\n[[allowlists]]\ntargetRules = ["npm-access-token"]\nstopwords = ["abc"]',
    );
    expect(notes).toEqual([]);
    expect(settings.allow.map(({ rules }) => rules)).toEqual([
      ["gitleaks/npm-access-token", "npm/access-token"],
      ["github/personal-access-token"],
    ]);
  });
});

describe("a rule that names only paths", () => {
  const toml = String.raw`
[extend]
useDefault = true
[[rules]]
id = "keystores"
description = "No keystores"
path = '''\.(?:p12|jks)$'''
  [[rules.allowlists]]
  paths = ['''^test/''']
`;

  test("forbids files, whatever is in them, but for those that it allows", async () => {
    const { settings, notes } = await parse(toml);
    expect(notes).toEqual([]);
    const found = (one: ScanItem) =>
      findForbidden(one, settings.files, settings.allow, "k").map(({ rule, title, path, severity }) =>
        [rule, title, path, severity].join(" "),
      );
    expect(found(item("a/b.jks"))).toEqual(["gitleaks/keystores No keystores a/b.jks block"]);
    for (const other of [item("test/b.jks"), item("b.jks.txt"), item(undefined), item("b.jks", "message")])
      expect(found(other)).toEqual([]);
  });

  test("makes one fingerprint a file and rule", async () => {
    const { settings } = await parse(toml);
    const print = (path: string) => findForbidden(item(path), settings.files, [], "k")[0]?.fingerprint;
    expect(print("a.jks")).toBe(print("a.jks"));
    expect(print("a.jks")).not.toBe(print("b.jks"));
  });
});

describe("as gitleaks defines it", () => {
  const rule = String.raw`
[[rules]]
id = "a"
regex = '''[0-9]{6}'''
keywords = ["acme"]
`;

  test("a keyword may stand anywhere in the text", async () => {
    const far = `acme${" x\n".repeat(20_000)}123456\n`;
    expect(await findIn(rule, far)).toEqual(["gitleaks/a 123456"]);
    expect(await findIn(rule, far.replace("acme", "acne"))).toEqual([]);
  });

  test("a match may begin on a line above its words", async () => {
    const spanning = String.raw`[[rules]]
id = "a"
regex = '''(?s)begin.{1,20}([0-9]{6})acmeword'''
`;
    expect(await findIn(spanning, "begin\n\n123456acmeword\n")).toEqual(["gitleaks/a 123456"]);
  });

  test("commits of an allowlist allow what they alone brought", async () => {
    const [one, other] = ["a".repeat(40), "b".repeat(40)];
    const { settings, notes } = await parse(
      `[extend]\nuseDefault = true\n[[allowlists]]\ncommits = ["${one.toUpperCase()}"]\ntargetRules = ["github-pat"]`,
    );
    const isIn = (ruleId: string, commits: readonly string[]) => isAllowedInCommits(settings.allow, ruleId, commits);
    expect(notes).toEqual([]);
    expect(isIn("github/personal-access-token", [one])).toBe(true);
    expect(isIn("github/personal-access-token", [one, other])).toBe(false);
    expect(isIn("github/personal-access-token", [])).toBe(false);
    expect(isIn("npm/access-token", [one])).toBe(false);
    expect(await findIn(`${rule}[allowlist]\ncommits = ["${one}"]`, "acme 123456")).toEqual(["gitleaks/a 123456"]);
  });
});
