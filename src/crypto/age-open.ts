import { parseAgeHeader, type AgeStanza } from "../core/age-header.js";
import { fail } from "../core/errors.js";
import { openPayload, payloadNonceBytes } from "./age-payload.js";
import { checkStanzas, findSshFileKey, findX25519FileKey } from "./age-stanza.js";
import type { Identity } from "./identity.js";

/**
 * Opens a binary age v1 file. `guess` is the place of the identity's own stanza, where the caller knows it: that one is tried first
 * and the others after it, so a wrong guess costs time and nothing else. The bytes are untrusted.
 *
 * Throws `age/malformed` for a header that is not as it must be or a share of small order, `identity/unfit` when no stanza is for
 * this identity, `age/corrupt` when the header's MAC or the payload is wrong.
 */
export function openAge(file: Uint8Array, identity: Identity, guess?: number): Uint8Array {
  const header = parseAgeHeader(file);
  checkStanzas(header.stanzas);
  if (file.byteLength < header.headerEnd + payloadNonceBytes)
    fail("age/malformed", "an age file ends before its payload");
  const fileKey = findFileKey(header.stanzas, identity, guess);
  if (fileKey === undefined)
    fail("identity/unfit", `none of the ${header.stanzas.length} stanzas is for this identity`);
  try {
    return openPayload(file, header, fileKey);
  } finally {
    fileKey.fill(0);
  }
}

function findFileKey(
  stanzas: readonly AgeStanza[],
  identity: Identity,
  guess: number | undefined,
): Uint8Array | undefined {
  const guessed = guess === undefined ? undefined : stanzas[guess];
  const first = guessed && tryStanza(guessed, identity);
  if (first !== undefined) return first;
  for (const stanza of stanzas) {
    const fileKey = stanza === guessed ? undefined : tryStanza(stanza, identity);
    if (fileKey !== undefined) return fileKey;
  }
  return undefined;
}

function tryStanza(stanza: AgeStanza, identity: Identity): Uint8Array | undefined {
  switch (identity.kind) {
    case "x25519":
      return stanza.type === "X25519" ? findX25519FileKey(stanza, identity.privateKey, identity.publicKey) : undefined;
    case "ssh-ed25519":
      return stanza.type === "ssh-ed25519"
        ? findSshFileKey(stanza, identity.binding, identity.privateKey, identity.publicBytes)
        : undefined;
  }
}
