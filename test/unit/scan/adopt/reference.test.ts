import { describe, expect, test } from "vitest";
import { deriveName } from "../../../../src/scan/adopt/derive-name.js";
import { needsOf } from "../../../../src/scan/adopt/language.js";
import { planReference, variableOf } from "../../../../src/scan/adopt/reference.js";

/** The line with the secret `SECRET` replaced by a reference to `db-password`, or why it is not. */
function adopt(path: string, line: string, secret = "SECRET"): string {
  const start = line.indexOf(secret);
  const planned = planReference({ path, line, start, end: start + secret.length, name: "db-password" });
  return planned.kind === "refused"
    ? `refused: ${planned.why}`
    : line.slice(0, planned.start) + planned.text + line.slice(planned.end);
}

describe("what would not mean the same is refused", () => {
  test.each([
    ["a.js", String.raw`k = "SEC\nRET"`, String.raw`SEC\nRET`, /a backslash/],
    ["a.js", "// the key is SECRET", "SECRET", /no quoted text/],
    ["a.js", "k = tag`SECRET`", "SECRET", /what stands before its quotes/],
    ["a.js", 'import x from "SECRET"', "SECRET", /names a module/],
    ["a.js", '{ "SECRET": 1 }', "SECRET", /the name of a key/],
    ["a.py", 'k = b"SECRET"', "SECRET", /what stands before its quotes/],
    ["a.py", 'k = """SECRET"""', "SECRET", /several signs/],
    ["a.py", 'k = f"x{y}SECRET"', "SECRET", /a part of a longer text/],
    ["a.go", "k := 'SECRET'", "SECRET", /no text in this language/],
    ["a.go", 'const k = "SECRET"', "SECRET", /a constant/],
    ["a.rs", 'static K: &str = "SECRET";', "SECRET", /a constant/],
    ["a.rs", 'let k = "xSECRET";', "SECRET", /a part of a longer text/],
    ["a.cs", 'private const string K = "SECRET";', "SECRET", /a constant/],
    ["a.cs", 'var k = $"x{y}SECRET";', "SECRET", /a part of a longer text/],
    ["a.php", "  private $k = 'SECRET';", "SECRET", /a constant/],
    ["a.rb", "k = `SECRET`", "SECRET", /no text in this language/],
    ["a.sh", "k='$x SECRET'", "SECRET", /single quotes beside signs/],
    ["a.json", '{ "url": "x://u:SECRET@h" }', "SECRET", /a part of a longer text/],
  ])("%s: %s", (path, line, secret, why) => {
    expect(adopt(path, line, secret)).toMatch(new RegExp(`^refused: .*${why.source}`));
  });
});

