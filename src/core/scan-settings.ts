import type { SafeRegex } from "./regex/compile.js";

/** Which paths are meant: a glob as in `.gitignore`, or an expression that may match anywhere in the path. */
export type PathPattern =
  | { readonly kind: "glob"; readonly glob: string }
  | { readonly kind: "regex"; readonly regex: SafeRegex };

/** What a user has decided to be no secret. */
export interface AllowSettings {
  /** Ids of the rules that it is for, with `*`; none for all. */
  readonly rules: readonly string[];
  readonly paths: readonly PathPattern[];
  readonly regexes: readonly SafeRegex[];
  /** What the expressions look at. */
  readonly target: "secret" | "match" | "line";
  /** Lower case; found anywhere in the secret. */
  readonly stopwords: readonly string[];
  /** Full ids of commits, lower case: what all of them brought is allowed, where a scan knows commits. */
  readonly commits: readonly string[];
  /** True when a path, an expression and a stopword must all fit, of those that are given; otherwise one does. */
  readonly all: boolean;
}

/** A rule of a user. Its expressions are checked, and untrusted all the same. */
export interface UserRuleSettings {
  readonly id: string;
  readonly title: string;
  readonly regex: SafeRegex;
  /** Lower case; a text without any of them is not looked at. None for all texts. */
  readonly keywords: readonly string[];
  /** Bits a character (Shannon) that the secret must have more than; 0 for no such test. */
  readonly entropy: number;
  readonly path: PathPattern | undefined;
  /** The group that is the secret; 0 for the first one that is not empty, or all of it. */
  readonly secretGroup: number;
  readonly severity: "block" | "warn";
  readonly allow: readonly AllowSettings[];
}

/** A rule of a user that forbids files by their path, whatever is in them. */
export interface FileRuleSettings {
  readonly id: string;
  readonly title: string;
  readonly path: PathPattern;
  readonly severity: "block" | "warn";
  readonly allow: readonly AllowSettings[];
}

/** The settings of a scan, from `.secrets/config.yaml` and `.gitleaks.toml` of one tree. */
export interface ScanSettings {
  /** Ids of rules that are off. */
  readonly disabled: readonly string[];
  readonly severities: Readonly<Record<string, "block" | "warn">>;
  readonly allow: readonly AllowSettings[];
  readonly rules: readonly UserRuleSettings[];
  readonly files: readonly FileRuleSettings[];
  /** False when only the user's rules and the values of the store are looked for. */
  readonly useDefault: boolean;
}

/** The file that gitleaks reads its settings from. */
export const gitleaksFile = ".gitleaks.toml";

export const noScanSettings: ScanSettings = {
  disabled: [],
  severities: {},
  allow: [],
  rules: [],
  files: [],
  useDefault: true,
};

const ruleShape = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/;

/** Whether a text can be the id of a rule, a user's included. */
export function isRuleId(text: string): boolean {
  return ruleShape.test(text);
}
