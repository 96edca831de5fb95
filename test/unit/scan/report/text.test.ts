import { describe, expect, test } from "vitest";
import type { Leak, ScanReport } from "../../../../src/scan/leak.js";
import { renderReport } from "../../../../src/scan/report/render.js";
import { showBytes } from "../../../../src/scan/report/text.js";
import { makeLeak, makeReport, sampleRule } from "../../../support/scan-report.js";

function show(report: ScanReport): string {
  return renderReport(report, "text", { version: "1.2.3", rules: [sampleRule] });
}

function linesOfOne(leak: Partial<Leak>, mode: ScanReport["summary"]["mode"] = "staged"): readonly string[] {
  const text = show(makeReport([makeLeak(leak)], { mode }));
  return text.slice(0, text.indexOf("\n\n")).split("\n");
}

describe("a report that must not reassure", () => {
  test("one that could not judge everything never says that there are no leaks, and gives each reason", () => {
    const text = show(makeReport([], {}, ["blob abc is missing", "the range is shallow"]));
    expect(text).not.toContain("No leaks");
    expect(text).toContain("✗ not judged: blob abc is missing\n✗ not judged: the range is shallow\n");
    expect(text).toContain("✗ not everything could be judged: the index");
  });

  test("one that saw nothing says so", () => {
    expect(show(makeReport([], { blobs: 0 }))).toMatch(/^Nothing to scan: the index\n/);
  });

  test("one that did not look for values of the store says so and why", () => {
    const known = { values: 0, tooShort: 0, why: "you are no member" };
    expect(show(makeReport([], { known }))).toContain("values of the store: NOT looked for, you are no member");
  });

  test("one with warnings alone is neither clean nor stopped", () => {
    const text = show(makeReport([makeLeak({ severity: "warn" })]));
    expect(text).toContain("\n⚠ 1 warning: the index\n");
    expect(text).not.toContain("No leaks");
  });

  test("a value of the store offers no way to ignore it, nor to store it again", () => {
    const lines = linesOfOne({ secret: "api-key-acme", rule: "store/value", certainty: "known" });
    expect(lines[0]).toBe("✗ the value of your secret api-key-acme (store/value, known)");
    expect(lines.join("\n")).not.toMatch(/scan ignore|adopt/);
    expect(lines.join("\n")).toContain("what the store keeps can never be ignored");
  });
});

describe("a finding about a file as a whole", () => {
  const file = { rule: "store/plaintext-env", title: "value for a name", secret: "db", masked: "", excerpt: "" };

  test("claims no value, shows no line and offers no literal to adopt", () => {
    const lines = linesOfOne(file);
    expect(lines[0]).toBe("✗ value for a name: db (store/plaintext-env, format)");
    expect(lines.join("\n")).not.toMatch(/\||adopt|the value of/);
    expect(linesOfOne({ ...file, rule: "store/malformed", secret: null }).join("\n")).not.toContain("adopt");
  });

  test("about the settings of the scanner is for a reviewer, and rewrites no commit", () => {
    const text = linesOfOne({ ...file, rule: "scan/settings-changed", secret: null }, "range").join("\n");
    expect(text).toContain("whoever reviews the change decides");
    expect(text).not.toMatch(/rebase|ignore/);
  });

  test("has no blank where others have the masked secret", () => {
    const report = makeReport([makeLeak({ ...file, secret: null })]);
    for (const format of ["sarif", "gitlab", "github", "junit"] as const)
      expect(renderReport(report, format, { version: "1", rules: [] })).not.toMatch(
        /value for a name {2}|value for a name :/,
      );
  });
});

