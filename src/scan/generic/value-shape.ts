import { isPlaceholder } from "../placeholder.js";
import { rarityOf } from "./rarity.js";

/** Filled in by a program: whole references only, because passwords of dice hold stray braces and dollars. */
const template =
  /\$\{[\w.:\-/ ?!|'"()[\],@]*\}|\$\([^()]*\)?|\{\{[^{}]*\}\}|\{%.*%\}|<%.*%>|#\{[^{}]*\}|^<[^<>]*>?$|^\[[A-Za-z _.-]*\]$|^@[\w.-]+@$|^\$[A-Za-z_][\w.:]*$|^%\w+%$|%\([\w.]+\)[sd]|^%[-+]?\w{1,2}$|^\{[\w .:-]*\}$|^!?\$\w|^![A-Za-z:]+$|^__\w+__$|\.{3}|\*{3,}|^\{\w*\}|\{\d\}|%[sdv]\b|\{\w{1,30}:[\w.<>^+#%-]{0,12}\}|^~?\{\{|\$\$\w+\$\$/;
const encrypted =
  /^(?:ENC[[(]|\{cipher\}|\{vault\}|vault:|\$ANSIBLE_VAULT|AQICAH|age1|encrypted:|sops:|secretsmanager:|ssm:|arn:|op:\/\/|ref\+|keyvault|akv:|\{\{resolve|aws:|kms:|env[:.]|file:|projects\/|\{(?:SHA|SSHA|MD5|CRYPT|noop|bcrypt)\d*\})/i;
const location =
  /^[a-z][\w+.-]{1,20}:\/\/|^(?:\.{0,2}|~|[A-Za-z]:|\$\w+|%\w+%)[\\/](?:[\w.@~ -]+[\\/])*[\w.@~-]*$|^[\w.-]+(?:\/[\w.-]+)*\.(?:[a-z]{1,5}|pem|p12|json|ya?ml|properties)$|^[\w.+-]+@[\w-]+\.[\w.]+$|^(?:[\w-]+\.)+(?:com|org|net|io|dev|local|internal|example)(?:[:/].*)?$|^urn:|^mailto:|^data:|^\d{1,3}(?:\.\d{1,3}){3}(?::.*)?$|^\/[\w/-]*$/i;
const quantity =
  /^[-+]?\d{1,7}(?:\.\d+)?(?:%|[a-z]{1,3})?$|^v?\d+(?:\.\d+){1,20}(?:[-+][\w.]+)?$|^\d{4}-\d\d-\d\d(?:[T ].*)?$|^0x(?:[0-9a-f]{1,8}|[0-9a-f]{40})$|^#[0-9a-f]{3,8}$|^\d{1,2}:\d\d(?::\d\d)?$|^(?:0|00|000)\d*$/i;
/** A digest that says of what kind it is, the DER of a public key, the id of an AWS key. */
const digest =
  /^(?:sha(?:1|224|256|384|512)|md5|ssh-(?:rsa|dss|ed25519)|ecdsa-sha2)[-: ]|^(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}|^(?:MIIBIjANBgkqhkiG9w0BAQ|MIICIjANBgkqhkiG9w0BAQ|MFkwEwYHKoZIzj0CAQ|MHYwEAYHKoZIzj0CAQ|MCowBQYDK2V|AAAA[BCE][23]Nz)/;
/** A name, a call, a member, a type, a cmdlet: what a program writes without quotes, or inside them for another program. */
const expression =
  /^(?:Read|Get|New|Import|Convert(?:To|From))-[A-Z]\w+$|^[A-Za-z_$@&*!:][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)+(?:\(.*)?$|^[A-Za-z_$.][\w$.:]*\(.*\)?[;,]?$|^[A-Za-z_$][\w$]*\[.*\]?|^(?:self|this|new|await|function|lambda|return|process|os|env|config|settings|args|props|params|options|req|request)\b[ .[(]|^!(?:\d|[a-z]+\()|^\(|^:[a-z_]\w*$|^[A-Za-z]\w*<|=>|^&?\w*[A-Za-z_]\*+$|^\\[A-Za-z.*+?[(]|^-?\\[[a-z]|\\[dwsSDWbB][+*{]|\(\?[:=!<]|^\^|\[\^|\.\*|\[[a-z]-[a-z]/;
const markup = /^<\/?[a-z!]|<\/|\/>|&(?:lt|gt|quot|amp|nbsp);|^[.#][a-z][\w-]*$|^[a-z-]+:[a-z-]+;?$|^\/\/|^\/\*/;
const nothings =
  /^(?:null|nil|none|undefined|empty|true|false|yes|no|on|off|n\/a|string|str|int|integer|number|bool|boolean|object|array|text|any|void|bytes?|char|self|this|optional|required|default|disabled?|enabled?|always|never|ask|prompt|hidden|secrets?|passwords?|passwd|pass|pwd|tokens?|keys?|auth|basic|bearer|digest|plain|user(?:name)?|login|value|unknown|random|localhost|oauth2?|jwt|saml|ldap|ssl|tls|md5|sha\d+|hex|base64|utf-?8|ascii|json|xml|yaml|files|get|post|put|delete|private|public|password\w{0,3})$/i;
/** What people put where nothing depends on it. In settings it is a weak password. */
const careless =
  /^(?:passw0rd|admin\d*|root|foo|bar|baz|qux|foobar|foobarbaz|abc|abcd?e?f?|abc123|test|testing|tests?\d*|hello|world|hunter2?|secure|xxx+|yyy+|zzz+|aaa+|asdf|qwerty|blah|whatever|something|postgres|mysql|letmein)$|super[-_.]?secret|top[-_.]?secret|very[-_.]?(?:secret|secure)|my[-_.]?(?:secret|pass|token|key|api)|some[-_.]?(?:secret|pass|token|key|api|thing)|test[-_.]?(?:secret|pass|token|key|api)|(?:secret|pass(?:word)?|token|key)[-_.]?(?:test|value|string|name|field)$|foo[-_]?bar|1234567|abcdefg|qwerty|keyboard.?cat|^(?:in)?correct(?:[-_ ]?\w{0,10})?$|^wrong/i;
/** Words that say that the value was invented to be seen. */
const invented =
  /example|sample|dummy|fake|mock|placeholder|change.?(?:me|this|it)|redact|your.?(?:pass|secret|token|key|api)|(?:secret|pass|token|key)[-_.]?here|not[-_.]?(?:a[-_.]?)?(?:real|secret|valid)|invalid|unsafe|insecure|deadbeef|lorem|ipsum|todo|fixme|expired/i;

/** Printed in RFC 5849, 6749 and 6750, and copied from there into manuals ever since. */
const printed =
  /^(?:2YotnFZFEjr1zCsicMWpAA|tGzv3JOkF0XG5Qx2TlKWIA|SplxlOBeZQQYbYS6WxSbIA|mF_9\.B5f-4\.1JqM|h480djs93hd8|ad180jjd733klru7|0685bd9184jfhq22|dpf43f3p2l4k3l03|kkk9d7dh3k39sjv7|nnch734d00sl2jdk|pfkkdhi9sl3r4s00|hh5s93j4hdidpola|hdhd0244k9j7ao03)$/;

/** A regular expression: marks enough to look like dice, but never dice. */
const pattern = /^\/?\^.*[$/][a-z]{0,3}$|\[\^?[A-Za-z0-9]-[A-Za-z0-9]|\\[dwsSDWbB][+*{)]|\(\?[:=!<]/;

/** What stands where a secret would, says that it is none, or names a place. */
const others: readonly RegExp[] = [
  nothings,
  template,
  encrypted,
  quantity,
  location,
  digest,
  invented,
  printed,
  pattern,
];

/**
 * True for what is written where a secret would stand, and for shapes that are something else: paths, versions, code. `rarity` is
 * the value's; `weak` that a weak password counts too.
 */
export function isNoSecret(value: string, rarity: number, weak: boolean): boolean {
  if (others.some((other) => other.test(value)) || (!weak && careless.test(value))) return true;
  // What dice made may look like code by chance.
  if (rarity < 40 && (expression.test(value) || markup.test(value))) return true;
  if (isTokenHeader(value)) return true;
  return isPlaceholder(value.replaceAll(/[{}$<>%#[\]]/g, "")) || isEncodedPlaceholder(value);
}

/** The header of a JWT or JWE by itself: it says how a token is made, and is the same in all of them. */
export function isTokenHeader(value: string): boolean {
  if (!/^eyJ[A-Za-z0-9_-]{8,120}={0,2}$/.test(value)) return false;
  return /^\{"(?:alg|typ|kid|enc|cty|x5t)":/.test(Buffer.from(value, "base64").toString("latin1"));
}

/** Base64 of a text that says itself that it is no secret. */
function isEncodedPlaceholder(value: string): boolean {
  if (value.length < 12 || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return false;
  const decoded = Buffer.from(value, "base64").toString("latin1");
  if (!/^[\x20-\x7e\n]+$/.test(decoded)) return false;
  return (
    (/\s/.test(decoded.trim()) && rarityOf(decoded) < 0) ||
    encrypted.test(decoded) ||
    invented.test(decoded) ||
    careless.test(decoded) ||
    isPlaceholder(decoded) ||
    /12345/.test(decoded)
  );
}

export const uuid = /^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i;
