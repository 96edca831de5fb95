import type { Certainty, ContextMatcher, Example, Rule, ScanSeverity, Verdict } from "../rule.js";
import { findKey, namesOneOf, saysPublic, saysSecret } from "./assigned.js";
import { fill } from "./example.js";
import { type Check, no, refusingPlaceholders, yes } from "./verdicts.js";

interface Facts {
  readonly id: string;
  readonly vendor: string;
  readonly title: string;
  readonly grants: string;
  readonly revoke: string;
  /** `block` when left out. */
  readonly severity?: ScanSeverity;
  readonly certainty?: Certainty;
  readonly check?: Check;
  /** True where the check tells placeholders by itself. */
  readonly judgesPlaceholders?: true;
  /** Shapes (see `fill`) of what is found, and of what comes close and is not. */
  readonly shape: string | readonly string[];
  readonly near: readonly string[];
}

// Examples are made when they are asked for: a scan asks for none, and starts often.
function factsOf(facts: Facts): Pick<Rule, "id" | "vendor" | "title" | "grants" | "revoke"> {
  return { id: facts.id, vendor: facts.vendor, title: facts.title, grants: facts.grants, revoke: facts.revoke };
}

function shapesOf(shape: string | readonly string[]): readonly string[] {
  return typeof shape === "string" ? [shape] : shape;
}

function example(before: string, shape: string, after: string, seed: number): Example {
  return { text: () => `${before}${fill(shape, seed)}${after}` };
}

/** The shapes with `x` in place of all that is random: what a manual prints. */
function blanks(shape: string | readonly string[]): readonly string[] {
  return shapesOf(shape)
    .filter((each) => /\{\w+:\d+\}/.test(each) && !each.includes("{base64:") && !each.includes("{json:"))
    .map((each) => each.replaceAll(/\{\w+:(\d+)\}/g, "{x:$1}"));
}

function gate(facts: Facts, check: Check, bodyOf?: (secret: string) => string): Check {
  return facts.judgesPlaceholders === true ? check : refusingPlaceholders(check, bodyOf);
}

export interface TokenFacts extends Facts {
  readonly starts: readonly string[];
  readonly pattern: string;
  readonly inside?: true;
}

/** A rule for a token that says by itself what it is. Placeholders behind the prefix are refused before any check. */
export function tokenRule(facts: TokenFacts): Rule {
  const certainty = facts.certainty ?? "format";
  const severity = facts.severity ?? "block";
  const bodyOf = (secret: string): string => {
    const start = facts.starts.find((prefix) => secret.startsWith(prefix)) ?? "";
    return start.length < secret.length - 7 ? secret.slice(start.length) : secret;
  };
  return {
    ...factsOf(facts),
    certainty,
    severity,
    matcher: { kind: "token", starts: facts.starts, pattern: facts.pattern, ...(facts.inside && { inside: true }) },
    check: gate(facts, facts.check ?? (() => yes(certainty, severity)), bodyOf),
    get hits() {
      return shapesOf(facts.shape).flatMap((shape, index) => [
        example("export CREDENTIAL=", shape, "\n", index + 1),
        example('{ "credential": "', shape, '" }\n', index + 101),
      ]);
    },
    get nearMisses() {
      return [
        ...facts.near.map((shape, index) => example('credential = "', shape, '"\n', index + 201)),
        ...blanks(facts.shape).map((shape) => example("credential: ", shape, "\n", 301)),
      ];
    },
  };
}

export interface AnchorFacts extends Facts {
  readonly anchors: readonly string[];
  readonly pattern: string;
  readonly reach?: number;
  readonly ignoreCase?: true;
  /** What stands before and behind the shapes in the examples. */
  readonly frame?: readonly [string, string];
}