describe("a finding", () => {
  test("says what, where, why, and what to do, in under 12 lines", () => {
    expect(linesOfOne({})).toEqual([
      "✗ Acme access token (acme/token, format)",
      "  at src/pay.ts:12:18",
      '  | const key = "********************7xQ";',
      "  why: it begins and ends as Acme's tokens do",
      "  it gives: may order anvils on the account's bill",
      "  keep it in the store: secrets adopt src/pay.ts:12",
      "  or unstage it:        git restore --staged src/pay.ts",
      '  no secret?:           secrets scan ignore 00112233445566778899aabbccddeeff --reason "…"',
    ]);
  });

  test.each(["staged", "message", "push", "range", "history", "paths", "stdin", "received"] as const)(
    "of %s stays under 12 lines with all that can be said",
    (mode) => {
      const commits = ["a".repeat(40), "b".repeat(40), "c".repeat(40), "d".repeat(40)];
      const full = { commits, pushed: true, via: ["base64", "hex"] };
      for (const secret of [null, "api-key-acme"])
        expect(linesOfOne({ ...full, secret }, mode).length).toBeLessThan(12);
    },
  );

  test("in commits names them, three and how many more", () => {
    const commits = ["a".repeat(40), "b".repeat(40), "c".repeat(40), "d".repeat(40), "e".repeat(40)];
    expect(linesOfOne({ commits }, "history")[1]).toBe(
      "  at src/pay.ts:12:18, in aaaaaaaaaaaa, bbbbbbbbbbbb, cccccccccccc and 2 more",
    );
  });

  test("under encodings names them", () => {
    expect(linesOfOne({ via: ["base64", "hex"] })[0]).toContain("(acme/token, format, as base64 in hex)");
  });

  test("that is pushed is to be revoked first, and no commit is to be rewritten", () => {
    const text = linesOfOne({ pushed: true, commits: ["a".repeat(40)] }, "history").join("\n");
    expect(text).toContain("pushed: revoke it: Acme console, Tokens, Revoke");
    expect(text).not.toContain("rebase");
  });

  test("of a rule outside the table that is pushed says what to do all the same", () => {
    expect(linesOfOne({ pushed: true, rule: "user/x" }).join("\n")).toContain(
      "pushed: revoke it:    make a new one where it came from, and end this one",
    );
  });

  test("of the store that is pushed is to be rotated", () => {
    expect(linesOfOne({ pushed: true, secret: "db", rule: "store/value" }, "push").join("\n")).toContain(
      "pushed: rotate it: secrets rotate db",
    );
  });

  test("about to be pushed names the commit to rewrite", () => {
    expect(linesOfOne({ commits: ["0123456789abcdef".padEnd(40, "0")] }, "push").join("\n")).toContain(
      "git rebase -i 0123456789ab^",
    );
    expect(linesOfOne({ commits: ["$(x)"] }, "received").join("\n")).toContain(
      "git rebase -i, at the commit that brought it, then push again",
    );
  });

  test("in an object that no commit has is not to be rewritten", () => {
    const text = linesOfOne({ path: `object ${"a".repeat(40)}`, commits: [] }, "history").join("\n");
    expect(text).toContain("no commit has it: unstage it if it is staged, then: git gc --prune=now");
    expect(text).not.toContain("rebase");
    expect(linesOfOne({ path: "tag v1", commits: [] }, "history").join("\n")).toContain("rebase");
  });

  test("in a message is to be reworded", () => {
    const text = linesOfOne({ path: "commit message" }, "message").join("\n");
    expect(text).toContain("take it out of the message");
    expect(text).not.toMatch(/adopt|restore/);
  });

  test.each([
    ["a file.txt", "'a file.txt'"],
    ["it's", String.raw`'it'\''s'`],
    ["-rf", "./-rf"],
    ["$(x)", "'$(x)'"],
    ["--a b", "'./--a b'"],
  ])("in %s is quoted for a shell", (path, word) => {
    expect(linesOfOne({ path }).join("\n")).toContain(`git restore --staged ${word}`);
  });

  test.each(["a\u202eb", "a\nb", String.raw`a\u{202e}b`, "a##[b"])("in %j gives no command with the path", (path) => {
    const text = linesOfOne({ path }).join("\n");
    expect(text).toContain("git restore --staged, with that file");
    expect(text).not.toContain("adopt");
  });
});

describe("the summary", () => {
  test("of a clean scan counts what was scanned", () => {
    const summary = { blobs: 1, bytes: 999, refs: 2, messages: 1, cached: 1, ignored: 2, rules: 1 };
    expect(show(makeReport([], { ...summary, known: { values: 7, tooShort: 2, why: null } }))).toBe(
      [
        "✓ No leaks: the index",
        "  scanned: 1 blob (1 known from before), 999 bytes, 2 refs, 1 message; 1 rule; 2 findings ignored",
        "  values of the store: 7 looked for, 2 too short to look for",
      ].join("\n"),
    );
  });

  test("adds up leaks, warnings and what was not judged", () => {
    const report = makeReport([makeLeak(), makeLeak({ line: 3 }), makeLeak({ severity: "warn" })], {}, ["x"]);
    expect(show(report)).toContain("✗ 2 leaks to stop, 1 warning, not everything could be judged: the index");
  });

  test.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1000, "1.0 kB"],
    [999_949, "999.9 kB"],
    [999_950, "1.0 MB"],
    [2.5e9, "2.5 GB"],
    [7e15, "7000.0 TB"],
  ])("shows %i bytes as %s", (bytes, shown) => {
    expect(showBytes(bytes)).toBe(shown);
  });
});
