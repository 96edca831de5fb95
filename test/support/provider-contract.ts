import { beforeEach, describe, expect, test } from "vitest";
import { parseSecretName } from "../../src/core/name.js";
import type { Answer, FoundSecret, Provider } from "../../src/providers/provider.js";

/** A provider to be held to the contract, empty but for what `seed` puts into it. */
export interface Subject {
  readonly provider: Provider;
  /** Puts a value where the provider finds it, for providers that do not write. */
  readonly seed?: (name: string, value: string) => void;
  /** Makes the source of values answer nothing from now on; absent where a provider cannot be cut off. */
  readonly cutOff?: () => void;
  /** Makes the source of values refuse who asks; absent where it cannot. */
  readonly refuse?: () => void;
}

const name = parseSecretName("app/api-key");
const other = parseSecretName("app/other");
const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");

function valueOf(answer: Answer<FoundSecret>): string {
  if (answer.kind !== "found") throw new Error(`not found but ${answer.kind}: ${answer.error.message}`);
  return Buffer.from(answer.value.value).toString("utf8");
}

/** The suite that every provider passes. Run it from a test file of a provider of your own with what makes one. */
export function describeProvider(label: string, make: () => Promise<Subject> | Subject): void {
  describe(`the provider ${label}`, () => {
    let subject: Subject;
    beforeEach(async () => {
      subject = await make();
    });
    const put = async (value: string, at = name): Promise<void> => {
      if (subject.seed) subject.seed(at, value);
      else expect(await subject.provider.set(at, bytes(value), {})).toMatchObject({ kind: "found" });
    };

    test("says of what it does not hold that it is absent, and claims to know nothing of it", async () => {
      const { provider } = subject;
      await put("a value that is there");
      expect(await provider.get(other)).toMatchObject({
        kind: "absent",
        isKnown: false,
        error: { code: "secret/absent" },
      });
      expect((await provider.getVersion(other, "1")).kind).toBe("absent");
    });

    test("repeats no value in what it answers for others", async () => {
      await put("canary-5550123");
      const answers = [
        await subject.provider.list(),
        await subject.provider.get(other),
        await subject.provider.health(),
      ];
      expect(JSON.stringify(answers)).not.toContain("canary-5550123");
    });

    test("gives back the bytes that were put, whatever they are", async () => {
      for (const value of ["x", " blanks \n", "ünïcode ✓", '{"a":"$b"}', "a\\nb", "# no comment", "'quoted'"]) {
        await put(value);
        const answer = await subject.provider.get(name);
        expect(valueOf(answer)).toBe(value);
        expect(answer).toMatchObject({ kind: "found", value: { name, state: "current" } });
      }
    });

    test("lists what it holds, with facts and no values", async () => {
      await put("first value");
      await put("second value", other);
      const answer = await subject.provider.list();
      expect(answer).toMatchObject({ kind: "found", value: [{ name, state: "current" }, { name: other }] });
      expect(JSON.stringify(answer)).not.toContain('"value":"');
    });

    test("says that it is up, in one line", async () => {
      const health = await subject.provider.health();
      expect(health.isUp).toBe(true);
      expect(health.message).not.toMatch(/\n/);
    });

    test("that is cut off says so, with a reason, and never that something is absent", async () => {
      if (!subject.cutOff) return;
      await put("unreachable value");
      subject.cutOff();
      for (const answer of [await subject.provider.get(name), await subject.provider.list()]) {
        expect(answer.kind).toBe("unavailable");
        expect(answer.kind === "found" ? "" : answer.error.message).not.toBe("");
      }
      expect(await subject.provider.health()).toMatchObject({ isUp: false });
    });

    test("that refuses who asks says denied, and never that something is absent", async () => {
      if (!subject.refuse) return;
      await put("forbidden value");
      subject.refuse();
      expect((await subject.provider.get(name)).kind).toBe("denied");
    });

    test("that only reads refuses to write, before anything is sent, and says what to do", async () => {
      const { provider } = subject;
      if (provider.capabilities.writes) return;
      for (const write of [
        async () => await provider.set(name, bytes("x"), {}),
        async () => await provider.rotate(name, bytes("x"), {}),
        async () => await provider.delete(name),
      ])
        await expect(write).rejects.toMatchObject({
          code: "provider/read-only",
          hint: expect.stringMatching(/./) as string,
        });
    });

    test("that writes makes no version of the same value again, and one of another", async () => {
      const { provider } = subject;
      if (!provider.capabilities.writes) return;
      expect(await provider.set(name, bytes("one"), {})).toMatchObject({ value: { change: "created", version: 1 } });
      expect(await provider.set(name, bytes("one"), {})).toMatchObject({ value: { change: "unchanged", version: 1 } });
      expect(await provider.set(name, bytes("two"), {})).toMatchObject({
        value: { change: "new-version", version: 2 },
      });
    });

    test("with versions finds each by its number and by its own name, and says that others are not there", async () => {
      const { provider } = subject;
      if (!provider.capabilities.versions) return;
      for (const value of ["one", "two", "three"]) await provider.set(name, bytes(value), {});
      expect(valueOf(await provider.get(name))).toBe("three");
      const first = await provider.getVersion(name, "1");
      expect(valueOf(first)).toBe("one");
      expect(valueOf(await provider.getVersion(name, "previous"))).toBe("two");
      expect(valueOf(await provider.getVersion(name, "current"))).toBe("three");
      const revision = first.kind === "found" ? first.value.revision : "";
      expect(valueOf(await provider.getVersion(name, revision))).toBe("one");
      expect(await provider.getVersion(name, "4")).toMatchObject({
        kind: "absent",
        isKnown: true,
        error: { code: "version/not-found" },
      });
    });

    test("rotates what is there to another value, and nothing else", async () => {
      const { provider } = subject;
      if (!provider.capabilities.writes) return;
      expect((await provider.rotate(name, bytes("two"), {})).kind).toBe("absent");
      await provider.set(name, bytes("one"), {});
      await expect(provider.rotate(name, bytes("one"), {})).rejects.toMatchObject({ code: "value/invalid" });
      expect(await provider.rotate(name, bytes("two"), {})).toMatchObject({ kind: "found", value: { version: 2 } });
      expect(valueOf(await provider.get(name))).toBe("two");
    });

    test("keeps scope, tags and end with a version, and passes them on to the next", async () => {
      const { provider } = subject;
      if (!provider.capabilities.metadata) return;
      const expires = Math.floor(Date.now() / 1000 + 86_400) * 1000;
      await provider.set(name, bytes("one"), { scope: "plugin", tags: ["production", "stripe"], expires });
      const expected = { scope: "plugin", tags: ["production", "stripe"] };
      expect(await provider.get(name)).toMatchObject({ value: { ...expected, expires } });
      expect(await provider.set(name, bytes("one"), { tags: ["changed"] })).toMatchObject({
        value: { change: "metadata" },
      });
      await provider.set(name, bytes("two"), {});
      expect(await provider.get(name)).toMatchObject({ value: { scope: "plugin", tags: ["changed"] } });
      expect(await provider.list()).toMatchObject({ value: [{ scope: "plugin", tags: ["changed"] }] });
    });

    test("that writes deletes all versions, says how many, and holds nothing afterwards", async () => {
      const { provider } = subject;
      if (!provider.capabilities.writes) return;
      expect((await provider.delete(name)).kind).toBe("absent");
      for (const value of ["one", "two"]) await provider.set(name, bytes(value), {});
      expect(await provider.delete(name)).toEqual({ kind: "found", value: 2 });
      expect((await provider.get(name)).kind).toBe("absent");
      expect(await provider.list()).toEqual({ kind: "found", value: [] });
    });
  });
}
