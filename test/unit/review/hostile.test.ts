import { describe, expect, test } from "vitest";
import { renderReview, reviewFormats } from "../../../src/review/render/render.js";
import { makeReview } from "../../support/review-document.js";
import { hostileTexts } from "../../support/scan-report.js";

/** Beside what breaks out of a scan report: what forges make of text in comments. */
const forgeTexts = [
  "`",
  "``` ```",
  "~~~",
  "a\\",
  "a\\|b",
  "a|b|c",
  "\\`|\\`",
  "@everybody",
  "cc @acme/security",
  "fixes #1",
  "acme/shop#1",
  "GH-12",
  "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
  "https://elsewhere.example.invalid/pixel.png",
  "www.elsewhere.example.invalid",
  "somebody@example.invalid",
  "\n/approve\n/merge",
  "\n\n# a heading\n\n- [x] done",
  "<details open><summary>x</summary>",
  "<!-- gitseal-review -->",
  "--> <b>",
  "<img src=x onerror=alert(1)>",
  "&#64;somebody &lt;b&gt;",
  ":rotating_light: $x^2$ ==x== ~~x~~ __x__",
  "[ref]: https://elsewhere.example.invalid",
  "section_start:1:x\r\u001b[0K",
  "\t\u0085\u009b31m",
];
const texts = [...hostileTexts, ...forgeTexts].map((text) => [JSON.stringify(text), text] as const);
const options = { version: "1.2.3" };

// Our own signs ⚠️ and ℹ️ end in a variation selector, which stands nowhere else.
const ownSigns = /[⚠ℹ]\ufe0f/gu;
const obeyed = /[\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029]|(?!\n)\p{Cc}/u;
const ownCommand = /^::(?:error|warning) (?:file|title)=[^:]*::/;
const codeSpan = /`[^`]*`/g;

describe.each(reviewFormats)("hostile text in the format %s", (format) => {
  test.each(texts)("%s stays text", (_name, text) => {
    const shown = renderReview(makeReview(text), format, options);
    expect(shown.replaceAll(ownSigns, "")).not.toMatch(obeyed);
    expect(shown).not.toMatch(/##(?:\[|vso\[|teamcity\[)/i);
    const commands = shown.split("\n").filter((line) => line.trimStart().startsWith("::"));
    expect(commands.filter((line) => format !== "github" || !ownCommand.test(line))).toEqual([]);
    expect(shown.split("\n").length).toBe(renderReview(makeReview("Plain!"), format, options).split("\n").length);
  });
});

function skeleton(text: string): string {
  return renderReview(makeReview(text), "md", options)
    .replaceAll(codeSpan, "`")
    .replaceAll(/`(?: `)*/g, "`");
}

describe("hostile text in Markdown", () => {
  // Letters, digits and dashes alone may stand as they are: names have no others.
  const marked = texts.filter(([, text]) => !/^[\p{L}\p{N} ,:;()-]*$/u.test(text));

  test.each(marked)("%s stands in code and nowhere else", (_name, text) => {
    expect(skeleton(text)).toBe(skeleton("Plain!"));
  });

  test.each(texts)("%s makes no cell of its own", (_name, text) => {
    const rows = renderReview(makeReview(text), "md", options)
      .split("\n")
      .filter((line) => line.startsWith("|"));
    expect(rows.length).toBe(3);
    // A table is split into cells before anything in it is read as code; a backslash takes the pipe behind it away.
    for (const row of rows) expect(row.replaceAll(/\\[!-/:-@[-`{-~]/g, "").split("|").length).toBe(10);
  });

  test("a long text is cut, and says so", () => {
    const shown = renderReview(makeReview("x".repeat(5000)), "md", options);
    expect(shown).toContain("x…");
    expect(Math.max(...Array.from(shown.matchAll(codeSpan), ([span]) => span.length))).toBeLessThan(170);
  });
});

describe("hostile text for programs", () => {
  test.each(texts)("%s comes out of JSON as it went in, but for lone surrogates", (_name, text) => {
    const review = makeReview(text);
    expect(JSON.parse(renderReview(review, "json", options))).toEqual(JSON.parse(JSON.stringify(review)));
  });

  test.each(texts)("%s is no link in SARIF, and its path is a relative reference", (_name, text) => {
    const log = JSON.parse(renderReview(makeReview(text), "sarif", options)) as {
      readonly runs: readonly {
        readonly results: readonly {
          readonly message: { readonly text: string };
          readonly locations: readonly {
            readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
          }[];
        }[];
      }[];
    };
    for (const { message, locations } of log.runs[0]?.results ?? []) {
      expect(message.text.replaceAll(/\\[\\[\]]/g, "")).not.toMatch(/[[\]]/);
      const uri = locations[0]?.physicalLocation.artifactLocation.uri ?? "";
      expect(uri).not.toMatch(/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i);
    }
  });
});
