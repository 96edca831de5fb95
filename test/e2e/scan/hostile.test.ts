import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { ScanReport } from "../../../src/scan/leak.js";
import { makeOutside, makeProject } from "../../support/cli-fixture.js";
import { token } from "../../support/scan-fixture.js";

const project = makeProject({ bare: true });

function scanJson(...words: readonly string[]): { readonly status: number; readonly report: ScanReport } {
  const { status, stdout, stderr } = project.run(["scan", ...words, "--json"]);
  if (stdout === "") throw new Error(`exit ${status}: ${stderr}`);
  return { status, report: JSON.parse(stdout) as ScanReport };
}

const places = ({ findings }: ScanReport) => findings.map(({ path, line, column }) => `${path}:${line}:${column}`);

describe("files that are made to be trouble", () => {
  test("a sparse file of a gigabyte is looked through to its end", () => {
    const folder = makeOutside();
    const file = openSync(join(folder, "sparse.img"), "w");
    ftruncateSync(file, 1024 * 1024 * 1024);
    writeSync(file, `\nx = ${token()}\n`, 1024 * 1024 * 1024 - 4096);
    closeSync(file);
    const { status, report } = scanJson("--paths", folder);
    expect({ status, places: places(report), bytes: report.summary.bytes }).toEqual({
      status: 1,
      places: [`${folder}/sparse.img:2:5`],
      bytes: 1024 * 1024 * 1024,
    });
  });

  test("in a large file a secret is found wherever a part ends, once, and at its place", () => {
    const folder = makeOutside();
    const line = `${"x".repeat(99)}\n`;
    const part = 8 * 1024 * 1024;
    // Across the end of the first part, at the beginning of the second one, in the overlap, and at the very end.
    const wanted = [part - 10, part + 200, part + 100_000, 2 * part - 5, 3 * part + 1];
    const text = Buffer.from(line.repeat(Math.ceil((3 * part + 1000) / line.length)));
    for (const [at, offset] of wanted.entries()) text.write(` ${token(at)} `, offset - (offset % 100) + 20);
    writeFileSync(join(folder, "big.txt"), text);
    const { report } = scanJson("--paths", folder);
    expect(report.findings.map(({ line: at, column }) => `${at}:${column}`)).toEqual(
      wanted.map((offset) => `${Math.floor(offset / 100) + 1}:22`),
    );
  });

  test("a large file in UTF-16 without a line feed is decoded in all its parts", () => {
    const folder = makeOutside();
    // No letter of it has a zero byte, by which a part could be known for UTF-16.
    const text = `${"\u4e2d".repeat(9_000_000)} ${token()} ${"\u4e2d".repeat(100)}`;
    writeFileSync(join(folder, "wide.txt"), Buffer.from(`\ufeff${text}`, "utf16le"));
    const { report } = scanJson("--paths", folder);
    expect(places(report)).toEqual([`${folder}/wide.txt:1:9000002`]);
  });

  test("a pipe is not waited for, and a link is not followed out of the folder", () => {
    const folder = makeOutside();
    const secret = makeOutside();
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(secret, "outside.txt"), token());
    spawnSync("mkfifo", [join(folder, "sub/pipe")]);
    spawnSync("ln", ["-s", secret, join(folder, "link")]);
    writeFileSync(join(folder, "a.txt"), "clean\n");
    const { status, report } = scanJson("--paths", folder);
    expect({ status, blobs: report.summary.blobs }).toEqual({ status: 0, blobs: 1 });
    expect(scanJson("--paths", join(folder, "sub/pipe")).status).toBe(8);
  });

  test("an empty folder is not clean but nothing, and a folder that is not there is a mistake", () => {
    expect(scanJson("--paths", makeOutside()).report.incomplete).toEqual([
      "no file was found there: nothing was scanned",
    ]);
    expect(project.run(["scan", "--paths", "no/such/folder"]).status).toBe(2);
  });

  test("a name with escapes reaches the terminal as text", () => {
    const folder = makeOutside();
    writeFileSync(join(folder, "a\u001b[2J\u202eb\n.txt"), token());
    const { stdout, status } = project.run(["scan", "--paths", folder]);
    expect(status).toBe(1);
    expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(stdout).toContain(String.raw`a\u{1b}[2J\u{202e}b\u{a}.txt`);
  });
});

