import { createHash } from "node:crypto";
import { dearmorAge } from "./age-armor.js";
import { encodeUnpadded, parseAgeHeader, type AgeHeader, type AgeStanza } from "./age-header.js";
import { sha256Hex } from "./digest.js";
import { createFinding, type FindingCode, type Place, type Report } from "./finding.js";
import { SecretsError } from "./errors.js";
import type { Member } from "./member.js";
import type { SecretName } from "./name.js";
import { readersOf } from "./readers.js";
import type { Seal } from "./record.js";
import { encodeSshWire, parseSshPublicKey } from "./ssh-key.js";
import type { TrustRoot } from "./trust-root.js";

/**
 * What can be seen of a seal without a key: its readers are exactly those that its root gives the scope and name to, the bytes
 * are the signed ones, and the age header has one stanza for each reader, in order, of the type and key tag that the reader's
 * recipient asks for. Whether a stanza opens with the reader's key only the reader can say (`secrets doctor`).
 */
export function verifySeal(seal: Seal, name: SecretName, root: TrustRoot, place: Place, report: Report): void {
  const say = (code: FindingCode, message: string, hint?: string): void =>
    report(createFinding(code, message, { ...place, hint }));
  const readers = readersOf(root, seal.scope, name);
  if (
    !isSame(
      seal.readers,
      readers.map(({ id }) => id),
    )
  ) {
    say(
      "readers",
      `version ${seal.vid} is not sealed to exactly those who may read it under trust root ${root.n}`,
      `run: secrets rekey ${name}`,
    );
    return;
  }
  const sealed = findSealed(seal, say);
  if (!sealed) return;
  if (sha256Hex(sealed.bytes) !== seal["ct-digest"]) {
    say(
      "ct-digest",
      `the sealed bytes of version ${seal.vid} are not those that were signed`,
      "restore the file from history",
    );
    return;
  }
  const problem = findStanzaProblem(sealed.header.stanzas, readers);
  if (problem !== undefined) say("stanzas", `version ${seal.vid}: ${problem}`, `run: secrets rekey ${name}`);
  if (!isPayloadLength(sealed.bytes.byteLength - sealed.header.headerEnd))
    say(
      "ct-form",
      `the sealed bytes of version ${seal.vid} are cut off or not padded`,
      "restore the file from history",
    );
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

function findSealed(
  seal: Seal,
  say: (code: FindingCode, message: string) => void,
): { bytes: Uint8Array; header: AgeHeader } | undefined {
  try {
    const bytes = dearmorAge(seal.ct);
    return { bytes, header: parseAgeHeader(bytes) };
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    say("ct-form", `version ${seal.vid}: ${cause.message}`);
    return undefined;
  }
}

const shareText = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$/;
const bodyBytes = 32;

// A stanza that belongs to nobody on the list may let somebody else in: unknown types, scrypt, plugins and grease are refused.
function findStanzaProblem(stanzas: readonly AgeStanza[], readers: readonly Member[]): string | undefined {
  if (stanzas.length !== readers.length)
    return `it is sealed to ${stanzas.length} recipients, but has ${readers.length} readers`;
  const odd = readers.find(({ recipient }, at) => !isStanzaFor(stanzas[at], recipient));
  return odd ? `the recipient in the place of ${odd.id} is of another kind or key` : undefined;
}

function isStanzaFor(stanza: AgeStanza | undefined, recipient: string): boolean {
  if (stanza?.body.byteLength !== bodyBytes) return false;
  if (recipient.startsWith("age1pq1")) return isHybrid(stanza);
  if (!shareText.test(stanza.args.at(-1) ?? "")) return false;
  return recipient.startsWith("ssh-ed25519 ")
    ? isSsh(stanza, recipient.slice("ssh-ed25519 ".length))
    : isNative(stanza);
}

// C2SP age.md: the post-quantum type has one argument, the encapsulated key, of 1,120 bytes.
function isHybrid({ type, args }: AgeStanza): boolean {
  return type === "mlkem768x25519" && args.length === 1 && args[0]?.length === 1494;
}

function isNative({ type, args }: AgeStanza): boolean {
  return type === "X25519" && args.length === 1;
}

function isSsh({ type, args }: AgeStanza, blob: string): boolean {
  return type === "ssh-ed25519" && args.length === 2 && args[0] === sshTag(blob);
}

// The first four bytes of SHA-256 of the key's wire blob (C2SP age.md, ssh-ed25519): a hint for finding one's own stanza.
function sshTag(blob: string): string {
  const wire = encodeSshWire(parseSshPublicKey(blob));
  return encodeUnpadded(createHash("sha256").update(wire).digest().subarray(0, 4));
}

const chunk = 64 * 1024;
const tag = 16;
const nonce = 16;

// C2SP age.md: a nonce, then chunks of 64 KiB with a tag each. The plaintext has one of the sizes that envelopes are padded to.
function isPayloadLength(length: number): boolean {
  const chunks = Math.ceil((length - nonce) / (chunk + tag));
  const plain = length - nonce - chunks * tag;
  for (let k = 0, size = 0; size <= plain; k++) {
    size = Math.floor(512 * 2 ** (k / 2));
    if (size === plain) return true;
  }
  return false;
}
