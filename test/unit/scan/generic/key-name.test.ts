import { describe, expect, test } from "vitest";
import { kindOfName, splitName } from "../../../../src/scan/generic/key-name.js";

describe("splitName", () => {
  test.each([
    ["DB_rootPassword2", ["db", "root", "password"]],
    ["XMLHttpToken", ["xml", "http", "token"]],
    ["spring.datasource.pass-phrase", ["spring", "datasource", "pass", "phrase"]],
    ["APIKEY", ["apikey"]],
    ["__", []],
    ["", []],
  ])("%s", (name, tokens) => expect(splitName(name)).toEqual(tokens));
});

describe("kindOfName", () => {
  test.each([
    "publicKey",
    "tokenizer",
    "passport",
    "secretary",
    "author",
    "bypass",
    "compass",
    "foreign_key",
    "passwordField",
    "token_type",
    "tokenUrl",
    "has_password",
    "no-secret",
    "fakeToken",
    "nextToken",
    "key_id",
    "keyboard",
    "password.length",
    "sessionState",
  ])("%s names no secret", (name) => expect(kindOfName(name)).toBeUndefined());

  test.each([
    ["password", "password"],
    ["DB_PASS", "password"],
    ["userPassword2", "password"],
    ["mysqlrootpassword", "password"],
    ["password_confirmation", "password"],
    ["Kennwort", "password"],
    ["client_secret", "secret"],
    ["myserviceapikey", "secret"],
    ["SECRET_KEY_BASE", "secret"],
    ["encryptionKey", "secret"],
    ["X-Api-Token", "secret"],
    ["secret_id", "secret"],
    ["Authorization", "secret"],
    ["password_blob", "key"],
    ["key", "weak"],
    ["userKey", "weak"],
    ["auth", "weak"],
    ["token_blob", "weak"],
  ])("%s names a %s", (name, kind) => expect(kindOfName(name)).toBe(kind));
});
