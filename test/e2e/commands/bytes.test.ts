import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeOutside, makeProject } from "../../support/cli-fixture.js";

const project = makeProject();
const outside = makeOutside();

function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (state * 1103515245 + 12345) % 2147483648;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

// The header line is put together here, so that no scanner takes this file for a key.
const dashes = "-".repeat(5);
const pem = [`${dashes}BEGIN PRIVATE KEY${dashes}`, "QUJD", "REVG", `${dashes}END PRIVATE KEY${dashes}`, ""].join("\n");

const values: readonly (readonly [string, Uint8Array])[] = [
  ["an empty value", Buffer.alloc(0)],
  ["one byte", Buffer.from([0])],
  ["NUL bytes", Buffer.from("a\0b\0\0")],
  ["Windows line ends", Buffer.from("a\r\nb\r\n")],
  ["trailing line ends", Buffer.from("token\n\n\n")],
  ["white space around", Buffer.from(" \t token \n ")],
  ["a byte order mark", Buffer.from([0xef, 0xbb, 0xbf, 0x61])],
  ["invalid UTF-8", Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x80])],
  ["a PEM file", Buffer.from(pem)],
  ["JSON", Buffer.from('{"a": "\\u0000", "b": [1, 2]}\n')],
  ["emoji and other scripts", Buffer.from("🔑🇨🇭 e\u0301 ключ\u202e")],
  ["shell characters", Buffer.from("$HOME `id` $(id) ${env:X} %s \\n ' \" *")],
  ["64 KiB", noise(64 * 1024)],
];

describe.each(values)("%s", (label, bytes) => {
  const name = label.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

  test("comes out of --raw, --out and --json as it went in by the standard input", () => {
    const stored = project.run(["set", name, "-"], { stdin: bytes });
    // A pipe whose left side died looks like an empty value, so that one is not stored without a word.
    expect(stored).toMatchObject({
      status: 0,
      stderr: bytes.length === 0 ? expect.stringContaining("the value is empty") : "",
    });
    expect(stored.stdout).toMatch(/^✓ Secret '.+' stored successfully\n {2}Provider: local\n {2}Version: 1\n/);
    const raw = project.runBytes(["get", name, "--raw"]);
    expect({ status: raw.status, stderr: raw.stderr }).toEqual({ status: 0, stderr: "" });
    expect(raw.stdout.equals(bytes)).toBe(true);
    const file = join(outside, name);
    expect(project.run(["get", name, "--out", file])).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(file).equals(bytes)).toBe(true);
    const json: unknown = JSON.parse(project.run(["get", name, "--json", "--show-full"]).stdout);
    const { encoding, value } = json as { encoding: BufferEncoding; value: string };
    expect(Buffer.from(value, encoding).equals(bytes)).toBe(true);
  });
});

test("1 MiB from a file comes out as it went in, one byte more is refused with the limit", () => {
  const limit = 1024 * 1024;
  const bytes = noise(limit + 1);
  const file = join(outside, "value");
  writeFileSync(file, bytes.subarray(0, limit));
  expect(project.run(["set", "large-file", "--from-file", file])).toMatchObject({ status: 0, stderr: "" });
  const raw = project.runBytes(["get", "large-file", "--raw"]);
  expect({ status: raw.status, stderr: raw.stderr }).toEqual({ status: 0, stderr: "" });
  expect(raw.stdout.equals(bytes.subarray(0, limit))).toBe(true);

  writeFileSync(file, bytes);
  for (const [args, stdin] of [
    [["--from-file", file], ""],
    [["-"], bytes],
  ] as const) {
    const { status, stdout, stderr } = project.run(["set", "too-large", ...args], { stdin });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("1048576 bytes");
  }
  expect(project.run(["list", "--names", "--pattern", "too-*"]).stdout).toBe("");
});

test("a file that is not there, or is a folder, is said without a stack", () => {
  const missing = project.run(["set", "no-file", "--from-file", join(outside, "missing")]);
  expect({ status: missing.status, stdout: missing.stdout }).toEqual({ status: 2, stdout: "" });
  expect(missing.stderr).toMatch(/^error: there is no file ".+missing"\n$/);
  expect(project.run(["set", "no-file", "--from-file", outside])).toMatchObject({ status: 6, stdout: "" });
});
