import type { Certainty, ScanSeverity, Verdict } from "../rule.js";
import type { FileTraits } from "./file-kind.js";
import type { KeyKind } from "./key-name.js";
import { rarityOf } from "./rarity.js";
import { uuid } from "./value-shape.js";

/** How much a value deserves: nothing, to be shown, to stop a commit. */
export type Level = "no" | "possible" | "likely";

export interface Value {
  readonly text: string;
  readonly quoted: boolean;
  readonly traits: FileTraits;
  /** In bits; see `rarityOf`. */
  readonly rarity: number;
}

const outcomes: Readonly<Record<Exclude<Level, "no">, { certainty: Certainty; severity: ScanSeverity }>> = {
  likely: { certainty: "likely", severity: "block" },
  possible: { certainty: "possible", severity: "warn" },
};

/** What a level is called outside. */
export function outcomeOf(level: Exclude<Level, "no">): { certainty: Certainty; severity: ScanSeverity } {
  return outcomes[level];
}

export function verdictOf(level: Level): Verdict {
  return level === "no" ? { kind: "no" } : { kind: "yes", ...outcomes[level] };
}

export function valueOf(text: string, quoted: boolean, traits: FileTraits): Value {
  return { text, quoted, traits, rarity: rarityOf(text.slice(0, 256)) };
}

/** Words with blanks between are a sentence, unless dice made the words. */
function isSentence({ text, quoted, rarity }: Value): boolean {
  return /\s/.test(text) && (!quoted || rarity < 10 || text.split(/\s+/).length > 12);
}

const phrase = /^[a-z]{2,12}(?: [a-z]{2,12}){3,9}$/;
/** Words of sentences about passwords, rather than of those that dice drew from a list. */
const talk =
  /\b(?:you|your|please|enter|type|choose|must|should|can|will|has|have|is|are|was|be|the|this|that|not|no|to|for|of|or|if|an?|in|on|at|by|my|password|passwords|passphrase|user|username|login|sign|account|invalid|required|field|forgot|wrong|incorrect|empty|optional)\b/;

/** Four words or more in small letters, one blank between each, as passphrases are drawn from lists. */
function isPhrase({ text, quoted }: Value): boolean {
  return quoted && phrase.test(text) && !talk.test(text);
}

/** Letters with digits or marks among them: no name, so people chose it to be hard to guess. */
function isMixed(text: string): boolean {
  return /[A-Za-z]/.test(text) && /[\d!@#$%^&*?~+]/.test(text);
}

/** True in files of settings: what stands there is in use, unless the file is an example. */
export function isSetting(traits: FileTraits): boolean {
  return traits.kind === "data" && !traits.rehearsal;
}

/** Of a password that no dice made: with digits or marks it may stop a commit, a word is only shown. */
function chosenLevel({ text, rarity, traits, quoted }: Value): Level {
  const isHard = isMixed(text) && text.length >= 6;
  if (isHard && text.length >= 8 && rarity > -4 && /\d/.test(text) && !traits.rehearsal) return "likely";
  return rarity > (isSetting(traits) ? -45 : quoted ? -20 : isHard ? -14 : 3) ? "possible" : "no";
}

/** Of a password, which people choose: it may be short and weak, but is no plain word. */
export function passwordLevel(value: Value): Level {
  const { text } = value;
  if (text.length < 4 || text.length > 128) return "no";
  if (isSentence(value)) return isPhrase(value) ? "possible" : "no";
  if (/^\d+$/.test(text)) return text.length >= 6 && value.quoted ? "possible" : "no";
  return wordLevel(value);
}

function wordLevel(value: Value): Level {
  const { text, rarity, traits } = value;
  if (rarity >= 14 && text.length >= 8) return traits.rehearsal && rarity < 20 ? "possible" : "likely";
  return rarity >= 6 ? "possible" : chosenLevel(value);
}

function isLong({ text, rarity, quoted }: Value): boolean {
  // More than some letters beyond ASCII are a text in another script; `text` has one character a byte.
  const beyond = text.length - text.replaceAll(/[\u0080-\u00ff]/g, "").length;
  if (text.length < 8 || text.length > 1024 || 3 * beyond > text.length) return false;
  return !/\s/.test(text) || (quoted && rarity >= 60);
}

/** Where people must make up a secret themselves they often write words and digits. */
function isMadeUp({ text, rarity, traits }: Value): boolean {
  return isSetting(traits) && isMixed(text) && /\d/.test(text) && rarity > -14;
}

/** By its letters: dice made it, and many of them. */
function randomLevel({ text, rarity, traits }: Value): Level {
  const bits = rarity / text.length;
  if (text.length < 16 || rarity < 20 || bits <= 0.8) return rarity >= 8 && bits > 0.4 ? "possible" : "no";
  return traits.rehearsal && rarity < 30 ? "possible" : "likely";
}

/** Of a secret that a machine made: long and random. */
export function secretLevel(value: Value): Level {
  const { text } = value;
  if (!isLong(value)) return "no";
  if (uuid.test(text)) return "possible";
  if (/^\d+$/.test(text)) return text.length >= 12 ? "possible" : "no";
  const level = randomLevel(value);
  return level === "no" && isMadeUp(value) ? "possible" : level;
}

/** Of a key that may be for anything. */
function keyLevel({ text, rarity }: Value, shortest: number, density: number): Level {
  if (text.length < shortest || text.length > 512 || /[^\x21-\x7e]/.test(text) || uuid.test(text)) return "no";
  return rarity >= 20 && rarity / text.length > density ? "possible" : "no";
}

/** A commit or a fingerprint. */
const digestLike = /^[0-9a-f]{40}$/i;

/** What the value deserves under a name of the kind. */
export function levelOf(kind: KeyKind, value: Value): Level {
  switch (kind) {
    case "password":
      return passwordLevel(value);
    case "secret":
      return secretLevel(value);
    case "key":
      return keyLevel(value, 16, 0.5);
    case "weak":
      return /\d/.test(value.text) && !digestLike.test(value.text) ? keyLevel(value, 20, 0.8) : "no";
  }
}
