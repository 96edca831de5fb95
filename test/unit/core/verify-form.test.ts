import { describe, expect, test } from "vitest";
import { attributesBlock } from "../../../src/core/attributes.js";
import { encodeUtf8 } from "../../../src/core/bytes.js";
import { classifyPath } from "../../../src/core/layout.js";
import { verifyAttributes, verifyListing, verifyRootNames } from "../../../src/core/verify-form.js";
import { collect } from "../../support/verdict.js";

const day = ".secrets/journal/change/2026/11/23";
const stamp = "20261123T163000000Z";
const h32 = "0123456789abcdef0123456789abcdef";
const key = h32 + h32;

const listing = (
  ...files: readonly { mode?: string; path: string; size?: number; stage?: number }[]
): readonly string[] =>
  collect((report) =>
    verifyListing(
      files.map((file) => ({ mode: "100644", ...file })),
      report,
    ),
  ).map(({ code }) => code);

describe("paths that belong nowhere are refused", () => {
  test.each([
    ".secrets/readme.md",
    ".secrets/Config.yaml",
    ".secrets/config.yaml.bak",
    ".secrets/store/API-key.secret",
    ".secrets/store/api-key.yaml",
    ".secrets/store/a.secret",
    ".secrets/store/con.secret",
    ".secrets/store/aux/token.secret",
    ".secrets/store/api--key.secret",
    ".secrets/store/../trust/0002.root",
    ".secrets/store//api-key.secret",
    ".secrets/store/.secret",
    ".secrets/store/a/b/c/d/e/f/g/h/i.secret",
    ".secrets/trust/0000.root",
    ".secrets/trust/1.root",
    ".secrets/trust/0001.root.bak",
    `.secrets/trust/0001/${h32}.sig`,
    `.secrets/trust/0001/${key.toUpperCase()}.sig`,
    `.secrets/wrapped/Alice-${h32}.age`,
    ".secrets/wrapped/alice.age",
    `${day}/${stamp}-${h32}.json`,
    `${day}/20261124T163000000Z-${h32}.jsonl`,
    `${day}/${stamp}-${h32}0.jsonl`,
    `.secrets/journal/changes/2026/11/23/${stamp}-${h32}.jsonl`,
    `.secrets/journal/archive/2026-13-${h32}.jsonl.gz`,
    `.secrets/journal/archive/2026-11-${h32}.jsonl`,
    ".secrets/scan-ignore/a.yml",
    ".secrets/store/api-key.secret\n",
    ".secrets/store/api-key\u200b.secret",
    ".secrets",
    "secrets/config.yaml",
  ])("%j", (path) => {
    expect(classifyPath(path)).toBeUndefined();
    expect(listing({ path })).toEqual(["form-path"]);
  });

  test("a file of an interrupted command says so", () => {
    expect(
      collect((report) => verifyListing([{ mode: "100644", path: ".secrets/.tmp-01K0" }], report))[0]?.message,
    ).toMatch(/interrupted/);
  });
});

test.each([
  [".secrets/config.yaml", { area: "config" }],
  [".secrets/trust/0012.root", { area: "root", n: 12 }],
  [`.secrets/trust/0012/${key}.sig`, { area: "root-signature", n: 12, keyId: key }],
  [`.secrets/wrapped/ci-prod-${h32}.age`, { area: "wrapped", member: "ci-prod", h32 }],
  [".secrets/store/app/db-url.secret", { area: "secret", name: "app/db-url" }],
  [`${day}/${stamp}-${h32}.jsonl`, { area: "segment", class: "change", h32 }],
  [`.secrets/journal/access/2026/11/23/${stamp}-${h32}.jsonl`, { area: "segment", class: "access", h32 }],
  [`.secrets/journal/archive/2026-11-${h32}.jsonl.gz`, { area: "archive", h32 }],
  [".secrets/scan-ignore/0a1b.yaml", { area: "ignore" }],
])("%s is known for what it is", (path, area) => {
  expect(classifyPath(path)).toEqual(area);
  expect(listing({ path })).toEqual([]);
});

test.each([
  ["100755", "form-mode"],
  ["120000", "form-symlink"],
  ["160000", "form-gitlink"],
  ["100664", "form-mode"],
  ["040000", "form-mode"],
])("a file of mode %s is %s, and is never read", (mode, code) => {
  const findings = collect((report) => {
    expect(verifyListing([{ mode, path: ".secrets/config.yaml" }], report)).toEqual([]);
  });
  expect(findings.map((finding) => finding.code)).toEqual([code]);
});

