const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function step(checksum: number, value: number): number {
  const top = checksum >>> 25;
  const next = ((checksum & 0x1ffffff) << 5) ^ value;
  return generators.reduce((sum, generator, bit) => ((top >>> bit) & 1 ? sum ^ generator : sum), next);
}

/** True for bech32 (BIP-173, of any length) whose checksum holds; age's identities are in upper case. */
export function hasBech32Checksum(text: string): boolean {
  const lowered = text.toLowerCase();
  const split = lowered.lastIndexOf("1");
  if (split < 1 || (text !== lowered && text !== text.toUpperCase())) return false;
  const prefix = Array.from(lowered.slice(0, split), (letter) => letter.charCodeAt(0));
  const values = Array.from(lowered.slice(split + 1), (letter) => letters.indexOf(letter));
  if (values.length < 6 || values.includes(-1)) return false;
  const all = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...values];
  return all.reduce(step, 1) === 1;
}
