import type { Match, ScanText } from "./match.js";

export type CiphertextKind =
  | "gitseal"
  | "age"
  | "sops"
  | "ansible-vault"
  | "sealed-secret"
  | "dotenvx"
  | "git-crypt"
  | "pgp"
  | "jwe"
  | "vault-transit"
  | "openssl";

/** Bytes of a text that are ciphertext, or what belongs to it (a signature, a digest): from `start` up to, not including, `end`. */
export interface Ciphertext {
  readonly start: number;
  readonly end: number;
  readonly kind: CiphertextKind;
}

interface Shape {
  readonly kind: CiphertextKind;
  /** All must be in the text. */
  readonly markers: readonly string[];
  /** Linear, with the flag `g`. A group `ct` is the ciphertext, else the whole match. */
  readonly pattern: RegExp;
  readonly holds?: (found: string) => boolean;
}

// A line end in a file, or as an escape inside a string.
const lineEnd = String.raw`(?:[ \t"',+]*\r?\n[ \t"'>#*|]*|\\r\\n|\\n)`;
const base64Lines = `(?:[A-Za-z0-9+/]{1,76}={0,2}${lineEnd})+`;
// What our own files say of keys, digests and ids, each in its exact length.
const id = "(?:SHA256:[A-Za-z0-9+/]{43}|[0-9]{1,4}:[0-9a-f]{64}|[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16})";
const fields = "ct-digest|nonce|sid|vid|by|trust|repo";
const signature = "U1NIU0lH[A-Za-z0-9+/]{200,400}={0,2}";
const ageHead = "YWdlLWVuY3J5cHRpb24ub3JnL3Yx";

