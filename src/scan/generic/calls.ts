import type { Rule, Surroundings, Verdict } from "../rule.js";
import { traitsOf } from "./file-kind.js";
import { levelOf, secretLevel, valueOf, verdictOf } from "./level.js";
import { built, checkPassword, common } from "./password-check.js";
import { isNoSecret } from "./value-shape.js";

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

/** A key in a call has no name that says so; so it must be random, and of those in tests only what is rare is shown. */
function checkKey(secret: string, around: Surroundings): Verdict {
  const value = valueOf(secret, true, traitsOf(around.path));
  const level = value.traits.rehearsal ? levelOf("key", value) : secretLevel(value);
  return level === "no" || isNoSecret(secret, value.rarity, false) ? { kind: "no" } : verdictOf(level);
}

const key: Rule = {
  ...common,
  id: "generic/key-in-call",
  title: "Key in a call that signs or encrypts",
  grants: "signs tokens, or decrypts what the program encrypts",
  revoke: "make a new key where it is used, for every place that uses it",
  matcher: {
    kind: "anchor",
    anchors: [
      "jwt.sign(",
      "jwt.verify(",
      "jwt.encode(",
      "jwt.decode(",
      ".signwith(",
      "secretkeyspec(",
      "createhmac(",
      "createcipheriv(",
      "createdecipheriv(",
      "aes.new(",
      "hmac.new(",
      "fernet(",
    ],
    ignoreCase: true,
    pattern: String.raw`(?:jwt\.(?:sign|verify|encode|decode)\((?:[^\n;"'(){}]{1,80}|\{[^\n{}]{0,200}\}), ?|\.signWith\((?:[\w.]{1,60}, ?)?|create(?:Hmac|Cipheriv|Decipheriv)\(["'][\w-]{2,30}["'], ?|(?:SecretKeySpec|AES\.new|hmac\.new|Fernet)\()(?:Buffer\.from\()?b?["'](?<secret>[^"'\s\\]{8,200})["']`,
  },
  check: checkKey,
  hits: [
    built("const t = jwt.sign(payload, '", "t7Kqx2Lw", "9ZgBv4Rm", "81Xc');\n"),
    built('new SecretKeySpec("', "t7Kqx2Lw", "9ZgBv4Rm", '".getBytes(), "AES")\n'),
    built("hmac = crypto.createHmac('sha256', '", "t7Kqx2Lw", "9ZgBv4Rm", "81Xc')\n"),
  ],
  nearMisses: [
    built("jwt.sign(payload, process.env.JWT_SECRET, { algorithm: 'HS256' });\n"),
    built("crypto.createHmac('sha256', 'secret')\n"),
    built('new SecretKeySpec(keyBytes, "AES")\n'),
  ],
};

/** Passwords and keys in calls that take them without a name. */
export const callRules: readonly Rule[] = [connect, key];
