import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { alice, errorOf, foundRepo, judge, listed, secretFile, storeOf } from "../../support/attack-scene.js";
import type { GitRepo } from "../../support/git-fixture.js";

const name = "api/key";

let founded: GitRepo | undefined;

async function makeClone(): Promise<GitRepo> {
  founded ??= await foundRepo({ secrets: { [name]: "one" } });
  return founded.clone();
}

// ℓ, the order of the Ed25519 group (RFC 8032, 5.1): S and S + ℓ satisfy the same equation.
const groupOrder = (1n << 252n) + 27742317777372353535851937790883648493n;

function withBigS(sshsig: Buffer): Buffer {
  // S is stored with its lowest byte first.
  const sum = BigInt(`0x${Buffer.from(sshsig.subarray(-32).toReversed()).toString("hex")}`) + groupOrder;
  return Buffer.concat([sshsig.subarray(0, -32), Buffer.from(sum.toString(16).padStart(64, "0"), "hex").toReversed()]);
}

const withSpareBits = (text: string): string => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const at = text.search(/=+$/) - 1;
  if (at < 0) return `${text}=`;
  return text.slice(0, at) + (alphabet[alphabet.indexOf(text[at] ?? "") + 1] ?? "") + text.slice(at + 1);
};

/** Other spellings of one signature: each of them some verifier takes for the same. */
const spellings: readonly (readonly [string, (sig: string) => string])[] = [
  ["S beyond the group's order", (sig) => withBigS(Buffer.from(sig, "base64")).toString("base64")],
  ["bytes behind it", (sig) => Buffer.concat([Buffer.from(sig, "base64"), Buffer.alloc(3)]).toString("base64")],
  ["a byte less", (sig) => Buffer.from(sig, "base64").subarray(0, -1).toString("base64")],
  ["spare bits of base64, or padding", withSpareBits],
  ["no padding, or too much", (sig) => (sig.endsWith("=") ? sig.replace(/=+$/, "") : `${sig}==`)],
  [
    "another hash",
    (sig) =>
      Buffer.from(Buffer.from(sig, "base64").toString("latin1").replace("sha512", "sha256"), "latin1").toString(
        "base64",
      ),
  ],
  [
    "another namespace",
    (sig) =>
      Buffer.from(
        Buffer.from(sig, "base64")
          .toString("latin1")
          .replace(/(record|journal|root)\.v1/, "rocord.v1"),
        "latin1",
      ).toString("base64"),
  ],
  [
    "version 2",
    (sig) =>
      Buffer.from(
        Buffer.from(sig, "base64").toString("latin1").replace("SSHSIG\0\0\0\u0001", "SSHSIG\0\0\0\u0002"),
        "latin1",
      ).toString("base64"),
  ],
];

describe.each(spellings)("73: a signature with %s is refused", (_, change) => {
  test("on a block: its record id stays, so the journal cannot tell, and the verifier does", async () => {
    const git = await makeClone();
    const path = secretFile(name);
    const text = git.read(path);
    const edited = text.replaceAll(/^sig: (.*)$/gm, (_line, sig: string) => `sig: ${change(sig)}`);
    expect(edited).not.toBe(text);
    git.commit("respell", { [path]: edited });
    const { exit, findings } = await judge(git);
    expect([exit, findings.some((finding) => finding.path === path)]).toEqual([5, true]);
    expect((await errorOf(storeOf(git, alice).get(name))).exit).toBe(5);
  });

  test("on a segment, under the name that its new bytes have", async () => {
    const git = await makeClone();
    const path = listed(git, ".secrets/journal/change").at(-1) ?? "";
    const edited = git.read(path).replace(/\{"sig":"([^"]+)"\}/, (_line, sig: string) => `{"sig":"${change(sig)}"}`);
    const renamed = path.replace(
      /-[0-9a-f]{32}\.jsonl$/,
      `-${createHash("sha256").update(edited).digest("hex").slice(0, 32)}.jsonl`,
    );
    expect(renamed).not.toBe(path);
    git.commit("respell", { [path]: null, [renamed]: edited });
    const { exit, findings } = await judge(git);
    expect([exit, findings.some((finding) => finding.path === renamed)]).toEqual([5, true]);
  });

  test("on a trust root: nothing in the store is believed", async () => {
    const git = await makeClone();
    const path = listed(git, ".secrets/trust").find((one) => one.endsWith(".sig")) ?? "";
    const lines = git
      .read(path)
      .split("\n")
      .filter((line) => line !== "");
    const edited = [
      lines[0],
      change(lines.slice(1, -1).join("")).replaceAll(/(.{70})(?=.)/g, "$1\n"),
      lines.at(-1),
      "",
    ].join("\n");
    expect(edited).not.toBe(git.read(path));
    git.commit("respell", { [path]: edited });
    expect((await judge(git)).bad).toContain("trust");
    expect((await errorOf(storeOf(git, alice).get(name))).exit).toBe(5);
  });
});
