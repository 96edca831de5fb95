import { environmentOf, languageOf, type CodeLanguage } from "./language.js";
import { findLiteral, type Literal } from "./literal.js";

/** A secret on one line, as one Latin-1 character a byte. Untrusted but for the name. */
export interface Place {
  readonly path: string;
  readonly line: string;
  /** The secret's part of the line: from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  /** Under which the secret is kept. */
  readonly name: string;
}

/** What to write instead of which part of the line, or why that is for a person to decide. */
export type Reference =
  | { readonly kind: "reference"; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: "refused"; readonly why: string };

/** The environment variable of a secret: `db/password-new` is `DB_PASSWORD_NEW`. */
export function variableOf(name: string): string {
  const variable = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
  return /^[0-9]/.test(variable) ? `_${variable}` : variable;
}

/**
 * The reference that a file's language expects where a literal stands. Refuses what would not mean the same: a literal with escapes, of
 * an unknown kind, of a constant that must be known when it is compiled.
 */
export function planReference(place: Place): Reference {
  const { line, start, end, path, name } = place;
  if (line.slice(start, end).includes("\\"))
    return refuse("it has a backslash, so what the file says and what the program reads may differ");
  const language = languageOf(path);
  const literal = findLiteral(line, start, end);
  if (language === "data") return planData(place, literal);
  if (language === "shell" || language === "dotenv") return planShell(place, literal);
  if (literal === undefined) return refuse("it is no quoted text, and code refers to secrets by an expression");
  return planCode(place, literal, language, environmentOf(language, variableOf(name)));
}

function refuse(why: string): Reference {
  return { kind: "refused", why };
}

function planData({ line, start, end, name }: Place, literal: Literal | undefined): Reference {
  if (literal === undefined ? isWholeWord(line, start, end) : isWhole(literal, start, end))
    return { kind: "reference", start, end, text: `secrets://${name}` };
  if (literal?.quote === '"') return refuse("it is a part of a longer text: put the whole text into the store");
  return { kind: "reference", start, end, text: `{{ secret "${name}" }}` };
}

// Between blanks, or what separates keys and values; a reference that went on would be another one.
function isWholeWord(line: string, start: number, end: number): boolean {
  return /(?:^|[\s:=>,[{(])$/.test(line.slice(0, start)) && /^(?:\s|[,\]})<;]|$)/.test(line.slice(end));
}

function planShell({ line, start, end, name }: Place, literal: Literal | undefined): Reference {
  const text = `\${${variableOf(name)}}`;
  if (literal?.quote !== "'") return { kind: "reference", start, end, text };
  // Nothing expands in single quotes.
  const before = line.slice(literal.open + 1, start);
  const after = line.slice(end, literal.close);
  if (/["$`\\]/.test(before + after))
    return refuse("it stands in single quotes beside signs that mean something in double ones");
  return { kind: "reference", start: literal.open, end: literal.close + 1, text: `"${before}${text}${after}"` };
}

function planCode(place: Place, literal: Literal, language: CodeLanguage, expression: string): Reference {
  const { line, start, end } = place;
  const why = whyNot(line, literal, language);
  if (why !== undefined) return refuse(why);
  if (literal.quote === "`" && (language === "javascript" || language === "jsx") && !isWhole(literal, start, end))
    return { kind: "reference", start, end, text: `\${${expression}}` };
  const from = literal.open - (isWhole(literal, start, end) ? literal.prefix.length : 0);
  const joined = join(place, literal, language, expression);
  if (joined === undefined) return refuse("it is a part of a longer text, which cannot be put together here");
  // In markup an attribute's text is quoted and its expression stands in braces.
  const isAttribute = language === "jsx" && /<[^>]*[A-Za-z-]=$/.test(line.slice(0, literal.open));
  return { kind: "reference", start: from, end: literal.close + 1, text: isAttribute ? `{${joined}}` : joined };
}

function isWhole(literal: Literal, start: number, end: number): boolean {
  return literal.open + 1 === start && literal.close === end;
}

function join(
  { line, start, end }: Place,
  literal: Literal,
  language: CodeLanguage,
  expression: string,
): string | undefined {
  if (isWhole(literal, start, end)) return expression;
  // A prefix may change what the other parts mean, and Rust has no `+` between literals.
  if (literal.prefix !== "" || language === "rust") return undefined;
  const { quote } = literal;
  const before = line.slice(literal.open + 1, start);
  const after = line.slice(end, literal.close);
  const parts = [
    ...(before === "" ? [] : [quote + before + quote]),
    expression,
    ...(after === "" ? [] : [quote + after + quote]),
  ];
  return `(${parts.join(language === "php" ? " . " : " + ")})`;
}

/** Prefixes that may go with the literal that they belong to; others make bytes, patterns or calls of it. */
const harmlessPrefixes: Partial<Readonly<Record<CodeLanguage, RegExp>>> = {
  python: /^(?:[ruRU]|[fF][rR]?|[rR][fF])$/,
  csharp: /^(?:\$|@|\$@|@\$)$/,
};

const constants: Partial<Readonly<Record<CodeLanguage, RegExp>>> = {
  go: /^\s*const\b/,
  rust: /\b(?:const|static)\b/,
  csharp: /\bconst\b/,
  php: /^\s*(?:(?:public|protected|private|static|final)\s+)*(?:const\b|(?:public|protected|private|static|var)\b[^(]*=\s*$)/,
};

/** Quotes that do not make a text. */
const otherQuotes: Partial<Readonly<Record<CodeLanguage, string>>> = {
  go: "'",
  java: "'`",
  csharp: "'`",
  rust: "'`",
  ruby: "`",
  php: "`",
  python: "`",
};

function whyNot(line: string, literal: Literal, language: CodeLanguage): string | undefined {
  const { open, close, quote, prefix } = literal;
  const before = line.slice(0, open);
  if (line[open - 1] === quote || line[close + 1] === quote) return "it stands in quotes of several signs";
  if (prefix !== "" && harmlessPrefixes[language]?.test(prefix) !== true)
    return "what stands before its quotes makes something else than a text of it";
  if (otherQuotes[language]?.includes(quote) === true) return "it is no text in this language";
  return whyNotExpression(before, line.slice(close + 1), language);
}

/** Places that take a text and no expression. */
function whyNotExpression(before: string, after: string, language: CodeLanguage): string | undefined {
  if (constants[language]?.test(before) === true)
    return "a constant must be known when the program is built, and a secret is read when it runs";
  if (/(?:\bfrom|\bimport|\brequire\()\s*$/.test(before)) return "it names a module";
  const isKey = language === "javascript" || language === "jsx" ? /^\s*:/.test(after) : false;
  return isKey && !before.includes("?") ? "it is the name of a key" : undefined;
}
