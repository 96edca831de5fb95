import { scopes, type Scope } from "../core/member.js";
import { secretClasses } from "../core/record.js";
import { choice, flag, optionalText, text } from "./options.js";

// Options that mean the same in several commands are declared once, so that their help cannot drift apart.

const providers = ["local", "env", "azure-keyvault"] as const;

export function providerOption(about: string, fallback?: string): (typeof providers)[number] | undefined {
  return choice("--provider", { choices: providers, about, ...(fallback === undefined ? {} : { fallback }) });
}

export function scopeOption(about: string, fallback?: string): Scope | undefined {
  return choice("--scope", { choices: scopes, about, ...(fallback === undefined ? {} : { fallback }) });
}

export function tagsOption(about: string): string | undefined {
  return text("--tags", { value: "TAGS", about: `${about}, separated by commas` });
}

export function expiresOption(about: string, fallback: string): string | undefined {
  return text("--expires", { value: "WHEN", about: `${about}: 30d, 24h, 2026-12-31 or never`, fallback });
}

/** `none` takes a class away. */
export function classOption(): (typeof secretClasses)[number] | "none" | undefined {
  return choice("--class", {
    choices: [...secretClasses, "none"],
    value: "CLASS",
    about: `what kind of credential it is: ${secretClasses.join(", ")} or none`,
    fallback: "none",
  });
}

export function ownerOption(): string | undefined {
  return text("--owner", { value: "WHO", about: "who answers for it; empty for nobody", fallback: "nobody" });
}

export function noteOption(): string | undefined {
  return text("--note", { value: "TEXT", about: "a line for readers; it is not encrypted", fallback: "none" });
}

export function rotateEveryOption(): string | undefined {
  return text("--rotate-every", {
    value: "TIME",
    about: "how often it should be rotated: 90d, 12w or never",
    fallback: "never",
  });
}

export function graceOption(): string | undefined {
  return text("--grace", { value: "TIME", about: "how long the old version stays valid", fallback: "30d" });
}

export function reasonOption(fallback = "none"): string | undefined {
  return text("--reason", { value: "TEXT", about: "why, for the journal; it is not encrypted", fallback });
}

export function ifVersionOption(): string | undefined {
  return text("--if-version", { value: "N", about: "change nothing unless version N is current; 0 for a new secret" });
}

export function dryRunOption(): boolean {
  return flag("-n,--dry-run", "say what would be written, and write nothing");
}

export function fromFileOption(): string | undefined {
  return text("--from-file", { value: "FILE", about: "take the value from a file, byte for byte", completes: "file" });
}

export function generateOption(): string | true | undefined {
  return optionalText("--generate", {
    value: "LENGTH,CHARSET",
    about: "make up a value that nobody sees; alnum, alpha, digits, hex, base64url or ascii",
    fallback: "32,alnum",
  });
}

/** `none` and `never`, which take an entry away, as the empty text that use-cases take for it. */
export function emptyFor(word: "none" | "never", given: string | undefined): string | undefined {
  return given === word ? "" : given;
}
