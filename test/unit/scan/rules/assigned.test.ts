import { describe, expect, test } from "vitest";
import { findKey, namesOneOf, saysPublic, saysSecret } from "../../../../src/scan/rules/assigned.js";

describe("nothing joins them", () => {
  test.each(["", "abc", "key_", "...", "=== ", "https://api.acme.dev/api/token/blob/ "])(
    "in front of the value: %j",
    (before) => {
      expect(findKey(before)?.name).toBeUndefined();
    },
  );
});

describe("the key before a value, in any language", () => {
  test.each([
    ["API_KEY=", "API_KEY"],
    ["export API_KEY='", "API_KEY"],
    ["api_key: ", "api_key"],
    ['  apiKey: "', "apiKey"],
    ['{"apiKey":"', "apiKey"],
    ['{\\"apiKey\\": \\"', "apiKey"],
    ["'api_key' => '", "api_key"],
    ['$apiKey .= "', "$apiKey"],
    ['apiKey := "', "apiKey"],
    ['api_key ::= "', "api_key"],
    ["api.key=", "api.key"],
    ["const apiKey: string = `", "apiKey"],
    ["--api-key ", "--api-key"],
    ["--api-key=", "--api-key"],
    ['-D"api.key=', "api.key"],
    ['setApiKey("', "setApiKey"],
    ['withKeys(apiKey, "', "apiKey"],
    ['process.env.API_KEY || "', "process.env.API_KEY"],
    ['config["api_key"] = "', "api_key"],
    ['os.getenv("API_KEY", "', "API_KEY"],
    ['<add key="ApiKey" value="', "ApiKey"],
    ["<apiKey>", "apiKey"],
    ["<key>apiKey</key>\n  <string>", "apiKey"],
    ["Authorization: Bearer ", "Authorization"],
    ["-H 'X-Api-Key: ", "X-Api-Key"],
    ["api_key:\n    - ", "api_key"],
    ["?api_key=", "api_key"],
    ["&quot;apiKey&quot;: &quot;", "apiKey"],
  ])("%j", (before, name) => {
    expect(findKey(before)?.name).toBe(name);
  });

  test("only a sign assigns; blanks join a flag, and words of prose", () => {
    expect(findKey("--token ")?.isAssigned).toBe(false);
    expect(findKey("the token is ")?.isAssigned).toBe(false);
    expect(findKey("token = ")?.isAssigned).toBe(true);
    expect(findKey("setToken(")?.isAssigned).toBe(true);
  });

  test("what is further than 200 characters before is not looked at", () => {
    expect(findKey(`api_key=${" ".repeat(300)}`)).toBeUndefined();
    expect(findKey(`${"a".repeat(10_000)}=`)?.name).toHaveLength(199);
  });
});

describe("what a key says of its value", () => {
  test.each([
    "publicKey",
    "public_key",
    "PUBLISHABLE_KEY",
    "clientId",
    "client_id",
    "keyID",
    "commit",
    "sha256",
    "webhook_url",
    "key_hash",
    "tokenFile",
  ])("%s is meant to be seen", (name) => {
    expect(saysPublic(name)).toBe(true);
  });

  test.each(["apiKey", "token", "password", "client_secret", "AUTH", "webhook", "valid", "hidden", "paid"])(
    "%s is not",
    (name) => {
      expect(saysPublic(name)).toBe(false);
    },
  );

  test.each(["apiKey", "TOKEN", "client_secret", "db_pwd", "github_pat", "account_sid", "signing"])(
    "%s is secret",
    (name) => {
      expect(saysSecret(name)).toBe(true);
    },
  );

  test.each(["commit", "revision", "path", "side", "pattern"])("%s is not secret", (name) => {
    expect(saysSecret(name)).toBe(false);
  });
});

describe("a vendor's name in a key", () => {
  test.each([
    ["rookTable", "okta"],
    ["sumOfParts", "sumo"],
    ["ReactNativeCameraKit", "meraki"],
    ["globalToken", "lob"],
    ["", "okta"],
  ])("%s does not hold %s", (name, word) => {
    expect(namesOneOf(name, [word])).toBe(false);
  });

  test.each([
    ["oktaToken", "okta"],
    ["OKTA_TOKEN", "okta"],
    ["my-okta-token", "okta"],
    ["myOktaToken", "okta"],
    ["launchDarklyKey", "launchdarkly"],
    ["LAUNCH_DARKLY_KEY", "launchdarkly"],
    ["newrelic", "new_relic"],
    ["acmecloudflarekey", "cloudflare"],
    ["prod2meraki", "meraki"],
  ])("%s holds %s", (name, word) => {
    expect(namesOneOf(name, ["other", word])).toBe(true);
  });
});
