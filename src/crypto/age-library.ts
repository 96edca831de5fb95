import type { Decrypter } from "age-encryption";
import { parseAgeHeader } from "../core/age-header.js";
import { fail } from "../core/errors.js";
import { openPayload, payloadNonceBytes } from "./age-payload.js";

/**
 * Opens a binary age file with what only the `age-encryption` package has (passphrases; in tests also post-quantum identities). The
 * package finds the file key; its payload is opened by our own code. The package throws plain errors: this is the one place that
 * tells them apart, and a test pins their texts. Throws `identity/unfit`, `age/malformed` or `age/corrupt`.
 */
export async function openByLibrary(file: Uint8Array, configure: (decrypter: Decrypter) => void): Promise<Uint8Array> {
  const header = parseAgeHeader(file);
  if (file.byteLength < header.headerEnd + payloadNonceBytes)
    fail("age/malformed", "an age file ends before its payload");
  // Its import takes 100 ms, which only those who need a passphrase should pay.
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  configure(decrypter);
  let fileKey: Uint8Array;
  try {
    fileKey = await decrypter.decryptHeader(file.subarray(0, header.headerEnd));
  } catch (cause) {
    classify(cause);
  }
  return openPayload(file, header, fileKey);
}

function classify(cause: unknown): never {
  const text = cause instanceof Error ? cause.message : "";
  if (text === "no identity matched any of the file's recipients")
    fail("identity/unfit", "neither passphrase nor identity fits this age file");
  if (text === "invalid header HMAC") fail("age/corrupt", "the header of an age file was changed: its MAC is wrong");
  // The cause may quote what it was given, so it goes no further.
  fail("age/malformed", "an age file has a stanza that is not well formed");
}
