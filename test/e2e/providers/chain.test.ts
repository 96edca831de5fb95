import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { deleteSecret } from "../../../src/app/delete-secret.js";
import type { Deps } from "../../../src/app/deps.js";
import { getSecret } from "../../../src/app/get-secret.js";
import { checkHealth } from "../../../src/app/chain/health.js";
import { listSecrets } from "../../../src/app/list-secrets.js";
import { rotateSecret } from "../../../src/app/rotate-secret.js";
import { setSecret } from "../../../src/app/set-secret.js";
import { makeProject, type Project } from "../../support/cli-fixture.js";
import { depsOf } from "../../support/deps-of.js";
import { overridesFor, startVault, type VaultServer } from "../../support/vault-server.js";

let vault: VaultServer;
beforeAll(async () => {
  vault = await startVault();
});
afterAll(async () => await vault.close());
afterEach(() => {
  vault.faults.splice(0);
  vault.state.secrets.clear();
  vault.state.deleted.clear();
});

/** The use-cases of the person of a project, with the vault of this test at hand. */
function withVault(project: Project, env: Readonly<Record<string, string>> = {}): Deps & { readonly warned: string[] } {
  const now = new Date().toISOString();
  return { ...depsOf(project, { SECRETS_NOW: now, AZURE_VAULT_URL: vault.url, ...env }), vault: overridesFor(vault) };
}

const text = (value: Uint8Array): string => Buffer.from(value).toString("utf8");

function setConfig(project: Project, yaml: string): void {
  const config = join(project.dir, ".secrets/config.yaml");
  writeFileSync(config, `secrets:\n${yaml}`);
  expect(project.run(["init"]).status).toBe(0);
}

describe("the environment", () => {
  const project = makeProject();
  project.run(["set", "app/local-one", "-"], { stdin: "of the store" });
  const env = { CLAUDE_SECRET_APP__LOCAL_ONE: "planted", CLAUDE_SECRET_FROM_ENV: "of the environment" };

  test("answers for a name that the store never knew, is recorded and is said to have answered", () => {
    const answer = project.run(["get", "from-env", "--raw", "--explain"], { env });
    expect(answer).toEqual({
      status: 0,
      stdout: "of the environment",
      stderr: "local: absent (no secret of that name)\nenv: found (version 1)\n",
    });
    expect(project.run(["get", "from-env"], { env }).stdout).toContain("Provider: env\nVersion: 1\n");
    const log = project.run(["audit", "from-env", "--json"]).stdout;
    expect(JSON.parse(log)).toMatchObject({ entries: [{ provider: "env", action: "get" }, { provider: "env" }] });
  });

  test("does not answer for a name of the store, is not asked, and does when it is named", () => {
    const answer = project.run(["get", "app/local-one", "--raw", "--explain"], { env });
    expect(answer).toEqual({ status: 0, stdout: "of the store", stderr: "local: found (version 1)\nenv: not asked\n" });
    for (const more of [
      { args: ["--provider", "env"], env },
      { args: [], env: { ...env, CLAUDE_SECRETS_PROVIDER: "env" } },
    ])
      expect(project.run(["get", "app/local-one", "--raw", ...more.args], { env: more.env }).stdout).toBe("planted");
  });

  test("stands in the list, each name under who would answer", () => {
    const { stdout } = project.run(["list"], { env });
    expect(stdout).toMatch(/app\/local-one +local +1 +global/);
    expect(stdout).toMatch(/from-env +env +1 +-/);
    expect(project.run(["list", "--provider", "env", "--names"], { env }).stdout).toBe("app/local-one\nfrom-env\n");
  });

  test("is only read: every command that writes explains it, and changes nothing", () => {
    const before = project.snapshot();
    for (const args of [
      ["set", "from-env", "x"],
      ["rotate", "from-env", "x"],
      ["delete", "from-env", "--confirm"],
    ]) {
      const { status, stderr } = project.run([...args, "--provider", "env"], { env });
      expect([args[0], status]).toEqual([args[0], 2]);
      expect(stderr).toContain("environment variables are only read");
      expect(stderr).toContain("CLAUDE_SECRET_FROM_ENV");
    }
    expect(project.changedSince(before).filter((path) => !path.includes("/spool/"))).toEqual([]);
  });

  test("is no provider where the config takes it out", () => {
    setConfig(project, "  providers:\n    env: { enabled: false }\n");
    expect(project.run(["get", "from-env"], { env }).status).toBe(1);
    expect(project.run(["get", "from-env", "--provider", "env"], { env }).stderr).toContain("not configured");
    setConfig(project, "  providers:\n    env: { envFile: .env }\n");
    writeFileSync(join(project.dir, ".env"), "CLAUDE_SECRET_IN_FILE='of the file'\n");
    expect(project.run(["get", "in-file", "--raw"]).stdout).toBe("of the file");
    expect(project.run(["list", "--names"]).stdout).toContain("in-file");
  });
});

