import type { Example, Rule, Surroundings, Verdict } from "../rule.js";
import { isPlaceholder } from "../placeholder.js";
import { traitsOf } from "./file-kind.js";
import { type Level, passwordLevel, secretLevel, valueOf, verdictOf } from "./level.js";
import { isNoSecret } from "./value-shape.js";

/** A text of parts, put together only when it is asked for. */
function built(...parts: readonly string[]): Example {
  return { text: () => parts.join("") };
}

const revoke = "change the password where it was set, for every place that uses it";

function lower(level: Level): Level {
  return level === "likely" ? "possible" : level;
}

/** The level of a password that something beside an assignment says to be one. */
function passwordAt(secret: string, around: Surroundings): Level {
  const traits = traitsOf(around.path);
  const value = valueOf(secret, true, traits.rehearsal ? traits : { kind: "data", rehearsal: false });
  const level = passwordLevel(value);
  return level === "no" || isNoSecret(secret, value.rarity, true) ? "no" : level;
}

function checkPassword(secret: string, around: Surroundings): Verdict {
  return verdictOf(passwordAt(secret, around));
}

const nobody =
  /^(?:127\.|0\.0\.0\.0|\[::1\]|(?:localhost|host|hostname|db|database|server|example|[\w.-]*\bexample\.(?:com|org|net))(?![\w.-]))/i;
/** An address behind `mailto:` is written like one, too. */
const isMail = /mailto:$/i;
const saysUser = /:\/\/(?:user(?:name)?|usr|login|foo|username1?):$/i;

