/** Words that people put where a secret would stand. None is likely in random text: each has 6 letters or a separator beside it. */
const words =
  /example|sample|placeholder|dummy|change[-_ ]?(?:me|it|this)|redacted|censored|replace[-_ ]?(?:me|with|this)|your[-_ .]|your(?:api|access|auth|client|secret|token|key|password|passw)|(?:insert|enter|put|paste|add)[-_ ]?(?:your|the|here|token|key|secret|password)|goes[-_ ]?here|[-_ ]here$|not[-_ ]?an?[-_ ]?(?:real|valid|secret|key|token)|(?:^|[^a-z0-9])(?:fake|mock|todo|fixme|tbd|stub)(?:$|[^a-z0-9])|x{6}|(?:deadbeef){2}|secret_scanning_ab85/i;

/** A reference that a program fills in, or a text cut short for people. `…` and `•` are three bytes in Latin-1. */
const templates =
  /\$\{|\$\(|\{\{|\}\}|<%|%>|#\{|^<[^<>]*>$|^\[[A-Za-z _-]*\]$|^@[\w.-]*@$|^\$[A-Za-z_]\w*$|^%[\w(]|^\{[\w .:-]*\}$|^__\w*__$|\.{3}|\*{3}|\u2026|\u2022|\u00e2\u0080[\u00a6\u00a2]/;

const nothings = /^(?:null|nil|none|undefined|empty|true|false|n\/a)$/i;

/**
 * Keys that vendors and standards print in their own documentation, by a part that is enough to know them by, also where somebody wrote
 * another word over their end: Stripe, jwt.io, AWS, GitHub, Telegram, Discord, Mailgun, Kubernetes, RFC 7519.
 */
const published = [
  "sk_test_4eC39Hq",
  "BQokikJOvBiI2",
  "SflKxwRJSMeKKF2QT4",
  "IOSFODNN7",
  "wJalrXUtnFEMI/K7MDENG/bPxRfiCY",
  "16C7e42F292c6912E7710c",
  "1B4a2e77838347a7E420ce",
  "AAHdqTcvCH1vGWJxfSe1",
  "ZnCjm1XVW7vRze4b7Cq4",
  "3ax6xnjp29jd6fds4gc3",
  "MWYyZDFlMmU2N2Rm",
  "1f2d1e2e67df",
  "dBjftJeZ4CVP-mB92K27",
];

/** True where `next` follows `code` in counting: `ab`, `AB`, `12`, `90`, and over the seams `9a`, `0a`, `9A`, `0A`. */
function follows(code: number, next: number): boolean {
  if (next === code + 1) return true;
  const nine = code === 57 || code === 48;
  return nine && (next === 97 || next === 65 || (code === 57 && next === 48));
}

/** How many characters stand in runs of `least` or more, where `joins` says that a character continues the run. */
function coveredByRuns(text: string, least: number, joins: (code: number, next: number) => boolean): number {
  let covered = 0;
  let start = 0;
  for (let at = 1; at <= text.length; at += 1) {
    if (at < text.length && joins(text.charCodeAt(at - 1), text.charCodeAt(at))) continue;
    if (at - start >= least) covered += at - start;
    start = at;
  }
  return covered;
}

/** True when nearly every character is the one `period` places before it: `123123123`. */
function repeats(text: string, period: number): boolean {
  let equal = 0;
  for (let at = period; at < text.length; at += 1) if (text.charCodeAt(at) === text.charCodeAt(at - period)) equal += 1;
  return text.length >= 4 * period && equal * 10 >= (text.length - period) * 9;
}

/** One character over and over, two in turn, or counting: nobody's key, whatever it begins with. */
function isMonotonous(secret: string): boolean {
  const letters = secret.replaceAll(/[^A-Za-z0-9]/g, "");
  if (letters.length < 3) return /^([^A-Za-z0-9])\1{2,}$/.test(secret);
  const distinct = new Set(letters).size;
  if (distinct === 1 || (distinct === 2 && letters.length >= 10)) return true;
  if (letters.length < 8) return false;
  if (coveredByRuns(letters, 4, (code, next) => code === next) * 2 >= letters.length) return true;
  if ([2, 3, 4].some((period) => repeats(letters, period))) return true;
  // Whoever counts in turns of case counts all the same.
  return coveredByRuns(letters.toLowerCase(), 8, follows) * 4 >= letters.length * 3;
}

/** What a text is instead of a secret: `written` for people to read or a program to fill in, or `regular` beyond chance. */
export type PlaceholderKind = "written" | "blank" | "regular";

/** Letters that stand for "something goes here" when there are many of them. */
function isBlank(secret: string): boolean {
  const blanks = secret.length - secret.replaceAll(/[xX0*.#_-]/g, "").length;
  return blanks * 2 >= secret.length;
}

/**
 * Tells what stands where a secret would: `written` is `your-api-key`, `<token>`, `${VAR}` and the keys that vendors print in their
 * documentation; `blank` is `xxxxxxxx`; `regular` is `aaaaaaaa` and `1234567890abcdef`. Undefined for what may be a secret. Takes the
 * secret as it was found, or better without its prefix. Linear in its length.
 */
export function findPlaceholder(secret: string): PlaceholderKind | undefined {
  if (secret === "" || nothings.test(secret) || templates.test(secret) || words.test(secret)) return "written";
  if (published.some((part) => secret.includes(part))) return "written";
  if (!isMonotonous(secret)) return undefined;
  return isBlank(secret) ? "blank" : "regular";
}

/** True for any kind of placeholder. */
export function isPlaceholder(secret: string): boolean {
  return findPlaceholder(secret) !== undefined;
}