describe("repositories that are made to be trouble", () => {
  test("a blob named with escapes, and one in a commit whose author tries some", () => {
    const made = makeProject({ bare: true });
    const { repo } = made;
    repo.write("x\u001b]0;title\u0007.txt", token());
    repo.run(["add", "-A"]);
    repo.run(["commit", "-q", "-m", `x \u001b[31m ${token(1)}`, "--author", `A \u001b[2J ${token(2)} <a@example.com>`]);
    const { stdout, status } = made.run(["scan", "--history"]);
    expect(status).toBe(1);
    expect(stdout.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(stdout.match(/commit message/g)).toHaveLength(2);
  });

  test("a damaged object makes the scan incomplete, and the rest is scanned", () => {
    const made = makeProject({ bare: true });
    const { repo } = made;
    repo.commit("base", { "a.txt": "to be damaged\n", "b.txt": `x = ${token()}\n` });
    const oid = repo.oid("HEAD:a.txt");
    repo.remove(`.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`);
    repo.write(`.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`, "damaged");
    const answer = made.run(["scan", "--history", "--json"]);
    const report = JSON.parse(answer.stdout) as ScanReport;
    expect({ status: answer.status, places: places(report) }).toEqual({ status: 8, places: ["b.txt:1:5"] });
    expect(report.incomplete.join("\n")).toContain(oid);
  });

  test("a pack that is cut off makes the scan incomplete", () => {
    const made = makeProject({ bare: true });
    const { repo } = made;
    repo.commit("base", { "a.txt": "a\n", "b.txt": `x = ${token()}\n`.repeat(1000) });
    repo.run(["repack", "-adq"]);
    const [pack = ""] =
      repo.run(["count-objects", "-v"]) &&
      spawnSync("sh", ["-c", "ls .git/objects/pack/*.pack"], { cwd: repo.dir, encoding: "utf8" }).stdout.split("\n");
    const path = join(repo.dir, pack);
    spawnSync("chmod", ["u+w", path]);
    writeFileSync(path, readFileSync(path).subarray(0, 200));
    const { status, stdout } = made.run(["scan", "--history"]);
    expect(status).toBe(8);
    expect(stdout).not.toContain("No leaks");
  });

  test("replace refs and grafts hide nothing", () => {
    const made = makeProject({ bare: true });
    const { repo } = made;
    const clean = repo.commit("base", { a: "a\n" });
    const leak = repo.commit("leak", { b: token() });
    repo.run(["replace", leak, clean]);
    repo.write(".git/info/grafts", `${leak}\n`);
    for (const words of [["--history"], ["--range", `${clean}...${leak}`]])
      expect(made.run(["scan", ...words]).status).toBe(1);
  });

  test("an alternate's objects are scanned, and one that is gone is said to be", () => {
    const lender = makeProject({ bare: true });
    lender.repo.commit("lent", { a: token() });
    const borrower = makeProject({ bare: true });
    borrower.repo.write(".git/objects/info/alternates", `${lender.dir}/.git/objects\n`);
    expect(borrower.run(["scan", "--history"]).status).toBe(1);
    borrower.repo.write(".git/objects/info/alternates", "/no/such/objects\n");
    expect(borrower.run(["scan", "--history"]).status).toBe(8);
  });

  test("programs that the repository's configuration names are not run", () => {
    const made = makeProject({ bare: true });
    const { repo, dir } = made;
    const mark = join(dir, "..", "it-ran");
    const program = `sh -c 'touch ${mark}; cat'`;
    repo.commit("base", { ".gitattributes": "* diff=x filter=x\n", a: "a\n" });
    for (const [key, value] of [
      ["core.fsmonitor", program],
      ["diff.external", program],
      ["diff.x.textconv", program],
      ["diff.x.command", program],
      ["filter.x.clean", program],
      ["filter.x.smudge", program],
      ["core.pager", program],
      ["core.sshCommand", program],
      ["core.hooksPath", "/tmp"],
    ] as const)
      repo.run(["config", key, value]);
    repo.write("a", `${token()}\n`);
    repo.run(["-c", "filter.x.clean=cat", "-c", "core.fsmonitor=false", "add", "a"]);
    for (const words of [["--staged"], ["--history"], ["--paths", "."]])
      expect(made.run(["scan", ...words]).status).toBe(1);
    expect(spawnSync("test", ["-e", mark]).status).toBe(1);
  });

  test("a change that was not fetched cannot be judged, and one of a partial clone is", () => {
    const upstream = makeProject({ bare: true }).repo;
    upstream.run(["config", "uploadpack.allowFilter", "true"]);
    upstream.run(["config", "uploadpack.allowAnySHA1InWant", "true"]);
    const base = upstream.commit("base", { a: "a\n" });
    upstream.commit("between", { b: token() });
    upstream.commit("tip", { b: "gone\n", c: "c\n" });
    const partial = upstream.clone("--filter=blob:none", "--no-checkout");
    const shallow = upstream.clone("--depth", "2");
    const range = (dir: string, from: string) => project.run(["-C", dir, "scan", "--range", `${from}...HEAD`]).status;
    expect(range(partial.dir, base)).toBe(1);
    expect(range(shallow.dir, base)).toBe(8);
    expect(range(shallow.dir, "HEAD~1")).toBe(0);
    partial.run(["remote", "set-url", "origin", "/no/such/repository"]);
    expect(project.run(["-C", partial.dir, "scan", "--history"]).status).toBe(8);
  });
});
