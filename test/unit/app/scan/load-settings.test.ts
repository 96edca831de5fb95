import { describe, expect, test } from "vitest";
import { loadScanSettings } from "../../../../src/app/scan/load-settings.js";

async function load(files: Readonly<Record<string, string>>) {
  const read = (path: string) => (files[path] === undefined ? undefined : Buffer.from(files[path]));
  return await loadScanSettings({ config: read(".secrets/config.yaml"), read }, ["acme/token"]);
}

const rule = (id: string, regex: string) => `[[rules]]\nid = "${id}"\nregex = "${regex}"\n`;
const extend = (path: string) => `[extend]\npath = "${path}"\n`;

describe("the settings of a tree", () => {
  test("that cannot be read as they stand are no settings at all", async () => {
    await expect(load({ ".secrets/config.yaml": "scan: { disable: [x] }" })).rejects.toMatchObject({
      code: "config/invalid",
    });
    await expect(load({ ".gitleaks.toml": "x = " })).rejects.toMatchObject({ code: "config/invalid" });
  });

  test("are the defaults where there are no files", async () => {
    expect(await load({})).toEqual({
      settings: { disabled: [], severities: {}, allow: [], rules: [], files: [], useDefault: true },
      notes: [],
    });
  });

  test("are those of both files, and of two rules with one id the config's", async () => {
    const { settings, notes } = await load({
      ".secrets/config.yaml": "scan: { disable: [acme/token], rules: [{ id: gitleaks/a, regex: own }] }",
      ".gitleaks.toml": `[extend]\nuseDefault = true\n${rule("a", "theirs")}${rule("b", "theirs")}`,
    });
    expect(settings.disabled).toEqual(["acme/token"]);
    expect(settings.rules.map(({ id, regex }) => `${id} ${regex.source}`)).toEqual([
      "gitleaks/a own",
      "gitleaks/b theirs",
    ]);
    expect(settings.useDefault).toBe(true);
    expect(notes).toEqual([]);
  });
});

describe("a file that extends another", () => {
  test("has the other's rules and defaults too", async () => {
    const { settings, notes } = await load({
      ".gitleaks.toml": `${extend("./conf/base.toml")}${rule("a", "near")}`,
      "conf/base.toml": `[extend]\nuseDefault = true\n${rule("a", "far")}${rule("b", "far")}`,
    });
    expect(settings.rules.map(({ id, regex }) => `${id} ${regex.source}`)).toEqual([
      "gitleaks/a near",
      "gitleaks/b far",
    ]);
    expect(settings.useDefault).toBe(true);
    expect(notes).toEqual([]);
  });

  test.each(["missing.toml", "../outside.toml", "/etc/passwd", "a/../../b"])("that is %s says so", async (path) => {
    const { notes } = await load({ ".gitleaks.toml": extend(path), "/etc/passwd": "", "../outside.toml": "" });
    expect(notes).toEqual([".gitleaks.toml: the file that extend.path names is not in this tree"]);
  });

  test("in a circle ends", async () => {
    const { notes } = await load({ ".gitleaks.toml": extend(".gitleaks.toml") });
    expect(notes).toEqual([expect.stringContaining("extend.path")]);
  });
});
