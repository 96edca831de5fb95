import { describe, expect, test } from "vitest";
import { SecretsError } from "../../../src/core/errors.js";
import { parseSecretName } from "../../../src/core/name.js";
import { askChain, type ChainStep } from "../../../src/providers/chain.js";
import type { Answer, FoundSecret } from "../../../src/providers/provider.js";

const name = parseSecretName("app/api-key");
const canary = "canary-5550123";

const found: Answer<FoundSecret> = {
  kind: "found",
  value: {
    name,
    version: 3,
    revision: "",
    state: "current",
    scope: undefined,
    tags: [],
    created: undefined,
    updated: undefined,
    expires: undefined,
    value: Buffer.from(canary),
  },
};
const absent: Answer<FoundSecret> = {
  kind: "absent",
  isKnown: false,
  error: new SecretsError("secret/absent", "not here"),
};
const deleted: Answer<FoundSecret> = {
  kind: "absent",
  isKnown: true,
  error: new SecretsError("secret/absent", "was deleted"),
};
const denied: Answer<FoundSecret> = { kind: "denied", error: new SecretsError("provider/denied", "you may not") };
const down: Answer<FoundSecret> = { kind: "unavailable", error: new SecretsError("provider/unavailable", "is down") };

async function ask(answers: readonly Answer<FoundSecret>[], onUnavailable: "fail" | "next" = "fail") {
  const asked: string[] = [];
  const skipped: string[] = [];
  const steps: ChainStep[] = [];
  const providers = answers.map((answer, at) => {
    const id = `p${at + 1}`;
    const get = (_name: string, version?: string) => {
      asked.push(version === undefined ? id : `${id}@${version}`);
      return Promise.resolve(answer);
    };
    return { id, get, getVersion: get };
  });
  const chained = await askChain(providers, name, {
    version: undefined,
    onUnavailable,
    onSkipped: ({ id }) => void skipped.push(id),
    onStep: (step) => void steps.push(step),
  });
  return { asked, skipped, steps, kind: chained?.answer.kind, provider: chained?.provider };
}

describe("a chain", () => {
  test.each<readonly [string, readonly Answer<FoundSecret>[]]>([
    ["a name that its provider has deleted", [deleted, found]],
    ["who may not read it there", [denied, found]],
    ["a provider that is down", [down, found]],
  ])("ends at %s, and asks nobody else", async (_what, answers) => {
    const { asked, kind, provider, skipped } = await ask(answers);
    expect({ asked, provider, skipped }).toEqual({ asked: ["p1"], provider: "p1", skipped: [] });
    expect(kind).toBe(answers[0]?.kind);
  });

  test("passes a provider that is down only where the config says so, and says it", async () => {
    expect(await ask([down, found], "next")).toMatchObject({
      asked: ["p1", "p2"],
      skipped: ["p1"],
      kind: "found",
      provider: "p2",
    });
  });

  test.each([
    ["first", [down, absent]],
    ["last", [absent, down]],
  ] as const)("never says absent when one of them could not answer, be it the %s", async (_where, answers) => {
    expect(await ask(answers, "next")).toMatchObject({ kind: "unavailable" });
  });

  test("never passes who was denied or what is known, whatever the config says", async () => {
    for (const answer of [denied, deleted]) expect((await ask([answer, found], "next")).asked).toEqual(["p1"]);
  });

  test("falls through what is absent, in order, and stops where it is found", async () => {
    expect(await ask([absent, found, found])).toMatchObject({ asked: ["p1", "p2"], provider: "p2", kind: "found" });
    expect(await ask([absent, absent])).toMatchObject({ asked: ["p1", "p2"], kind: "absent" });
  });

  test("tells each step, also who was not asked, and never a value", async () => {
    const { steps } = await ask([absent, found, down]);
    expect(steps).toEqual([
      { provider: "p1", answer: "absent", message: "not here" },
      { provider: "p2", answer: "found", message: "version 3" },
      { provider: "p3", answer: "not-asked", message: "" },
    ]);
    expect(JSON.stringify(steps)).not.toContain(canary);
  });

  test("asks for the version that is wanted", async () => {
    const asked: string[] = [];
    const get = (_name: string, version?: string): Promise<Answer<FoundSecret>> => {
      asked.push(version ?? "none");
      return Promise.resolve(found);
    };
    await askChain([{ id: "p", get, getVersion: get }], name, {
      version: "2",
      onUnavailable: "fail",
      onSkipped: () => undefined,
    });
    expect(asked).toEqual(["2"]);
  });

  test("of nobody has no answer", async () => {
    expect((await ask([])).kind).toBeUndefined();
  });
});
