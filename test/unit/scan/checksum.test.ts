import { crc32 as zlibCrc32 } from "node:zlib";
import { bech32 } from "@scure/base";
import { generateIdentity } from "age-encryption";
import { describe, expect, test } from "vitest";
import { decodeBase32, findAwsAccount, hasNkeyCrc } from "../../../src/scan/checksum-base32.js";
import { hasBech32Checksum } from "../../../src/scan/checksum-bech32.js";
import { decodeJsonObject, readJwt, textMember } from "../../../src/scan/checksum-json.js";
import {
  crc16,
  crc32,
  hasBase62Crc,
  hasCloudflareCrc,
  hasGitlabCrc,
  hasGrafanaCrc,
} from "../../../src/scan/checksum.js";
import { sample } from "../../../src/scan/rules/example.js";

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const base32Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function base62(value: bigint): string {
  return value === 0n ? "" : base62(value / 62n) + letters.charAt(Number(value % 62n));
}

function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => base32Letters.charAt(Number.parseInt(group.padEnd(5, "0"), 2))).join("");
}

/** CRC-16/XMODEM as a long division of bit strings, which shares nothing with the code under test. */
function divide16(bytes: Uint8Array): number {
  const divisor = "10001000000100001";
  const bits = `${Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("")}${"0".repeat(16)}`.split("");
  for (let at = 0; at + 16 < bits.length; at += 1)
    if (bits[at] === "1") for (let i = 0; i < 17; i += 1) bits[at + i] = bits[at + i] === divisor[i] ? "0" : "1";
  return Number.parseInt(bits.slice(-16).join(""), 2);
}

const bodies = Array.from({ length: 50 }, (_, seed) => sample(letters, 30, seed));

describe("CRC-32 and CRC-16", () => {
  test("agree with zlib and with long division", () => {
    for (const body of ["", "123456789", ...bodies]) {
      expect(crc32(body)).toBe(zlibCrc32(body));
      expect(crc16(Buffer.from(body))).toBe(divide16(Buffer.from(body)));
    }
    expect(crc32("123456789")).toBe(0xcbf43926);
    expect(crc16(Buffer.from("123456789"))).toBe(0x31c3);
  });
});

describe("GitHub's and npm's tokens", () => {
  test("with a letter changed anywhere do not hold", () => {
    const body = bodies[0] ?? "";
    const good = `ghp_${body}${base62(BigInt(zlibCrc32(body))).padStart(6, "0")}`;
    for (let at = 4; at < good.length; at += 1) {
      const other = good[at] === "a" ? "b" : "a";
      expect(hasBase62Crc(good.slice(0, at) + other + good.slice(at + 1))).toBe(false);
    }
  });

  test("hold with the CRC of their body in base62, padded with zeros", () => {
    for (const body of bodies)
      for (const prefix of ["ghp_", "ghr_", "npm_"])
        expect(hasBase62Crc(`${prefix}${body}${base62(BigInt(zlibCrc32(body))).padStart(6, "0")}`)).toBe(true);
  });

  test("too short to hold a body do not hold", () => {
    expect(hasBase62Crc("ghp_000000")).toBe(false);
    expect(hasBase62Crc("")).toBe(false);
  });
});

describe("GitLab's routable tokens", () => {
  test("hold with the CRC of all before it in base36", () => {
    for (const body of bodies) {
      const head = `glpat-${body}.01.0u`;
      const good = head + zlibCrc32(head).toString(36).padStart(7, "0");
      expect(hasGitlabCrc(good)).toBe(true);
      expect(hasGitlabCrc(`${good.slice(0, -1)}${good.endsWith("z") ? "y" : "z"}`)).toBe(false);
    }
    expect(hasGitlabCrc("abc")).toBe(false);
  });
});

describe("Grafana's and Cloudflare's tokens", () => {
  test("Grafana writes the low byte first", () => {
    const head = `glsa_${sample(letters, 32, 9)}`;
    const hex = zlibCrc32(head).toString(16).padStart(8, "0");
    const swapped = hex.match(/../g)?.toReversed().join("") ?? "";
    expect(hasGrafanaCrc(`${head}_${hex}`)).toBe(hex === swapped);
    expect(hasGrafanaCrc(`${head}_${swapped}`)).toBe(true);
    expect(hasGrafanaCrc("glsa")).toBe(false);
  });

  test("Cloudflare writes the high byte first, over the 40 letters alone", () => {
    const body = sample(letters, 40, 11);
    const hex = zlibCrc32(body).toString(16).padStart(8, "0");
    expect(hasCloudflareCrc(`cfut_${body}${hex}`)).toBe(true);
    expect(hasCloudflareCrc(`cfut_${body}${hex.toUpperCase()}x`)).toBe(false);
    expect(hasCloudflareCrc(body.slice(0, 20))).toBe(false);
  });

  test("Cloudflare's public sample holds", () => {
    const body = Array.from({ length: 20 }, (_, at) => `${letters.charAt(36 + at)}${letters.charAt(10 + at)}`).join("");
    expect(hasCloudflareCrc(`cfat_${body}03fa099b`)).toBe(true);
  });
});

