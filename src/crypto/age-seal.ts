import { randomBytes, type KeyObject } from "node:crypto";
import { encodeMac, encodeMacInput, maxAgeStanzas, type AgeStanza } from "../core/age-header.js";
import { encodeHex } from "../core/bytes.js";
import { fail } from "../core/errors.js";
import { headerMac, sealPayload } from "./age-payload.js";
import { bindSshKey, fileKeyBytes, findSshStanza, findX25519Stanza, type SshBinding } from "./age-stanza.js";
import { findMontgomery } from "./edwards.js";
import type { Recipient } from "./recipient.js";
import { getX25519PublicKey } from "./x25519.js";

/**
 * Seals to the recipients as a binary age v1 file that any stock `age` opens. Stanza i belongs to `recipients[i]`: readers rely on
 * the order. Throws `usage/invalid` for no recipient, more than 1,024, or one that no secret can be agreed with.
 */
export function sealAge(plaintext: Uint8Array, recipients: readonly Recipient[]): Uint8Array {
  if (recipients.length === 0) fail("usage/invalid", "nothing can be sealed to no recipient");
  if (recipients.length > maxAgeStanzas)
    fail("usage/invalid", `cannot seal to more than ${maxAgeStanzas} recipients, got ${recipients.length}`);
  const fileKey = randomBytes(fileKeyBytes);
  try {
    const macInput = encodeMacInput(recipients.map((recipient) => sealFor(recipient, fileKey)));
    const header = Buffer.concat([macInput, encodeMac(headerMac(fileKey, macInput))]);
    return sealPayload(fileKey, header, plaintext);
  } finally {
    fileKey.fill(0);
  }
}

function sealFor(recipient: Recipient, fileKey: Uint8Array): AgeStanza {
  return (
    findStanza(recipient, fileKey) ??
    fail("usage/invalid", "a recipient's key is a point of small order or no point at all")
  );
}

function findStanza(recipient: Recipient, fileKey: Uint8Array): AgeStanza | undefined {
  switch (recipient.kind) {
    case "x25519":
      return findX25519Stanza(fileKey, getX25519PublicKey(recipient.publicKey), recipient.publicKey);
    case "ssh-ed25519": {
      const prepared = findPrepared(recipient.publicKey);
      return prepared && findSshStanza(fileKey, prepared.binding, prepared.publicKey, prepared.publicBytes);
    }
  }
}

interface PreparedSshKey {
  readonly binding: SshBinding;
  readonly publicKey: KeyObject;
  readonly publicBytes: Uint8Array;
}

const maxPrepared = 1024;
const preparedKeys = new Map<string, PreparedSshKey>();

// The conversion to X25519 takes longer than sealing does, so a run over many secrets does it once for each key.
function findPrepared(publicKey: Uint8Array): PreparedSshKey | undefined {
  const id = encodeHex(publicKey);
  const known = preparedKeys.get(id);
  if (known !== undefined) return known;
  const publicBytes = findMontgomery(publicKey);
  if (publicBytes === undefined) return undefined;
  const made = { binding: bindSshKey(publicKey), publicKey: getX25519PublicKey(publicBytes), publicBytes };
  if (preparedKeys.size >= maxPrepared) preparedKeys.clear();
  preparedKeys.set(id, made);
  return made;
}
