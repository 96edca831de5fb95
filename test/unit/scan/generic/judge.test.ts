import { describe, expect, test } from "vitest";
import { judgeText, secretsIn } from "../../../support/generic-words.js";

// Parts, so that no file of the project holds what looks like a secret.
const token = ["Zx81", "kQv7", "Lr2T", "b8Wc", "Yd4H", "n9f3"].join("");
const password = ["t7Kq", "x2Lw", "9Z"].join("");

describe("what is no literal is no secret", () => {
  const references: readonly (readonly [string, string])[] = [
    ["config.ts", "password: process.env.DB_PASSWORD,"],
    ["config.ts", "const token = await getToken(user);"],
    ["config.ts", "password: string;"],
    ["config.ts", "function login(user: string, password?: string): void {"],
    ["config.ts", "const secret = config.get('service.secret');"],
    ["app.py", "password = os.environ['DB_PASSWORD']"],
    ["app.py", "self.token = token"],
    ["app.rb", "password: ENV.fetch('DB_PASSWORD', nil)"],
    ["app.go", 'token := os.Getenv("SERVICE_TOKEN")'],
    ["app.java", "private final String secretKey;"],
    ["values.yaml", "password: ${DB_PASSWORD}"],
    ["values.yaml", "password: {{ .Values.db.password }}"],
    ["values.yaml", "password: !vault |"],
    ["values.yaml", "passwordSecretRef: db-credentials"],
    ["run.sh", 'export DB_PASSWORD="$1"'],
    ["run.sh", "TOKEN=$(cat /run/token)"],
    ["run.sh", "mysql --password=$MYSQL_PASSWORD"],
    ["web.xml", "<password>@db.password@</password>"],
    ["site.erb", "password: <%= ENV['PASSWORD'] %>"],
  ];
  test.each(references)("%s: %s", (path, text) => expect(secretsIn(text, path)).toEqual([]));
});

describe("a name that only sounds like one is given no secret", () => {
  const names = [
    "publicKey",
    "public_key",
    "tokenizer",
    "passport",
    "secretary",
    "keyboard",
    "author",
    "bypass",
    "primaryKey",
    "passwordHash",
    "tokenType",
    "password_field",
    "nextPageToken",
    "mockToken",
    "secretName",
    "keyId",
    "monkey",
  ];
  test.each(names)("%s", (name) => expect(secretsIn(`${name} = "${token}"`)).toEqual([]));
});

describe("values that are something else are no secrets", () => {
  const values = [
    "",
    "password",
    "changeme",
    "your-api-key-here",
    "<token>",
    "xxxxxxxxxxxxxxxxxxxx",
    "/etc/ssl/private/key.pem",
    "https://login.host.net/oauth/token",
    "1.2.3",
    "2026-11-25",
    "#ffcc00",
    "sha256-abcdefghijklmnop",
    "com.company.security.Token",
    "^[A-Za-z0-9]{20}$",
    "Please enter your password",
    "ENC(abcdefghijkl1234mnop)",
    "${var.password}",
    "%(password)s",
  ];
  test.each(values)("%s", (value) => {
    expect(secretsIn(`password = "${value}"`, "app.ts")).toEqual([]);
    expect(secretsIn(`token: "${value}"`, "app.ts")).toEqual([]);
  });

  test("a placeholder stays one behind base64", () => {
    const encoded = Buffer.from("please-changeme-soon").toString("base64");
    expect(secretsIn(`secret: ${encoded}`, "app.yaml")).toEqual([]);
  });
});

