import { describe, expect, test } from "vitest";
import { allRules } from "../../../../src/scan/rules/all.js";
import { sample } from "../../../../src/scan/rules/example.js";
import { createScanner } from "../../../../src/scan/create-scanner.js";
import { scanText } from "../../../../src/scan/scanner.js";

const scanner = createScanner({ rules: allRules });
const hex = "0123456789abcdef";
const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** What is found, as `rule certainty severity`. */
function judge(text: string, path?: string): readonly string[] {
  return scanText(scanner, { bytes: Buffer.from(text, "latin1"), path }).map(
    ({ rule, certainty, severity }) => `${rule} ${certainty} ${severity}`,
  );
}

function token(header: object, claims: object): string {
  const parts = [header, claims].map((value) => Buffer.from(JSON.stringify(value)).toString("base64url"));
  return [...parts, sample(hex, 43, 1)].join(".");
}

function jwt(claims: object): readonly string[] {
  return judge(token({ alg: "HS256" }, { sub: "7", ...claims }));
}

function manifest(value: string): readonly string[] {
  return judge(`apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\nstringData:\n  entry: ${value}\n`);
}

describe("a body of the right form that is no chance", () => {
  test("is nothing when it is blank or says what to put there", () => {
    for (const body of ["x".repeat(36), "0".repeat(36), `YOUREXAMPLE${"q1".repeat(12)}R`])
      expect(judge(`ghp_${body}`)).toEqual([]);
  });

  test("is shown and does not block when it only counts or repeats", () => {
    expect(judge(`ghp_${"a".repeat(36)}`)).toEqual(["github/personal-access-token possible warn"]);
    expect(judge(`DATADOG_API_KEY=${"0123456789abcdef".repeat(2)}`)).toEqual(["datadog/api-key possible warn"]);
    expect(judge(`DATADOG_API_KEY=${"12a".repeat(10)}12`)).toEqual(["datadog/api-key possible warn"]);
  });
});

describe("a body without a form", () => {
  const body = sample(hex, 32, 5);

  test("is nothing behind a key that is public, or names neither", () => {
    expect(judge(`datadog_client_id=${body}`)).toEqual([]);
    expect(judge(`# datadog\nchecksum=${body}`)).toEqual([]);
    expect(judge(`datadog ${body}`)).toEqual([]);
  });

  test("is nothing behind a secret key where the vendor's letters only happen to stand in another word", () => {
    expect(judge(`rookTable; api_key=00${sample(base64.slice(0, 62), 40, 3)}`)).toEqual([]);
  });

  test("blocks behind a secret key of the vendor or near its name", () => {
    expect(judge(`datadogApiKey: "${body}"`)).toEqual(["datadog/api-key context block"]);
    expect(judge(`datadog:\n  api_key: ${body}`)).toEqual(["datadog/api-key context block"]);
    expect(judge(`datadog:\n  key: ${body}`)).toEqual(["datadog/api-key context block"]);
  });

  test("is shown behind a key that is the vendor's name alone", () => {
    expect(judge(`slack: "${body}"`)).toEqual(["slack/signing-secret possible warn"]);
  });
});

describe("AWS", () => {
  const secret = sample(base64, 40, 7);

  test("a name in camel case, a hash and a path are no secret access keys", () => {
    for (const body of [
      "AwsEc2LaunchTemplateDataPlacementDetails",
      sample(hex, 40, 2),
      `/srv/${"app1/Data/".repeat(3)}etc/x`,
    ])
      expect([body.length, judge(`aws_secret_access_key = "${body}"`)]).toEqual([body.length, []]);
  });

  test("a secret is found by its key, and shown near a key id", () => {
    expect(judge(`aws_secret_access_key = "${secret}"`)).toEqual(["aws/secret-access-key context block"]);
    expect(judge(`AKIA${sample("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16, 3)}\n${secret}\n`)).toContain(
      "aws/secret-access-key likely warn",
    );
  });
});