describe("a vault", () => {
  test("of a config that nobody vouches for is sent nothing, and the key of the reader goes nowhere", async () => {
    const project = makeProject();
    const config = join(project.dir, ".secrets/config.yaml");
    writeFileSync(config, `secrets:\n  providers:\n    azure-keyvault: { vaultUrl: "${vault.url}", priority: 500 }\n`);
    const deps = withVault(project, { AZURE_VAULT_URL: "" });
    vault.requests.splice(0);
    await expect(getSecret(deps, { name: "app/nowhere" })).rejects.toMatchObject({ code: "secret/absent" });
    await expect(
      setSecret(deps, { name: "app/nowhere", value: Buffer.from("x"), provider: "azure-keyvault" }),
    ).rejects.toMatchObject({
      code: "provider/not-configured",
    });
    expect((await listSecrets(deps, {})).entries).toEqual([]);
    expect((await checkHealth(deps)).providers.map(({ provider }) => provider)).toEqual(["local", "env"]);
    expect(vault.requests).toEqual([]);
    expect(deps.warned.join("\n")).toContain("without a journal entry of a maintainer");
    // Once it is vouched for, it is asked, and first.
    expect(project.run(["config", "allow"]).status).toBe(0);
    await expect(getSecret(deps, { name: "app/nowhere" })).rejects.toMatchObject({ code: "secret/absent" });
    expect(vault.requests.length).toBeGreaterThan(0);
    const { providers } = await checkHealth(deps);
    expect(providers.map(({ provider, isUp }) => [provider, isUp])).toEqual([
      ["azure-keyvault", true],
      ["local", true],
      ["env", true],
    ]);
  });

  test("takes, shows, rotates and deletes a secret as the store does", async () => {
    const project = makeProject();
    const deps = withVault(project);
    const provider = "azure-keyvault";
    expect(
      await setSecret(deps, {
        name: "prod/key",
        value: Buffer.from("one"),
        provider,
        scope: "plugin",
        tags: "prod,db",
      }),
    ).toMatchObject({
      provider,
      change: "created",
      version: 1,
      scope: "plugin",
    });
    expect(await rotateSecret(deps, { name: "prod/key", value: Buffer.from("two") })).toMatchObject({
      provider,
      oldVersion: 1,
      newVersion: 2,
    });
    const secret = await getSecret(deps, { name: "prod/key" });
    expect(secret).toMatchObject({ provider, version: 2, scope: "plugin", tags: ["db", "prod"], state: "current" });
    expect(text(secret.value)).toBe("two");
    expect(text((await getSecret(deps, { name: "prod/key", version: "previous" })).value)).toBe("one");
    expect((await listSecrets(deps, { tags: "prod" })).entries).toMatchObject([
      { name: "prod/key", provider, version: 2 },
    ]);
    await setSecret(deps, { name: "prod/key", value: Buffer.from("here too") });
    expect(await deleteSecret(deps, { name: "prod/key" })).toMatchObject({
      removedFrom: ["local", provider],
      versions: 3,
    });
    // Deleted here: nobody else may answer for it now.
    vault.state.secrets.set("prod--key", vault.state.deleted.get("prod--key") ?? []);
    await expect(getSecret(deps, { name: "prod/key" })).rejects.toMatchObject({
      code: "secret/absent",
      message: "prod/key was deleted",
    });
    expect((await listSecrets(deps, {})).entries).toEqual([]);
    expect(project.findPlaintext("here too")).toEqual([]);
  });

  test("that is down ends a get and a delete with 6, and health too, and nothing here has changed", async () => {
    const project = makeProject();
    const deps = { ...withVault(project, { CLAUDE_SECRET_APP__ELSEWHERE: "planted" }) };
    project.run(["set", "app/key", "-"], { stdin: "kept" });
    const down = (): void =>
      void vault.faults.push(...Array.from({ length: 40 }, () => ({ status: 400, code: "Down" }) as const));
    vault.faults.push(...Array.from({ length: 8 }, () => ({ status: 503, headers: { "retry-after-ms": "1" } })));
    await expect(getSecret(deps, { name: "app/elsewhere" })).rejects.toMatchObject({
      code: "provider/unavailable",
      exit: 6,
    });
    vault.faults.splice(0);
    down();
    await expect(deleteSecret(deps, { name: "app/key" })).rejects.toMatchObject({ code: "provider/refused" });
    expect(text((await getSecret(deps, { name: "app/key" })).value)).toBe("kept");
    expect((await checkHealth(deps)).providers.find(({ provider }) => provider === "azure-keyvault")).toMatchObject({
      isUp: false,
    });
  });

  test("that is down is passed over where the config says so, and stderr says it", async () => {
    const project = makeProject();
    setConfig(
      project,
      `  onUnavailable: next\n  providers:\n    azure-keyvault: { vaultUrl: "${vault.url}", maxRetries: 0 }\n`,
    );
    const deps = withVault(project, { AZURE_VAULT_URL: "", CLAUDE_SECRET_APP__ELSEWHERE: "from env" });
    vault.faults.push({ status: 503 });
    expect(text((await getSecret(deps, { name: "app/elsewhere" })).value)).toBe("from env");
    expect(deps.warned.join("\n")).toContain("azure-keyvault was passed over");
  });

  test("keeps to the rule for what has ended, for a current and for an old version", async () => {
    const project = makeProject();
    const deps = withVault(project);
    const name = "app/ends";
    await setSecret(deps, { name, value: Buffer.from("one"), provider: "azure-keyvault" });
    await setSecret(deps, { name, value: Buffer.from("two"), provider: "azure-keyvault" });
    for (const version of vault.state.secrets.get("app--ends") ?? []) version.attributes.exp = 1_000_000_000;
    expect(text((await getSecret(deps, { name })).value)).toBe("two");
    expect(deps.warned.join("\n")).toContain("expired");
    await expect(getSecret(deps, { name, version: "1" })).rejects.toMatchObject({ code: "version/expired", exit: 9 });
  });

  test("is asked again only after the cache's time, and the cache is sealed and says its age", async () => {
    const project = makeProject();
    setConfig(project, `  providers:\n    azure-keyvault: { vaultUrl: "${vault.url}", cacheTtlSeconds: 300 }\n`);
    const deps = withVault(project, { AZURE_VAULT_URL: "" });
    await setSecret(deps, { name: "app/key", value: Buffer.from("canary-of-the-cache"), provider: "azure-keyvault" });
    expect((await getSecret(deps, { name: "app/key" })).cachedAt).toBeUndefined();
    vault.requests.splice(0);
    const secret = await getSecret(deps, { name: "app/key" });
    expect(secret.cachedAt).toBe(deps.now());
    expect(text(secret.value)).toBe("canary-of-the-cache");
    expect(vault.requests).toEqual([]);
    expect(project.findPlaintext("canary-of-the-cache")).toEqual([]);
    const files = readdirSync(join(project.dir, ".git/gitseal/cache")).filter((file) => file.startsWith("vault-"));
    expect(files).toHaveLength(1);
    expect(readFileSync(join(project.dir, ".git/gitseal/cache", files[0] ?? "")).toString("latin1")).toMatch(
      /^age-encryption\.org/,
    );
  });
});

