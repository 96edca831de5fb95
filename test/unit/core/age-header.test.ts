import { describe, expect, test } from "vitest";
import {
  encodeMac,
  encodeMacInput,
  maxAgeStanzas,
  parseAgeHeader,
  type AgeStanza,
} from "../../../src/core/age-header.js";
import { codeOf, flipBit, random } from "../crypto/material.js";

const stanza: AgeStanza = { type: "X25519", args: ["share"], body: new Uint8Array(32).fill(1) };
const write = (stanzas: readonly AgeStanza[]): Buffer =>
  Buffer.concat([encodeMacInput(stanzas), encodeMac(new Uint8Array(32).fill(2))]);
const header = write([stanza]).toString("latin1");
const verdict = (text: string): string | undefined => codeOf(() => parseAgeHeader(Buffer.from(text, "latin1")));

describe("the header of an age file", () => {
  test.each([
    ["nothing", ""],
    ["another version", header.replace("/v1", "/v2")],
    ["something in front", `\n${header}`],
    ["no stanza", header.replace(/->[^]*(?=---)/, "")],
    ["no MAC line", header.slice(0, header.indexOf("---"))],
    ["no newline behind the MAC", header.slice(0, -1)],
    ["a MAC of 31 bytes", header.replace(/--- .*/, `--- ${"A".repeat(42)}`)],
    ["a MAC with spare bits", header.replace(/.\n$/, "J\n")],
    ["a padded MAC", header.replace(/\n$/, "=\n")],
    ["a space behind the MAC", header.replace(/\n$/, " \n")],
    ["CRLF", header.replaceAll("\n", "\r\n")],
    ["an empty argument", header.replace("X25519 share", "X25519  share")],
    ["a space at the end of the arguments", header.replace("share", "share ")],
    ["no argument", header.replace("-> X25519 share", "->")],
    ["a byte that is not ASCII", header.replace("share", "sh\xe4re")],
    ["a control byte", header.replace("share", "sh\x7fre")],
    ["a padded body", header.replace(/(-> .*\n.*)\n/, "$1=\n")],
    ["a body with spare bits", header.replace(/(-> .*\n.*).\n/, "$1F\n")],
    ["a body line of 65 columns", header.replace(/(-> .*\n).*\n/, `$1${"A".repeat(65)}\n`)],
    ["a body whose last line is full", header.replace(/(-> .*\n).*\n/, `$1${"A".repeat(64)}\n`)],
    ["no body", header.replace(/(-> .*\n).*\n/, "$1")],
    ["an empty line between body and MAC", header.replace("---", "\n---")],
  ])("with %s is refused", (_what, text) => {
    expect(text).not.toBe(header);
    expect(verdict(text)).toBe("age/malformed");
  });

  test("one stanza too many is refused, the limit itself is not", () => {
    const many = Array.from({ length: maxAgeStanzas }, () => stanza);
    expect(parseAgeHeader(write(many)).stanzas.length).toBe(maxAgeStanzas);
    expect(codeOf(() => parseAgeHeader(write([...many, stanza])))).toBe("age/malformed");
  });

  test("a header that does not end within 256 KiB is refused", () => {
    const body = new Uint8Array(256 * 1024);
    expect(codeOf(() => parseAgeHeader(write([{ ...stanza, body }])))).toBe("age/malformed");
    expect(parseAgeHeader(write([{ ...stanza, body: body.subarray(0, 100_000) }])).stanzas[0]?.body.byteLength).toBe(
      100_000,
    );
  });

  test("a change of any byte is refused or read as something else", () => {
    const bytes = Buffer.from(header, "latin1");
    for (let at = 0; at < bytes.byteLength; at++) {
      const changed = flipBit(bytes, at, 1);
      const code = codeOf(() => {
        const { stanzas, mac } = parseAgeHeader(changed);
        // What is read is written back as it was read, never as it had been before.
        expect(Buffer.concat([encodeMacInput(stanzas), encodeMac(mac)]).equals(changed)).toBe(true);
      });
      expect([undefined, "age/malformed"]).toContain(code);
    }
  });

  test("is given with its parts and the place of the payload, and the payload is not looked at", () => {
    const other: AgeStanza = { type: "ssh-ed25519", args: ["tag", "share"], body: random(100) };
    const file = Buffer.concat([
      write([stanza, other, { ...stanza, args: [], body: new Uint8Array(0) }]),
      Buffer.from("\n--- payload\n"),
    ]);
    const read = parseAgeHeader(file);
    expect(read.stanzas.map(({ type, args, body }) => [type, args, body.byteLength])).toEqual([
      ["X25519", ["share"], 32],
      ["ssh-ed25519", ["tag", "share"], 100],
      ["X25519", [], 0],
    ]);
    expect(file.subarray(read.headerEnd).toString()).toBe("\n--- payload\n");
    expect(Buffer.from(read.macInput).toString().endsWith("\n---")).toBe(true);
    expect(read.mac.byteLength).toBe(32);
  });

  test("bodies around the length of a line are written with the closing line that the format wants", () => {
    for (const length of [0, 1, 47, 48, 49, 95, 96, 97]) {
      const body = random(length);
      expect(Buffer.from(parseAgeHeader(write([{ ...stanza, body }])).stanzas[0]?.body ?? []).equals(body)).toBe(true);
    }
  });
});
