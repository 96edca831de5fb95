import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseSecretName } from "../../../src/core/name.js";
import type { ValueCache } from "../../../src/providers/azure-read.js";
import { createAzureProvider } from "../../../src/providers/azure.js";
import { defaultConfig, type AzureSettings } from "../../../src/providers/config.js";
import type { FoundSecret, Provider } from "../../../src/providers/provider.js";
import { describeProvider } from "../../support/provider-contract.js";
import { overridesFor, startVault, type Fault, type VaultServer } from "../../support/vault-server.js";

const name = parseSecretName("app/api-key");
const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");

let vault: VaultServer;
const waits: number[] = [];
let clock = 0;

beforeAll(async () => {
  vault = await startVault();
});
afterAll(async () => await vault.close());
afterEach(() => {
  vault.state.secrets.clear();
  vault.state.deleted.clear();
  vault.requests.splice(0);
  vault.faults.splice(0);
  waits.splice(0);
  clock = 0;
});

/** A provider of the vault; its pauses are written down and not waited for. */
function provider(
  more: Partial<AzureSettings & { readonly vaultUrl: string }> = {},
  cache?: ValueCache,
  verify = false,
): Provider {
  return createAzureProvider(
    { ...defaultConfig.azure, vaultUrl: vault.url, ...more },
    {
      now: () => Date.now() + clock,
      jitter: () => 1,
      wait: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
      overrides: overridesFor(vault, verify),
      cache,
    },
  );
}

const always = (fault: Fault): Fault[] => Array.from({ length: 50 }, () => fault);

describeProvider("azure-keyvault", () => ({
  provider: provider({ maxRetries: 0 }),
  cutOff: () => void vault.faults.push(...always({ status: 503 })),
  refuse: () => void vault.faults.push(...always({ status: 403, code: "Forbidden", inner: "ForbiddenByRbac" })),
}));

describe("a request that fails", () => {
  test.each<readonly [string, Fault, string, string, RegExp]>([
    [
      "without a sign-in that counts",
      { status: 401, code: "Unauthorized" },
      "denied",
      "provider/unauthenticated",
      /did not accept/,
    ],
    [
      "without the right",
      { status: 403, code: "Forbidden", inner: "ForbiddenByRbac" },
      "denied",
      "provider/denied",
      /may not/,
    ],
    [
      "by the firewall",
      { status: 403, code: "Forbidden", inner: "ForbiddenByFirewall" },
      "denied",
      "provider/denied",
      /firewall/,
    ],
    [
      "for a disabled version",
      { status: 403, code: "Forbidden", inner: "SecretDisabled" },
      "denied",
      "version/revoked",
      /disabled/,
    ],
    ["for what is not there", { status: 404, code: "SecretNotFound" }, "absent", "secret/absent", /no such secret/],
    [
      "for a name being deleted",
      { status: 409, code: "Conflict", inner: "ObjectIsBeingDeleted" },
      "denied",
      "provider/conflict",
      /being deleted/,
    ],
    ["as malformed", { status: 400, code: "BadParameter" }, "denied", "provider/refused", /HTTP 400, BadParameter/],
    ["throttled", { status: 429, code: "Throttled" }, "unavailable", "provider/throttled", /throttling/],
    ["in the service", { status: 500, code: "Internal" }, "unavailable", "provider/unavailable", /HTTP 500/],
    ["in front of the service", { status: 503 }, "unavailable", "provider/unavailable", /HTTP 503/],
    ["on the way", "reset", "unavailable", "provider/unavailable", /cannot reach/],
    ["in the middle of an answer", "half", "unavailable", "provider/unavailable", /localhost/],
  ])("%s has an answer, an error code and a message of its own", async (_what, fault, kind, code, message) => {
    vault.faults.push(...always(fault));
    const answer = await provider({ maxRetries: 0 }).get(name);
    expect(answer).toMatchObject({ kind, error: { code, message: expect.stringMatching(message) as string } });
  });

  test("repeats nothing of what was sent, even where the service does", async () => {
    vault.faults.push({ status: 404, code: "SecretNotFound" }, { status: 400, code: "canary 5550123 \u001b[2J" });
    const answer = await provider().set(name, bytes("canary-value-5550123"), {});
    expect(answer.kind).toBe("denied");
    expect(JSON.stringify(answer)).not.toMatch(/5550123|\\u001b/);
    expect(answer.kind === "denied" ? answer.error.message : "").not.toMatch(/canary/);
  });

  test.each<readonly [string, string, RegExp]>([
    ["a host that nobody knows", "https://no-such-vault.invalid", /not known to the network/],
    ["a port where nobody listens", "https://localhost:1", /cannot reach localhost:1 \(ECONNREFUSED\)/],
  ])("for %s says which", async (_what, vaultUrl, message) => {
    const answer = await provider({ vaultUrl, maxRetries: 0 }).get(name);
    expect(answer).toMatchObject({
      kind: "unavailable",
      error: { code: "provider/unavailable", message: expect.stringMatching(message) as string },
    });
  });

  test("for a certificate that nobody vouches for says so, tries once and sends no token", async () => {
    const { credential, scopes } = overridesFor(vault);
    const azure = createAzureProvider(
      { ...defaultConfig.azure, vaultUrl: vault.url },
      { now: () => 0, jitter: () => 1, overrides: { credential } },
    );
    expect(await azure.get(name)).toMatchObject({
      kind: "unavailable",
      error: { message: expect.stringMatching(/certificate of localhost/) as string },
    });
    expect({ scopes, requests: vault.requests }).toEqual({ scopes: [], requests: [] });
  });

  test("for a challenge that wants a token for somebody else sends none", async () => {
    const overrides = overridesFor(vault, true);
    const azure = createAzureProvider(
      { ...defaultConfig.azure, vaultUrl: vault.url },
      { now: () => 0, jitter: () => 1, overrides },
    );
    expect(await azure.set(name, bytes("canary-value"), {})).toMatchObject({
      kind: "unavailable",
      error: { message: expect.stringMatching(/not for it/) as string },
    });
    expect(overrides.scopes).toEqual([]);
    expect(vault.requests.every(({ hasToken, body }) => !hasToken && body === "")).toBe(true);
  });

  test("ends at the deadline when nothing is answered at all", async () => {
    vault.faults.push("hang");
    const answer = await provider({ timeoutSeconds: 0.2 }).get(name);
    expect(answer).toMatchObject({ kind: "unavailable", error: { code: "provider/timeout" } });
  });
});

