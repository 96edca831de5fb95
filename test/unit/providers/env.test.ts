import { array, assert, boolean, property, stringMatching } from "fast-check";
import { describe, expect, test } from "vitest";
import { fail } from "../../../src/core/errors.js";
import { isSecretName, parseSecretName, type SecretName } from "../../../src/core/name.js";
import { defaultConfig, type EnvSettings } from "../../../src/providers/config.js";
import { encodeEnvName, findEnvName } from "../../../src/providers/env-names.js";
import { createEnvProvider } from "../../../src/providers/env.js";
import { describeProvider } from "../../support/provider-contract.js";

const name = parseSecretName("app/api-key");

function provider(
  variables: Readonly<Record<string, string>>,
  more: Partial<EnvSettings> = {},
  file?: string | (() => never),
) {
  return createEnvProvider(
    { ...defaultConfig.env, ...more },
    {
      variables,
      reserved: ["CLAUDE_SECRETS_MASTER_KEY", "TEAM_KEY"],
      readFile: () => (typeof file === "function" ? file() : file === undefined ? undefined : Buffer.from(file)),
    },
  );
}

async function read(of: ReturnType<typeof provider>, wanted: SecretName = name): Promise<string> {
  const answer = await of.get(wanted);
  return answer.kind === "found" ? Buffer.from(answer.value.value).toString("utf8") : answer.kind;
}

describeProvider("env", () => {
  const variables: Record<string, string> = {};
  return {
    provider: provider(variables),
    seed: (at, value) =>
      void (variables[`CLAUDE_SECRET_${at.toUpperCase().replaceAll("/", "__").replaceAll("-", "_")}`] = value),
  };
});

describeProvider("env with a .env file", () => {
  const variables: Record<string, string> = {};
  let isGone = false;
  return {
    provider: createEnvProvider(
      { ...defaultConfig.env, envFile: ".env" },
      {
        variables,
        reserved: [],
        readFile: () =>
          isGone ? fail("io/failed", "cannot read .env") : Buffer.from("CLAUDE_SECRET_UNRELATED_ONE=1\n".slice(0, 0)),
      },
    ),
    seed: (at, value) =>
      void (variables[`CLAUDE_SECRET_${at.toUpperCase().replaceAll("/", "__").replaceAll("-", "_")}`] = value),
    cutOff: () => void (isGone = true),
  };
});

describe("names of variables", () => {
  test.each(["API__KEY", "_API_KEY", "API_KEY_", "API___KEY", "api_key", "API-KEY", "A", "", "ÄPI", "CON", "API KEY"])(
    "%j stands for no secret of that name",
    (body) => {
      const found = findEnvName(body, true);
      expect(found === undefined || encodeEnvName(found, true) === body).toBe(true);
      expect(found).not.toBe("api-key");
    },
  );

  test("lead back to the name, and no two names share one", () => {
    const word = stringMatching(/^[a-z0-9]{1,6}$/);
    const names = array(array(word, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.map((words) => words.join("-")).join("/"))
      .filter(isSecretName);
    assert(
      property(names, names, boolean(), (a, b, upper) => {
        expect(findEnvName(encodeEnvName(a, upper), upper)).toBe(a);
        if (a !== b) expect(encodeEnvName(a, upper)).not.toBe(encodeEnvName(b, upper));
      }),
    );
  });
});

describe("variables", () => {
  test("that are empty are no value", async () => {
    expect(await read(provider({ CLAUDE_SECRET_APP__API_KEY: "" }))).toBe("absent");
  });

  test("that hold an identity are no secrets, whatever the prefix", async () => {
    const env = provider(
      { CLAUDE_SECRETS_MASTER_KEY: "k", TEAM_KEY: "k" },
      { prefix: "CLAUDE_", allowUnprefixed: true },
    );
    expect(await read(env, parseSecretName("secrets-master-key"))).toBe("absent");
    expect(await read(env, parseSecretName("team-key"))).toBe("absent");
    expect(await env.list()).toEqual({ kind: "found", value: [] });
  });

  test.each<readonly [string, Partial<EnvSettings>, string]>([
    ["SECRET_APP__API_KEY", {}, "absent"],
    ["SECRET_APP__API_KEY", { shortPrefix: true }, "value"],
    ["APP__API_KEY", {}, "absent"],
    ["APP__API_KEY", { allowUnprefixed: true }, "value"],
    ["CLAUDE_SECRET_app__api_key", {}, "absent"],
    ["CLAUDE_SECRET_app__api_key", { uppercaseNames: false }, "value"],
    ["TEAM_APP__API_KEY", { prefix: "TEAM_" }, "value"],
    ["CLAUDE_SECRET_APP__API_KEY", { prefix: "TEAM_" }, "absent"],
  ])("%s with %j is %s", async (variable, settings, expected) => {
    expect(await read(provider({ [variable]: "value" }, settings))).toBe(expected);
  });

  test("without a prefix answer, but are not listed: nobody said that PATH is a secret", async () => {
    const env = provider({ PATH: "/bin", APP__API_KEY: "x", CLAUDE_SECRET_ONE_TWO: "y" }, { allowUnprefixed: true });
    expect(await env.list()).toMatchObject({ value: [{ name: "one-two" }] });
  });

  test("with the first prefix go before those with the short one", async () => {
    const env = provider({ SECRET_APP__API_KEY: "short", CLAUDE_SECRET_APP__API_KEY: "long" }, { shortPrefix: true });
    expect(await read(env)).toBe("long");
  });
});

describe("a .env file", () => {
  const file = [
    "# a comment",
    "export CLAUDE_SECRET_ONE_TWO='single $quoted'",
    'CLAUDE_SECRET_APP__API_KEY="two\\nlines"',
    'CLAUDE_SECRET_MULTI_LINE="a',
    'b"',
    "CLAUDE_SECRET_EMPTY_ONE=",
  ].join("\n");

  test("is read by the rules of dotenv when the environment has no such variable", async () => {
    const env = provider({ CLAUDE_SECRET_ONE_TWO: "environment" }, { envFile: ".env" }, file);
    expect(await read(env)).toBe("two\nlines");
    expect(await read(env, parseSecretName("one-two"))).toBe("environment");
    expect(await read(env, parseSecretName("multi-line"))).toBe("a\nb");
    expect(await read(env, parseSecretName("empty-one"))).toBe("absent");
  });

  test("that is not there holds nothing, and one that cannot be read makes the provider unavailable", async () => {
    expect(await read(provider({}, { envFile: ".env" }))).toBe("absent");
    const broken = provider({}, { envFile: ".env" }, () => fail("io/failed", "cannot read .env"));
    expect(await read(broken)).toBe("unavailable");
    expect(await broken.health()).toMatchObject({ isUp: false });
  });
});
