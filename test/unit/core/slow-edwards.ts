/** Ed25519 group arithmetic by the book (RFC 8032 §5.1), slow and obviously right: a twin for tests only. */
export const order = 2n ** 252n + 27742317777372353535851937790883648493n;

const p = 2n ** 255n - 19n;
const mod = (value: bigint): bigint => ((value % p) + p) % p;
const power = (base: bigint, exponent: bigint): bigint => {
  if (exponent === 0n) return 1n;
  const half = power(mod(base * base), exponent / 2n);
  return exponent % 2n === 1n ? mod(half * base) : half;
};
const inverse = (value: bigint): bigint => power(mod(value), p - 2n);
const d = mod(-121665n * inverse(121666n));

export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

const neutral: Point = { x: 0n, y: 1n };
const same = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y;

function add(a: Point, b: Point): Point {
  const t = mod(d * a.x * b.x * a.y * b.y);
  return {
    x: mod((a.x * b.y + a.y * b.x) * inverse(1n + t)),
    y: mod((a.y * b.y + a.x * b.x) * inverse(1n - t)),
  };
}

export function multiply(point: Point, factor: bigint): Point {
  if (factor === 0n) return neutral;
  const half = multiply(add(point, point), factor / 2n);
  return factor % 2n === 1n ? add(half, point) : half;
}

/** A point of the curve found from a number, of whatever order. */
export function randomPoint(seed: bigint): Point {
  for (let y = seed * 7919n; ; y++) {
    const xx = mod((y * y - 1n) * inverse(d * y * y + 1n));
    let x = power(xx, (p + 3n) / 8n);
    if (mod(x * x) !== xx) x = mod(x * power(2n, (p - 1n) / 4n));
    if (mod(x * x) === xx && x !== 0n) return { x, y };
  }
}

/** The eight points whose order divides 8. */
export function torsionPoints(): readonly Point[] {
  for (let seed = 1n; ; seed++) {
    const torsion = multiply(randomPoint(seed), order);
    if (pointOrder(torsion) === 8n) return [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((factor) => multiply(torsion, factor));
  }
}

export function pointOrder(point: Point): bigint {
  let factor = 1n;
  for (let sum = point; !same(sum, neutral); sum = add(sum, point)) factor++;
  return factor;
}

/** Every 32 bytes that a lax decoder takes for the point: y or y + p, and either sign where x is 0. */
export function encodePoint({ x, y }: Point): readonly Uint8Array[] {
  const ys = y + p < 2n ** 255n ? [y, y + p] : [y];
  const signs = x === 0n ? [0n, 1n] : [x % 2n];
  return ys.flatMap((each) => signs.map((sign) => encodeLittle(each + (sign << 255n))));
}

export function encodeLittle(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 255n));
}

export function decodeLittle(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}
