import { isSecretName } from "../../core/name.js";

// `const apiKey = "`, `"apiKey": "`, `:api_key => "`, `api.key=`, `setApiKey("`, `<apiKey>`
const key =
  /([A-Za-z_$][\w.$-]{0,100})["'`\]]?\s*(?::\s*[A-Za-z_][\w<>., |[\]]*\s*)?(?:=>|:=|={1,3}|:|\(|,|>|\s)\s*\(?\s*[A-Za-z$@]{0,2}["'`]?$/;
const noise = new Set([
  "const",
  "let",
  "var",
  "export",
  "public",
  "private",
  "static",
  "final",
  "string",
  "return",
  "set",
]);

/**
 * A name for a secret by what it is assigned to on its line: `DB_PASSWORD=` gives `db-password`. Where that says nothing, by its rule:
 * `acme/access-token` gives `acme-access-token`. Undefined when neither is a valid name.
 */
export function deriveName(before: string, rule: string): string | undefined {
  const found = key.exec(before.slice(-300))?.[1] ?? "";
  const last = found.split(".").findLast((part) => part !== "" && !noise.has(part.toLowerCase())) ?? "";
  const words = toWords(last);
  return [words, toWords(rule)].find((name) => name.length >= 3 && isSecretName(name));
}

function toWords(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 100)
    .replaceAll(/-+$/g, "");
}
