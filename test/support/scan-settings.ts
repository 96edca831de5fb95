import { compileRegex, type SafeRegex } from "../../src/core/regex/compile.js";
import type { AllowSettings, UserRuleSettings } from "../../src/core/scan-settings.js";

export function safeRegex(text: string): SafeRegex {
  const compiled = compileRegex(text);
  if ("problem" in compiled) throw new Error(compiled.problem);
  return compiled;
}

export function makeAllow(with_: Partial<AllowSettings>): AllowSettings {
  return { rules: [], paths: [], regexes: [], target: "secret", stopwords: [], commits: [], all: false, ...with_ };
}

export function makeUserRule(regex: string, with_: Partial<UserRuleSettings> = {}): UserRuleSettings {
  return {
    id: "user/rule",
    title: "A rule of ours",
    regex: safeRegex(regex),
    keywords: [],
    entropy: 0,
    path: undefined,
    secretGroup: 0,
    severity: "block",
    allow: [],
    ...with_,
  };
}
