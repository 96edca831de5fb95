import type { Rule } from "./rule.js";
import { literalsOf, planRule, type RulePlan } from "./rule-plan.js";
import { buildStarts, type Starts } from "./starts.js";
import { foldLatin1 } from "./text.js";
import { buildWords } from "./build-words.js";
import type { Words } from "./word-table.js";

/**
 * Rules as a scan begins with them: all literals that some rule begins with in one search, and which rules to try where one stands.
 * Rules go by their places in the list that it was made of. Can be made once and kept (prepared-bytes.ts).
 */
export interface PreparedRules {
  readonly ruleCount: number;
  readonly planOf: (rule: number) => RulePlan | undefined;
  readonly words: Words;
  /** For each literal, and for one more behind the last, where its rules begin in `rulesOf`. */
  readonly firstRule: Uint16Array;
  readonly rulesOf: Uint16Array;
  /** For each literal: whether the judge of words is asked where it stands. */
  readonly isJudged: Uint8Array;
  readonly lengths: Uint8Array;
  /** Of the rules that are not looked for by their literals, but where a run is. */
  readonly starts: Starts;
}

/** Prepares rules, with further words that no rule has to know. Takes tens of milliseconds for some hundred rules. */
export function prepareRules(rules: readonly Rule[], judged: readonly string[]): PreparedRules {
  const plans = rules.map(planRule);
  const byLiteral = new Map<string, number[]>();
  const runs: { readonly rule: number; readonly starts: readonly string[] }[] = [];
  for (const [rule, { matcher }] of rules.entries()) {
    const plan = plans[rule];
    if (plan?.kind === "token" && plan.isRun) {
      runs.push({ rule, starts: plan.starts });
      continue;
    }
    for (const literal of new Set(literalsOf(matcher).map(foldLatin1))) {
      const others = byLiteral.get(literal);
      if (others === undefined) byLiteral.set(literal, [rule]);
      else others.push(rule);
    }
  }
  for (const word of judged) if (!byLiteral.has(word)) byLiteral.set(word, []);
  const literals = [...byLiteral.keys()];
  const lists = [...byLiteral.values()];
  const generic = new Set(judged);
  let count = 0;
  return {
    ruleCount: plans.length,
    planOf: (rule) => plans[rule],
    words: buildWords(literals),
    firstRule: Uint16Array.from([0, ...lists.map((list) => (count += list.length))]),
    rulesOf: Uint16Array.from(lists.flat()),
    isJudged: Uint8Array.from(literals, (literal) => (generic.has(literal) ? 1 : 0)),
    lengths: Uint8Array.from(literals, (literal) => literal.length),
    starts: buildStarts(runs),
  };
}