/** In `scheme://user:password@host`. Manuals are full of invented ones: those of local hosts are only shown. */
function checkUrl(secret: string, around: Surroundings): Verdict {
  const plain = secret.includes("%") ? decodePercent(secret) : secret;
  const level = passwordAt(plain, around);
  // A port, and a host behind a mark that ends it.
  if (level === "no" || isMail.test(around.before) || isPlaceholder(plain) || /^\d{1,5}[#?\\]/.test(plain))
    return { kind: "no" };
  const host = around.after.slice(1);
  return verdictOf(nobody.test(host) || saysUser.test(around.before) ? lower(level) : level);
}

function decodePercent(text: string): string {
  return text.replaceAll(/%[0-9A-Fa-f]{2}/g, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}

/** RFC 7617: base64 of `user:password` in UTF-8. The pairs that RFC 7617 and RFC 6749 print are no secrets. */
function checkBasic(secret: string, around: Surroundings): Verdict {
  const bytes = Buffer.from(secret, "base64");
  const decoded = bytes.toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon < 0 || decoded.startsWith("{") || /[\p{Cc}\ufffd]/u.test(decoded)) return { kind: "no" };
  if (/^aladdin:open ?sesame$|^s6BhdRkqt3:/i.test(decoded)) return { kind: "no" };
  const password = decoded.slice(colon + 1) === "" ? decoded.slice(0, colon) : decoded.slice(colon + 1);
  return verdictOf(passwordAt(password, around));
}

function checkBearer(secret: string, around: Surroundings): Verdict {
  const value = valueOf(secret, true, traitsOf(around.path));
  const level = secretLevel(value);
  return level === "no" || isNoSecret(secret, value.rarity, false) ? { kind: "no" } : verdictOf(level);
}

const common = { vendor: "Generic", certainty: "likely", severity: "block", revoke } as const;

const url: Rule = {
  ...common,
  id: "generic/url-credentials",
  title: "Password in a URL",
  grants: "signs in to the host of the URL as its user",
  matcher: {
    kind: "anchor",
    anchors: ["://"],
    reach: 24,
    pattern: String.raw`[A-Za-z][A-Za-z0-9+.-]{1,22}:\/\/[^\s:\/"'<>\x60]{0,100}:(?<secret>[^\s\/"'<>\x60@]{3,200}(?:@[^\s\/"'<>\x60@.:]{1,60})?)@[A-Za-z0-9_\[%$.-]`,
  },
  check: checkUrl,
  hits: [
    built("DATABASE_URL=postgres", "://app:", "t7Kq", "x2Lw9Z", "@db.internal.net:5432/app\n"),
    built("url: 'mongodb+srv", "://svc:", "gr8t", "Moose!77", "@c0.mongo.net/x'\n"),
  ],
  nearMisses: [
    built("postgres://user:password@localhost/db\n"),
    built("https", "://$USER:${PASSWORD}@host.net/\n"),
    built("https://host.net:8080/path?mail=a@b.net\n"),
  ],
};

const basic: Rule = {
  ...common,
  id: "generic/basic-auth",
  title: "User and password of HTTP basic authentication",
  grants: "signs in to the service as the user",
  matcher: {
    kind: "anchor",
    anchors: ["basic "],
    ignoreCase: true,
    pattern: String.raw`basic (?<secret>[A-Za-z0-9+\/_-]{8,400}={0,2})(?![A-Za-z0-9+\/_-])`,
  },
  check: checkBasic,
  hits: [
    { text: () => `Authorization: Basic ${Buffer.from(["svc:", "t7Kqx2", "Lw9Z"].join("")).toString("base64")}\n` },
    { text: () => `['BASIC ${Buffer.from(["root:", "v4Xq", "81-Kd"].join("")).toString("base64")}']\n` },
  ],
  nearMisses: [
    built("The basic authentication scheme\n"),
    { text: () => `Authorization: Basic ${Buffer.from("user:password").toString("base64")}\n` },
  ],
};

const bearer: Rule = {
  ...common,
  id: "generic/bearer-token",
  title: "Bearer token",
  grants: "acts as whoever the token was issued to",
  revoke: "revoke the token where it was issued",
  matcher: {
    kind: "anchor",
    anchors: ["bearer "],
    ignoreCase: true,
    pattern: String.raw`bearer (?<secret>[A-Za-z0-9._~+\/-]{12,1000}={0,2})`,
  },
  check: checkBearer,
  hits: [
    built("curl -H 'Authorization: Bearer ", "9f3Kz0Qm", "V7xLr2Tb", "8WcYd4Hn", "'\n"),
    built("'bearer ", "2Tb8WcYd", "x4Hn9f3K", "z0QmV7Lr", "'\n"),
  ],
  nearMisses: [built("Authorization: Bearer YOUR_TOKEN_GOES_HERE\n"), built("the bearer authentication-scheme\n")],
};

const commandLine: Rule = {
  ...common,
  id: "generic/command-line-password",
  title: "Password on a command line",
  grants: "signs in where the command does",
  matcher: {
    kind: "anchor",
    anchors: [
      "curl ",
      "wget ",
      "mysql",
      "sshpass ",
      "mongo",
      "redis-cli ",
      "smbclient ",
      "ldapsearch ",
      "htpasswd ",
      "-passin ",
      "-passout ",
    ],
    pattern: String.raw`(?:(?:curl|wget)[^\n|;]{0,300}? (?:-u|--user|--proxy-user|-U)[ =]?\\?["']?[^\s:"'$]{1,80}:|(?:mysql|mysqldump|mysqladmin|mongo|mongodump|mongosh)\b[^\n|;&]{0,200}? -p|(?:sshpass -p|redis-cli [^\n]{0,80}?-a|smbclient [^\n]{0,120}?-U \S{1,60}%|ldapsearch [^\n]{0,200}?-w|htpasswd -\w{0,4}b\w{0,4} \S{1,100} \S{1,60}) ?|-pass(?:in|out) pass:)\\?["']?(?<secret>(?<=["'])[^"'\n]{4,100}(?=["'])|[^\s"'\\|;&<>()]{4,100})`,
  },
  check: checkPassword,
  hits: [
    built("curl -s -u admin:", "t7Kqx2", "Lw9Z https://host.net/\n"),
    built("mysql -u root -p", "t7Kqx2", "Lw9Z app\n"),
    built("sshpass -p ", "t7Kqx2", "Lw9Z ssh host\n"),
    built("openssl rsa -passin pass:", "t7Kqx2", "Lw9Z -in k\n"),
  ],
  nearMisses: [
    built('curl -u "$USER:$PASSWORD" https://host.net/\n'),
    built("mysql -u root -p app\n"),
    built("curl -u user:password https://host.net/\n"),
  ],
};

/** In prose things are identified by names; statements say of what account. */
function checkStatement(secret: string, around: Surroundings): Verdict {
  return /IDENTIFIED|securestring|\b(?:user|role|grant|alter|create|login|password)\b/i.test(
    around.before.replace(/identified by/, ""),
  )
    ? checkPassword(secret, around)
    : { kind: "no" };
}

const statement: Rule = {
  ...common,
  id: "generic/password-statement",
  title: "Password in a statement that sets it",
  grants: "signs in as the account that the statement makes",
  matcher: {
    kind: "anchor",
    anchors: ["identified by ", "identified with ", "convertto-securestring "],
    ignoreCase: true,
    pattern: String.raw`(?:identified (?:with \w{1,40} (?:by|as)|by(?: password)?)(?= {1,4}\\?["']| {1,4}[a-z]{0,20}\d)|convertto-securestring(?: -string| -asplaintext(?! -force)| -force)*) {1,4}\\?["']{0,4}(?<secret>[^\s"'\\;]{4,128})`,
  },
  check: checkStatement,
  hits: [
    built("CREATE USER app IDENTIFIED BY '", "t7Kqx2", "Lw9Z';\n"),
    built('ConvertTo-SecureString "', "t7Kqx2", 'Lw9Z" -AsPlainText -Force\n'),
  ],
  nearMisses: [built("IDENTIFIED BY '<password>'\n"), built("ConvertTo-SecureString $plain -AsPlainText -Force\n")],
};

const dsn: Rule = {
  ...common,
  id: "generic/data-source-name",
  title: "Password in a data source name",
  grants: "signs in to the database as its user",
  matcher: {
    kind: "anchor",
    anchors: ["@tcp(", "@unix("],
    reach: 120,
    pattern: String.raw`(?<![^\s"'=\x60(])[^\s:"'\x60\/@=]{1,60}:(?<secret>[^\s"'\x60\/@]{3,100})@(?:tcp|unix)\(`,
  },
  check: checkPassword,
  hits: [
    built('sql.Open("mysql", "app:', "t7Kqx2", 'Lw9Z@tcp(db:3306)/app")\n'),
    built("DSN='app:", "t7Kqx2", "Lw9Z@unix(/run/db.sock)/app'\n"),
  ],
  nearMisses: [built('"user:password@tcp(localhost:3306)/db"\n'), built("mail us@tcp(7) or :@unix(1)\n")],
};

const connect: Rule = {
  ...common,
  id: "generic/connect-password",
  title: "Password in a call that connects",
  grants: "signs in to the server of the call as its user",
  matcher: {
    kind: "anchor",
    anchors: [
      "getconnection(",
      "mysql_connect(",
      "mysqli_connect(",
      "mysqli(",
      "ftp_login(",
      "oci_connect(",
      "new pdo(",
    ],
    ignoreCase: true,
    pattern: String.raw`(?:getConnection|mysqli?_connect|mysqli|ftp_login|oci_connect|new PDO)\([^()\n]{0,200}["'][^"'\n]{1,60}["'],\s{0,4}["'](?<secret>[^"'\n]{4,100})["']`,
  },
  check: checkPassword,
  hits: [
    built("DriverManager.get", 'Connection(url, "app", "', "t7Kqx2", 'Lw9Z");\n'),
    built("$db = new mysq", "li('db.host.net', 'app', '", "t7Kqx2", "Lw9Z', 'shop');\n"),
  ],
  nearMisses: [
    built("DriverManager.getConnection(url", ', "user", "password");\n'),
    built("mysqli_connect($host, $user, $password);\n"),
  ],
};

/** Passwords in URLs, headers, data source names, commands and statements; those in assignments are `judgeWord`'s. */
export const connectionRules: readonly Rule[] = [url, basic, bearer, commandLine, statement, dsn, connect];
