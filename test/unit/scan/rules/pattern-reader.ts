/** What a reader of regular expressions says of one: enough to bound the work that it can make. */
export interface PatternCost {
  /** Length of the longest match; Infinity where nothing bounds it. */
  readonly longest: number;
  /** In how many ways a text of the longest match could be divided among quantifiers inside of quantifiers. */
  readonly divisions: number;
}

interface Reader {
  readonly source: string;
  at: number;
}

const none: PatternCost = { longest: 0, divisions: 1 };

function readAlternatives(reader: Reader): PatternCost {
  let best = none;
  let sequence = none;
  while (reader.at < reader.source.length && reader.source[reader.at] !== ")") {
    if (reader.source[reader.at] === "|") {
      reader.at += 1;
      best = larger(best, sequence);
      sequence = none;
      continue;
    }
    const part = readQuantified(reader);
    sequence = { longest: sequence.longest + part.longest, divisions: Math.max(sequence.divisions, part.divisions) };
  }
  return larger(best, sequence);
}

function larger(a: PatternCost, b: PatternCost): PatternCost {
  return { longest: Math.max(a.longest, b.longest), divisions: Math.max(a.divisions, b.divisions) };
}

function readQuantified(reader: Reader): PatternCost {
  const { cost, choices } = readAtom(reader);
  const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(reader.source.slice(reader.at))?.[0];
  if (quantifier === undefined) return cost;
  reader.at += quantifier.length;
  const most = mostOf(quantifier);
  const divisions = most > 1 ? choices ** Math.min(most, 30) : 1;
  return { longest: cost.longest * most, divisions: Math.max(cost.divisions, divisions) };
}

function mostOf(quantifier: string): number {
  if (quantifier.startsWith("?")) return 1;
  const [, least = "", comma, most = ""] = /^\{(\d+)(,)?(\d*)\}/.exec(quantifier) ?? [];
  if (least === "" || (comma !== undefined && most === "")) return Number.POSITIVE_INFINITY;
  return Number(comma === undefined ? least : most);
}

/** An atom with the number of lengths that it can have: more than one only for groups. */
function readAtom(reader: Reader): { readonly cost: PatternCost; readonly choices: number } {
  const rest = reader.source.slice(reader.at);
  const plain = /^(?:\\[\s\S]|\[\^?\]|\[(?:\\[\s\S]|[^\\\]])*\]|[^(\\[])/.exec(rest)?.[0] ?? "";
  if (!rest.startsWith("(")) {
    const isEdge = plain === "^" || plain === "$" || plain === String.raw`\b`;
    reader.at += plain === "[^]" || plain === "[]" ? 3 : plain.length;
    return { cost: { longest: isEdge ? 0 : 1, divisions: 1 }, choices: 1 };
  }
  const opening = /^\((?:\?:|\?<?[=!]|\?<\w+>)?/.exec(rest)?.[0] ?? "(";
  const from = reader.at;
  reader.at += opening.length;
  const inside = readAlternatives(reader);
  reader.at += 1;
  const text = reader.source.slice(from, reader.at);
  if (/[=!]$/.test(opening)) return { cost: { longest: 0, divisions: inside.divisions }, choices: 1 };
  return { cost: inside, choices: choicesOf(text) };
}

/** The product of the widths of variable quantifiers in a group; a lookaround's do not count, it is tried once. */
function choicesOf(group: string): number {
  const visible = group
    .replaceAll(/\(\?<?[=!](?:[^()]|\([^()]*\))*\)/g, "")
    .replaceAll(/\\[\s\S]/g, "x")
    .replaceAll(/\[[^\]]*\]/g, "x");
  let product = 1;
  for (const [, least = "0", most = ""] of visible.matchAll(/\{(\d+),(\d*)\}/g))
    product *= most === "" ? Number.POSITIVE_INFINITY : Number(most) - Number(least) + 1;
  return /[*+]/.test(visible) ? Number.POSITIVE_INFINITY : product;
}

/** Reads the source of a regular expression. Throws where brackets do not close. */
export function readPattern(source: string): PatternCost {
  const reader = { source, at: 0 };
  const cost = readAlternatives(reader);
  if (reader.at !== source.length) throw new Error(`unbalanced at ${String(reader.at)} of ${source}`);
  return cost;
}