describe("trying again", () => {
  test("happens after as long as the service asks, and as often as is allowed", async () => {
    vault.faults.push(
      { status: 429, headers: { "Retry-After": "2" } },
      { status: 503, headers: { "retry-after-ms": "300" } },
    );
    expect((await provider().get(name)).kind).toBe("absent");
    expect(waits).toEqual([2000, 300]);
  });

  test("happens with growing pauses where the service names none, also after a 429", async () => {
    vault.faults.push({ status: 429 }, { status: 500 }, "reset");
    expect((await provider().get(name)).kind).toBe("absent");
    expect(waits).toEqual([250, 500, 1000]);
  });

  test("ends after maxRetries", async () => {
    vault.faults.push(...always({ status: 500 }));
    await provider({ maxRetries: 2 }).get(name);
    expect(waits).toHaveLength(2);
  });

  test("does not happen for a longer Retry-After than the deadline", async () => {
    vault.faults.push({ status: 429, headers: { "Retry-After": "3600" } });
    expect(await provider().get(name)).toMatchObject({
      error: { code: "provider/throttled", message: expect.stringMatching(/3600 s/) as string },
    });
    expect(waits).toEqual([]);
  });

  test.each([400, 401, 403, 404, 409])("does not happen after %i", async (status) => {
    vault.faults.push(...always({ status }));
    await provider().get(name);
    expect(waits).toEqual([]);
  });

  test("of a write whose answer was lost finds out first that it was done, and makes no second version", async () => {
    const azure = provider();
    await azure.get(name);
    vault.faults.push({ status: 404, code: "SecretNotFound" }, "after");
    expect(await azure.set(name, bytes("one"), {})).toMatchObject({ kind: "found", value: { version: 1 } });
    expect(vault.state.secrets.get("app--api-key")).toHaveLength(1);
  });

  test("of a write that was not done does it", async () => {
    vault.faults.push({ status: 404, code: "SecretNotFound" }, "reset");
    expect((await provider().set(name, bytes("one"), {})).kind).toBe("found");
    expect(vault.state.secrets.get("app--api-key")).toHaveLength(1);
  });
});