const pendingOf = (project: Project): readonly string[] => {
  const folder = join(project.dir, ".git/gitseal/pending");
  return existsSync(folder) ? readdirSync(folder) : [];
};
const lose = (): void =>
  void vault.faults.push(
    { status: 404, code: "SecretNotFound" },
    ...Array.from({ length: 20 }, () => "reset" as const),
  );

describe("a value on its way to a vault", () => {
  const quick = "  providers:\n    azure-keyvault: { maxRetries: 0 }\n";

  test("is kept, sealed, when no answer came, and stored by the next command", async () => {
    const project = makeProject();
    setConfig(project, quick);
    const deps = withVault(project);
    const value = Buffer.from("canary-on-its-way");
    lose();
    await expect(setSecret(deps, { name: "app/key", value, provider: "azure-keyvault" })).rejects.toMatchObject({
      code: "provider/unavailable",
      message: expect.stringMatching(/not known/) as string,
    });
    expect(pendingOf(project)).toHaveLength(1);
    expect(project.findPlaintext("canary-on-its-way")).toEqual([]);
    expect((await checkHealth(deps)).notes.join("\n")).toContain("may not have reached the vault: 1");
    vault.faults.splice(0);
    await setSecret(deps, { name: "app/other", value: Buffer.from("x"), provider: "azure-keyvault" });
    expect(deps.warned.join("\n")).toContain("its value is stored now");
    expect(pendingOf(project)).toEqual([]);
    expect(vault.state.secrets.get("app--key")?.at(-1)?.value).toBe("canary-on-its-way");
  });

  test("does not undo what somebody stored since, and stays", async () => {
    const project = makeProject();
    setConfig(project, quick);
    const deps = withVault(project);
    lose();
    await expect(
      setSecret(deps, { name: "app/key", value: Buffer.from("mine"), provider: "azure-keyvault" }),
    ).rejects.toThrow(/not known/);
    vault.faults.splice(0);
    const other = withVault(makeProject());
    await setSecret(other, { name: "app/key", value: Buffer.from("theirs"), provider: "azure-keyvault" });
    await setSecret(deps, { name: "app/other", value: Buffer.from("x"), provider: "azure-keyvault" });
    expect(deps.warned.join("\n")).toContain("somebody has stored another value since, which stays");
    expect(vault.state.secrets.get("app--key")?.at(-1)?.value).toBe("theirs");
    expect(pendingOf(project)).toHaveLength(1);
  });

  test("leaves nothing behind when it arrived, was refused, or was never sent", async () => {
    const project = makeProject();
    const deps = withVault(project);
    await setSecret(deps, { name: "app/key", value: Buffer.from("one"), provider: "azure-keyvault" });
    vault.faults.push(
      { status: 403, code: "Forbidden" },
      { status: 403, code: "Forbidden" },
      { status: 403, code: "Forbidden" },
    );
    await expect(
      setSecret(deps, { name: "app/key", value: Buffer.from("two"), provider: "azure-keyvault" }),
    ).rejects.toMatchObject({ exit: 4 });
    await expect(
      setSecret(deps, { name: "app/key", value: Buffer.alloc(26_000, 0x61), provider: "azure-keyvault" }),
    ).rejects.toMatchObject({
      code: "value/too-large",
    });
    const before = vault.state.secrets.get("app--key")?.length;
    await setSecret(deps, { name: "app/key", value: Buffer.from("three"), provider: "azure-keyvault", dryRun: true });
    expect(vault.state.secrets.get("app--key")).toHaveLength(before ?? -1);
    expect(pendingOf(project)).toEqual([]);
  });
});

