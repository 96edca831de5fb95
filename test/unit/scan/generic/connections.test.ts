import { describe, expect, test } from "vitest";
import { connectionRules } from "../../../../src/scan/generic/connections.js";
import { createScanner } from "../../../../src/scan/create-scanner.js";
import { scanText } from "../../../../src/scan/scanner.js";

const scanner = createScanner({ rules: connectionRules });
const password = ["t7Kq", "x2Lw", "9Z"].join("");

function find(text: string, path?: string): readonly (readonly [string, string, string])[] {
  return scanText(scanner, { bytes: Buffer.from(text), path }).map(({ rule, secret, severity }) => [
    rule,
    secret,
    severity,
  ]);
}

describe("URLs", () => {
  test.each([
    "https://host.net:8080/a@b",
    "https://user@host.net/",
    "https://app:q7!@host.net/",
    "https://:@host.net/",
    "https://user:password@host.net/",
    "https://user:${PASS}@host.net/",
    "https://user:{{ password }}@host.net/",
    "https://user:<password>@host.net/",
    "postgres://app:$PASSWORD@db/app",
    "https://mailto:somebody@host.net",
    "http://127.0.0.1:80#@host.net/",
    "re.compile('^.*?://[^:]+:(.*?)@.*?$')",
  ])("finds nothing in %s", (text) => expect(find(text)).toEqual([]));

  test.each(["https", "postgres", "mongodb+srv", "amqp", "redis", "jdbc:mysql", "ftp", "git+https", "x-custom.9"])(
    "of %s",
    (scheme) => {
      expect(find(`${scheme}://app:${password}@db.host.net/x`)).toEqual([
        ["generic/url-credentials", password, "block"],
      ]);
    },
  );

  test("without a user, with an escape, and with an @ of the password's own", () => {
    expect(find(`redis://:${password}@cache.host.net`)).toEqual([["generic/url-credentials", password, "block"]]);
    expect(find(`ftp://app:${password}%40@host.net`)).toEqual([["generic/url-credentials", `${password}%40`, "block"]]);
    expect(find(`https://app:${password}@4@host.net`)).toEqual([["generic/url-credentials", `${password}@4`, "block"]]);
  });

  test("of the machine's own host, or of `user`, are only shown", () => {
    expect(find(`http://app:${password}@localhost:80/`)).toEqual([["generic/url-credentials", password, "warn"]]);
    expect(find(`http://user:${password}@host.net/`)).toEqual([["generic/url-credentials", password, "warn"]]);
  });
});

function header(pair: string): string {
  return `Authorization: Basic ${Buffer.from(pair).toString("base64")}`;
}

describe("basic authentication", () => {
  test.each([
    "user:password",
    "Aladdin:open sesame",
    '{"alg":"none"}',
    "no colon in here",
    "app:\u0000\u0001\u0002\u0003",
  ])("%j is none", (pair) => {
    expect(find(header(pair))).toEqual([]);
  });

  test("a pair is found, the user alone too where the password is empty", () => {
    expect(find(header(`app:${password}`))).toHaveLength(1);
    expect(find(header(`${password}:`))).toHaveLength(1);
  });
});

describe("statements and commands", () => {
  test.each([
    'things are identified by "name2Used" here',
    "GRANT ALL TO app IDENTIFIED BY 'password'",
    "mysql -u app -p app",
    "mysql -u app -p$PASSWORD app",
    "curl -u app https://host.net",
    "curl -u ${USER}:${PASSWORD} https://host.net",
    "sshpass -p $PASSWORD ssh host",
    "mysqli_connect($host, $user, $password)",
  ])("finds nothing in %s", (text) => expect(find(text)).toEqual([]));

  test.each([
    ["generic/password-statement", `CREATE USER app IDENTIFIED BY '${password}'`],
    ["generic/password-statement", `create user app identified with caching_sha2_password by '${password}'`],
    ["generic/password-statement", `ConvertTo-SecureString -String "${password}" -AsPlainText`],
    ["generic/command-line-password", `mysqldump -h db -p${password} app`],
    ["generic/command-line-password", `mysql -uapp -p'${password}' app`],
    ["generic/command-line-password", `curl --user "app:${password}" https://host.net`],
    ["generic/command-line-password", `redis-cli -h cache -a ${password} ping`],
    ["generic/data-source-name", `"app:${password}@tcp(db:3306)/app"`],
    ["generic/connect-password", `ftp_login($ftp, "app", "${password}")`],
  ])("%s: %s", (rule, text) => expect(find(text)).toEqual([[rule, password, "block"]]));
});
