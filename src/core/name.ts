import { fail } from "./errors.js";

declare const secretName: unique symbol;
/** A checked secret name: safe as a path below `.secrets/store`, as an environment variable and in Azure Key Vault. */
export type SecretName = string & { readonly [secretName]: true };

const shape = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\/[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
const device = /^(?:con|prn|aux|nul|clock|com[0-9]|lpt[0-9])$/;
const maxParts = 8;

const nameRule =
  "3-128 characters: lower-case letters and digits, words joined by -, parts joined by / (at most 8), no Windows device name";

/** True for a name of the normative form (docs/format.md, Names). */
export function isSecretName(text: string): text is SecretName {
  if (text.length < 3 || text.length > 128 || !shape.test(text)) return false;
  const parts = text.split("/");
  return parts.length <= maxParts && !parts.some((part) => device.test(part));
}

/**
 * Parses a name typed by a person or read from a file. Throws `name/invalid`; the text is never part of the
 * message, because people paste values where names belong.
 */
export function parseSecretName(text: string): SecretName {
  if (isSecretName(text)) return text;
  fail("name/invalid", "not a valid secret name", { hint: `a name is ${nameRule}` });
}

// A word that may be shown back although it is not a known name: too short and too plain to be a credential.
const plainWord = /^[a-z]{1,12}[0-9]{0,2}$/;

/** A valid name close to what was typed (`API_KEY_STRIPE` → `api-key-stripe`), or undefined where that is unlikely. Show it only when a secret has it: what was typed may be a value. */
export function suggestName(text: string): SecretName | undefined {
  const guess = text
    .trim()
    .replaceAll(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[_.\s]+/g, "-");
  const words = guess.split(/[-/]/);
  return words.length > 1 && words.every((word) => plainWord.test(word)) && isSecretName(guess) ? guess : undefined;
}

const patternShape = /^[a-z0-9/*?-]{1,128}$/;

export function isNamePattern(text: string): boolean {
  return patternShape.test(text);
}

/** Matches a name against a pattern where `*` stands for any run of characters and `?` for one. Linear in practice, never exponential. */
export function matchesPattern(name: string, pattern: string): boolean {
  let at = 0;
  let here = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    if (here < pattern.length && (pattern[here] === "?" || (pattern[here] !== "*" && pattern[here] === name[at]))) {
      at++;
      here++;
    } else if (pattern[here] === "*") {
      star = here++;
      resume = at;
    } else if (star >= 0) {
      here = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[here] === "*") here++;
  return here === pattern.length;
}
