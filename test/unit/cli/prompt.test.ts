import { describe, expect, test } from "vitest";
import { askHidden, askNumber, askYesNo } from "../../../src/cli/prompt.js";
import { SecretsError } from "../../../src/core/errors.js";
import { fakeContext } from "./fake-context.js";

const question = { label: "value of api-key", twice: true, instead: "use --from-file" };

function asking(interactive = true) {
  return { ...fakeContext({ tty: true }), interactive };
}

async function failureOf(work: Promise<unknown>): Promise<SecretsError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SecretsError) return error;
  throw new Error("expected a SecretsError");
}

/** Types each text in a turn of its own, as a terminal delivers it. */
async function hidden(...typed: readonly (string | Uint8Array)[]) {
  const context = asking();
  const answer = askHidden(context, question).then(
    (bytes) => Buffer.from(bytes).toString("latin1"),
    (error: unknown) => (error instanceof SecretsError ? error.code : "foreign"),
  );
  for (const text of typed) context.input.write(text);
  return { answer: await answer, err: context.err(), rawModes: context.rawModes };
}

describe("a hidden prompt", () => {
  test("never asks when nobody can answer, and names the way round", async () => {
    const context = asking(false);
    const error = await failureOf(askHidden(context, question));
    expect({ code: error.code, hint: error.hint, err: context.err() }).toEqual({
      code: "usage/refused",
      hint: "use --from-file",
      err: "",
    });
    expect(context.rawModes).toEqual([]);
  });

  test.each([
    ["two entries that differ", ["abc\r", "abd\r"], "value/invalid"],
    ["nothing typed", ["\r", "\r"], "usage/refused"],
    ["Ctrl-C in the first entry", ["abc\u0003"], "run/interrupted"],
    ["Ctrl-C in the second entry", ["abc\rab\u0003"], "run/interrupted"],
  ])("%s is refused and the terminal is as before", async (_, typed, code) => {
    const { answer, rawModes, err } = await hidden(...typed);
    expect({ answer, rawModes }).toEqual({ answer: code, rawModes: [true, false] });
    expect(err).not.toContain("ab");
  });

  test("a terminal that goes away is an interruption", async () => {
    const context = asking();
    const answer = askHidden(context, question);
    context.input.end("abc");
    expect((await failureOf(answer)).code).toBe("run/interrupted");
    expect(context.rawModes).toEqual([true, false]);
  });

  test("Ctrl-C from elsewhere restores the terminal", async () => {
    const context = asking();
    const answer = askHidden(context, question);
    context.interruptNow();
    expect({ rawModes: context.rawModes, paused: context.input.isPaused() }).toEqual({
      rawModes: [true, false],
      paused: true,
    });
    context.input.resume().write("a\ra\r");
    expect(Buffer.from(await answer).toString()).toBe("a");
  });

  test.each<[string, (string | Uint8Array)[], string]>([
    ["key by key", ["a", "b", "\r", "a", "b", "\r"], "ab"],
    ["both entries in one paste", ["ab\nab\n"], "ab"],
    ["a paste with CR LF", ["ab\r\nab\r\n"], "ab"],
    ["spaces around it", [" ab \r ab \r"], " ab "],
    ["a tab inside", ["a\tb\ra\tb\r"], "a\tb"],
    ["backspace", ["abx\u007f\rab\r"], "ab"],
    ["backspace at the start", ["\u007f\u0008ab\rab\r"], "ab"],
    ["backspace over a character of three bytes", ["a鍵\u007fb\rab\r"], "ab"],
    ["a line that was started again", ["xyz\u0015ab\rab\r"], "ab"],
    ["arrow keys", ["a\u001b[Cb\u001bOD\rab\r"], "ab"],
    ["the marks of a bracketed paste", ["\u001b[200~ab\u001b[201~\rab\r"], "ab"],
    ["Ctrl-D as the end", ["ab\u0004ab\u0004"], "ab"],
    ["other control keys", ["a\u0001b\u001a\rab\r"], "ab"],
    ["what was pasted beyond the last line", ["ab\rab\rrm -rf /\r"], "ab"],
  ])("takes %s", async (_, typed, value) => {
    expect(await hidden(...typed)).toEqual({
      answer: value,
      err: "value of api-key: \nvalue of api-key (again): \n",
      rawModes: [true, false],
    });
  });

  test("bytes that are no text are kept, and so are characters that arrive in pieces", async () => {
    const bytes = Uint8Array.from([0xff, 0xfe, 0x80]);
    expect((await hidden(bytes, "\r", bytes, "\r")).answer).toBe("\u00ff\u00fe\u0080");
    const key = Buffer.from("鍵", "utf8");
    const { answer } = await hidden(key.subarray(0, 1), key.subarray(1), "\r", key, "\r");
    expect(Buffer.from(answer, "latin1").toString("utf8")).toBe("鍵");
  });

  test("asks once where once is enough", async () => {
    const context = asking();
    const answer = askHidden(context, { ...question, twice: false });
    context.input.write("ab\r");
    expect(Buffer.from(await answer).toString()).toBe("ab");
    expect(context.err()).toBe("value of api-key: \n");
  });
});

