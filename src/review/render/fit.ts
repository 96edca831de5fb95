/** A part of a Markdown document that is cut between lines, never inside one. */
export interface Section {
  /** Stands before the lines, and only when there are any; its own line feeds included. */
  readonly head: string;
  readonly lines: readonly string[];
  /** What a line is, for the notice: `secret`, `remark`. */
  readonly what: string;
  /** The part of all bytes that it may take, 0 to 1; what earlier sections left over comes on top. */
  readonly share: number;
}

const noticeBytes = 160;

/**
 * Puts sections into at most `maxBytes` bytes of UTF-8: each gets its share, so that a flood in one cannot hide another, and says
 * how much of it is missing. `order` says in which order shares are given out; they appear in their own.
 */
export function fitSections(sections: readonly Section[], order: readonly number[], maxBytes: number): string {
  const texts = new Map<number, string>();
  let spare = 0;
  const all = sections.reduce((sum, one) => sum + sizeOf(one), 0);
  for (const at of order) {
    const section = sections[at];
    if (section === undefined) continue;
    // When everything fits, nothing is cut for the sake of a share.
    const budget = all <= maxBytes ? all : Math.floor(maxBytes * section.share) + spare;
    const text = fitOne(section, budget);
    spare = Math.max(0, budget - Buffer.byteLength(text));
    texts.set(at, text);
  }
  return sections.map((_, at) => texts.get(at) ?? "").join("");
}

function sizeOf({ head, lines }: Section): number {
  return lines.length === 0
    ? 0
    : Buffer.byteLength(head) + lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}

function fitOne(section: Section, budget: number): string {
  const { head, lines, what } = section;
  if (lines.length === 0) return "";
  if (sizeOf(section) <= budget) return `${head}${lines.join("\n")}\n`;
  let left = budget - Buffer.byteLength(head) - noticeBytes;
  let kept = 0;
  for (const line of lines) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    kept++;
  }
  const more = lines.length - kept;
  const notice = `**${more} more ${what}${more === 1 ? "" : "s"} of ${lines.length} are not shown here. All of them: \`secrets review --format text\`**`;
  // A line of its own behind an empty one also ends a table.
  return `${head}${lines
    .slice(0, kept)
    .map((line) => `${line}\n`)
    .join("")}\n${notice}\n`;
}
