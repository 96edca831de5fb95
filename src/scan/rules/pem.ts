import { isPlaceholder } from "../placeholder.js";
import type { Surroundings, Verdict } from "../rule.js";
import { no, yes } from "./verdicts.js";

const leastLetters = 60;

/** The cipher that an OpenSSH key names before all else; undefined where it is none of theirs. Source: PROTOCOL.key. */
function opensshCipher(der: Buffer): string | undefined {
  if (!der.subarray(0, 15).equals(Buffer.from("openssh-key-v1\0")) || der.length < 19) return undefined;
  return der.subarray(19, 19 + Math.min(der.readUInt32BE(15), 32)).toString("latin1");
}

/** Takes lines such as `Proc-Type: 4,ENCRYPTED` away, and all that is not base64: escapes, quotes, the `+` between two, indentation. */
function bareBody(body: string): string {
  return body
    .replaceAll(/^[^\n:]{1,40}: [^\n]*$/gm, "")
    .replaceAll(/\\[nrt]/g, "")
    .replaceAll(/["'`]\s{0,4}\+/g, "")
    .replaceAll(/[^A-Za-z0-9+/=]/g, "");
}

/** Words in a path, or in the line before, by which people mark a key that opens nothing. */
const tryouts =
  /(?:^|[^a-z])(?:dummy|fake|mock|stub|snakeoil|tests?|testdata|fixtures?|examples?|samples?|specs?)(?:$|[^a-z])/i;
const tryoutName = /(?:dummy|fake|mock|test|example|sample)\w{0,40}["']?\s{0,3}[:=]{1,2}\s{0,3}[rbu]?["'`]{0,3}$/i;

function isTryout({ before, path }: Surroundings): boolean {
  return /\.so(?:\.\d|$)/.test(path ?? "") || tryouts.test(path ?? "") || tryoutName.test(before);
}

interface Block {
  readonly header: string;
  readonly body: string;
  /** The body's base64 alone. */
  readonly letters: string;
}

function readBlock(text: string): Block | undefined {
  const [, header = "", body = ""] = /^(-{4,5} ?BEGIN [A-Z0-9 ]+-{4,5})((?:(?!-----|---- )[^])*)/.exec(text) ?? [];
  const letters = bareBody(body);
  const isProse = /\b[a-z]{3,} [a-z]{2,} [a-z]{3,}\b/i.test(body);
  return letters.length < leastLetters || isProse || isPlaceholder(letters) ? undefined : { header, body, letters };
}

/** RFC 4880 §4.2, §5.5.1: a secret key or subkey as the first packet, in either form of its tag. */
function isOpenpgp(first: number | undefined): boolean {
  return first !== undefined && ((first & 0xf4) === 0x94 || first === 0xc5 || first === 0xc7);
}

/** `bare` opens what it is for, `encrypted` with a passphrase, `unknown` is no structure of a key. */
function kindOf({ header, body, letters }: Block): "bare" | "encrypted" | "unknown" {
  const der = Buffer.from(letters.slice(0, 200), "base64");
  if (/PGP/.test(header)) return isOpenpgp(der[0]) ? "bare" : "unknown";
  const cipher = opensshCipher(der);
  if (/ENCRYPTED/.test(header + body.slice(0, 100)) || (cipher ?? "none") !== "none") return "encrypted";
  return cipher !== undefined || der[0] === 0x30 ? "bare" : "unknown";
}

/**
 * Judges a PEM or PGP block from its first line on, in any dress: escaped line ends, indented, quoted line by line, cut off. A
 * block without a body is no key. One that is encrypted, is marked as made for tests, or holds no key's structure is shown
 * and does not block.
 */
export function judgePem(text: string, around: Surroundings): Verdict {
  const block = readBlock(text);
  if (block === undefined) return no;
  const kind = kindOf(block);
  const certainty = kind === "unknown" || /PGP/.test(block.header) ? "format" : "checked";
  return yes(certainty, kind === "bare" && !isTryout(around) ? "block" : "warn");
}
