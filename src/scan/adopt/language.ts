/** Languages in which a secret is read by an expression. */
export type CodeLanguage = "javascript" | "jsx" | "python" | "ruby" | "go" | "java" | "php" | "csharp" | "rust";

/** How a file refers to what is not in it. `data` are files that `secrets render` fills. */
export type Language = CodeLanguage | "shell" | "dotenv" | "data";

const byExtension: Readonly<Record<string, Language>> = {
  sh: "shell",
  bash: "shell",
  zsh: "shell",
  ksh: "shell",
  envrc: "shell",
  env: "dotenv",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  ts: "javascript",
  mts: "javascript",
  cts: "javascript",
  vue: "javascript",
  svelte: "javascript",
  jsx: "jsx",
  tsx: "jsx",
  py: "python",
  rb: "ruby",
  go: "go",
  java: "java",
  kt: "java",
  kts: "java",
  scala: "java",
  groovy: "java",
  php: "php",
  cs: "csharp",
  rs: "rust",
};

/** The language of a file by its name; what is not known is data, which is never run as it stands. */
export function languageOf(path: string): Language {
  const base = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (/^\.env(?:\.|$)/.test(base)) return "dotenv";
  return byExtension[base.slice(base.lastIndexOf(".") + 1)] ?? "data";
}

const environment: Readonly<Record<CodeLanguage, (name: string) => string>> = {
  javascript: (name) => `process.env.${name}`,
  jsx: (name) => `process.env.${name}`,
  python: (name) => `os.environ["${name}"]`,
  ruby: (name) => `ENV.fetch("${name}")`,
  go: (name) => `os.Getenv("${name}")`,
  java: (name) => `System.getenv("${name}")`,
  php: (name) => `getenv("${name}")`,
  csharp: (name) => `System.Environment.GetEnvironmentVariable("${name}")`,
  rust: (name) => `std::env::var("${name}").expect("${name} is set")`,
};

/** The expression that reads the environment variable `name`. */
export function environmentOf(language: CodeLanguage, name: string): string {
  return environment[language](name);
}

/** What a person has to do beside, for the expression to work. */
export function needsOf(language: Language, text: string): string | undefined {
  if (language === "python" && !/^\s*import\s+(?:[\w., ]*\b)?os\b/m.test(text)) return "the file needs: import os";
  if (language === "go" && !/"os"/.test(text)) return 'the file needs: import "os"';
  if (language === "rust") return "it is a String where the literal was a &str";
  return undefined;
}
