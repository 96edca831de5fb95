import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { renderConfigReference, renderConfigSchema } from "../../../src/cli/config-reference.js";
import { leavesOf } from "../../../src/providers/config-schema.js";
import { auditAccess, defaultConfig, renderConfig } from "../../../src/providers/config.js";
import { examineConfig, parseConfig, parseYaml } from "../../../src/providers/parse-config.js";
import { findPosition, parseDocument } from "../../../src/providers/yaml-document.js";
import { readSource } from "../house/sources.js";

const bytes = (text: string): Buffer => Buffer.from(text);
const problemsOf = async (text: string): Promise<readonly string[]> => (await examineConfig(bytes(text))).problems;

// A key must not stand in a test file in the clear.
const literalKey = ["AGE", "SECRET", "KEY", "1QQQ"].join("-");

/** The config of the owner's description of the commands, as it stands there. */
const described = `secrets:
  defaultProvider: local
  enableAuditLog: true

  providers:
    local:
      storePath: .claude/secrets/local.enc.json
      masterKey: \${env:CLAUDE_SECRETS_MASTER_KEY}
      fileMode: 0600

    env:
      prefix: CLAUDE_SECRET_
      uppercaseNames: true
      allowUnprefixed: false

    azure-keyvault:
      vaultUrl: https://my-vault.vault.azure.net
      cacheTtlSeconds: 300
      maxRetries: 3

  accessControl:
    enforce: true
    defaultPermissions: [read]
`;

describe("a config that is refused", () => {
  test("is told of everything at once, with line, column and what was meant", async () => {
    const text = `secrets:
  defaultProvidr: local
  expired: wran
  audit:
    access: everywhere
  providers:
    azure-keyvault:
      vaultUrl: http://plain.vault.azure.net
      cacheTtlSeconds: -1
    vault: {}
scn: 1
`;
    expect(await problemsOf(text)).toEqual([
      "2:3: secrets has no key 'defaultProvidr'; did you mean defaultProvider?",
      "3:12: secrets.expired must be one of warn, refuse; did you mean warn?",
      "5:13: secrets.audit.access must be one of sealed, local, off",
      "8:17: secrets.providers.azure-keyvault.vaultUrl must be https:// and a host, without a path, a user or ${…}",
      "9:24: secrets.providers.azure-keyvault.cacheTtlSeconds must be a whole number from 0 to 86400",
      "10:5: secrets.providers has no key 'vault'",
      "11:1: the file has no key 'scn'; did you mean scan?",
    ]);
    await expect(parseConfig(bytes(text))).rejects.toMatchObject({ code: "config/invalid" });
  });

  test.each([
    ["a key itself", `masterKey: ${literalKey}`, "masterKey must be ${env:NAME}"],
    ["a key beside a variable", "masterKey: x${env:NAME}", "masterKey must be ${env:NAME}"],
    ["a variable's name that is none", "masterKey: ${env:9A}", "masterKey must be ${env:NAME}"],
    ["a mode that others could write", "fileMode: 0666", "fileMode must be an octal file mode"],
    ["a mode in decimal", "fileMode: 384", "fileMode must be an octal file mode"],
    ["a list for one value", "priority: [1, [2]]", "priority must be one value"],
  ])("for %s, which is not shown", async (_what, line, problem) => {
    const [first = "", ...others] = await problemsOf(`secrets:\n  providers:\n    local:\n      ${line}\n`);
    expect(first).toContain(`secrets.providers.local.${problem}`);
    expect(others).toEqual([]);
    expect(first).not.toContain(literalKey);
  });

  test.each([
    ["${env:KEY}.example.net", "vaultUrl"],
    ["https://${env:CLAUDE_SECRETS_MASTER_KEY}.attacker.example", "vaultUrl"],
    ["${env:HOME}", "credential"],
  ])("for %s outside of masterKey: nothing is expanded there", async (value, key) => {
    expect(await problemsOf(`secrets:\n  providers:\n    azure-keyvault:\n      ${key}: "${value}"\n`)).toEqual([
      `4:${7 + key.length + 2}: secrets.providers.azure-keyvault.${key} holds \${…}, which is expanded in masterKey only`,
    ]);
  });

  test.each([
    "https://user:pass@v.vault.azure.net",
    "https://v.vault.azure.net/path",
    "https://v.vault.azure.net?x=1",
    "https://v.vault.azure.net#x",
    "https://",
    "v.vault.azure.net",
    "ftp://v.vault.azure.net",
  ])("for the address %s of a vault", async (url) => {
    expect(await problemsOf(`secrets: { providers: { azure-keyvault: { vaultUrl: "${url}" } } }`)).toHaveLength(1);
  });

  test.each(["/etc/passwd", "../.env", "a/../../.env", "a\\..\\b"])("for the .env file %s", async (path) => {
    expect(await problemsOf(`secrets: { providers: { env: { envFile: '${path}' } } }`)).toHaveLength(1);
  });

  test("that switches access control off: no setting can", async () => {
    expect(await problemsOf("secrets: { accessControl: { enforce: false, defaultPermissions: [raed] } }")).toEqual([
      "1:38: secrets.accessControl.enforce must be true",
      "1:65: secrets.accessControl.defaultPermissions must be a list of read, write; did you mean read?",
    ]);
  });
});

