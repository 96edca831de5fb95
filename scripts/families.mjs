// Which commands share a file of the program (split.mjs).

/** The file of what several families need and none of {@link fast} and {@link order} does. */
export const shared = "common";

/**
 * Families that have one file beside the one that starts: `set`, `rotate` and the hooks are to start fast. What two of them need is part
 * of the one that starts.
 */
export const fast = ["change", "hook"];

/** Families that are asked next whether they need a module; all others take it from their file. */
export const order = ["rules"];

/** @type {readonly (readonly [family: string, modules: RegExp])[]} */
const families = [
  ["change", /^src\/(?:cli\/commands\/(?:set|rotate)|app\/(?:config\/settings|known-names))\.ts$/],
  [
    "read",
    /^src\/(?:cli\/commands\/(?:list|history|version|completion|audit\/(?:log|export))|cli\/(?:help|completion)|app\/(?:complete-names|list-secrets))\.ts$/,
  ],
  // What runs at a commit or a checkout, in a repository where nothing is wrong.
  [
    "hook",
    /^src\/(?:cli\/commands\/hooks\/run|app\/hooks\/(?:run-hook|check-commit|scan-for-hook|note-checkout))\.ts$/,
  ],
  // Loaded at the first text in which one of them matches.
  ["rules", /^src\/scan\/(?:rules\/all|prepare)\.ts$/],
  ["verify", /^src\/cli\/commands\/(?:verify|doctor|review)\.ts$/],
  // Git starts them for every file of a log or a merge.
  ["drivers", /^src\/cli\/commands\/git\/.*\.ts$/],
  ["revisions", /^src\/cli\/commands\/(?:log|diff|revert|recover|reissue)\.ts$/],
  ["scan", /^src\/(?:cli\/commands\/(?:scan\b.*|adopt)|app\/scan\/worker)\.ts$/],
  ["hooks", /^src\/cli\/commands\/hooks\b.*\.ts$/],
  [
    "providers",
    /^src\/(?:cli\/commands\/health|app\/chain\/(?:get-from-chain|list-chain|write-remote|delete-elsewhere|make-provider|value-cache|health|local-provider|pending-values)|providers\/(?:env|azure|chain)[a-z-]*)\.ts$/,
  ],
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
