// Which commands share a file of the program (split.mjs).

/** The file of what several families need and none of {@link order} does. */
export const shared = "common";

/** Families that are first asked whether they need a module; the others take it from their file. `set` and `rotate` are to start fast. */
export const order = ["change"];

/** @type {readonly (readonly [family: string, modules: RegExp])[]} */
const families = [
  ["change", /^src\/(?:cli\/commands\/(?:set|rotate)|app\/(?:settings|known-names))\.ts$/],
  [
    "read",
    /^src\/(?:cli\/commands\/(?:list|history|version|completion|audit\/(?:log|export))|cli\/(?:help|completion)|app\/complete-names)\.ts$/,
  ],
  ["verify", /^src\/cli\/commands\/(?:verify|doctor|review)\.ts$/],
  ["revisions", /^src\/cli\/commands\/(?:log|diff)\.ts$/],
  ["scan", /^src\/(?:cli\/commands\/(?:scan\b.*|adopt)|app\/scan\/worker)\.ts$/],
  ["hooks", /^src\/cli\/commands\/hooks\b.*\.ts$/],
  ["manage", /^src\/cli\/commands\//],
  // The parser of a package, for arguments that can be meant in more than one way.
  ["parser", /^src\/cli\/machine\.ts$/],
];

/**
 * The family of a module that is loaded when it is needed: a command, or a part of one.
 * @param {string} path
 */
export function familyOf(path) {
  return families.find(([, modules]) => modules.test(path))?.[0] ?? shared;
}
