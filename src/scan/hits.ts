import { findWords } from "./words.js";
import type { Words } from "./word-table.js";

/** Where literals stand in a text, in order; of those at one place, the longer first. */
export interface Hits {
  readonly count: number;
  readonly places: Int32Array;
  readonly words: Int32Array;
}

const firstSize = 1_024;
// Kept from text to text, and used up before the next one is looked at: growing it costs more than most texts do.
let places = new Int32Array(firstSize);
let numbers = new Int32Array(firstSize);

function grown(old: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * old.length);
  larger.set(old);
  return larger;
}

/**
 * Finds all literals. They come nearly in order, so each is moved a few places at most: sorting costs no more than storing. The
 * answer is good until the next call.
 */
export function findHits(words: Words, bytes: Uint8Array): Hits {
  const { literals } = words;
  let count = 0;
  const isBehind = (i: number, at: number, word: number): boolean => {
    const place = places[i] ?? 0;
    if (place !== at) return place > at;
    return (literals[numbers[i] ?? 0]?.length ?? 0) < (literals[word]?.length ?? 0);
  };
  findWords(words, bytes, (word, at) => {
    if (count === places.length) {
      places = grown(places);
      numbers = grown(numbers);
    }
    let i = count++;
    for (; i > 0 && isBehind(i - 1, at, word); i--) {
      places[i] = places[i - 1] ?? 0;
      numbers[i] = numbers[i - 1] ?? 0;
    }
    places[i] = at;
    numbers[i] = word;
  });
  return { count, places, words: numbers };
}
