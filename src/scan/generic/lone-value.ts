import type { Match, ScanText } from "../match.js";
import { splitName } from "./key-name.js";
import { outcomeOf } from "./level.js";
import { rarityOf } from "./rarity.js";
import { isNoSecret, uuid } from "./value-shape.js";

/** A file of more is no key by itself. */
const longest = 1024;

const comment = /^[ \t]*(?:#|\/\/|;|--[^-]|$)/;
const token = /^(["'`]?)([A-Za-z0-9+/_.~=-]{20,256})\1[,;]?$/;
const secretNames = new Set(
  "secret secrets token tokens key keys credential credentials password passwords passwd passphrase apikey cookie seed".split(
    " ",
  ),
);
/** Files that hold nothing but a digest, the name of a commit or a version. */
const digestFile =
  /(?:^|[/._-])(?:md5|sha\d*|sum|sums|checksums?|digest|hash|etag|head|ref|refs|commit|rev|revision|version|integrity|fingerprint|cid|id|uuid|lock|pub|cert|crt)(?:$|[/._-])/i;

/** Of a text that is one value, with nothing but comments and blank lines round it. */
function findLine(text: string): { readonly start: number; readonly value: string } | undefined {
  let found: { readonly start: number; readonly value: string } | undefined;
  let at = 0;
  for (const line of text.split("\n")) {
    if (!comment.test(line.trimEnd())) {
      if (found !== undefined) return undefined;
      const lead = line.length - line.trimStart().length;
      const [, quote, value] = token.exec(line.trim()) ?? [];
      if (quote === undefined || value === undefined) return undefined;
      found = { start: at + lead + quote.length, value };
    }
    at += line.length + 1;
  }
  return found;
}

/** Dice made it: letters and digits, and no form of something that is not secret. */
function isDice(value: string, isNamed: boolean): boolean {
  if (!/[A-Za-z]/.test(value) || !/\d/.test(value) || uuid.test(value)) return false;
  // As long as a digest of git or SHA-2, and no word that says that it is none.
  if (!isNamed && /^(?:[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i.test(value)) return false;
  const rarity = rarityOf(value);
  return rarity >= 25 && rarity / value.length > 0.8 && !isNoSecret(value, rarity, false);
}

/**
 * Judges a text that is nothing but one random value: `config/master.key`, `.vault-token`, the file of a mounted secret. No name stands
 * beside such a value, so the file's own must say the rest: what is named a key or token is likely one, what is named nothing
 * possibly. Linear, and looks at texts of 1 kB at most.
 */
export function judgeLoneValue({ bytes, path }: ScanText): Match | undefined {
  if (bytes.length < 20 || bytes.length > longest) return undefined;
  const found = findLine(bytes.toString("latin1"));
  if (found === undefined) return undefined;
  const name = path?.slice(path.lastIndexOf("/") + 1) ?? "";
  const isNamed = splitName(name).some((word) => secretNames.has(word));
  // Where history is read the path comes later, and then only takes findings away.
  if (!isDice(found.value, isNamed || path === undefined)) return undefined;
  if (!isNamed && digestFile.test(path ?? "")) return undefined;
  const { start, value } = found;
  return {
    rule: "generic/secret",
    ...outcomeOf(isNamed ? "likely" : "possible"),
    start,
    end: start + value.length,
    secret: value,
    name: undefined,
    via: [],
  };
}
