import { describe, expect, test } from "vitest";
import { mentions } from "../../../../src/app/hooks/hook-managers.js";
import {
  addToPackage,
  addToScript,
  packageCommand,
  removeFromPackage,
  removeFromScript,
} from "../../../../src/app/hooks/manager-text.js";
import { clientHooks } from "../../../../src/git/hook-shim.js";
import { codeOf } from "../../../support/git-code.js";

describe("a script of a hook manager", () => {
  test.each(["", "no newline at the end", "# gitseal: begin (secrets hooks uninstall takes these lines away)\n"])(
    "without our lines is left as it is: %j",
    (text) => {
      expect(removeFromScript(text)).toBe(text);
    },
  );

  test.each([
    "echo team\n",
    "#!/usr/bin/env bash\nset -e\n",
    '#!/bin/sh\n. "$(dirname -- "$0")/_/husky.sh"\n\nnpm test\n',
    "echo no newline",
  ])("%j gets our lines and loses them again", (text) => {
    for (const hook of clientHooks) {
      const added = addToScript(text, hook, "gitseal");
      expect(mentions(added, hook)).toBe(true);
      expect(removeFromScript(added)).toBe(text);
    }
  });

  test("ours stand before the team's, and behind what an old husky starts with", () => {
    const old = '#!/bin/sh\n. "$(dirname -- "$0")/_/husky.sh"\nnpm test\n';
    const added = addToScript(old, "pre-commit", "gitseal");
    expect(added.indexOf("husky.sh")).toBeLessThan(added.indexOf("hooks run"));
    expect(added.indexOf("hooks run")).toBeLessThan(added.indexOf("npm test"));
  });

  test("that we made goes as a whole", () => {
    expect(removeFromScript(addToScript(undefined, "pre-push", "gitseal"))).toBeUndefined();
  });
});

describe("a package.json", () => {
  test.each(["", "[]", "null", "{"])("%j is refused", (text) => {
    expect(codeOf(() => addToPackage(text, ["pre-commit"], "gitseal"))).toBe("config/invalid");
  });

  test.each([
    '{\n  "simple-git-hooks": {\n    "pre-commit": "npx lint-staged",\n    "pre-push": "cat; true"\n  }\n}\n',
    '{\n\t"a": 1,\n\t"simple-git-hooks": {\n\t\t"post-merge": "npm ci"\n\t}\n}',
    '{\n  "simple-git-hooks": {}\n}\n',
  ])("%j gets our commands and loses them again, its indent kept", (text) => {
    const added = addToPackage(text, clientHooks, "gitseal");
    for (const hook of clientHooks) expect(mentions(added, hook)).toBe(true);
    expect(removeFromPackage(added, clientHooks)).toBe(text);
  });

  test("lets the team's command decide a checkout, and ours a commit", () => {
    expect(packageCommand("post-checkout", "gitseal", "npm ci")).toBe(
      'gitseal hooks run post-checkout -- "$@" || true; npm ci',
    );
    expect(packageCommand("pre-commit", "gitseal", "npm test")).toBe(
      'gitseal hooks run pre-commit -- "$@" && npm test',
    );
  });
});

describe("a mention", () => {
  test("in a comment, or of a hook with a longer name, is none", () => {
    expect(mentions("  # gitseal hooks run pre-commit\n", "pre-commit")).toBe(false);
    expect(mentions("gitseal hooks run pre-commit-msg\n", "pre-commit")).toBe(false);
    expect(mentions("run: gitseal hooks run pre-commit\n", "pre-commit")).toBe(true);
  });
});
