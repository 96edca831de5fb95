// Writes src/scan/generic/trigrams.ts: how surprising each letter is after the two before it, in words that people write.
// Counts the words of the packages in node_modules (code, types, manuals), each package once a word, so that no package
// decides alone. Run by hand: `node scripts/trigrams.mjs`; the table need not follow each update of a package.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./esbuild-options.mjs";

const symbols = "^abcdefghijklmnopqrstuvwxyz0";
const size = symbols.length;
/** Costs are kept in quarters of a bit, at most 63 of them, as the printable characters from `#` on; `\` is left out. */
const digits = Array.from({ length: 65 }, (_, at) => String.fromCodePoint(35 + at)).filter((digit) => digit !== "\\");

/** @param {string} folder @param {(path: string) => void} see */
function walk(folder, see) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, see);
    else if (entry.isFile() && /\.(?:d\.[cm]?ts|[cm]?js|md)$/.test(entry.name) && statSync(path).size < 2_000_000)
      see(path);
  }
}

/** Packages of node_modules, scoped ones each by itself. @returns {string[]} */
function packages() {
  const modules = join(root, "node_modules");
  return readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => join(name, inner)) : [name],
    )
    .map((name) => join(modules, name))
    .toSorted();
}

/** @type {Map<string, number>} in how many packages a word stands */
const spread = new Map();
for (const folder of packages()) {
  /** @type {Set<string>} */
  const words = new Set();
  walk(folder, (path) => {
    for (const line of readFileSync(path, "utf8").split("\n")) {
      // Longer lines are minified code and data: no words of people.
      if (line.length > 300) continue;
      for (const [word] of line.matchAll(/[A-Za-z][a-z]+|[A-Z]+(?![a-z])|[A-Za-z]+\d{1,4}(?![A-Za-z\d])/g)) {
        if (word.length > 1 && word.length < 25) words.add(word.toLowerCase());
      }
    }
  });
  for (const word of words) spread.set(word, (spread.get(word) ?? 0) + 1);
}

const counts = new Float64Array(size ** 3);
const at = (/** @type {string} */ symbol) => Math.max(0, symbols.indexOf(symbol));
for (const [word, packagesWithIt] of spread) {
  if (packagesWithIt < 3) continue;
  const weight = 1 + Math.log2(packagesWithIt);
  const text = `^^${word.replaceAll(/\d/g, "0")}^`;
  for (let i = 2; i < text.length; i += 1) {
    const place = (at(text.charAt(i - 2)) * size + at(text.charAt(i - 1))) * size + at(text.charAt(i));
    counts[place] = (counts[place] ?? 0) + weight;
  }
}

// Interpolated with the pair and the letter alone, so that a trigram nobody wrote still tells `qz` from `er`.
const pairs = new Float64Array(size ** 2);
const singles = new Float64Array(size);
counts.forEach((count, place) => {
  const last = place % size;
  const pair = (Math.floor(place / size) % size) * size + last;
  pairs[pair] = (pairs[pair] ?? 0) + count;
  singles[last] = (singles[last] ?? 0) + count;
});
const sum = (/** @type {Float64Array} */ values) => values.reduce((a, b) => a + b, 0);
const all = sum(singles);
const rows = [];
for (let a = 0; a < size; a += 1) {
  let row = "";
  for (let b = 0; b < size; b += 1) {
    const from = (a * size + b) * size;
    const seen = sum(counts.subarray(from, from + size));
    const seenPairs = sum(pairs.subarray(b * size, b * size + size));
    for (let c = 0; c < size; c += 1) {
      const one = ((singles[c] ?? 0) + 1) / (all + size);
      const two = ((pairs[b * size + c] ?? 0) + 20 * one) / (seenPairs + 20);
      const three = ((counts[from + c] ?? 0) + 20 * two) / (seen + 20);
      row += digits[Math.min(63, Math.round(-4 * Math.log2(three)))];
    }
  }
  rows.push(row);
}
writeFileSync(
  join(root, "src/scan/generic/trigrams.ts"),
  `/**
 * How surprising a letter is after two others, in words that people write: scripts/trigrams.mjs counts them and writes this file.
 * One row for each first symbol of \`^abc…z0\` (\`^\` no letter, \`0\` a digit), in it one character for each second and third, a
 * quarter of a bit each from \`#\` on, without the backslash.
 */
export const trigramRows: readonly string[] = [
${rows.map((row) => `  '${row.replaceAll("'", "\\'")}',`).join("\n")}
];
`,
);
console.log(`${spread.size} words seen, ${[...spread.values()].filter((count) => count >= 3).length} counted`);
