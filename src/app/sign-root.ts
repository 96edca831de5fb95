import { encodeUtf8 } from "../core/bytes.js";
import { armorSshsig, namespaces, signSshsig, type SigningKey } from "../core/signature.js";
import { keyIdHex } from "../core/ssh-key.js";
import { encodeTrustRoot, type TrustRoot } from "../core/trust-root.js";
import type { RootFiles } from "../core/trust-chain.js";
import { rootPath, rootSignaturePath } from "../store/layout.js";
import type { Target } from "../store/transaction.js";

/** A root with one admin's signature: the files to write, and the same as {@link RootFiles} for the verifier. */
export interface SignedRoot {
  readonly files: RootFiles;
  readonly targets: readonly Target[];
}

/** Encodes a root and signs its bytes (docs/format.md, Trust root). */
export function signRoot(root: TrustRoot, key: SigningKey): SignedRoot {
  const bytes = encodeUtf8(encodeTrustRoot(root));
  const keyId = keyIdHex(key.publicKey);
  const signature = encodeUtf8(armorSshsig(signSshsig(key, namespaces.root, bytes)));
  return {
    files: { n: root.n, bytes, signatures: [{ keyId, bytes: signature }] },
    // The signature first: died between the two, an unsigned root 1 would make every command stop before it could recover.
    targets: [
      { path: rootSignaturePath(root.n, keyId), before: null, after: signature },
      { path: rootPath(root.n), before: null, after: bytes },
    ],
  };
}
