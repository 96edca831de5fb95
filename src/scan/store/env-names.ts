import { isPlaceholder } from "../placeholder.js";
import type { FileProblem } from "./store-rules.js";

const envFile = /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w.-]+\.env|\.envrc)$/;
const template = /\.(?:example|sample|template|tmpl|dist|defaults?)(?:\.|$)/i;
const line = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(?:"([^"\r\n]*)"|'([^'\r\n]*)'|([^\s#]*))/gm;

/** The variable that a secret's name is given as: `-` is `_`, `/` is `__`. */
export function variableOf(name: string): string {
  return name.replaceAll("/", "__").replaceAll("-", "_").toUpperCase();
}

/**
 * Lines of an env file that give a value to a name which the store has: `DB__PASSWORD=…` beside a secret `db/password`. What is
 * encrypted, a reference or a placeholder is no value.
 */
export function findPlaintextEnv(
  { path, bytes }: { readonly path: string; readonly bytes: Buffer },
  names: readonly string[],
): readonly FileProblem[] {
  if (names.length === 0 || !envFile.test(path) || template.test(path)) return [];
  const secrets = new Map(names.map((name) => [variableOf(name), name]));
  const found: FileProblem[] = [];
  for (const match of bytes.toString("latin1").matchAll(line)) {
    const [whole, variable = "", double, single, bare = ""] = match;
    const name = secrets.get(variable.toUpperCase());
    const value = double ?? single ?? bare;
    if (name === undefined || isReference(value) || isPlaceholder(value)) continue;
    const start = match.index + whole.lastIndexOf(value);
    found.push({
      rule: "store/plaintext-env",
      severity: "block",
      certainty: "context",
      start,
      end: start + value.length,
      name,
      why: `the store has a secret of this name: ${name}`,
    });
  }
  return found;
}

function isReference(value: string): boolean {
  return value === "" || /^(?:encrypted:|secrets?:|op:\/\/|vault:|ref\+|\$)/.test(value);
}