describe("hostile YAML", () => {
  const laughs = `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n`;
  test.each([
    ["aliases, that could grow", laughs, "an alias (*name) is not expanded"],
    ["an unknown tag", "secrets: !!js/function 'x'", "a tag (!name) has no meaning here"],
    ["a tag on a key", "!x secrets: {}", "a tag (!name) has no meaning here"],
    ["a key twice", "secrets: {}\nsecrets: {}", "the key stands twice"],
    ["a merge", "secrets:\n  <<: {}\n", "has a key that is not known"],
    ["a prototype", "secrets:\n  __proto__: {}\n", "has a key that is not known"],
    ["a constructor", "constructor: { prototype: { x: 1 } }", "has no key 'constructor'"],
    ["two documents", "secrets: {}\n---\nsecrets: {}\n", "not valid YAML"],
    ["deep brackets", "[".repeat(60_000), "nested too deeply"],
    ["deep lists", `${"- ".repeat(30_000)}x`, "nested too deeply"],
    ["deep maps", `${"? ".repeat(30_000)}x`, "nested too deeply"],
    ["many values", `scan: [${"x,".repeat(12_000)}]`, "more than 10000 values"],
    ["a table as a key", "? { a: b }\n: c\n", "a key must be a plain word"],
  ])("with %s is refused", async (_what, text, problem) => {
    expect((await problemsOf(text)).join("\n")).toContain(problem);
    await expect(parseConfig(bytes(text))).rejects.toMatchObject({ code: "config/invalid" });
  });

  test("indented as deeply as a file can hold is refused", async () => {
    const text = Array.from({ length: 340 }, (_, at) => `${" ".repeat(at)}a:`).join("\n");
    expect((await problemsOf(text)).join("\n")).toContain("nested too deeply");
  });

  test("of 9,000 keys is read in linear time: keys are counted, not compared", async () => {
    const text = Array.from({ length: 9_000 }, (_, at) => `${at}:`).join("\n");
    const { problems } = await parseDocument(bytes(text));
    expect(problems).toEqual([]);
  });

  test("is refused by its size before it is parsed", async () => {
    await expect(parseConfig(Buffer.alloc(64 * 1024 + 1, 0x20))).rejects.toMatchObject({ code: "config/invalid" });
  });

  test("is not quoted in the message: what is wrong may be a key", async () => {
    const problems = await problemsOf(`secrets: {\n  "${literalKey}": 1, ]`);
    expect(problems.join("\n")).toContain("secrets has a key that is not known");
    expect(problems.join("\n")).toContain("not valid YAML");
    expect(problems.join("\n")).not.toContain("QQQ");
  });

  test("never reaches a prototype", async () => {
    const tree = await parseYaml(bytes("scan:\n  __proto__: { polluted: yes }\n"));
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.keys((tree as { scan: object }).scan)).toEqual(["__proto__"]);
  });
});

