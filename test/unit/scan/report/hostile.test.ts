import { describe, expect, test } from "vitest";
import { renderReport, reportFormats } from "../../../../src/scan/report/render.js";
import { hostileTexts, makeLeak, makeReport, sampleRule } from "../../../support/scan-report.js";
import { checkXml } from "../../../support/xml-form.js";

const options = { version: "1.2.3", rules: [sampleRule] };

/** A report whose every text is hostile. */
function hostileReport(text: string) {
  const leak = makeLeak({
    path: text,
    title: text,
    masked: text,
    excerpt: text,
    why: text,
    via: [text],
    secret: null,
    commits: [text],
  });
  return makeReport(
    [
      leak,
      { ...leak, rule: "user/rule", severity: "warn", line: 14 },
      { ...leak, line: 20, pushed: true, secret: text },
    ],
    { target: text, known: { values: 0, tooShort: 0, why: text } },
    [text],
  );
}

const obeyed = /[\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029]|(?!\n)\p{Cc}/u;
const own = /^::(?:error|warning) (?:file|title)=[^:]*::/;

describe.each(reportFormats)("hostile text in the format %s", (format) => {
  test.each(hostileTexts.map((text) => [JSON.stringify(text), text] as const))("%s stays text", (_name, text) => {
    const shown = renderReport(hostileReport(text), format, options);
    expect(shown).not.toMatch(obeyed);
    expect(shown).not.toMatch(/##(?:\[|vso\[|teamcity\[)/i);
    const commands = shown.split("\n").filter((line) => line.trimStart().startsWith("::"));
    expect(commands.filter((line) => format !== "github" || !own.test(line))).toEqual([]);
    // Nothing but our own lines: a line of the text's making would be one more. A path that cannot be pasted has fewer commands.
    const plain = ["plain", "\u0001"].map((one) => renderReport(hostileReport(one), format, options));
    expect(plain.map((one) => one.split("\n").length)).toContain(shown.split("\n").length);
  });
});

describe("hostile text in XML", () => {
  test.each(hostileTexts.map((text) => [JSON.stringify(text), text] as const))(
    "%s breaks no element",
    (_name, text) => {
      const shown = renderReport(hostileReport(text), "junit", options);
      const names = checkXml(shown);
      expect(names).toEqual(checkXml(renderReport(hostileReport("plain"), "junit", options)));
    },
  );
});

describe("hostile text in Markdown", () => {
  test.each(hostileTexts.map((text) => [JSON.stringify(text), text] as const))("%s begins no markup", (_name, text) => {
    const log = JSON.parse(renderReport(hostileReport(text), "sarif", options)) as {
      runs: { tool: { driver: { rules: { id: string; help: { markdown: string } }[] } } }[];
    };
    const user = log.runs[0]?.tool.driver.rules.find(({ id }) => id === "user/rule");
    const [title = ""] = (user?.help.markdown ?? "").split("\n\n");
    expect(title).toMatch(/^\*\*.*\*\*$/);
    // Every character that Markdown could take for its own has a backslash before it.
    expect(title.slice(2, -2).replaceAll(/\\[\\`*_{}[\]()#+!|<>~@&-]/g, "")).not.toMatch(/[\\`*_[\]()#!|<>~@&]/);
  });
});

describe("commands in a report", () => {
  test.each(hostileTexts.map((text) => [JSON.stringify(text), text] as const))(
    "with %s as a path do nothing else when pasted",
    (_name, text) => {
      const shown = renderReport(makeReport([makeLeak({ path: text })]), "text", options);
      const command = shown.split("\n").find((line) => line.includes("git restore --staged"));
      const word = /git restore --staged ?(.*)$/.exec(command ?? "")?.[1] ?? "";
      expect(
        word === ", with that file" || /^(?:'[^']*'|\\')+$/.test(word) || /^[A-Za-z0-9_./][A-Za-z0-9_./-]*$/.test(word),
      ).toBe(true);
    },
  );
});