describe("the first request", () => {
  test("of a client carries no value, and no value is ever sent without a token", async () => {
    const azure = provider();
    await Promise.all(
      Array.from(
        { length: 20 },
        async (_, at) => await azure.set(parseSecretName(`many-${at}`), bytes(`canary-${at}`), {}),
      ),
    );
    const untokened = vault.requests.filter(({ hasToken }) => !hasToken);
    expect(untokened.length).toBeGreaterThan(0);
    expect(untokened.map(({ body }) => body).join("")).not.toContain("canary");
    expect(untokened.every(({ method }) => method === "GET")).toBe(true);
    expect(vault.state.secrets.size).toBe(20);
  });
});

describe("what a vault cannot hold is refused before anything is sent", () => {
  const long = parseSecretName(`${"a".repeat(64)}/${"b".repeat(63)}`);
  test.each<readonly [string, (azure: Provider) => Promise<unknown>, string]>([
    ["a name beyond 127 characters", async (azure) => await azure.set(long, bytes("x"), {}), "name/invalid"],
    ["a value beyond 25 kB", async (azure) => await azure.set(name, bytes("x".repeat(25_001)), {}), "value/too-large"],
    [
      "bytes beyond 25 kB in base64",
      async (azure) => await azure.set(name, Buffer.alloc(20_000, 0xff), {}),
      "value/too-large",
    ],
    ["an empty value", async (azure) => await azure.set(name, bytes(""), {}), "value/invalid"],
    ["a rotation to such", async (azure) => await azure.rotate(name, bytes(""), {}), "value/invalid"],
    ["a long name to read", async (azure) => await azure.get(long), "name/invalid"],
  ])("%s", async (_what, act, code) => {
    await expect(act(provider())).rejects.toMatchObject({ code });
    expect(vault.requests).toEqual([]);
  });

  test("more tags than 15 packs, beside those of others", async () => {
    await provider().set(name, bytes("x"), {});
    const [version] = vault.state.secrets.get("app--api-key") ?? [];
    if (version) version.tags = Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`other-${at}`, "x"]));
    const tags = Array.from({ length: 8 }, (_, at) => `${at}${"t".repeat(60)}`);
    await expect(provider().set(name, bytes("y"), { tags })).rejects.toMatchObject({ code: "value/invalid" });
    expect(vault.state.secrets.get("app--api-key")).toHaveLength(1);
  });
});

describe("what others put into a vault", () => {
  test("is found without case, its tags are shown, and kept by the next version", async () => {
    const azure = provider();
    await azure.set(parseSecretName("db-pass"), bytes("x"), {});
    const versions = vault.state.secrets.get("db-pass") ?? [];
    if (versions[0]) versions[0].tags = { team: "payments", urgent: "" };
    expect(await azure.get(parseSecretName("db-pass"))).toMatchObject({
      value: { tags: ["team=payments", "urgent"], scope: undefined },
    });
    await azure.set(parseSecretName("db-pass"), bytes("y"), { tags: ["ours"] });
    expect(vault.state.secrets.get("db-pass")?.at(-1)?.tags).toEqual({
      team: "payments",
      urgent: "",
      "gitseal-tags": "ours",
      "gitseal-number": "2",
    });
  });

  test("under a name that ours cannot be is left out of the list", async () => {
    const azure = provider();
    await azure.set(name, bytes("x"), {});
    vault.state.secrets.set("a---b", vault.state.secrets.get("app--api-key") ?? []);
    vault.state.secrets.set("x", vault.state.secrets.get("app--api-key") ?? []);
    expect(await azure.list()).toMatchObject({ value: [{ name }] });
  });

  test("on many pages is listed whole", async () => {
    const azure = provider();
    vault.state.pageSize = 2;
    for (const at of [1, 2, 3, 4, 5]) await azure.set(parseSecretName(`name-${at}`), bytes("x"), {});
    const answer = await azure.list();
    vault.state.pageSize = 25;
    expect(answer.kind === "found" ? answer.value.map((one) => [String(one.name), one.version]) : []).toEqual(
      [1, 2, 3, 4, 5].map((at) => [`name-${at}`, 1]),
    );
  });

  test("that is disabled, ended or not begun is told as such, which the service does not enforce for the latter two", async () => {
    const azure = provider();
    await azure.set(name, bytes("one"), {});
    const version = vault.state.secrets.get("app--api-key")?.[0];
    const now = Math.floor(Date.now() / 1000);
    if (version) version.attributes = { ...version.attributes, exp: now - 5 };
    expect(await azure.get(name)).toMatchObject({ kind: "found", value: { state: "expired" } });
    if (version) version.attributes = { ...version.attributes, exp: now + 500, nbf: now + 50 };
    expect(await azure.get(name)).toMatchObject({ kind: "found", value: { state: "pending" } });
    if (version) version.attributes = { ...version.attributes, enabled: false };
    expect(await azure.get(name)).toMatchObject({ kind: "denied", error: { code: "version/revoked" } });
  });
});

