import { describe, expect, test } from "vitest";
import { exitMeanings } from "../../../src/cli/exit-meanings.js";
import { renderCliReference, renderExitCodes } from "../../../src/cli/reference.js";
import { exitOf } from "../../../src/core/errors.js";
import { fakeCommands } from "./fake-commands.js";

describe("the page of exit codes", () => {
  test("every code stands in the line of its status, and once", () => {
    const lines = renderExitCodes().split("\n");
    for (const [code, exit] of Object.entries(exitOf)) {
      const naming = lines.filter((line) => line.includes(`\`${code}\``));
      expect(naming).toHaveLength(1);
      expect(naming[0]).toMatch(new RegExp(`^\\| ${exit} \\|`));
    }
  });

  test("no code leads to a status without a meaning", () => {
    for (const exit of Object.values(exitOf)) expect(exitMeanings).toHaveProperty(String(exit));
  });
});

describe("the page of commands", () => {
  test("hidden commands are not on it", async () => {
    expect(await renderCliReference(fakeCommands)).not.toContain("secrets fail");
  });

  test("a command stands in its group with usage, options, examples and exit status", async () => {
    const page = await renderCliReference(fakeCommands);
    expect(page).toContain(
      [
        "## Secrets",
        "",
        "### secrets store",
        "",
        "Summary of store.",
        "",
        "```",
        "secrets store [options] <name> [value]",
        "```",
        "",
        "Details.",
        "",
        "| option | |",
        "|-|-|",
        "| `--scope global\\|plugin\\|agent\\|user` | who may read (default: global) |",
      ].join("\n"),
    );
    expect(page).toContain(
      "```sh\n# Do it\nsecrets store a\n```\n\n| exit status | |\n|-|-|\n| `0` | done, all of it |\n",
    );
    expect(page.indexOf("## Team")).toBeGreaterThan(page.indexOf("### secrets audit seal"));
    expect(page).toContain("## Options of every command\n\n| option | |\n|-|-|\n| `-C DIR` |");
  });
});