test("attributes below .secrets are refused wherever they stand", () => {
  expect(listing({ path: ".secrets/.gitattributes" }, { path: ".secrets/store/.GitAttributes" })).toEqual([
    "form-attributes",
    "form-attributes",
  ]);
});

test("a file over the limit of its area is not read, one of exactly the limit is", () => {
  expect(listing({ path: ".secrets/config.yaml", size: 256 * 1024 + 1 })).toEqual(["form-size"]);
  expect(listing({ path: ".secrets/config.yaml", size: 256 * 1024 })).toEqual([]);
  expect(listing({ path: `${day}/${stamp}-${h32}.jsonl`, size: 256 * 1024 + 1 })).toEqual(["form-size"]);
});

test("the same path twice, and a path that differs by case only, are reported", () => {
  const path = ".secrets/store/api-key.secret";
  expect(listing({ path }, { path })).toEqual(["form-duplicate"]);
  expect(listing({ path }, { path: ".secrets/store/api-\u212aey.secret" })).toEqual(["form-duplicate", "form-path"]);
});

test("the sides of a conflict are one finding, and none of them is read", () => {
  const path = ".secrets/store/api-key.secret";
  const findings = collect((report) => {
    expect(
      verifyListing(
        [1, 2, 3].map((stage) => ({ mode: "100644", path, stage })),
        report,
      ),
    ).toEqual([]);
  });
  expect(findings.map(({ code }) => code)).toEqual(["form-unmerged"]);
});

const rootNameCodes = (name: string, folder = true): readonly string[] =>
  collect((report) => verifyRootNames([{ name, folder }], report)).map(({ code }) => code);

describe("names in the root that pass for .secrets or .gitattributes somewhere", () => {
  test.each([
    ".Secrets",
    ".SECRETS",
    ".g\u0131tattributes",
    ".secrets.",
    ".secrets ",
    ".secrets. .",
    ".sec\u200brets",
    ".\u017fecrets",
    ".secrets\ufeff",
    "\uff0esecrets",
    ".secrets::$INDEX_ALLOCATION",
    ".secrets:x",
    ".secrets\\store",
    "SECRET~1",
    "secret~2",
    "SE0A1F~1",
    "GITATT~1",
    "gi7d29~1",
    ".GitAttributes",
    ".gitattributes.",
    ".git\u00adattributes",
    ".secrets\u0000",
  ])("%j", (name) => {
    expect(rootNameCodes(name)).toEqual(["root-name"]);
  });

  test("the real ones must be a folder and a file", () => {
    expect(rootNameCodes(".secrets", false)).toEqual(["root-name"]);
    expect(rootNameCodes(".gitattributes", true)).toEqual(["root-name"]);
    expect(rootNameCodes(".secrets", true)).toEqual([]);
    expect(rootNameCodes(".gitattributes", false)).toEqual([]);
  });

  test.each(["secrets", "src", ".gitignore", ".github", "SECRETS.md", ".secretsfoo", "secret~", "x.secrets"])(
    "%s is nobody's twin",
    (name) => {
      expect(rootNameCodes(name)).toEqual([]);
    },
  );
});

const attributeCodes = (text: string | undefined): readonly string[] =>
  collect((report) => verifyAttributes(text === undefined ? undefined : encodeUtf8(text), report)).map(
    ({ code }) => code,
  );

describe("the root .gitattributes", () => {
  const block = `${attributesBlock.join("\n")}\n`;

  test("without our block, with an edited one or with two is reported", () => {
    expect(attributeCodes(undefined)).toEqual(["attributes-block"]);
    expect(attributeCodes("* text=auto\n")).toEqual(["attributes-block"]);
    expect(attributeCodes(block.replace("-text", "text"))).toContain("attributes-block");
    expect(attributeCodes(block + block)).toContain("attributes-block");
  });

  test("with a later line that may match our files, or a macro, is reported", () => {
    expect(attributeCodes(`${block}* text eol=crlf\n`)).toEqual(["attributes-line"]);
    expect(attributeCodes(`[attr]linguist-generated filter=x\n${block}`)).toEqual(["attributes-line"]);
  });

  test("that is no text is reported", () => {
    expect(collect((report) => verifyAttributes(Uint8Array.of(0xff, 0x0a), report)).map(({ code }) => code)).toEqual([
      "attributes-block",
    ]);
  });

  test("with the block at its end is fine", () => {
    expect(attributeCodes(`* text=auto\n${block}`)).toEqual([]);
    expect(attributeCodes(`${block}docs/*.md text\n`)).toEqual([]);
  });
});
