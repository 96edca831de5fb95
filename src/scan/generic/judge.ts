import type { Match, ScanText } from "../match.js";
import { type Assignment, findAssignment } from "./assignment.js";
import { byte, slice } from "./bytes.js";
import { type FileTraits, traitsOf } from "./file-kind.js";
import type { KeyKind } from "./key-name.js";
import { isSetting, type Level, levelOf, outcomeOf, type Value, valueOf } from "./level.js";
import { isNoSecret } from "./value-shape.js";

/**
 * What the scanner stops at, lower case, in any case and inside of longer words. Short ones stand for all that hold them:
 * `pass` for password, passphrase and passwd, `key` for api_key and private_key.
 */
export const genericWords: readonly string[] = [
  "pass",
  "pwd",
  "pswd",
  "bindpw",
  "secret",
  "token",
  "key",
  "cred",
  "auth",
  "login",
  "kennwort",
  "senha",
  "contrase",
  "wachtwoord",
  "parola",
  "heslo",
  "haslo",
  "geheim",
];

function ruleOf(kind: KeyKind): string {
  if (kind === "password") return "generic/password";
  return kind === "secret" ? "generic/secret" : "generic/key";
}

/** Against forged requests; made for each page, and worth nothing by itself. */
const isForgeryToken = /csrf|xsrf|authenticity|requestverification|antiforgery/i;

/** `force:user:password:generate`: a colon without a blank joins many things. */
function isLoose(bytes: Buffer, { link, value }: Assignment, { text, quoted }: Value): boolean {
  return link === "colon" && !quoted && bytes[value.start - 1] === byte.colon && !/\d/.test(text);
}

/** In `Server=…;Password=…;` the marks are as good as quotes. */
function isMember(bytes: Buffer, { link, value }: Assignment): boolean {
  return link === "assign" && bytes[value.start - 1] === byte.equals && bytes[value.end] === byte.semicolon;
}

/** `requirepass …` in files of settings and `storePassword "…"` in build files, which know no other way to give a value. */
function isPlainSetting({ kind }: Assignment, { text, traits, quoted }: Value): boolean {
  return kind === "password" && (quoted || isSetting(traits)) && /[A-Za-z]/.test(text) && /\d/.test(text);
}

/** A blank, a comma or a bracket joins many things that have nothing to do with each other. */
function isFree(found: Assignment, value: Value): boolean {
  const { link, name } = found;
  if (link === "space") return !isPlainSetting(found, value);
  return link === "pair" || (link === "call" && !/^(?:set|with)|\.(?:set|with)|^PASSWORD$/i.test(name));
}

/** Code has its literals in quotes: what has none is a template, or a text for people. */
function isBare({ link }: Assignment, { traits, quoted }: Value): boolean {
  return traits.kind === "code" && !quoted && link !== "option" && link !== "element";
}

/** Where name and value hang together less, or the file is made by machines, the value must speak for itself. */
function weaken(bytes: Buffer, level: Level, found: Assignment, value: Value): Level {
  if (level === "no") return level;
  if (value.rarity < (isFree(found, value) ? 12 : isLoose(bytes, found, value) ? 3 : -1000)) return "no";
  if (value.traits.kind === "noise") return level === "likely" ? "possible" : "no";
  // Two texts side by side may be anything: a name and its value, or two of a list.
  return found.link === "pair" || isBare(found, value) || isForgeryToken.test(found.name) ? "possible" : level;
}

/** No level is given to what is longer; told before it is copied. */
const longestValue = 1_024;

function judge(bytes: Buffer, found: Assignment, traits: FileTraits): Level {
  const { kind, value: span } = found;
  if (span.array === true) return kind === "weak" && !/data/i.test(found.name) ? "no" : "possible";
  const length = span.end - span.start;
  if (length < 4 || length > longestValue) return "no";
  const text = slice(bytes, span.start, span.end);
  const value = valueOf(text, span.quoted || isMember(bytes, found), traits);
  const level = weaken(bytes, levelOf(kind, value), found, value);
  if (level === "no") return "no";
  return isNoSecret(text.slice(0, 256), value.rarity, kind === "password" && isSetting(traits)) ? "no" : level;
}

/**
 * Judges the generic word at `at` of the text: a match when the name that holds it is given a literal that is likely, or possibly, a
 * secret. Pure; looks at most 4 kB round the word.
 */
export function judgeWord(text: ScanText, at: number, end: number): Match | undefined {
  const traits = traitsOf(text.path);
  const found = findAssignment(text.bytes, at, end, traits);
  if (found === undefined) return undefined;
  const level = judge(text.bytes, found, traits);
  if (level === "no") return undefined;
  const { start, end: behind } = found.value;
  return {
    rule: ruleOf(found.kind),
    ...outcomeOf(level),
    start,
    end: behind,
    secret: slice(text.bytes, start, behind),
    name: undefined,
    via: [],
  };
}
