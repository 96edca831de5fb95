import type { FileProblem } from "./store-rules.js";

const largest = 64 * 1024;

// The path of an identity in a home folder, which people commit with their settings.
const identityPath = /(?:^|\/)gitseal\/identity$/;
const identityName = /(?:^|\/)[\w.-]*(?:identity|wrapped|agekey|age-key)[\w.-]*$/i;

/** A file of nothing but comments and age identities, as age-keygen and gitseal write it. */
const identityFile = /^(?:\s*#[^\n]*\n|\s*\n)*\s*AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{50,}\s*$/;
const identityLine = /^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{50,}/m;

/** The passphrase of a wrapped identity: seven groups of four of Crockford's base 32 (src/crypto/wrapped.ts). */
const passphrase = /(?<![\w-])(?:[0-9a-hjkmnp-tv-z]{4}-){6}[0-9a-hjkmnp-tv-z]{4}(?![\w-])/g;

// An age file under a passphrase: binary, and in armor.
const wrapped = /^age-encryption\.org\/v1\n-> scrypt |YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0\+IHNjcnlwdC/;

/**
 * What lets somebody act as a member: an identity file, by its path or by what is in it, the passphrase of a wrapped one, and a
 * wrapped one that stands elsewhere than where the trust root names it. Single keys in other files are the rules' to find.
 */
export function findIdentities({
  path,
  bytes,
}: {
  readonly path: string;
  readonly bytes: Buffer;
}): readonly FileProblem[] {
  if (bytes.length > largest || bytes.length === 0) return [];
  const text = bytes.toString("latin1");
  const key = identityLine.exec(text);
  if (key && (identityPath.test(path) || identityFile.test(text)))
    return [problem("this file is an age identity", key.index, key.index + key[0].length)];
  if (identityPath.test(path) && text.includes("PRIVATE KEY-----"))
    return [problem("this file is where an identity is kept", 0, text.length)];
  if (!path.startsWith(".secrets/") && identityName.test(path) && wrapped.test(text.slice(0, 4096)))
    return [problem("a key under a passphrase, outside of .secrets/wrapped/")];
  return [...text.matchAll(passphrase)]
    .filter(([found]) => new Set(found).size >= 12 && !isInOrder(found))
    .map(({ index, 0: found }) =>
      problem("it has the form of a wrapped identity's passphrase", index, index + found.length),
    );
}

/** True where no letter is smaller than the one before it: counted, not drawn. */
function isInOrder(phrase: string): boolean {
  const letters = [...phrase.replaceAll("-", "")];
  return letters.every((letter, at) => at === 0 || letter >= (letters[at - 1] ?? ""));
}

function problem(why: string, start = 0, end = 0): FileProblem {
  return { rule: "store/identity", severity: "block", certainty: "format", start, end, name: undefined, why };
}
