import { didYouMean, nearest } from "../core/did-you-mean.js";
import { quote } from "../core/display.js";
import { SecretsError } from "../core/errors.js";
import type { ArgumentFacts, Facts, OptionFacts } from "./options.js";
import { helpOption, looksLikeOption, type Word } from "./words.js";

interface Finding {
  readonly unknown: boolean;
  readonly problem: string;
  readonly hint?: string;
}

/**
 * Says everything that is wrong with arguments that clipanion did not accept. A word may be a secret value in the wrong
 * place, so words are named by their place, and quoted only when they are nearly the name of an option.
 */
export function diagnose(command: string, words: readonly Word[], facts: readonly Facts[]): SecretsError {
  const options = [...facts.flatMap((fact) => (fact.kind === "option" ? [fact] : [])), helpOption];
  const wanted = facts.flatMap((fact) => (fact.kind === "argument" ? [fact] : []));
  const findings: Finding[] = [];
  const given: Word[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    if (word.text === "--") {
      given.push(...words.slice(at + 1));
      break;
    }
    if (!looksLikeOption(word.text)) {
      given.push(word);
      continue;
    }
    const { finding, takesNext } = judgeOption(command, word, words[at + 1], options);
    if (finding !== undefined) findings.push(finding);
    if (takesNext) at++;
  }
  findings.push(...judgeCount(command, given, wanted));
  return summarise(command, findings);
}

interface Judgement {
  readonly finding?: Finding;
  readonly takesNext: boolean;
}

const fine: Judgement = { takesNext: false };

function judgeOption(command: string, word: Word, next: Word | undefined, options: readonly OptionFacts[]): Judgement {
  const equals = word.text.indexOf("=");
  const name = equals < 0 ? word.text : word.text.slice(0, equals);
  const facts = options.find((option) => option.names.includes(name));
  if (facts === undefined)
    return isNegated(word.text, options) ? fine : { ...fine, finding: unknownOption(command, word, name, options) };
  if (facts.value !== undefined)
    return equals < 0 && !facts.optional ? judgeValue(name, facts.value, next, options) : fine;
  return equals < 0 ? fine : { ...fine, finding: { unknown: false, problem: `${name} takes no value` } };
}

function judgeValue(name: string, value: string, next: Word | undefined, options: readonly OptionFacts[]): Judgement {
  if (next !== undefined && !looksLikeOption(next.text)) return { takesNext: true };
  const finding = { unknown: false, problem: `${name} needs a value: ${name} ${value}` };
  const known = next === undefined || next.text === "--" || options.some(({ names }) => names.includes(next.text));
  if (known) return { ...fine, finding };
  return { takesNext: true, finding: { ...finding, hint: `write ${name}=${value} for a value that begins with -` } };
}

function isNegated(text: string, options: readonly OptionFacts[]): boolean {
  return options.some(
    (option) => option.value === undefined && option.names.some((name) => text === `--no-${name.slice(2)}`),
  );
}

function unknownOption(command: string, word: Word, name: string, options: readonly OptionFacts[]): Finding {
  const names = options.flatMap((option) => option.names);
  const near = nearest(names, name).length > 0;
  const hint = didYouMean(names, name) ?? `see: ${command} --help; a value that begins with - goes after --`;
  return {
    unknown: true,
    problem: near ? `unknown option ${quote(name)}` : `argument ${word.place} is no option of ${command}`,
    hint,
  };
}

function judgeCount(command: string, given: readonly Word[], wanted: readonly ArgumentFacts[]): readonly Finding[] {
  const missing = wanted.filter((fact) => fact.required).slice(given.length);
  if (missing.length > 0)
    return [
      {
        unknown: false,
        problem: `${command} needs ${missing.map(showArgument).join(" ")}`,
        hint: `see: ${command} --help`,
      },
    ];
  const extra = given[wanted.length];
  if (extra === undefined || wanted.some((fact) => fact.many)) return [];
  const takes = wanted.length === 0 ? "no arguments" : `only ${wanted.map(showArgument).join(" ")}`;
  return [
    {
      unknown: false,
      problem: `${command} takes ${takes}; argument ${extra.place} is one too many`,
      hint: "quote a value that holds spaces",
    },
  ];
}

export function showArgument(fact: ArgumentFacts): string {
  const name = fact.choices.length > 0 ? fact.choices.join("|") : fact.name;
  return fact.many ? `[${name}…]` : fact.required ? `<${name}>` : `[${name}]`;
}

function summarise(command: string, findings: readonly Finding[]): SecretsError {
  const [first, ...others] = findings;
  if (first === undefined)
    return new SecretsError("usage/invalid", `the arguments of ${command} make no sense together`, {
      hint: `see: ${command} --help`,
    });
  const code = findings.some(({ unknown }) => unknown) ? "usage/unknown" : "usage/invalid";
  const hint = findings.find((finding) => finding.hint !== undefined)?.hint;
  const details = hint === undefined ? {} : { hint };
  if (others.length === 0) return new SecretsError(code, first.problem, details);
  const problems = findings.map(({ problem }) => problem);
  return new SecretsError(code, `${command} has ${findings.length} wrong arguments`, { ...details, problems });
}