describe("a secret is found in each way to write an assignment", () => {
  const syntaxes: readonly (readonly [string, (secret: string) => string])[] = [
    ["app.ini", (s) => `api_token = ${s}`],
    ["app.properties", (s) => `service.api-token=${s}`],
    ["app.yaml", (s) => `apiToken: ${s}`],
    ["app.yaml", (s) => `- name: API_TOKEN\n  value: ${s}`],
    ["app.yaml", (s) => `api_token: |\n  ${s}\n`],
    ["app.yaml", (s) => `api_tokens:\n  - ${s}\n`],
    ["app.yaml", (s) => `{"text": "id: 7\\nsecret: ${s}\\n"}`],
    ["main.tf", (s) => `variable "api_token" {\n  type = string\n  default = "${s}"\n}`],
    ["app.toml", (s) => `token = '${s}'`],
    [".env", (s) => `export API_TOKEN=${s}`],
    ["Dockerfile", (s) => `ENV API_TOKEN ${s}`],
    ["app.json", (s) => `{"apiToken":"${s}"}`],
    ["app.json", (s) => `{"body":"{\\"apiToken\\":\\"${s}\\"}"}`],
    ["app.json", (s) => `"{\\\\\\"apiToken\\\\\\":\\\\\\"${s}\\\\\\"}"`],
    ["app.json", (s) => `{"name": "token", "value": "${s}"}`],
    ["app.xml", (s) => `<service token="${s}"/>`],
    ["app.xml", (s) => `<token>${s}</token>`],
    ["app.xml", (s) => `<Token kind="api"><![CDATA[${s}]]></Token>`.replace("<![CDATA[", "<![CDATA[")],
    ["app.config", (s) => `<add key="ApiToken" value="${s}" />`],
    ["app.xml", (s) => `<entry key="api.token">${s}</entry>`],
    ["app.ts", (s) => `const apiToken: string = "${s}";`],
    ["app.ts", (s) => `const apiToken = process.env.API_TOKEN || "${s}";`],
    ["app.ts", (s) => `setToken("${s}")`],
    ["app.ts", (s) => `if (token === "${s}") return;`],
    ["app.ts", (s) => `if ("${s}" === token) return;`],
    ["app.ts", (s) => `fetch("https://host.net/v1?token=${s}&page=1")`],
    ["app.ts", (s) => `headers["X-Api-Token"] = \`${s}\``],
    ["app.py", (s) => `client(api_token="${s}")`],
    ["app.py", (s) => `token = os.getenv("TOKEN", "${s}")`],
    ["app.py", (s) => `token = b'${s}'`],
    ["app.rb", (s) => `:api_token => '${s}'`],
    ["app.php", (s) => `define('API_TOKEN', '${s}');`],
    ["app.php", (s) => `$token = "${s}";`],
    ["app.go", (s) => `apiToken := "${s}"`],
    ["app.go", (s) => `var apiToken string = "${s}"`],
    ["app.go", (s) => `token := []byte("${s}")`],
    ["app.c", (s) => `#define API_TOKEN "${s}"`],
    ["app.c", (s) => `char token[25] = "${s}";`],
    ["app.cs", (s) => `var token = @"${s}";`],
    ["app.cpp", (s) => `token.assign("${s}", 24);`],
    ["app.rs", (s) => `let token: &str = "${s}";`],
    ["app.kt", (s) => `val token: String = "${s}"`],
    ["app.swift", (s) => `let token: String? = "${s}"`],
    ["app.java", (s) => `@Value("\${service.token:x}") String token = "${s}";`],
    ["app.pl", (s) => `token => '${s}',`],
    ["app.R", (s) => `token <- "${s}"`],
    ["run.sh", (s) => `tool --api-token ${s} run`],
    ["run.sh", (s) => `tool --api-token='${s}' run`],
    ["run.sh", (s) => `curl -H "X-Api-Token: ${s}" https://host.net`],
    ["run.sh", (s) => `curl -H "Authorization: Token ${s}" https://host.net`],
    ["notes.txt", (s) => `token: ${s}.`],
  ];
  test.each(syntaxes)("%s: %o", (path, write) => {
    expect(secretsIn(write(token), path)).toEqual([token]);
    expect(secretsIn(write("your_token_here"), path)).toEqual([]);
  });
});

