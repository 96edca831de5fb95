import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clientHooks, isShim, renderShim, serverHooks } from "../../../src/git/hook-shim.js";
import { root } from "../house/sources.js";

const hooks = [...clientHooks, ...serverHooks];

describe("hooks/", () => {
  test("holds the shims and nothing else", () => {
    expect(readdirSync(join(root, "hooks")).toSorted()).toEqual(hooks.toSorted());
  });

  test.each(hooks)("%s is the text that install writes, and can be run (else: npm run docs)", (hook) => {
    const path = join(root, "hooks", hook);
    expect(readFileSync(path, "utf8")).toBe(renderShim(hook));
    expect(statSync(path).mode & 0o111).toBe(0o111);
  });
});

describe("a shim", () => {
  test.each(["", "#!/bin/sh\n", "#!/bin/sh\n# husky\n", "# gitseal hook pre-commit\n"])("%j is none", (text) => {
    expect(isShim(text)).toBe(false);
  });

  test.each(hooks)("%s is known again, and is well-formed sh", (hook) => {
    expect(isShim(renderShim(hook))).toBe(true);
    expect(spawnSync("sh", ["-n"], { input: renderShim(hook), encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  test("never stops what has already happened: the notes warn, all others block", () => {
    const policies = hooks.map((hook) => [hook, /^policy=(\w+)/m.exec(renderShim(hook))?.[1]]);
    expect(Object.fromEntries(policies)).toEqual({
      "pre-commit": "block",
      "commit-msg": "block",
      "pre-push": "block",
      "post-merge": "warn",
      "post-checkout": "warn",
      "pre-receive": "block",
    });
  });

  test("starts what was recorded before it looks into node_modules of the branch", () => {
    const text = renderShim("pre-commit");
    expect(text.indexOf("gitseal.command")).toBeGreaterThan(0);
    expect(text.indexOf('exec "$node" "$command"')).toBeLessThan(text.indexOf('exec "$found"'));
  });
});