/** A rule for what is known by a literal before or inside of it. */
export function anchorRule(facts: AnchorFacts): Rule {
  const certainty = facts.certainty ?? "format";
  const severity = facts.severity ?? "block";
  const [before, after] = facts.frame ?? ["credential: ", "\n"];
  return {
    ...factsOf(facts),
    certainty,
    severity,
    matcher: {
      kind: "anchor",
      anchors: facts.anchors,
      pattern: facts.pattern,
      ...(facts.reach !== undefined && { reach: facts.reach }),
      ...(facts.ignoreCase && { ignoreCase: true }),
    },
    check: gate(facts, facts.check ?? (() => yes(certainty, severity))),
    get hits() {
      return shapesOf(facts.shape).flatMap((shape, index) => [
        example(before, shape, after, index + 1),
        example(`# from the console\n${before}`, shape, after, index + 101),
      ]);
    },
    get nearMisses() {
      return [...facts.near, ...blanks(facts.shape)].map((shape, index) => example(before, shape, after, index + 201));
    },
  };
}

export interface ContextFacts extends Facts {
  readonly words: readonly string[];
  readonly body: string;
  readonly also?: readonly string[];
  readonly within?: number;
  /** Further names that a key may have to be the vendor's: `dd_` of Datadog. The words are among them. */
  readonly names?: readonly string[];
  /** True when the value is an id: keys that say so are then no reason against it. */
  readonly isId?: true;
  /** False where the body says enough, so that a word near it will do. */
  readonly needsKey?: false;
  /** Key of the examples. */
  readonly key?: string;
}

/** Of two looks at one value what both allow: where only the vendor or only the kind is named, no check makes it sure. */
function lower(byKey: Verdict, further: Verdict): Verdict {
  return byKey.kind === "yes" && byKey.certainty === "possible" && further.kind === "yes" ? byKey : further;
}

/** How a value is judged by the key that it stands behind. */
function judgeKey(before: string, words: readonly string[], severity: ScanSeverity, isId: boolean): Verdict {
  const key = findKey(before);
  if (key === undefined || (!isId && saysPublic(key.name))) return no;
  if (saysSecret(key.name) && namesOneOf(before, words)) return yes("context", severity);
  return key.isAssigned && namesOneOf(key.name, words) ? yes("possible", "warn") : no;
}

/** A rule for a body that is a secret only as the value of a key that names the vendor, or of a secret key near its name. */
export function contextRule(facts: ContextFacts): Rule {
  const severity = facts.severity ?? "block";
  const words = [...facts.words, ...(facts.names ?? [])];
  const byKey: Check = (_, around) => judgeKey(around.before, words, severity, facts.isId ?? false);
  const matcher: ContextMatcher = {
    kind: "context",
    words: facts.words,
    body: facts.body,
    ...(facts.also !== undefined && { also: facts.also }),
    ...(facts.within !== undefined && { within: facts.within }),
  };
  const key = facts.key ?? `${facts.words[0] ?? ""}_api_key`.replaceAll(/[^a-z0-9]+/g, "_");
  const further = facts.check;
  return {
    ...factsOf(facts),
    certainty: facts.certainty ?? "context",
    severity,
    matcher,
    check: refusingPlaceholders(
      further === undefined
        ? byKey
        : (secret, around) => {
            if (facts.needsKey === false) return further(secret, around);
            const named = byKey(secret, around);
            return named.kind === "no" ? no : lower(named, further(secret, around));
          },
    ),
    get hits() {
      return shapesOf(facts.shape).flatMap((shape, index) => [
        example(`${key.toUpperCase()}=`, shape, "\n", index + 1),
        example(`{ "${key}": "`, shape, '" }\n', index + 101),
      ]);
    },
    get nearMisses() {
      const misses = [...facts.near, ...blanks(facts.shape)];
      const unnamed = facts.needsKey === false ? [] : shapesOf(facts.shape);
      return [
        ...misses.map((shape, index) => example(`${key} = "`, shape, '"\n', index + 201)),
        ...unnamed.map((shape) => example(`for ${facts.words[0] ?? ""}: release.tar is `, shape, "\n", 301)),
      ];
    },
  };
}
