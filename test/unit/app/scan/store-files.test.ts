import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findFileLeaks, type FileFacts } from "../../../../src/app/scan/store-files.js";

const facts: FileFacts = { hasPath: () => false, names: [] };

async function find(path: string, content: string | Buffer, mode = "100644"): Promise<readonly string[]> {
  const file = { path, mode, bytes: Buffer.from(content), oid: undefined, commits: [] };
  return (await findFileLeaks(file, facts, "k")).map(({ rule, why }) => `${rule}: ${why}`);
}

// This repository holds a store of its own.
const committed = readdirSync(".secrets", { recursive: true, encoding: "utf8" })
  .map((name) => join(".secrets", name))
  .filter((path) => statSync(path).isFile());

describe("nothing in plain hides below .secrets/:", () => {
  const secret = committed.find((path) => path.endsWith(".secret")) ?? "";
  const bytes = readFileSync(secret);

  test.each([
    ["a file that has no business there", ".secrets/notes.txt", "x", "nothing of this name belongs"],
    ["a plaintext with a secret's name", ".secrets/store/api-key.secret", "hunter2", "store/malformed"],
    ["a name that is none", ".secrets/store/API.secret", bytes, "nothing of this name belongs"],
    ["another secret's file", ".secrets/store/other-name.secret", bytes, "it is the file of another secret"],
    ["a line behind the last block", secret, Buffer.concat([bytes, Buffer.from("# x\n")]), "store/malformed"],
    ["an attributes file", ".secrets/.gitattributes", "* text", "attributes below"],
    [
      "a segment with other bytes than its name says",
      `.secrets/journal/change/2026/11/23/20261123T163000000Z-${"0".repeat(32)}.jsonl`,
      "{}\n",
      "its bytes are not those",
    ],
    ["a root that is none", ".secrets/trust/0001.root", "v: 1\n", "store/malformed"],
    ["a signature that is none", `.secrets/trust/0001/${"a".repeat(64)}.sig`, "x", "store/malformed"],
    ["an ignore that is none", `.secrets/scan-ignore/${"a".repeat(32)}.yaml`, "a: b\n", "store/malformed"],
    ["a config of bytes", ".secrets/config.yaml", Buffer.from([0xff, 0xfe, 0x41]), "not valid UTF-8"],
    ["a look-alike of the folder", ".Secrets/a", "x", "take this name for .secrets"],
    ["a file in the folder's place", ".secrets", "x", "is not a folder"],
  ])("%s", async (_what, path, content, why) => {
    const found = await find(path, content);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("store/malformed");
    expect(found[0]).toContain(why);
  });

  test.each([
    ["executable", "100755", "is executable"],
    ["a link", "120000", "is a symbolic link"],
  ])("a file that is %s", async (_what, mode, why) => {
    expect(await find(secret, bytes, mode)).toEqual([expect.stringContaining(why)]);
  });

  test("each byte of a secret's file counts", async () => {
    for (let at = 0; at < bytes.length; at += 97) {
      const changed = Buffer.from(bytes);
      changed[at] = 0x7f;
      expect(await find(secret, changed), `byte ${at}`).toHaveLength(1);
    }
  });
});

test("the files of an intact store, and those elsewhere, are left alone", async () => {
  expect(committed.length).toBeGreaterThan(4);
  for (const path of committed) expect(await find(path, readFileSync(path))).toEqual([]);
  expect(await find("docs/.secrets.md", "x")).toEqual([]);
  expect(await find("src/a.ts", "export const a = 1;\n")).toEqual([]);
});

describe("a finding", async () => {
  const env = {
    path: ".env",
    mode: undefined,
    bytes: Buffer.from("A=1\nAPI_KEY=Zk3-abc-92\n"),
    oid: "ab",
    commits: ["cd"],
  };
  const [leak] = await findFileLeaks(env, { ...facts, names: ["api-key"] }, "k");

  test("says where and what, and nothing of the value", () => {
    expect(leak).toMatchObject({
      path: ".env",
      line: 2,
      column: 9,
      endColumn: 19,
      rule: "store/plaintext-env",
      severity: "block",
      secret: "api-key",
      excerpt: "",
      blob: "ab",
      commits: ["cd"],
    });
    expect(JSON.stringify(leak)).not.toContain("Zk3-abc-92");
  });

  test("keeps its fingerprint when the value changes, and has another in another file or repository", async () => {
    const facts2 = { ...facts, names: ["api-key"] };
    const print = async (path: string, text: string, key = "k"): Promise<string | undefined> => {
      const [found] = await findFileLeaks({ ...env, path, bytes: Buffer.from(text) }, facts2, key);
      return found?.fingerprint;
    };
    expect(await print(".env", "\n\nAPI_KEY=other-7731")).toBe(leak?.fingerprint);
    expect(await print("b/.env", "API_KEY=other-7731")).not.toBe(leak?.fingerprint);
    expect(await print(".env", "API_KEY=other-7731", "l")).not.toBe(leak?.fingerprint);
  });
});
