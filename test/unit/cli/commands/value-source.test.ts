import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readValue, type ValueSource } from "../../../../src/cli/value-source.js";
import { maxValue } from "../../../../src/core/envelope.js";
import { type FakeRun, fakeRun } from "./fake-run.js";

const folder = mkdtempSync(join(tmpdir(), "gitseal-value-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = "hunter2-hunter2";
const nothing: ValueSource = { argument: undefined, fromFile: undefined, generate: undefined, name: "api-key" };
const read = async (run: FakeRun, source: Partial<ValueSource>): Promise<string> =>
  Buffer.from(await readValue(run.context, { ...nothing, ...source })).toString("latin1");

describe("a value", () => {
  test.each([
    [{ argument: secret, generate: true as const }],
    [{ argument: "-", fromFile: "x" }],
    [{ fromFile: "x", generate: "8" }],
    [{ argument: secret, fromFile: "x", generate: true as const }],
  ])("given more than once is refused before any of them is read (%#)", async (source) => {
    const run = await fakeRun();
    const failure = read(run, source);
    await expect(failure).rejects.toMatchObject({
      code: "usage/invalid",
      message: "the value is given more than once",
    });
    await expect(failure).rejects.not.toMatchObject({ hint: expect.stringContaining(secret) as string });
    expect(run.err()).toBe("");
  });

  test("given by nothing is refused when nobody can be asked, with every way to give it", async () => {
    const run = await fakeRun();
    const hint = expect.stringMatching(/standard input.*--from-file FILE.*--generate/) as string;
    await expect(read(run, {})).rejects.toMatchObject({ code: "usage/refused", hint });
    expect(run.fake.input.listenerCount("data")).toBe(0);
  });

  test("given as an argument is that argument, and a warning that does not repeat it", async () => {
    const run = await fakeRun();
    expect(await read(run, { argument: secret })).toBe(secret);
    expect(run.err()).toMatch(/^warning: a value on the command line .+\nhint: .+\n$/);
    expect(run.err() + run.out()).not.toContain(secret);
  });

  test("given as an empty argument is the empty value", async () => {
    expect(await read(await fakeRun({ quiet: true }), { argument: "" })).toBe("");
  });

  test("given as - is all of the standard input, byte for byte", async () => {
    const run = await fakeRun();
    run.fake.input.end(Buffer.from([0, 0xff, 0x0d, 0x0a]));
    expect(await read(run, { argument: "-" })).toBe("\0\u00ff\r\n");
    expect(run.err()).toBe("");
  });

  test("on the standard input beyond the limit is refused with the limit", async () => {
    const run = await fakeRun();
    run.fake.input.end(Buffer.alloc(maxValue + 1));
    await expect(read(run, { argument: "-" })).rejects.toMatchObject({
      code: "value/too-large",
      message: expect.stringContaining(String(maxValue)) as string,
    });
  });

  test("from a file is looked for from the working directory, as -C sets it", async () => {
    writeFileSync(join(folder, "value"), "a\n");
    expect(await read(await fakeRun({}, { cwd: folder }), { fromFile: "value" })).toBe("a\n");
    await expect(read(await fakeRun({}, { cwd: "/" }), { fromFile: "value" })).rejects.toMatchObject({
      code: "usage/invalid",
    });
  });

  test("generated has the length and the characters asked for", async () => {
    const run = await fakeRun();
    let next = 0;
    const context = {
      ...run.context,
      randomBytes: (length: number) => Uint8Array.from({ length }, () => next++ % 256),
    };
    const made = await readValue(context, { ...nothing, generate: "12,hex" });
    expect(Buffer.from(made).toString("utf8")).toBe("0123456789ab");
    await expect(readValue(context, { ...nothing, generate: "0" })).rejects.toMatchObject({ code: "usage/invalid" });
    await expect(readValue(context, { ...nothing, generate: "8,toString" })).rejects.toMatchObject({
      code: "usage/invalid",
    });
  });

  test("is asked for twice on a terminal, by the name of the secret", async () => {
    const run = await fakeRun({ interactive: true }, { tty: true });
    const typed = read(run, {});
    run.fake.input.write(`${secret}\r${secret}\r`);
    expect(await typed).toBe(secret);
    expect(run.err()).toBe("Value of api-key: \nValue of api-key (again): \n");
  });
});
