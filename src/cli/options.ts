// The option declarations of clipanion with the facts that it does not keep: placeholders, defaults, choices, completion.
// Only its types are imported here, so that declaring a command loads no parser.
import type { RunState } from "clipanion/lib/core.js";
import { quote } from "../core/display.js";
import { didYouMean, nearest } from "../core/did-you-mean.js";
import { fail } from "../core/errors.js";

/** What a shell may offer for a value: files, or names of secrets. */
export type Completes = "file" | "name";

export interface OptionFacts {
  readonly kind: "option";
  readonly names: readonly string[];
  readonly about: string;
  /** Placeholder of the value; undefined for a flag. */
  readonly value: string | undefined;
  /** True when the value may be left out, as in `--generate[=LENGTH]`. */
  readonly optional: boolean;
  readonly fallback: string | undefined;
  readonly choices: readonly string[];
  readonly completes: Completes | undefined;
}

export interface ArgumentFacts {
  readonly kind: "argument";
  readonly name: string;
  readonly required: boolean;
  readonly many: boolean;
  readonly choices: readonly string[];
  readonly completes: Completes | undefined;
}

export type Facts = OptionFacts | ArgumentFacts;

/** What is read back from parsed words. */
export type Parsed = Pick<RunState, "options" | "positionals">;

/** How one field of a command is announced to clipanion and read back from what it parsed. */
export interface OptionSpec {
  readonly facts: Facts;
  readonly [declares]: true;
  readonly definition: (builder: Builder) => void;
  readonly transformer: (state: Parsed) => unknown;
}

/** The part of clipanion's command builder that declarations use. */
export interface Builder {
  addOption(definition: { names: string[]; description: string; arity: number; allowBinding?: boolean }): void;
  addPositional(definition: { name: string; required: boolean }): void;
  addRest(definition: { name: string }): void;
}

const declares = Symbol("declares an option");

interface TextDetails {
  readonly value: string;
  readonly about: string;
  /** Shown in the help as the default; the option itself stays undefined. */
  readonly fallback?: string;
  readonly completes?: Completes;
}

interface ChoiceDetails<T extends string> {
  readonly about: string;
  readonly choices: readonly T[];
  /** Placeholder in the help, where the words themselves are too many for one; `about` then names them. */
  readonly value?: string;
  readonly fallback?: string;
}

interface ArgumentDetails {
  readonly name: string;
  readonly choices?: readonly string[];
  readonly completes?: Completes;
}

/** A flag: true when given, false otherwise and after `--no-…`. `names` as in `"-q,--quiet"`. */
export function flag(names: string, about: string): boolean {
  return option(names, { about }, { arity: 0, allowBinding: false }, (values) => values.at(-1) === true);
}

/** As {@link flag}, with undefined for neither. */
export function toggle(names: string, about: string): boolean | undefined {
  return option(names, { about }, { arity: 0, allowBinding: false }, (values) => {
    const last = values.at(-1);
    return typeof last === "boolean" ? last : undefined;
  });
}

/** An option with a text; the last one given counts. */
export function text(names: string, details: TextDetails): string | undefined {
  return option(names, details, { arity: 1 }, (values) => values.filter(isText).at(-1));
}

/** An option whose text may be left out: true when it is. The text is only taken from `--name=text`. */
export function optionalText(names: string, details: TextDetails): string | true | undefined {
  return option(names, { ...details, optional: true }, { arity: 0 }, (values) => {
    const last = values.at(-1);
    return isText(last) || last === true ? last : undefined;
  });
}

/** An option that may be given several times; all its texts in order. */
export function texts(names: string, details: TextDetails): readonly string[] {
  return option(names, details, { arity: 1 }, (values) => values.filter(isText));
}

/** An option with one of a few words. A word that is none of them throws `usage/invalid`, quoted only when it is a typing error. */
export function choice<T extends string>(names: string, details: ChoiceDetails<T>): T | undefined {
  const facts = { ...details, value: details.value ?? details.choices.join("|") };
  return option(names, facts, { arity: 1 }, (values) => {
    const given = values.filter(isText).at(-1);
    return given === undefined ? undefined : checkChoice(names.split(",").at(-1) ?? names, given, details.choices);
  });
}

/** A positional argument that must be there. Declare arguments in their order: required, optional, many. */
export function argument(details: ArgumentDetails): string {
  return positional(details, { required: true, many: false }, (values) => checkArgument(details, values.shift()) ?? "");
}

export function optionalArgument(details: ArgumentDetails): string | undefined {
  return positional(details, { required: false, many: false }, (values) => checkArgument(details, values.shift()));
}

/** All further positional arguments. What looks like an option is one of them only after `--`. */
export function restArguments(details: ArgumentDetails): readonly string[] {
  return positional(details, { required: false, many: true }, (values) => values.splice(0));
}

/** The declarations among the fields of a command that has just been made. */
export function specsOf(command: object): readonly (readonly [key: string, spec: OptionSpec])[] {
  return Object.entries(command).flatMap(([key, value]: [string, unknown]) =>
    isSpec(value) ? [[key, value] as const] : [],
  );
}

function option<T>(
  names: string,
  facts: Partial<Omit<OptionFacts, "kind" | "names">> & { readonly about: string },
  shape: { readonly arity: 0 | 1; readonly allowBinding?: boolean },
  read: (values: readonly unknown[]) => T,
): T {
  const list = names.split(",");
  return declare(read, {
    definition: (builder) => builder.addOption({ ...shape, names: list, description: facts.about }),
    transformer: ({ options }) =>
      read(
        options.flatMap((given: { name: string; value: unknown }) => (list.includes(given.name) ? [given.value] : [])),
      ),
    facts: {
      kind: "option",
      names: list,
      value: undefined,
      optional: false,
      fallback: undefined,
      choices: [],
      completes: undefined,
      ...facts,
    },
  });
}

function positional<T>(
  details: ArgumentDetails,
  shape: { readonly required: boolean; readonly many: boolean },
  read: (values: string[]) => T,
): T {
  return declare(read, {
    definition(builder) {
      if (shape.many) builder.addRest({ name: details.name });
      else builder.addPositional({ name: details.name, required: shape.required });
    },
    transformer(state) {
      const values = state.positionals.map(({ value }) => value);
      const taken = read(values);
      state.positionals = state.positionals.slice(state.positionals.length - values.length);
      return taken;
    },
    facts: { kind: "argument", choices: [], completes: undefined, ...details, ...shape },
  });
}

// As in clipanion, a field holds its declaration until the arguments are parsed, and is typed as what replaces it then.
function declare<T>(_read: (values: never) => T, spec: Omit<OptionSpec, typeof declares>): T {
  return { ...spec, [declares]: true } as T;
}

function checkArgument(details: ArgumentDetails, given: string | undefined): string | undefined {
  if (given === undefined || details.choices === undefined) return given;
  return checkChoice(`<${details.name}>`, given, details.choices);
}

// The word may be a value in the wrong place, so it is only repeated when it is nearly one of ours.
function checkChoice<T extends string>(what: string, given: string, choices: readonly T[]): T {
  const found = choices.find((word) => word === given);
  if (found !== undefined) return found;
  const hint = didYouMean(choices, given);
  const echo = nearest(choices, given).length > 0 ? `, not ${quote(given)}` : "";
  return fail("usage/invalid", `${what} is one of ${choices.join(", ")}${echo}`, hint === undefined ? {} : { hint });
}

function isSpec(value: unknown): value is OptionSpec {
  return typeof value === "object" && value !== null && declares in value;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