describe("a good config", () => {
  test("with every key of the owner's description is taken, and means what it says", async () => {
    expect(await parseConfig(bytes(described))).toEqual({
      ...defaultConfig,
      masterKeyVariable: "CLAUDE_SECRETS_MASTER_KEY",
      defaultRole: "read",
      local: { priority: 100, hasOldStore: true },
      azure: {
        ...defaultConfig.azure,
        vaultUrl: "https://my-vault.vault.azure.net",
        cacheTtlSeconds: 300,
        maxRetries: 3,
      },
    });
  });

  test.each([
    ["0600", 0o600],
    ["600", 0o600],
    ["0o640", 0o640],
    ['"0400"', 0o400],
  ])("reads the mode %s as octal", async (text, mode) => {
    expect((await parseConfig(bytes(`secrets: { providers: { local: { fileMode: ${text} } } }`))).fileMode).toBe(mode);
  });

  test.each(["", "secrets:\n", "secrets:\n  audit:\n", "# nothing\n", ...auditAccess.map(renderConfig)])(
    "may leave everything out: %j",
    async (text) => {
      const { audit, ...rest } = await parseConfig(bytes(text));
      expect(rest).toEqual(Object.fromEntries(Object.entries(defaultConfig).filter(([key]) => key !== "audit")));
      expect(audit.required).toBe(false);
    },
  );

  test("without the audit log records nothing, whatever audit.access says", async () => {
    const text = "secrets: { enableAuditLog: false, audit: { access: sealed } }";
    expect((await parseConfig(bytes(text))).audit.access).toBe("off");
  });

  test("that writes every default out is the same as none", async () => {
    const lines = leavesOf().flatMap(([path, { fallback }]) => (fallback === undefined ? [] : [[path, fallback]]));
    const tree: Record<string, unknown> = {};
    for (const [path = "", fallback = ""] of lines) {
      const keys = path.split(".");
      let at = tree;
      for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
      at[keys.at(-1) ?? ""] = fallback.startsWith("[") ? parse(fallback) : fallback;
    }
    expect(await parseConfig(bytes(JSON.stringify(tree)))).toEqual({
      ...defaultConfig,
      masterKeyVariable: "CLAUDE_SECRETS_MASTER_KEY",
    });
  });
});

describe("places", () => {
  test("lead to what they name, or as far as there is something", async () => {
    const { root } = await parseDocument(bytes("scan:\n  rules:\n    - id: x\n    - id: y\n      regex: z\n"));
    expect(findPosition(root, "scan.rules[1].regex")).toEqual({ line: 5, column: 7 });
    expect(findPosition(root, "scan.rules[1].title")).toEqual({ line: 4, column: 7 });
    expect(findPosition(root, "scan.rules[7]")).toEqual({ line: 2, column: 3 });
  });
});

describe("what is made from the schema", () => {
  const check = new Ajv({ strict: false }).compile(JSON.parse(renderConfigSchema()) as object);

  test("takes the owner's description, and the file that init writes", () => {
    // As editors read it: with types.
    expect(check(parse(described))).toBe(true);
    for (const access of auditAccess) expect(check(parse(renderConfig(access)))).toBe(true);
  });

  test.each([
    "secrets: { defaultProvidr: local }",
    "secrets: { expired: wran }",
    "secrets: { providers: { azure-keyvault: { vaultUrl: http://x } } }",
    "secrets: { accessControl: { enforce: false } }",
    "secrets: { providers: { local: { masterKey: literal } } }",
    "secrets: { providers: { env: { priority: 1001 } } }",
  ])("refuses in an editor what the program refuses: %s", async (text) => {
    expect(check(parse(text))).toBe(false);
    expect(await problemsOf(text)).toHaveLength(1);
  });

  test("are the committed pages", () => {
    expect(readSource("docs/config.md")).toBe(renderConfigReference());
    expect(readSource("docs/config.schema.json")).toBe(`${renderConfigSchema()}\n`);
  });

  test("says of every key what it means", () => {
    for (const [key, { about }] of leavesOf()) {
      expect(about.length, key).toBeGreaterThan(15);
      expect(renderConfigReference()).toContain(`| \`${key}\` |`);
    }
  });
});