describe("a password is found where it is short", () => {
  const syntaxes: readonly (readonly [string, (secret: string) => string])[] = [
    ["app.yaml", (s) => `password: ${s}`],
    [".netrc", (s) => `machine host.net login me password ${s}`],
    ["app.js", (s) => `connection.login("me", "${s}")`],
    ["app.java", (s) => `properties.setProperty("db.password", "${s}");`],
    ["app.java", (s) => `source.setPassword("${s}");`],
    ["run.sh", (s) => `java -Djavax.net.ssl.keyStorePassword=${s} -jar app.jar`],
    ["run.sh", (s) => `: "\${DB_PASSWORD:-${s}}"`],
    ["app.java", (s) => `@Value("\${db.password:${s}}")`],
    ["app.py", (s) => `requests.get(url, auth=("me", "${s}"))`],
    ["app.cs", (s) => `"Server=db;User Id=app;Password=${s};Encrypt=true"`],
    ["app.sql", (s) => `ALTER USER app WITH PASSWORD '${s}';`],
    ["app.sql", (s) => `EXEC('CREATE LOGIN x WITH PASSWORD = ''${s}''')`],
  ];
  test.each(syntaxes)("%s: %o", (path, write) => {
    expect(secretsIn(write(password), path)).toEqual([password]);
    expect(secretsIn(write("password"), path)).toEqual([]);
  });
});

describe("where a value ends, and what is none", () => {
  test("an open quote does not reach over the line, three of them do", () => {
    expect(secretsIn(`password = "${password}\nx = "`, "app.rb")).toEqual([]);
    expect(secretsIn(`password = """\n${password}"""`, "app.py")).toEqual([`\n${password}`]);
  });

  test("an escaped quote of deeper nesting ends nothing", () => {
    expect(secretsIn(`\\"token\\": \\"${token}\\\\\\"${token}\\"`, "app.json")).toEqual([`${token}\\\\\\"${token}`]);
  });

  test("numbers that only grow are an index", () => {
    const growing = Array.from({ length: 16 }, (_, at) => 100 + at).join(", ");
    expect(secretsIn(`"secretKey": [${growing}]`, "app.json")).toEqual([]);
    expect(secretsIn(`"secretKey": [${growing}, 7]`, "app.json")).toHaveLength(1);
  });

  test("a scope is no assignment", () => expect(secretsIn(`Password::${password}`, "app.yaml")).toEqual([]));

  test("three characters are no password, and a sentence is none", () => {
    expect(secretsIn('password: "q7!"', "app.yaml")).toEqual([]);
    expect(secretsIn('password: "must have 8 letters"', "app.yaml")).toEqual([]);
    expect(secretsIn(`secret: "see ${password} in the vault"`, "app.yaml")).toEqual([]);
  });

  test("base64 of a sentence, or of ciphertext, is no secret", () => {
    for (const text of ["this is not the real one", "ENC[AES256,data:pq8]xx"])
      expect(secretsIn(`secret: ${Buffer.from(text.padEnd(24, "!")).toString("base64")}`, "app.yaml")).toEqual([]);
  });

  test("a weak password hangs on its name in a call that puts it, not in a list", () => {
    expect(secretsIn('properties.put("password", "hunter29")', "app.java")).toEqual(["hunter29"]);
    expect(secretsIn('in("password", "hunter29")', "app.java")).toEqual([]);
  });
});

function severityOf(text: string, path: string): readonly string[] {
  return judgeText(text, path).map((match) => match.severity);
}

