import { generateKeyPairSync, sign, verify } from "node:crypto";
import { timed } from "../measure.js";

/** How long so many Ed25519 verifications take and nothing else, of data as long as what a signature of ours is over. */
export function verifyBare(count: number): Record<string, number> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const signed = Array.from({ length: 256 }, (_, at) => {
    const data = Buffer.alloc(112, at);
    return { data, proof: sign(null, data, privateKey) };
  });
  const ms = timed(() => {
    for (let at = 0; at < count; at++) {
      const one = signed[at % signed.length];
      if (!one || !verify(null, one.data, publicKey, one.proof)) throw new Error("a signature does not hold");
    }
  });
  return { ms };
}
