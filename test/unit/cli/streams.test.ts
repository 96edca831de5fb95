import { describe, expect, test } from "vitest";
import { createOutput } from "../../../src/cli/output.js";
import { renderProgress, startProgress } from "../../../src/cli/progress.js";
import { readStdin } from "../../../src/cli/stdin.js";
import { SecretsError } from "../../../src/core/errors.js";
import { fakeContext, type FakeFacts } from "./fake-context.js";

function codeOf(error: unknown): string {
  return error instanceof SecretsError ? error.code : "foreign";
}

describe("readStdin", () => {
  test("more than the limit is refused, exactly the limit is not", async () => {
    const long = fakeContext();
    long.input.end("12345");
    await expect(readStdin(long, 4).catch(codeOf)).resolves.toBe("value/too-large");
    const fits = fakeContext();
    fits.input.end("1234");
    expect(Buffer.from(await readStdin(fits, 4)).toString()).toBe("1234");
  });

  test("a stream that breaks is a failure and not a short value", async () => {
    const context = fakeContext();
    context.input.write("12");
    context.input.destroy(new Error("EIO"));
    await expect(readStdin(context, 4).catch(codeOf)).resolves.toBe("io/failed");
  });

  test("every byte is kept: no trimming, no decoding", async () => {
    const context = fakeContext();
    context.input.write(Uint8Array.from([0xff, 0x00, 0x20]));
    context.input.end("\r\n");
    expect([...(await readStdin(context, 100))]).toEqual([0xff, 0x00, 0x20, 0x0d, 0x0a]);
  });
});

describe("progress", () => {
  const work = { label: "verifying", total: 4 };
  const start = (facts: FakeFacts, quiet = false) => {
    const context = { ...fakeContext(facts), quiet };
    return { context, progress: startProgress(context, work) };
  };

  test.each<[string, FakeFacts, boolean]>([
    ["without a terminal", {}, false],
    ["with --quiet", { tty: true }, true],
    ["on a dumb terminal", { tty: true, env: { TERM: "dumb" } }, false],
  ])("nothing is drawn %s", async (_, facts, quiet) => {
    const { context, progress } = start(facts, quiet);
    context.pass(10_000);
    await progress.advance();
    progress.end();
    expect(context.err()).toBe("");
  });

  test("nothing is drawn in the first half second, nor by an end right then", async () => {
    const { context, progress } = start({ tty: true });
    context.pass(499);
    await progress.advance();
    progress.end();
    expect(context.err()).toBe("");
  });

  test("the bar is drawn after that, at most ten times a second, and taken away at the end", async () => {
    const { context, progress } = start({ tty: true, columns: 60 });
    context.pass(500);
    await progress.advance(2);
    context.pass(99);
    await progress.advance();
    progress.end();
    progress.end();
    expect(context.err()).toBe(`\r\u001b[Kverifying [${"#".repeat(15)}${".".repeat(15)}] 2/4, 4/s\r\u001b[K`);
  });

  test("Ctrl-C takes it away too, but not after its end", async () => {
    const { context, progress } = start({ tty: true });
    context.pass(500);
    await progress.advance();
    context.interruptNow();
    expect(context.err().endsWith("\r\u001b[K")).toBe(true);
    progress.end();
    const before = context.err();
    context.interruptNow();
    expect(context.err()).toBe(before);
  });

  test("its line is narrower than the terminal, however narrow, and escaped", () => {
    expect(renderProgress({ label: "a\u001b", total: undefined }, 7, 1000, 80)).toBe("a\\u{1b} 7, 7/s");
    expect(renderProgress(work, 2, 1000, 26)).toBe("verifying 2/4, 2/s");
    expect(renderProgress(work, 2, 1000, 12)).toBe("verifying …");
    expect(renderProgress({ label: "v", total: 0 }, 0, 0, 30)).toBe(`v [${"#".repeat(16)}] 0/0, 0/s`);
  });
});

describe("output", () => {
  const hostile = "a\u001b[31m\u202eb";
  const shown = "a\\u{1b}[31m\\u{202e}b";
  const flags = { quiet: false, verbose: false, color: undefined };

  test("untrusted text is escaped on every way out", async () => {
    const context = fakeContext({ tty: true, env: { NO_COLOR: "1" } });
    const out = await createOutput(context, { ...flags, verbose: true });
    out.answer(hostile);
    out.done(hostile, [[hostile, hostile]]);
    out.facts([["Tags", `${hostile}\nForged: line`]]);
    out.table([hostile], [[hostile]]);
    out.json({ [hostile]: hostile });
    out.warn(hostile, hostile);
    out.note(hostile);
    out.detail(hostile);
    for (const steering of ["\u001b", "\u202e"]) expect(context.out() + context.err()).not.toContain(steering);
    expect(context.out()).toContain(`✓ ${shown}\n  ${shown}: ${shown}\n`);
    expect(context.out()).not.toContain("\nForged");
    expect(context.err()).toBe(`⚠ Warning: ${shown}\n  ${shown}\n${shown}\n${shown}\n`);
  });

  test("bytes are written as they are", async () => {
    const context = fakeContext({ tty: true });
    (await createOutput(context, flags)).bytes(Uint8Array.from([0x1b, 0xff, 0x0a]));
    expect(context.out()).toBe("\u001b\u00ff\n");
  });

  test("quiet hides notes but no warning, and details need verbose", async () => {
    const context = fakeContext();
    const out = await createOutput(context, { ...flags, quiet: true });
    out.note("note");
    out.detail("detail");
    out.warn("warning");
    expect(context.err()).toBe("⚠ Warning: warning\n");
  });

  test("only a terminal gets boxes and colours", async () => {
    const pipe = fakeContext();
    (await createOutput(pipe, flags)).table(["Name"], [["a"]]);
    expect(pipe.out()).toBe("Name\na\n");
    const terminal = fakeContext({ tty: true, columns: 80 });
    const out = await createOutput(terminal, flags);
    out.table(["Name"], [["a"]]);
    out.done("stored");
    expect(terminal.out()).toBe("┌──────┐\n│ Name │\n├──────┤\n│ a    │\n└──────┘\n\u001b[32m✓\u001b[39m stored\n");
  });
});