describe("how much it is believed", () => {
  test("a word as a password is shown, and random text stops a commit", () => {
    expect(severityOf('password = "sunshine"', "app.ts")).toEqual(["warn"]);
    expect(severityOf("password = sunshine", "app.ts")).toEqual([]);
    expect(severityOf("password: sunshine", "app.yaml")).toEqual(["warn"]);
    expect(severityOf(`password = "${password}"`, "app.ts")).toEqual(["block"]);
  });

  test("in tests and manuals, what is less rare is only shown", () => {
    const short = ["vmhc", "kmed"].join("");
    expect(severityOf(`password: "${short}"`, "src/app.js")).toEqual(["block"]);
    expect(severityOf(`password: "${short}"`, "test/app.js")).toEqual(["warn"]);
    expect(severityOf(`password: "${token}"`, "test/app.js")).toEqual(["block"]);
  });

  test("a key for anything is only shown", () => {
    expect(severityOf(`const key = "${token}"`, "app.ts")).toEqual(["warn"]);
    expect(severityOf(`const encryptionKey = "${token}"`, "app.ts")).toEqual(["block"]);
  });

  test("files that machines make are believed less", () => {
    expect(severityOf(`"token": "${token}"`, "app.json")).toEqual(["block"]);
    expect(severityOf(`"token": "${token}"`, "package-lock.json")).toEqual(["warn"]);
  });

  test("bytes of a key are found as an array", () => {
    const bytes = Array.from({ length: 16 }, (_, at) => (at * 37 + 11) % 256).join(", ");
    expect(severityOf(`secretKey := []byte{${bytes}}`, "app.go")).toEqual(["warn"]);
    expect(severityOf("secretKey := []byte{1, 2, 3}", "app.go")).toEqual([]);
  });
});

describe("ways of writing that are not of programs", () => {
  const written: readonly (readonly [string, string])[] = [
    ["Info.plist", `<key>DBPassword</key>\n  <string>${password}</string>`],
    ["site.xml", `<name>db.password</name>\n<value>${password}</value>`],
    ["unattend.xml", `<AdministratorPassword><Value>${password}</Value></AdministratorPassword>`],
    ["redis.conf", `requirepass ${password}`],
    ["ldap.conf", `bindpw ${password}`],
    ["build.gradle", `storePassword "${password}"`],
    ["build.gradle", `password (System.getenv("PW") != null ? System.getenv("PW") : "${password}")`],
    ["app.js", `verify(token, process.env.JWT_SECRET || "${token}")`],
    ["app.vb", `Dim password As String = "${password}"`],
    ["app.go", `req.SetBasicAuth("jo", "${password}")`],
    ["App.java", `new UsernamePasswordCredentials("jo", "${password}")`],
  ];
  test.each(written)("%s: %s", (path, text) =>
    expect(secretsIn(text, path)).toEqual([text.includes(token) ? token : password]),
  );

  test("an address of a chain, a cmdlet and the head of a token are none of them", () => {
    expect(secretsIn(`address constant token = 0x${"0123456789".repeat(4)};`, "a.sol")).toEqual([]);
    expect(secretsIn("$password = Read-Host -AsSecureString", "a.ps1")).toEqual([]);
    const head = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url");
    expect(secretsIn(`token: "${head}"`, "a.yaml")).toEqual([]);
  });
});

describe("words in place of dice", () => {
  test("a passphrase of drawn words is shown, a sentence is not", () => {
    expect(severityOf('password = "correct horse battery staple"', "a.ini")).toEqual(["warn"]);
    expect(severityOf('password = "enter the password of your account"', "a.ini")).toEqual([]);
    expect(severityOf('password = "two words"', "a.ini")).toEqual([]);
  });

  test("the second of two texts side by side is never certain", () => {
    expect(severityOf(`["a password", "${password}"]`, "app.ts")).toEqual(["warn"]);
    expect(severityOf(`put("password", "${password}")`, "app.ts")).toEqual(["block"]);
  });

  test("a field that a program fills in is none", () => {
    expect(secretsIn(`token = f"${token.slice(0, 12)}{value:04d}"`, "app.py")).toEqual([]);
  });

  test("what stands bare in code is never certain", () => {
    expect(severityOf(`password = ${password}~Q!`, "app.py")).toEqual(["warn"]);
    expect(severityOf(`password = ${password}~Q!`, "app.ini")).toEqual(["block"]);
  });
});
