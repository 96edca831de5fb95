import type { Match, ScanText } from "../match.js";
import { type Assignment, findAssignment, readSecond } from "./assignment.js";
import { byte, skipBlanks, slice } from "./bytes.js";
import { isInComment } from "./enclosing.js";
import { type FileTraits, traitsOf } from "./file-kind.js";
import { type KeyKind, kindOfName } from "./key-name.js";
import { type Level, levelOf, outcomeOf, type Value, valueOf } from "./level.js";
import { isNoSecret } from "./value-shape.js";
import type { ValueSpan } from "./value-span.js";

/**
 * What the scanner stops at, lower case, in any case and inside of longer words. Short ones stand for all that hold them:
 * `pass` for password, passphrase and passwd, `key` for api_key and private_key.
 */
export const genericWords: readonly string[] = [
  "pass",
  "pwd",
  "pswd",
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

/** True where what stands without quotes is a name of the program, not a value. */
function isName(bytes: Buffer, found: Assignment, traits: FileTraits): boolean {
  if (found.value.quoted || found.within !== 0 || found.link === "element") return false;
  return traits.kind === "code" && !isInComment(bytes, found.nameStart);
}

/** Where name and value hang together less, or the file is made by machines, the value must speak for itself. */
function weaken(level: Level, found: Assignment, value: Value): Level {
  if (level === "no") return level;
  if (value.traits.kind === "noise") return level === "likely" ? "possible" : "no";
  const loose = found.link === "space" || found.link === "call" || found.link === "pair";
  return !loose || value.rarity >= 12 ? level : "no";
}

const signIn =
  /(?:^|[._])(?:log_?in|sign_?in|authenticate|basic_?auth|set_?auth|auth|http_?auth|proxy_?auth|credentials?|networkcredential)$/i;

/** `login("user", "…")`, `auth=("user", "…")`: of two texts the second is the password. */
function findPair(bytes: Buffer, found: Assignment): ValueSpan | undefined {
  const opens = bytes[found.value.start - 2] === byte.open || found.link === "call";
  return opens && found.value.quoted && signIn.test(found.name) ? readSecond(bytes, found.value) : undefined;
}

interface Judged {
  readonly level: Level;
  readonly kind: KeyKind;
  readonly span: ValueSpan;
}

function judgeSpan(bytes: Buffer, found: Assignment, kind: KeyKind, span: ValueSpan, traits: FileTraits): Judged {
  const text = slice(bytes, span.start, span.end);
  if (span.array === true)
    return { level: kind === "weak" && !/data/i.test(found.name) ? "no" : "possible", kind, span };
  if (text.length < 4) return { level: "no", kind, span };
  const value = valueOf(text, span.quoted, traits);
  const level = weaken(levelOf(kind, value), found, value);
  return { level: level === "no" || isNoSecret(text.slice(0, 256), value.rarity) ? "no" : level, kind, span };
}

function judge(bytes: Buffer, found: Assignment, traits: FileTraits): Judged | undefined {
  const second = findPair(bytes, found);
  if (second !== undefined) return judgeSpan(bytes, { ...found, link: "assign" }, "password", second, traits);
  const kind = kindOfName(found.name);
  if (kind === undefined || isName(bytes, found, traits)) return undefined;
  // `password.encode("…")`: arguments of a method are not what its object is.
  if (bytes[skipBlanks(bytes, found.value.end + 1)] === byte.colon && found.link === "pair") return undefined;
  return judgeSpan(bytes, found, kind, found.value, traits);
}

/**
 * Judges the generic word at `at` of the text: a match when the name that holds it is given a literal that is likely, or possibly, a
 * secret. Pure; looks at most 4 kB round the word.
 */
export function judgeWord(text: ScanText, at: number, end: number): Match | undefined {
  const found = findAssignment(text.bytes, at, end);
  if (found === undefined) return undefined;
  const judged = judge(text.bytes, found, traitsOf(text.path));
  if (judged === undefined || judged.level === "no") return undefined;
  const { start, end: behind } = judged.span;
  return {
    rule: ruleOf(judged.kind),
    ...outcomeOf(judged.level),
    start,
    end: behind,
    secret: slice(text.bytes, start, behind),
    name: undefined,
    via: [],
  };
}