describe("a question", () => {
  const ask = "Are you sure?";

  async function answerTo(typed: string, end = false) {
    const context = asking();
    const answer = askYesNo(context, ask, "use --confirm");
    if (end) context.input.end(typed);
    else context.input.write(typed);
    return { yes: await answer, err: context.err() };
  }

  test("never asks when nobody can answer, and names the flag", async () => {
    const context = asking(false);
    const error = await failureOf(askYesNo(context, ask, "use --confirm"));
    expect({ code: error.code, hint: error.hint, err: context.err() }).toEqual({
      code: "usage/refused",
      hint: "use --confirm",
      err: "",
    });
  });

  test.each([
    ["no\n", false, 1],
    ["N\n", false, 1],
    ["\nmaybe\nyess\nyes\n", false, 3],
    ["what?\nyes\n", true, 2],
    ["yes\n", true, 1],
    ["Yes\r\n", true, 1],
    ["y\n", true, 1],
  ])("%j", async (typed, yes, times) => {
    expect(await answerTo(typed)).toEqual({ yes, err: `${ask} (yes/no): `.repeat(times) });
  });

  test("the end of the input is a no, whatever stands before it", async () => {
    expect(await answerTo("", true)).toEqual({ yes: false, err: `${ask} (yes/no): \n` });
    expect(await answerTo("yes", true)).toEqual({ yes: false, err: `${ask} (yes/no): \n` });
  });

  test("a hostile name in it reaches no terminal", async () => {
    const context = asking();
    const answer = askYesNo(context, "Delete \u001b[2J?", "use --confirm");
    context.input.write("no\n");
    await answer;
    expect(context.err()).toBe("Delete \\u{1b}[2J? (yes/no): ");
  });
});

describe("a choice", () => {
  const options = ["ours", "theirs \u001b[2J"];

  async function pick(typed: string, end = false) {
    const context = asking();
    const answer = askNumber(context, "Which one stays?", options, "use --take");
    if (end) context.input.end(typed);
    else context.input.write(typed);
    return { at: await answer, err: context.err() };
  }

  test("is never asked for when nobody can answer", async () => {
    const error = await failureOf(askNumber(asking(false), "Which?", options, "use --take"));
    expect([error.code, error.hint]).toEqual(["usage/refused", "use --take"]);
  });

  test.each([
    ["0\n3\nours\n", undefined, 3],
    ["\n1.5\n-1\n1\n", undefined, 3],
    ["x\n2\n", 1, 2],
    [" 1 \n", 0, 1],
  ])("%j", async (typed, at, times) => {
    const { at: picked, err } = await pick(typed);
    expect(picked).toBe(at);
    expect(err).toBe(`Which one stays?\n  1  ours\n  2  theirs \\u{1b}[2J\n${"1 to 2: ".repeat(times)}`);
  });

  test("the end of the input picks nothing", async () => {
    expect((await pick("1", true)).at).toBeUndefined();
  });
});
