import { readFileSync, writeFileSync } from "node:fs";

/** One text with the title under which it stands in the file. */
export interface GoldenPart {
  readonly title: string;
  readonly make: () => Promise<string>;
}

/**
 * The parts of a committed Markdown file by their titles. After a change that is meant, `GOLDEN=write` writes the file anew; what
 * it changed is to be read before it is committed.
 */
export async function readGolden(file: URL, parts: readonly GoldenPart[]): Promise<ReadonlyMap<string, string>> {
  if (process.env["GOLDEN"] === "write") {
    const texts: string[] = [];
    for (const { title, make } of parts) texts.push(`# ${title}\n\n${await make()}\n`);
    writeFileSync(file, texts.join("\n"));
  }
  const found = readFileSync(file, "utf8")
    .split(/^# (.*)\n\n/m)
    .slice(1);
  return new Map(found.flatMap((text, at) => (at % 2 === 0 ? [[text, (found[at + 1] ?? "").trimEnd()]] : [])));
}