// What is here is the shape that a program writes and nothing wider: whoever puts a plaintext between the markers is still found.
const shapes: readonly Shape[] = [
  // Signed blocks and journal lines of our own (docs/format.md). Free text such as notes and reasons is scanned.
  {
    kind: "gitseal",
    markers: ["v: 1\nkind: "],
    pattern: new RegExp(
      `^(?:sig: ${signature}|(?:${fields}): ${id}|prev: \\[[0-9a-f]{64}(?:, [0-9a-f]{64})*\\]|(?:wrapped|cut): \\[[a-z0-9-]+, (?:[0-9]+, )?[0-9a-f]{64}\\]|revoked: AAAAC3Nza[A-Za-z0-9+/]{50,70}={0,2})$`,
      "gm",
    ),
  },
  { kind: "gitseal", markers: ['"sig":"U1NIU0lH'], pattern: new RegExp(`"sig":"(?<ct>${signature})"`, "g") },
  {
    kind: "gitseal",
    markers: ['"repo":"', '"trust":"'],
    pattern: new RegExp(`"(?:${fields}|clone|key|prev|id)":\\[?"(?<ct>${id})"`, "g"),
  },
  {
    kind: "age",
    markers: [ageHead],
    pattern: new RegExp(`${ageHead}[A-Za-z0-9+/]*={0,2}(?:${lineEnd}${base64Lines})?`, "g"),
  },
  { kind: "sops", markers: ["ENC[AES256_GCM,"], pattern: /ENC\[AES256_GCM,[A-Za-z0-9+/=:,_ ]*\]/g },
  // The data key, as each key service encrypted it.
  {
    kind: "sops",
    markers: ["ENC[AES256_GCM,", "enc"],
    pattern: /(?:\benc"?[ \t]*:[ \t]*"?|__map_enc=)(?<ct>[A-Za-z0-9+/=_-]{40,})/g,
  },
  {
    kind: "ansible-vault",
    markers: ["$ANSIBLE_VAULT;"],
    pattern: /\$ANSIBLE_VAULT;[0-9.]+;AES[0-9]*(?:;[\w.-]+)?(?:\\n|\s+)(?:[0-9a-f]{2,80}(?:\\n|\s+|(?=["'])|$))+/g,
  },
  {
    kind: "sealed-secret",
    markers: ["SealedSecret", "encryptedData"],
    // A key that RSA encrypted comes first, with its length: 01 00, 01 80 or 02 00.
    pattern: /:[ \t]*["']?(?<ct>A[QgYc][A-Za-z0-9+/]{120,}={0,2})/g,
  },
  { kind: "dotenvx", markers: ["encrypted:"], pattern: /\bencrypted:[A-Za-z0-9+/]{40,}={0,2}/g },
  {
    kind: "dotenvx",
    markers: ["DOTENV_PUBLIC_KEY"],
    pattern: /\bDOTENV_PUBLIC_KEY\w*[ \t]*=[ \t]*["']?(?<ct>0[23][0-9a-f]{64})\b/g,
  },
  {
    kind: "pgp",
    markers: ["-----BEGIN PGP MESSAGE-----"],
    pattern: new RegExp(
      `-----BEGIN PGP MESSAGE-----${lineEnd}(?:(?:Version|Comment|Hash|Charset): [^\\r\\n\\\\]*${lineEnd})*(?:${lineEnd})*${base64Lines}(?:=[A-Za-z0-9+/]{4}${lineEnd})?`,
      "g",
    ),
  },
  {
    kind: "jwe",
    markers: ["eyJ"],
    pattern: /(?<![\w-])eyJ[\w-]{10,}\.[\w-]*\.[\w-]{8,}\.[\w-]+\.[\w-]{16,}(?![\w.-])/g,
    holds: isJwe,
  },
  { kind: "vault-transit", markers: ["vault:v"], pattern: /\bvault:v[0-9]+:[A-Za-z0-9+/]{16,}={0,2}/g },
  // "Salted__", as `openssl enc -a` begins.
  {
    kind: "openssl",
    markers: ["U2FsdGVkX1"],
    pattern: new RegExp(`U2FsdGVkX1[A-Za-z0-9+/]{10,}={0,2}(?:${lineEnd}${base64Lines})?`, "g"),
  },
];

/**
 * The parts of a text that are ciphertext, sorted. A text is untrusted: only what has exactly the form that a program writes is
 * taken for one, so that a marker does not hide what stands beside it.
 */
export function findCiphertext({ bytes }: ScanText): readonly Ciphertext[] {
  const wanted = shapes.filter(({ markers }) => markers.every((marker) => bytes.includes(marker, 0, "latin1")));
  const whole = findWholeFile(bytes);
  if (whole !== undefined) return [whole];
  if (wanted.length === 0) return [];
  const text = bytes.toString("latin1");
  return wanted.flatMap((shape) => findShape(shape, text)).toSorted((a, b) => a.start - b.start || b.end - a.end);
}

function findShape({ kind, pattern, holds }: Shape, text: string): readonly Ciphertext[] {
  const found: Ciphertext[] = [];
  for (const match of text.matchAll(pattern)) {
    if (holds?.(match[0]) === false) continue;
    const ct = match.groups?.["ct"];
    // A named group stands at the end of its pattern, but for a quote behind it.
    const start = match.index + (ct === undefined ? 0 : match[0].lastIndexOf(ct));
    found.push({ start, end: start + (ct ?? match[0]).length, kind });
  }
  return found;
}

const binaryAge = "age-encryption.org/v1\n-> ";
const gitCrypt = "GITCRYPT";

// Files that are nothing but ciphertext. The NULs round git-crypt's name are gone already or are spaces, so the bytes behind it
// must look like ciphertext.
function findWholeFile(bytes: Buffer): Ciphertext | undefined {
  const head = bytes.toString("latin1", 0, 80);
  if (head.startsWith(binaryAge)) return { start: 0, end: bytes.length, kind: "age" };
  const isGitCrypt = head.trimStart().startsWith(gitCrypt) && countHigh(bytes.subarray(gitCrypt.length, 80)) >= 8;
  return isGitCrypt ? { start: 0, end: bytes.length, kind: "git-crypt" } : undefined;
}

function countHigh(bytes: Uint8Array): number {
  return bytes.filter((byte) => byte >= 0x80).length;
}

/** RFC 7516 §3.1: five parts, and a header that names how the content is encrypted. */
function isJwe(token: string): boolean {
  const [head = ""] = token.split(".", 1);
  return /"enc"\s*:\s*"/.test(Buffer.from(head, "base64url").toString("latin1"));
}

/** The matches that are not in ciphertext. */
export function dropCiphertext(text: ScanText, matches: readonly Match[]): readonly Match[] {
  if (matches.length === 0) return matches;
  const spans = findCiphertext(text);
  return spans.length === 0 ? matches : keepOutside(spans, matches);
}

/** The matches that lie in none of the spans, which are sorted by start. */
export function keepOutside(
  spans: readonly Pick<Ciphertext, "start" | "end">[],
  matches: readonly Match[],
): readonly Match[] {
  // Of the spans that begin where a match does or before, the one that ends last has it, or none.
  let last = 0;
  const ends = spans.map(({ end }) => (last = Math.max(last, end)));
  return matches.filter(({ start, end }) => end > (ends[countUpTo(spans, start) - 1] ?? 0));
}

/** How many of the spans begin at the place or before. */
function countUpTo(spans: readonly Pick<Ciphertext, "start" | "end">[], place: number): number {
  let low = 0;
  for (let high = spans.length; low < high;) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.start ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}
