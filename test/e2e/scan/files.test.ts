import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";

interface Finding {
  readonly path: string;
  readonly rule: string;
  readonly severity: string;
  readonly secret: string | null;
}

const value = "Wq3-zephyr_Lk88.mint";
const project = makeProject();
project.run(["set", "db/password", "-"], { stdin: value });
project.repo.commit("Add a secret");

function stage(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project.dir, path)), { recursive: true });
    writeFileSync(join(project.dir, path), text);
  }
  project.repo.run(["add", "-f", "-A"]);
}

function scan(
  of: Project,
  args: readonly string[],
): { readonly status: number; readonly found: readonly string[]; readonly stdout: string } {
  const { status, stdout } = of.run(["scan", ...args, "--json"]);
  const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
  const found = findings.map(({ path, rule, severity, secret }) =>
    [severity, rule, path, secret].filter(Boolean).join(" "),
  );
  return { status, found: found.toSorted(), stdout };
}

describe("a staged file is looked at as a whole", () => {
  test("and what gives the store away blocks, by whatever way it does", () => {
    const identity = ["AGE", "SECRET", `KEY-1${"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".repeat(2).slice(0, 58)}`].join("-");
    stage({
      ".secrets/notes.txt": "nothing of ours",
      "k8s/secrets.enc.yaml": "a: ENC[AES256_GCM,data:YWJj,iv:YWJj,tag:YWJj,type:str]\n",
      "k8s/secrets.yaml": "a: abc\n",
      "dotfiles/gitseal/identity": `# mine\n${identity}\n`,
      "deploy/.env": "DB__PASSWORD=plain-old-7731\n",
      "src/a.ts": `export const p = "${Buffer.from(value).toString("base64")}";\n`,
    });
    const { status, found, stdout } = scan(project, ["--staged"]);
    expect(status).toBe(1);
    expect(found.filter((line) => line.startsWith("block store/"))).toEqual([
      "block store/decrypted-twin k8s/secrets.yaml",
      "block store/identity dotfiles/gitseal/identity",
      "block store/malformed .secrets/notes.txt",
      "block store/plaintext-env deploy/.env db/password",
      "block store/value src/a.ts db/password",
    ]);
    for (const text of [value, identity, "plain-old-7731"]) expect(stdout).not.toContain(text);
  });

  test("and an intact store and ordinary files are let through", () => {
    const clean = makeProject();
    clean.run(["set", "db/password", "-"], { stdin: value });
    writeFileSync(join(clean.dir, "README.md"), "# A project\n");
    clean.repo.run(["add", "-A"]);
    expect(scan(clean, ["--staged"])).toMatchObject({ status: 0, found: [] });
    clean.repo.commit("All of it");
    expect(scan(clean, ["--paths", "."])).toMatchObject({ status: 0, found: [] });
    expect(scan(clean, ["--history"])).toMatchObject({ status: 0, found: [] });
  });
});

test("the checks are listed and explained like rules", () => {
  const { stdout } = project.run(["scan", "rules"]);
  for (const id of [
    "store/value",
    "store/malformed",
    "store/identity",
    "store/decrypted-twin",
    "store/plaintext-env",
  ]) {
    expect(stdout).toContain(id);
    expect(project.run(["scan", "explain", id])).toMatchObject({ status: 0 });
  }
});
