import { describe, expect, test } from "vitest";
import { createUserRules, findByUserRules } from "../../../src/scan/user-rules.js";
import { isAllowlisted } from "../../../src/scan/allowlist.js";
import { parseGitleaks } from "../../../src/providers/gitleaks-config.js";

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
    ["a rule without a regex", '[[rules]]\nid = "a"\npath = "x"', /^the rule 'a' has no regex, .*: it is left out$/],
    ["rules that need others", '[[rules]]\nid = "a"\nregex = "x"\nskipReport = true', /depends on other rules/],
    ["a group that is not there", '[[rules]]\nid = "a"\nregex = "x(y)"\nsecretGroup = 2', /secretGroup is 2, .* is 1$/],
    [
      "commits",
      '[allowlist]\ncommits = ["abc"]',
      /names commits, which is not understood; accept single findings with/,
    ],
    ["a list that is none", "rules = 3", /^rules\[0\] is not a table$/],
    ["an entropy of ten", '[[rules]]\nid = "a"\nregex = "x"\nentropy = 10', /entropy must be a number from 0 to 8$/],
    ["a hostile name", '[[rules]]\nid = "a\\u001b[2J"\nregex = "("', /^the rule 'a\\u\{1b\}\[2J': its regex/],
  ])("%s", async (_what, text, note) => {
    expect(await notesOf(text)).toEqual([expect.stringMatching(note)]);
  });

  test("rules of gitleaks' own that are off, and that ours are switched off elsewhere", async () => {
    const { notes, settings } = await parse('[extend]\nuseDefault = true\ndisabledRules = ["aws-access-token"]');
    expect(notes).toEqual([expect.stringMatching(/'aws-access-token': switch ours off with scan\.disable/)]);
    expect(settings.useDefault).toBe(true);
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
