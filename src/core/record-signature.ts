import { fail } from "./errors.js";
import { hasRole } from "./member.js";
import { recordText, type RecordBody, type SecretRecord, type UnsignedRecord } from "./record.js";
import { namespaces, signSshsig, verifySshsig, type SigningKey } from "./signature.js";
import { getRoot, getSigner, type Signer, type TrustChain } from "./trust-chain.js";

type Signed<T> = T & { readonly sig: string };

/** Adds the signature of a record's canonical JSON, all but `sig` and `ct` (docs/format.md, Signatures). */
export function signRecord<T extends UnsignedRecord | RecordBody>(record: T, key: SigningKey): Signed<T> {
  return { ...record, sig: signSshsig(key, namespaces.record, recordText(record)) };
}

/**
 * Checks that a record is signed by a member of the root it names who may write. Returns the signer.
 * Throws `trust/unknown-key`, `trust/corrupt` or `secret/corrupt`.
 */
export function verifyRecord(record: SecretRecord, chain: TrustChain): Signer {
  const signer = getSigner(getRoot(chain, record.trust), record.by);
  try {
    verifySshsig(record.sig, signer.verifyKey, namespaces.record, recordText(record));
  } catch (cause) {
    fail("secret/corrupt", `the signature of a ${record.kind} block is not valid`, {
      hint: "run: secrets verify",
      cause,
    });
  }
  if (!hasRole(signer.member, "write"))
    fail("secret/corrupt", `a ${record.kind} block is signed by ${signer.member.id}, who may only read`);
  return signer;
}
