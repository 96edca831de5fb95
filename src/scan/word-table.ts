/** Literals that are looked for at once, in any case of ASCII letters. Made by `buildWords` (build-words.ts), searched by `findWords`. */
export interface Words {
  /** One bit for each hash of four bytes, set for those of a literal of which one is seen at every second place of a text. */
  readonly filter: Int32Array;
  /** For the upper bits of a hash: the first entry of its chain; 0, which is none, for no entry. */
  readonly heads: Uint16Array;
  /**
   * Four numbers an entry, side by side because most of what looking one up costs is fetching it: four bytes of a text, or a key of three
   * of them (`headKey`, `tailKey`); the next entry and the literal (`nextOf`, `wordOf`); where in the literal the four bytes begin and a byte of it beside them (`offsetOf`, `probeOf`); nothing.
   */
  readonly entries: Int32Array;
  readonly literals: readonly Uint8Array[];
}

/** The next entry of the chain in the lower half, the number of the literal in the upper one. */
export const nextOf = (links: number): number => links & 0xffff;
export const wordOf = (links: number): number => links >>> 16;

/** The byte; where it stands, counted from the four bytes, as a signed number; where these begin in the literal, -1 for before it. */
export const probeOf = (places: number): number => places & 0xff;
export const probeAtOf = (places: number): number => (places << 16) >> 24;
export const offsetOf = (places: number): number => places >> 16;

// Bit 5 makes letters of both cases one; that it makes some signs one as well is set right where a literal is compared.
export const quadCase = 0x20202020;
export const multiplier = 0x9e3779b1 | 0;
/** How far a product with the multiplier is shifted: the rest is the number of a bit, or of a chain. */
export const filterShift = 32 - 20;
export const headShift = 32 - 12;

/** The first three, and the last three, of four bytes: keys of literals of which no four are seen. No four bytes are equal to one, because of `quadCase`. */
export const headKey = (quad: number): number => (quad & 0xffffff) | 0x1000000;
export const tailKey = (quad: number): number => (quad >>> 8) | 0x2000000;
