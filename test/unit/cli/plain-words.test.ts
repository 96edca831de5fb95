import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { parseWith } from "../../../src/cli/machine.js";
import {
  argument,
  choice,
  flag,
  optionalArgument,
  optionalText,
  restArguments,
  specsOf,
  text,
  texts,
  type OptionSpec,
} from "../../../src/cli/options.js";
import { findPlain } from "../../../src/cli/plain-words.js";

// Declared as the fields of commands are.
const options = () => ({
  chdir: texts("-C", { value: "DIR", about: "directory" }),
  quiet: flag("-q,--quiet", "be quiet"),
  scope: choice("--scope", { choices: ["a", "b"], about: "scope" }),
  note: text("--note", { value: "TEXT", about: "note" }),
  generate: optionalText("--generate", { value: "LENGTH", about: "make one" }),
});
const commands: Readonly<Record<string, () => object>> = {
  "no argument": () => ({ ...options() }),
  "one argument": () => ({ ...options(), name: argument({ name: "name" }) }),
  "an argument and an optional one": () => ({
    ...options(),
    name: argument({ name: "name" }),
    value: optionalArgument({ name: "value" }),
  }),
  "an argument and a rest": () => ({
    ...options(),
    name: argument({ name: "name" }),
    more: restArguments({ name: "more" }),
  }),
};
const specsFor = (make: () => object): readonly OptionSpec[] => specsOf(make()).map(([, spec]) => spec);
const plain = (specs: readonly OptionSpec[], words: readonly string[]) =>
  findPlain(
    specs.map(({ facts }) => facts),
    words,
  );

describe("words that clipanion must decide on", () => {
  const specs = specsFor(commands["one argument"] ?? options);

  test.each([
    ["an unknown option", ["x", "--nope"]],
    ["a value bound to its option", ["x", "--note=y"]],
    ["an option without its value", ["x", "--note"]],
    ["a value that looks like an option", ["x", "--note", "-q"]],
    ["an argument too many behind two dashes", ["x", "--", "--note"]],
    ["joined short options", ["x", "-qC"]],
    ["a negated flag", ["x", "--no-quiet"]],
    ["an argument too few", ["-q"]],
    ["an argument too many", ["x", "y"]],
    ["no word at all", []],
  ])("are those with %s", (_what, words) => {
    expect(plain(specs, words)).toBeUndefined();
  });
});

test("behind two dashes are arguments, as the hooks hand them on", () => {
  const specs = specsFor(commands["an argument and a rest"] ?? options);
  const values = plain(specs, ["x", "-q", "--", "-q", "--", ""])?.positionals.map(({ value }) => value);
  expect(values).toEqual(["x", "-q", "--", ""]);
});

test.each(Object.entries(commands))(
  "with %s, what is parsed without clipanion is what clipanion parses",
  (_what, make) => {
    const specs = specsFor(make);
    const word = constantFrom(
      "-C",
      "-q",
      "--quiet",
      "--scope",
      "--note",
      "--generate",
      "-",
      "",
      "a",
      "b",
      "x",
      "--nope",
      "--note=x",
      "--",
      "-x",
      "--no-quiet",
      "é",
    );
    let parsed = 0;
    assert(
      property(array(word, { maxLength: 6 }), (words) => {
        const mine = plain(specs, words);
        if (mine === undefined) return;
        parsed++;
        const theirs = parseWith(specs, words);
        expect(theirs?.options.map(({ name, value }) => [name, value])).toEqual(
          mine.options.map(({ name, value }) => [name, value]),
        );
        expect(theirs?.positionals.map(({ value }) => value)).toEqual(mine.positionals.map(({ value }) => value));
      }),
      { numRuns: 1500 },
    );
    expect(parsed).toBeGreaterThan(100);
  },
);