describe("bytes that are no text", () => {
  test("come back as they were", async () => {
    const value = Buffer.from([0, 255, 254, 10, 13]);
    await provider().set(name, value, {});
    const answer = await provider().get(name);
    expect(answer.kind === "found" ? [...answer.value.value] : []).toEqual([...value]);
  });
});

describe("a deleted secret", () => {
  test("blocks its name until it is recovered or purged, and the message says how", async () => {
    const azure = provider();
    await azure.set(name, bytes("one"), {});
    expect(await azure.delete(name)).toEqual({ kind: "found", value: 1 });
    expect(vault.state.deleted.has("app--api-key")).toBe(true);
    expect(await azure.set(name, bytes("two"), {})).toMatchObject({
      kind: "denied",
      error: { code: "provider/conflict", hint: expect.stringMatching(/recover.*purge/) as string },
    });
  });
});

describe("the cache", () => {
  const kept = new Map<string, FoundSecret>();
  const cache: ValueCache = {
    read: (of) => Promise.resolve(kept.get(of)),
    write: (of, secret, at) => Promise.resolve(void kept.set(of, { ...secret, cachedAt: at })),
    forget: (of) => void kept.delete(of),
  };
  const settings = { cacheTtlSeconds: 60, maxRetries: 0 };
  afterEach(() => kept.clear());

  test("is not used when the time is 0", async () => {
    await provider({}, cache).set(name, bytes("one"), {});
    await provider({}, cache).get(name);
    expect(kept.size).toBe(0);
  });

  test("answers within its time, with its age, and asks the vault nothing", async () => {
    await provider(settings, cache).set(name, bytes("one"), {});
    await provider(settings, cache).get(name);
    vault.requests.splice(0);
    expect(await provider(settings, cache).get(name)).toMatchObject({
      value: { cachedAt: expect.any(Number) as number },
    });
    expect(vault.requests).toEqual([]);
  });

  test("is never the answer after its time, not even when the vault is down, nor when the clock went back", async () => {
    await provider(settings, cache).set(name, bytes("one"), {});
    await provider(settings, cache).get(name);
    vault.faults.push(...always({ status: 503 }));
    for (const hours of [1, -1]) {
      clock = hours * 3_600_000;
      expect((await provider(settings, cache).get(name)).kind).toBe("unavailable");
    }
  });

  test("forgets what is written or deleted", async () => {
    const azure = provider(settings, cache);
    await azure.set(name, bytes("one"), {});
    await azure.get(name);
    await azure.set(name, bytes("two"), {});
    expect(kept.size).toBe(0);
    await azure.get(name);
    await azure.delete(name);
    expect(kept.size).toBe(0);
  });
});

describe("versions of one second", () => {
  test("have the order in which they were written all the same", async () => {
    const azure = provider();
    vault.state.now = () => 1_795_451_400_000;
    for (const value of ["one", "two", "three"]) await azure.set(name, bytes(value), {});
    vault.state.now = () => Date.now();
    const found = await Promise.all(["1", "2", "3"].map(async (version) => await azure.getVersion(name, version)));
    const values = found.map((answer) => (answer.kind === "found" ? Buffer.from(answer.value.value).toString() : ""));
    expect(values).toEqual(["one", "two", "three"]);
  });
});
