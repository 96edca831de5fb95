import { encodeHex } from "../core/bytes.js";

// The field and curve of Ed25519 (RFC 8032 §5.1). Only public keys are computed with here: nothing needs constant time.
const p = 2n ** 255n - 19n;
// −121665/121666, written out because the division would take part of every start.
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/**
 * The X25519 public key of an Ed25519 one: u = (1 + y) / (1 − y) (RFC 7748 §4.1), or undefined when the bytes are no point of the
 * curve. The key must have passed `checkPublicKey`, so y is not 1.
 */
export function findMontgomery(publicKey: Uint8Array): Uint8Array | undefined {
  const y = BigInt(`0x${encodeHex(Uint8Array.from(publicKey).toReversed())}`) & (2n ** 255n - 1n);
  // x² = (y² − 1) / (d y² + 1) must be a square; Euler's criterion, with the quotient as a product that has the same character.
  const square = (y * y) % p;
  const xx = ((square - 1n + p) * (d * square + 1n)) % p;
  if (power(xx, (p - 1n) / 2n) !== 1n) return undefined;
  const u = ((1n + y) * inverse((1n - y + p) % p)) % p;
  return Buffer.from(u.toString(16).padStart(64, "0"), "hex").toReversed();
}

function inverse(value: bigint): bigint {
  return power(value, p - 2n);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = base % p;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % p;
    factor = (factor * factor) % p;
  }
  return result;
}