describe("a registry's token", () => {
  const auth = sample(hex, 36, 9);

  test("for all registries counts in npm's own files only", () => {
    expect(judge(`_auth = ${auth}`, "lib/descriptor.py")).toEqual([]);
    expect(judge(`_auth = ${auth}`, "app/.npmrc")).toEqual(["npm/registry-auth format block"]);
    expect(judge(`//npm.acme.dev/:_authToken=${auth}`, "Dockerfile")).toEqual(["npm/registry-auth format block"]);
  });
});

describe("a JSON web token", () => {
  test("without an algorithm is none; unsigned, anonymous or made from the sample it is shown", () => {
    expect(judge(token({ typ: "JWT" }, { sub: "jo" }))).toEqual([]);
    for (const claims of [
      { role: "anon", sub: "jo" },
      { sub: "jo", iat: 1_516_239_022 },
    ])
      expect(judge(token({ alg: "HS256" }, claims))).toEqual(["keys/json-web-token checked warn"]);
    expect(judge(token({ alg: "none" }, { sub: "jo" }))).toEqual(["keys/json-web-token checked warn"]);
  });

  test("that is signed blocks, and one of the service role by its own rule", () => {
    expect(judge(token({ alg: "HS256" }, { sub: "jo", iat: 1_700_000_000 }))).toEqual([
      "keys/json-web-token checked block",
    ]);
    expect(judge(token({ alg: "HS256" }, { role: "service_role" }))).toEqual([
      "jwt/supabase-service-role checked block",
    ]);
  });
});

describe("a token that has ended is shown and does not block", () => {
  test("one that lived for an hour, or ended before these rules were written", () => {
    expect(jwt({ iat: 2_000_000_000, exp: 2_000_003_600 })).toEqual(["keys/json-web-token checked warn"]);
    expect(jwt({ iat: 1_600_000_000, exp: 1_700_000_000 })).toEqual(["keys/json-web-token checked warn"]);
    expect(jwt({ exp: "1" })).toEqual(["keys/json-web-token checked block"]);
    expect(jwt({ iat: 2_000_000_000, exp: 2_100_000_000 })).toEqual(["keys/json-web-token checked block"]);
  });
});

describe("what begins like a key and is too short for one", () => {
  test("is shown and does not block", () => {
    expect(judge(`sk_live_${sample(base64.slice(0, 62), 11, 3)}`)).toEqual(["stripe/secret-key format warn"]);
    expect(judge(`pypi-AgEIcHlwaS5vcmc${sample(base64.slice(0, 62), 60, 3)}`)).toEqual([
      "pypi/upload-token format warn",
    ]);
    const host = Buffer.from("bedrock.amazonaws.com").toString("base64");
    expect(judge(`key: bedrock-api-key-${host}`)).toEqual(["aws/bedrock-session-key format warn"]);
  });
});

describe("files that others published", () => {
  const text = `ghp_${sample(base64.slice(0, 62), 36, 11)}`;

  test.each([
    "node_modules/pkg/index.js",
    "venv/lib/python3/site-packages/pkg/a.py",
    ".yarn/releases/yarn-4.1.0.cjs",
    "usr/lib/x/a.py",
  ])("show what they hold and block nothing: %s", (path) => {
    expect(judge(text, path)).toEqual(["github/personal-access-token format warn"]);
  });

  test("are not told by parts of names", () => {
    for (const path of ["my_node_modules/a.js", "src/usr/a.js", "yarn-1.js/a.js"])
      expect(judge(text, path)).toEqual(["github/personal-access-token format block"]);
  });
});

describe("values of a Kubernetes Secret", () => {
  test("an address and the head of a token are none", () => {
    expect(manifest("https://host.net:3128/path")).toEqual([]);
    expect(manifest(Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url"))).toEqual([]);
    expect(manifest(sample(hex, 24, 2))).toEqual(["kubernetes/secret-manifest likely block"]);
  });
});