describe("base32 and what is in it", () => {
  test("a letter outside of the alphabet is refused", () => {
    expect(decodeBase32("MZXW1")).toBeUndefined();
    expect(decodeBase32("mzxw")).toBeUndefined();
  });

  test("decodes the vectors of RFC 4648", () => {
    for (const [text, plain] of [
      ["MY", "f"],
      ["MZXQ", "fo"],
      ["MZXW6", "foo"],
      ["MZXW6YQ", "foob"],
      ["MZXW6YTBOI", "foobar"],
    ] as const)
      expect(Buffer.from(decodeBase32(text) ?? []).toString()).toBe(plain);
  });

  test("an NKEY holds with the CRC of its bytes, low byte first, and not with another", () => {
    const raw = Buffer.from(sample(letters, 34, 3), "latin1");
    const crc = divide16(raw);
    expect(hasNkeyCrc(base32(Buffer.concat([raw, Buffer.from([crc & 0xff, crc >>> 8])])))).toBe(true);
    expect(hasNkeyCrc(base32(Buffer.concat([raw, Buffer.from([crc >>> 8, crc & 0xff])])))).toBe(false);
    expect(hasNkeyCrc("SU1")).toBe(false);
    expect(hasNkeyCrc("SU")).toBe(false);
  });

  test("the account of a published access key id", () => {
    expect(findAwsAccount(["ASIA", "Y34FZKBO", "KMUTVV7A"].join(""))).toBe("609629065308");
    expect(findAwsAccount(["ASIA", "QNZGKIQY", "56JQ7WML"].join(""))).toBe("029608264753");
  });

  test("an id of the old form has no account", () => {
    expect(findAwsAccount(["AKIA", "I8F0QW19", "X7D0AB1C"].join(""))).toBeUndefined();
    expect(findAwsAccount("AKIA")).toBeUndefined();
  });
});

describe("bech32", () => {
  test("an identity with two letters swapped does not hold", async () => {
    const identity = await generateIdentity();
    const at = [...identity].findIndex((letter, index) => index > 20 && letter !== identity[index + 1]);
    const swapped = `${identity.slice(0, at)}${identity[at + 1]}${identity[at]}${identity.slice(at + 2)}`;
    expect(hasBech32Checksum(swapped)).toBe(false);
  });

  test("age's own identities and any bech32 of another library hold", async () => {
    expect(hasBech32Checksum(await generateIdentity())).toBe(true);
    expect(hasBech32Checksum(bech32.encode("age", [1, 2, 3, 31, 0]))).toBe(true);
    expect(hasBech32Checksum(bech32.encode("age-plugin-x-", [7, 7, 7], 200).toUpperCase())).toBe(true);
  });

  test("mixed case, foreign letters and no separator are refused", () => {
    const good = bech32.encode("age", [1, 2, 3]);
    expect(hasBech32Checksum(`A${good.slice(1)}`)).toBe(false);
    expect(hasBech32Checksum(`${good.slice(0, -1)}b`)).toBe(false);
    expect(hasBech32Checksum("qqqqqqqq")).toBe(false);
    expect(hasBech32Checksum("a1q")).toBe(false);
  });
});

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

describe("JSON in base64", () => {
  test("what is no object is nothing", () => {
    for (const value of [[1], "text", 7, null]) expect(decodeJsonObject(encode(value))).toBeUndefined();
    expect(decodeJsonObject("e30")).toEqual({});
    expect(decodeJsonObject("!!!")).toBeUndefined();
  });

  test("a member of a prototype is no member", () => {
    expect(textMember({}, "constructor")).toBeUndefined();
    expect(textMember({ a: 1 }, "a")).toBeUndefined();
    expect(textMember(undefined, "a")).toBeUndefined();
    expect(textMember({ a: "b" }, "a")).toBe("b");
  });

  test("a token is a JWT when its header names an algorithm", () => {
    expect(readJwt(`${encode({ typ: "JWT" })}.${encode({})}.x`)).toBeUndefined();
    expect(readJwt("")).toBeUndefined();
    expect(readJwt(`${encode({ alg: "RS256" })}.${encode({ sub: "jo" })}.x`)).toEqual({
      algorithm: "RS256",
      claims: { sub: "jo" },
    });
    expect(readJwt(`${encode({ alg: "RS256" })}.@@.x`)?.claims).toBeUndefined();
  });
});
