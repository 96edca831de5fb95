import { describe, expect, test } from "vitest";
import { sample } from "../../../../src/scan/rules/example.js";
import { judgeLoneValue } from "../../../../src/scan/generic/lone-value.js";

const b62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const hex = (length: number): string => sample("0123456789abcdef", length, 5);
const random = sample(b62, 40, 3);

function judge(text: string, path?: string): readonly string[] {
  const match = judgeLoneValue({ bytes: Buffer.from(text, "latin1"), path });
  return match === undefined ? [] : [match.severity, match.secret];
}

describe("a file of one value is no secret", () => {
  const digests: readonly (readonly [string, string, string])[] = [
    ["the name of a commit", hex(40), ".git/HEAD"],
    ["the name of a commit, in a file named anything", hex(40), "upstream"],
    ["a SHA-256", hex(64), "release"],
    ["an MD5 in a file that says so", hex(32), "image.md5"],
    ["a uuid", "3f2b8c1e-77aa-4d02-9c55-8e6b1f0a2d34", "token"],
    ["a word", "configuration-of-the-service", "token"],
    ["a path", "etc/ssl/private/server1.key", "key"],
    ["a public key", `-----BEGIN PUBLIC KEY-----\n${random}\n-----END PUBLIC KEY-----`, "key.asc"],
    ["a placeholder", "your-token-goes-here-0123", "token"],
    ["one letter over and over", "a1".repeat(20), "token"],
  ];
  test.each(digests)("%s", (_, text, path) => expect(judge(`${text}\n`, path)).toEqual([]));

  test("that stands beside another one", () => {
    expect(judge(`${random}\n${random}\n`, "token")).toEqual([]);
    expect(judge(`${random} file.tar\n`, "token")).toEqual([]);
    expect(judge(`${"#\n".repeat(600)}${random}\n`, "token")).toEqual([]);
  });
});

describe("a file of one random value", () => {
  test("blocks where the file is named as a secret", () => {
    for (const path of ["config/master.key", ".vault-token", "run/secrets/db_password.secret", "api-token.txt"])
      expect([path, ...judge(random, path)]).toEqual([path, "block", random]);
    expect(judge(hex(32), "config/master.key")).toEqual(["block", hex(32)]);
    expect(judge(hex(64), "session.secret")).toEqual(["block", hex(64)]);
  });

  test("is shown elsewhere, in quotes and behind comments too", () => {
    expect(judge(random, "notes.txt")).toEqual(["warn", random]);
    expect(judge(random)).toEqual(["warn", random]);
    expect(judge(hex(64))).toEqual(["warn", hex(64)]);
    expect(judge(`# of the client\n\n"${random}",\n`, "notes.txt")).toEqual(["warn", random]);
  });

  test("is placed where it stands", () => {
    const match = judgeLoneValue({ bytes: Buffer.from(`# x\n  '${random}'\n`), path: "a" });
    expect([match?.start, match?.end]).toEqual([7, 7 + random.length]);
  });
});
