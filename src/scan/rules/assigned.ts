/** Between a key and its value, in any language: quotes, brackets, operators, escapes. */
const joints = " \t\r\n\"'`\\()[]{}<>=:,|?+!&;*";

/** Names that say nothing of a value: the key stands before them. */
const fillers = new Set(
  "value val default string str text data content bearer basic b r u f let var const export env arg args quot amp x22 u0022 literal char optional some ok new return n set add field entry param property item is to as the of".split(
    " ",
  ),
);

function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 45 ||
    code === 46 ||
    code === 36 ||
    code === 47 ||
    code === 64
  );
}

/** These too, but only where another stands behind them: `<key>apiKey</key><string>…`. */
const fillersBehind = new Set(["key", "name"]);

export interface Key {
  /** The name that the value is given to, as it is written: `apiKey`, `--api-key`, `process.env.API_KEY`. */
  readonly name: string;
  /** True where a sign such as `=`, `:`, `(` or `>` stands between the two, not only blanks. */
  readonly isAssigned: boolean;
}

/**
 * The key that stands before a value: of an assignment, a pair in JSON or YAML, an argument of a call, an XML attribute or
 * element, a flag. Undefined where nothing joins them. `before` is untrusted and looked at over its last 200 characters.
 */
export function findKey(before: string): Key | undefined {
  let at = before.length;
  const floor = Math.max(0, at - 200);
  let isAssigned = false;
  for (let depth = 0; depth < 5; depth += 1) {
    const end = skipBack(before, at, floor, (code) => joints.includes(String.fromCharCode(code)));
    if (end === at && depth === 0) return undefined;
    isAssigned ||= /[=:(>,]/.test(before.slice(end, at));
    const start = skipBack(before, end, floor, isWord);
    if (start === end) return undefined;
    // `.=`, `->` and `//` are signs between the two, not names.
    const name = before.slice(start, end).replaceAll(/^[./]+|[./-]+$/g, "");
    // A path with folders in it, such as the end of an address, names no value.
    if (/\/.*\//.test(name)) return undefined;
    const lowered = name.toLowerCase();
    const isFiller = name === "" || fillers.has(lowered) || (depth > 0 && fillersBehind.has(lowered));
    if (!isFiller) return { name, isAssigned };
    at = start;
  }
  return undefined;
}

function skipBack(text: string, from: number, floor: number, passes: (code: number) => boolean): number {
  let at = from;
  while (at > floor && passes(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

const secretWords =
  /tok|key|secr|pass|pwd|auth|cred|api|licen|bearer|access|sign|webhook|(?:^|[^a-z])(?:pat|sid|pw)(?:$|[^a-z])/i;
const publicWords = /public|publish|(?:^|[^a-z])pub(?:$|[^a-z])/i;
const publicEnds =
  /(?:^|[-_.])(?:ids?|url|uri|host|hash|sha\d*|md5|commit|rev|revision|version|checksum|digest|etag|email|uuid|guid|file|path)$/i;
const publicHumps = /[a-z](?:Ids?|ID|Url|URL|Uri|Host|Hash|Sha\d*|Version|Digest|Email|Uuid|UUID|File|Path)$/;

/** True for a key whose value is a secret: `token`, `apiKey`, `PASSWORD`. */
export function saysSecret(name: string): boolean {
  return secretWords.test(name);
}

/** True for a key whose value is meant to be seen: an id, an address, a hash, a public key. */
export function saysPublic(name: string): boolean {
  return publicWords.test(name) || publicEnds.test(name) || publicHumps.test(name);
}

function isLower(code: number): boolean {
  return code >= 97 && code <= 122;
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** True where a part of a name begins: at its start, behind a sign or digit, at a hump. */
function beginsPart(name: string, at: number): boolean {
  const before = name.charCodeAt(at - 1);
  return at === 0 || !(isLower(before) || isUpper(before)) || (isLower(before) && isUpper(name.charCodeAt(at)));
}

/** True where a word would end in the middle of a part: `sumo` in `sumOfParts`. */
function breaksPart(name: string, end: number): boolean {
  return isLower(name.charCodeAt(end)) && isUpper(name.charCodeAt(end - 1)) && isLower(name.charCodeAt(end - 2));
}

const longWord = 8;

/**
 * True when a text holds one of the words as a part of a name: `launchdarkly` in `launch_darkly_key` and `launchDarklyKey`, but
 * not `okta` in `rookTable`. Long words may begin anywhere.
 */
export function namesOneOf(text: string, words: readonly string[]): boolean {
  const joined = text.replaceAll(/(?<=[A-Za-z])[_. -](?=[A-Za-z])/g, "");
  return words.some((word) => holdsWord(text, word) || holdsWord(joined, word.replaceAll(/[_. -]/g, "")));
}

function holdsWord(text: string, word: string): boolean {
  const lowered = text.toLowerCase();
  for (let at = lowered.indexOf(word); at >= 0; at = lowered.indexOf(word, at + 1))
    if (word.length >= longWord || (beginsPart(text, at) && !breaksPart(text, at + word.length))) return true;
  return false;
}
