import { parseAgeHeader } from "../core/age-header.js";
import { encodeUtf8, findUtf8 } from "../core/bytes.js";
import { fail, SecretsError } from "../core/errors.js";
import { openByLibrary } from "./age-library.js";

/** 2^18 rounds of scrypt: what `age -p` does, about a second and 256 MiB. */
const workFactor = 18;

/** The identity as an age file under a passphrase, which stock `age` opens too. The passphrase must be a generated one. */
export async function wrapIdentity(identityText: string, passphrase: string): Promise<Uint8Array> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return await encrypter.encrypt(encodeUtf8(identityText));
}

/**
 * Opens what {@link wrapIdentity} made. The file is untrusted: that its one stanza is scrypt of exactly 2^18 rounds is checked before
 * any work is done. Throws `identity/unreadable` for any other file, `identity/wrong-passphrase` when the passphrase does not fit.
 */
export async function unwrapIdentity(file: Uint8Array, passphrase: string): Promise<string> {
  let plaintext: Uint8Array;
  try {
    checkWorkFactor(file);
    plaintext = await openByLibrary(file, (decrypter) => decrypter.addPassphrase(passphrase));
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    if (cause.code === "identity/unfit")
      fail("identity/wrong-passphrase", "the passphrase does not open the wrapped identity");
    fail("identity/unreadable", `cannot read the wrapped identity: ${cause.message}`, { cause });
  }
  return findUtf8(plaintext) ?? fail("identity/unreadable", "cannot read the wrapped identity: it holds no text");
}

function checkWorkFactor(file: Uint8Array): void {
  const [stanza, ...others] = parseAgeHeader(file).stanzas;
  const fits =
    others.length === 0 &&
    stanza?.type === "scrypt" &&
    stanza.args.length === 2 &&
    stanza.args[1] === String(workFactor);
  if (!fits) fail("identity/unreadable", `its only stanza must be scrypt with work factor ${workFactor}`);
}

// Crockford's base 32: no i, l, o or u, which are read as 1, 0 and v. 28 symbols of 5 bits are 140 bits.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const groups = 7;
const groupLength = 4;

/** A passphrase of 140 bits as seven groups of four: `7k3v-9wq2-…`. `random` must be a cryptographic source. */
export function generatePassphrase(random: (length: number) => Uint8Array): string {
  const bytes = random(groups * groupLength);
  if (bytes.byteLength !== groups * groupLength)
    throw new RangeError(`wanted ${groups * groupLength} random bytes, got ${bytes.byteLength}`);
  // 32 divides 256, so the low five bits of a random byte are evenly spread.
  const symbols = Array.from(bytes, (byte) => alphabet.charAt(byte & 31)).join("");
  return symbols.replaceAll(/.{4}(?=.)/g, "$&-");
}
