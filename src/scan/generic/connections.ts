import type { Rule, Surroundings, Verdict } from "../rule.js";
import { findPlaceholder } from "../placeholder.js";
import { commandRules } from "./commands.js";
import { traitsOf } from "./file-kind.js";
import { secretLevel, valueOf, verdictOf } from "./level.js";
import { built, checkPassword, common, lower, passwordAt } from "./password-check.js";
import { callRules } from "./calls.js";
import { isNoSecret } from "./value-shape.js";

const nobody =
  /^(?:127\.|0\.0\.0\.0|\[::1\]|(?:localhost|host|hostname|db|database|server|example|[\w.-]*\bexample\.(?:com|org|net))(?![\w.-]))/i;
/** An address behind `mailto:` is written like one, too. */
const isMail = /mailto:$/i;
const saysUser = /:\/\/(?:user(?:name)?|usr|login|foo|username1?):$/i;

/** In `scheme://user:password@host`. Manuals are full of invented ones: those of local hosts are only shown. */
function checkUrl(secret: string, around: Surroundings): Verdict {
  const plain = secret.includes("%") ? decodePercent(secret) : secret;
  // A port, and a host behind a mark that ends it.
  if (isMail.test(around.before) || /^\d{1,5}[#?\\]/.test(plain)) return { kind: "no" };
  const placeholder = findPlaceholder(plain);
  // Somebody may have typed what only counts or repeats, where it is long enough to be meant.
  if (placeholder === "regular" && plain.length >= 12) return verdictOf("possible");
  const level = placeholder === undefined ? passwordAt(plain, around) : "no";
  return verdictOf(nobody.test(around.after.slice(1)) || saysUser.test(around.before) ? lower(level) : level);
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

/** Passwords in URLs, headers, data source names, commands, statements and calls; those in assignments are `judgeWord`'s. */
export const connectionRules: readonly Rule[] = [url, basic, bearer, dsn, ...commandRules, ...callRules];