describe("health", () => {
  test("shows the table of the providers, in the order of the chain, and the last lines", () => {
    const project = makeProject();
    project.run(["set", "app/old", "-", "--expires", "1h"], { stdin: "x" });
    const { status, stdout, stderr } = project.run(["health"], { now: "2026-11-24T16:30:00.000Z" });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Secret Provider Health:\n\nProvider +Status +Priority +Last Check +Latency *\nlocal +✓ OK +100 +2026-11-24T16:30:00Z +\d+ ms *\nenv +✓ OK +10 +2026-11-24T16:30:00Z +\d+ ms *\n\nAll providers operational\nFallback chain: local → env\n$/,
    );
    expect(stderr).toContain("expired: app/old");
  });

  test("exits 6 when a provider is down, also without an identity for the store, and says which", () => {
    const project = makeProject();
    const env = { AZURE_VAULT_URL: "https://localhost:1", AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" };
    const { status, stdout, stderr } = project.run(["health"], { env });
    expect(status).toBe(6);
    expect(stdout).toContain("Not operational: azure-keyvault\nFallback chain: local → azure-keyvault → env\n");
    expect(stderr).toContain("azure-keyvault: cannot reach localhost:1");
    const nobody = project.run(["health", "--json"], { env: { SECRETS_IDENTITY_FILE: "/nowhere/identity" } });
    expect(nobody.status).toBe(6);
    expect(JSON.parse(nobody.stdout)).toMatchObject({
      providers: [{ provider: "local", status: "down" }, { status: "ok" }],
    });
  });
});
