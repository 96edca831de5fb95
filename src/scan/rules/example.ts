const lower = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const upper = lower.toUpperCase();

/** The letters that shapes name: `{b62:36}` is 36 of the first. */
const alphabets = {
  b62: digits + upper + lower,
  b64: `${upper}${lower}${digits}+/`,
  b64u: `${upper}${lower}${digits}-_`,
  hex: `${digits}abcdef`,
  HEX: `${digits}ABCDEF`,
  a36: digits + lower,
  A36: digits + upper,
  b32: `${lower}234567`,
  B32: `${upper}234567`,
  b58: `${digits}${upper}${lower}`.replaceAll(/[0OIl]/g, ""),
  bech: "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
  digit: digits,
  lower,
  upper,
  alpha: upper + lower,
  x: "x",
} as const;

/** `length` letters of an alphabet, the same for the same seed: a linear congruential generator, so that no clock or randomness is used. */
export function sample(alphabet: string, length: number, seed: number): string {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  let text = "";
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += alphabet.charAt(Math.floor((state / 2 ** 32) * alphabet.length));
  }
  return text;
}

function isAlphabet(name: string): name is keyof typeof alphabets {
  return Object.hasOwn(alphabets, name);
}

function fillGroup(name: string, length: number, seed: number): string {
  if (name === "uuid")
    return [8, 4, 4, 4, 12].map((part, index) => sample(alphabets.hex, part, seed + index)).join("-");
  return isAlphabet(name) ? sample(alphabets[name], length, seed) : `{${name}:${String(length)}}`;
}

/**
 * Makes a text of a shape: `ghp_{b62:36}` is `ghp_` and 36 letters and digits; `{uuid:1}` a uuid; `{json:TEXT}` and
 * `{base64:TEXT}` the base64url and base64 of TEXT without padding. Another seed makes another text.
 */
export function fill(shape: string, seed: number): string {
  let group = seed * 31;
  return shape.replaceAll(/\{(\w+):((?:[^{}]|\{[^{}]*\})*)\}/g, (whole, name: string, rest: string) => {
    group += 7;
    if (name === "json") return Buffer.from(rest, "latin1").toString("base64url");
    if (name === "base64")
      return Buffer.from(fill(rest.replaceAll(/<(\w+:\d+)>/g, "{$1}"), group), "latin1").toString("base64");
    return /^\d+$/.test(rest) ? fillGroup(name, Number(rest), group) : whole;
  });
}