describe("a literal becomes what the file's language expects", () => {
  test.each([
    [".env", "DB_PASSWORD=SECRET", "DB_PASSWORD=${DB_PASSWORD}"],
    [".env.production", 'X="SECRET"', 'X="${DB_PASSWORD}"'],
    ["a/.env", "X='SECRET'", 'X="${DB_PASSWORD}"'],
    ["run.sh", "curl -u me:SECRET https://x", "curl -u me:${DB_PASSWORD} https://x"],
    ["run.sh", "curl -u 'me:SECRET' https://x", 'curl -u "me:${DB_PASSWORD}" https://x'],
    ["a.js", 'const k = "SECRET";', "const k = process.env.DB_PASSWORD;"],
    ["a.ts", "f({ k: 'SECRET' })", "f({ k: process.env.DB_PASSWORD })"],
    ["a.mjs", "k = `SECRET`", "k = process.env.DB_PASSWORD"],
    ["a.js", "k = `x://u:SECRET@h`", "k = `x://u:${process.env.DB_PASSWORD}@h`"],
    ["a.js", 'k = "x://u:SECRET@h"', 'k = ("x://u:" + process.env.DB_PASSWORD + "@h")'],
    ["a.js", 'k = "SECRET@h"', 'k = (process.env.DB_PASSWORD + "@h")'],
    ["a.js", `don("t", 'it', "SECRET")`, `don("t", 'it', process.env.DB_PASSWORD)`],
    ["a.js", 'x = a ? "SECRET" : b', "x = a ? process.env.DB_PASSWORD : b"],
    ["a.tsx", '<Map token="SECRET" />', "<Map token={process.env.DB_PASSWORD} />"],
    ["a.tsx", 'const k = "SECRET"', "const k = process.env.DB_PASSWORD"],
    ["a.py", "k = 'SECRET'", 'k = os.environ["DB_PASSWORD"]'],
    ["a.py", "k = f'SECRET'", 'k = os.environ["DB_PASSWORD"]'],
    ["a.py", 'k = r"SECRET"', 'k = os.environ["DB_PASSWORD"]'],
    ["a.rb", 'k = "SECRET"', 'k = ENV.fetch("DB_PASSWORD")'],
    ["a.go", 'k := "SECRET"', 'k := os.Getenv("DB_PASSWORD")'],
    ["a.go", "k := `SECRET`", 'k := os.Getenv("DB_PASSWORD")'],
    ["A.java", 'String k = "SECRET";', 'String k = System.getenv("DB_PASSWORD");'],
    ["a.php", "$k = 'x:SECRET';", `$k = ('x:' . getenv("DB_PASSWORD"));`],
    ["A.cs", 'var k = @"SECRET";', 'var k = System.Environment.GetEnvironmentVariable("DB_PASSWORD");'],
    ["a.rs", 'let k = "SECRET";', 'let k = std::env::var("DB_PASSWORD").expect("DB_PASSWORD is set");'],
    ["a.yaml", "password: SECRET", "password: secrets://db-password"],
    ["a.yml", "password: 'SECRET' # mine", "password: 'secrets://db-password' # mine"],
    ["a.yaml", "url: x://u:SECRET@h", 'url: x://u:{{ secret "db-password" }}@h'],
    ["a.json", '{"k":"SECRET"}', '{"k":"secrets://db-password"}'],
    ["a.toml", 'k = "SECRET"', 'k = "secrets://db-password"'],
    ["a.properties", "k=SECRET", "k=secrets://db-password"],
    ["a.xml", "<k>SECRET</k>", "<k>secrets://db-password</k>"],
    ["Makefile", "K = SECRET", "K = secrets://db-password"],
  ])("%s: %s", (path, line, expected) => {
    expect(adopt(path, line)).toBe(expected);
  });
});

test.each([
  ["db/password-new", "DB_PASSWORD_NEW"],
  ["2fa-seed", "_2FA_SEED"],
])("the variable of %s is %s", (name, variable) => {
  expect(variableOf(name)).toBe(variable);
});

describe("a name is derived from what a secret is assigned to", () => {
  test.each([
    ["DB_PASSWORD=", "db-password"],
    ['  "dbPassword": "', "db-password"],
    ["const apiKeyV2 = '", "api-key-v2"],
    ["let HTTPToken: string = `", "http-token"],
    ['client.setApiKey("', "set-api-key"],
    ['config.stripe.secretKey = "', "secret-key"],
    [":api_key => '", "api-key"],
    ['api_token := "', "api-token"],
    ["  password: ", "password"],
    ["<apiKey>", "api-key"],
    ['export AWS_KEY="', "aws-key"],
    ["k = '", "acme-access-token"],
    ["", "acme-access-token"],
    ["===", "acme-access-token"],
  ])("%j gives %s", (before, name) => {
    expect(deriveName(before, "acme/access-token")).toBe(name);
  });

  test("or there is none", () => {
    expect(deriveName("", "x")).toBeUndefined();
  });
});

describe("what a file needs beside", () => {
  test.each([
    ["python", "import sys\n", "the file needs: import os"],
    ["python", "import os\n", undefined],
    ["python", "import sys, os\n", undefined],
    ["go", 'import "fmt"\n', 'the file needs: import "os"'],
    ["go", 'import (\n\t"os"\n)', undefined],
    ["rust", "", "it is a String where the literal was a &str"],
    ["javascript", "", undefined],
  ] as const)("in %s with %j: %s", (language, text, needs) => {
    expect(needsOf(language, text)).toBe(needs);
  });
});
