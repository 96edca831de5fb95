import { isPlaceholder } from "../placeholder.js";
import { isTokenHeader } from "../generic/value-shape.js";
import type { Rule, Verdict } from "../rule.js";
import { anchorRule, contextRule } from "./kinds.js";
import { no, yes } from "./verdicts.js";

const hasDigit = (secret: string): boolean => /[0-9]/.test(secret);

/** `auth` of a container registry: base64 of `user:password`; what is no such pair is only shown. */
function judgeRegistryAuth(auth: string): Verdict {
  const text = Buffer.from(auth, "base64").toString("latin1");
  const [, password] = /^[\x20-\x7e]+?:([\x20-\x7e]+)$/.exec(text) ?? [];
  if (password !== undefined) return isPlaceholder(password) ? no : yes("checked", "block");
  return auth.length >= 40 && /[A-Z]/.test(auth) && hasDigit(auth) ? yes("likely", "warn") : no;
}

/** A value of a Kubernetes Secret: base64 under `data`, plain under `stringData`. */
function judgeSecretValue(value: string): Verdict {
  // The password in an address has a rule of its own; an address without one is none, and neither is the begin of a token.
  if (/^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(value) || isTokenHeader(value)) return no;
  const plain = Buffer.from(value, "base64").toString("latin1").trim();
  const isText = value.length % 4 === 0 && /^[\x20-\x7e\r\n\t]*$/.test(plain);
  // A whole configuration in one value may well name an example host.
  if (isText) return plain.length < 6 || (plain.length < 40 && isPlaceholder(plain)) ? no : yes("context", "block");
  return hasDigit(value) || (value.length >= 16 && /[A-Z]/.test(value))
    ? yes("likely", "block")
    : yes("possible", "warn");
}

const secretKind = '(?:kind: Secret|kind: ["\']Secret["\']|"kind": ?"Secret")(?![\\w])';
const dataKey = `(?<![A-Za-z])(?:stringD|d)ata["']?:`;
const plainKeys = "user|username|name|host|port|type|url|db|database|email|region|endpoint|bucket|address|namespace";
const entry = `["']?(?!(?:${plainKeys})["':])[\\w.-]{1,60}["']?:[ \\t]{0,4}(?:[>|][+-]?\\s{1,40})?["']?(?<secret>[^\\s"'{}$<>#|,()]{8,3000})`;
const sectionEnd = "\\n---|\\n[ \\t-]{0,12}[\"']?(?:metadata|type|kind|apiVersion)[\"']?:";

/** Files whose form says where the secret is. */
export const fileRules: readonly Rule[] = [
  anchorRule({
    id: "docker/registry-auth",
    vendor: "Docker",
    title: "Registry login of a container configuration",
    grants: "pulls and pushes images as the user",
    revoke: "The registry's account settings",
    anchors: ['"auth"', '"auth\\'],
    pattern: '"auth\\\\{0,7}"\\s{0,4}:\\s{0,4}\\\\{0,7}"(?<secret>[A-Za-z0-9+/_-]{8,3000}={0,2})\\\\{0,7}"',
    check: (secret, { before, after, path }) =>
      /auths|docker|registry|quay/i.test(before + after) || /docker|\.json$/.test(path ?? "")
        ? judgeRegistryAuth(secret)
        : no,
    shape: '{"auths":{"quay.io":{"auth":"{base64:acme:<b62:20>}"}}}',
    near: ['{"auths":{"quay.io":{"auth":""}}}', '{"auths":{"quay.io":{"auth":"{base64:acme:<x:20>}"}}}'],
  }),
  anchorRule({
    id: "kubernetes/client-key",
    vendor: "Kubernetes",
    title: "Client key of a kubeconfig",
    grants: "acts as the user in the cluster",
    revoke: "Make a new certificate authority, or take the user's roles away",
    anchors: ["client-key-data"],
    pattern: "client-key-data[\"']?:\\s{0,4}[\"']?(?<secret>LS0tLS1CRUdJTi[A-Za-z0-9+/]{40,3900}={0,2})",
    shape: "client-key-data: LS0tLS1CRUdJTi{b64:300}==",
    near: ["client-key-data: LS0tLS1CRUdJTi{b64:20}", "client-key-data: {b62:30}"],
    frame: ["users:\n- name: jo\n  user:\n    ", "\n"],
  }),
  anchorRule({
    id: "kubernetes/secret-manifest",
    vendor: "Kubernetes",
    title: "Value in a Kubernetes Secret manifest",
    grants: "is what the secret holds",
    revoke: "Rotate what the value opens",
    anchors: ["kind: secret", 'kind: "secret"', "kind: 'secret'", '"kind":"secret"', '"kind": "secret"'],
    ignoreCase: true,
    pattern: `${secretKind}(?:(?!\\n---|${dataKey})[^]){0,700}[\\n{, "\\t-]${dataKey}(?:(?!${sectionEnd})[^]){0,600}?[\\n{,][ \\t\\n]{0,16}${entry}`,
    check: judgeSecretValue,
    shape:
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  user: {base64:jo}\n  password: {base64:<b62:18>}",
    near: [
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: {{ .Values.password | b64enc }}",
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: db\ndata:\n  password: {base64:<b62:18>}",
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata: {}",
    ],
    frame: ["", "\n"],
  }),
  anchorRule({
    id: "kubernetes/secret-data",
    vendor: "Kubernetes",
    title: "Value in a Kubernetes Secret manifest that says so behind it",
    grants: "is what the secret holds",
    revoke: "Rotate what the value opens",
    anchors: ["kind: secret", 'kind: "secret"', "kind: 'secret'", '"kind":"secret"', '"kind": "secret"'],
    ignoreCase: true,
    reach: 900,
    pattern: `${dataKey}[^\\n]{0,40}(?:\\s{1,20}#[^\\n]{0,200}){0,1}[\\n{]\\s{0,16}${entry}(?:(?!\\n---|kind: )[^]){0,800}\\n?[ \\t-]{0,12}${secretKind}`,
    check: judgeSecretValue,
    shape: "apiVersion: v1\ndata:\n  password: {base64:<b62:18>}\nkind: Secret\nmetadata:\n  name: db",
    near: [
      "apiVersion: v1\ndata:\n  password: {{ .Values.password }}\nkind: Secret\nmetadata:\n  name: db",
      "apiVersion: v1\ndata:\n  password: {base64:<b62:18>}\nkind: ConfigMap\nmetadata:\n  name: db",
    ],
    frame: ["", "\n"],
  }),
  anchorRule({
    id: "netrc/password",
    vendor: "netrc",
    title: "Password in a .netrc",
    grants: "logs in at the machine as the user",
    revoke: "Change the password or token",
    anchors: ["machine "],
    pattern:
      "machine\\s{1,8}[\\w.:-]{1,200}\\s{1,20}login\\s{1,8}\\S{1,200}\\s{1,20}password\\s{1,8}(?<secret>[^\\s\"']{3,300})",
    shape: "machine git.acme.dev login jo password {b62:18}",
    near: ["machine git.acme.dev login jo password $TOKEN", "machine git.acme.dev login jo"],
    frame: ["", "\n"],
  }),
  anchorRule({
    id: "pgpass/password",
    vendor: "PostgreSQL",
    title: "Password in a .pgpass",
    grants: "logs in at the database as the user",
    revoke: "ALTER ROLE … PASSWORD",
    anchors: [":5432:", ":5433:", ":6432:", ":6543:", ":*:"],
    reach: 120,
    pattern:
      "(?<![^\\n])[\\w.*-]{1,100}:(?:543[23]|6432|6543|\\*):[\\w*.-]{1,80}:[\\w*.@-]{1,80}:(?<secret>[^\\s:]{3,200})(?![^\\r\\n])",
    shape: "db.acme.dev:5432:shop:jo:{b62:18}",
    near: ["db.acme.dev:5432:shop", "db.acme.dev:5432:shop:jo:$PGPASSWORD"],
    frame: ["# host:port:database:user:password\n", "\n"],
  }),
  anchorRule({
    id: "hashes/crypt",
    vendor: "Passwords",
    title: "Hash of a password",
    grants: "lets its holder guess the password without anybody noticing",
    revoke: "Change the password",
    severity: "warn",
    anchors: [
      "$apr1$",
      "$2a$",
      "$2b$",
      "$2y$",
      "$argon2",
      "$6$",
      "$5$",
      "$1$",
      "$y$",
      "$gy$",
      "$7$",
      "$md5,",
      "{sha}",
      "{ssha}",
      "{ssha512}",
    ],
    pattern:
      "(?<![A-Za-z0-9])(?:\\$apr1\\$[./A-Za-z0-9]{1,8}\\$[./A-Za-z0-9]{22,26}|\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}|\\$argon2(?:id?|d)\\$v=\\d{1,2}\\$m=\\d{1,9},t=\\d{1,4},p=\\d{1,4}\\$[A-Za-z0-9+/=]{8,90}\\$[A-Za-z0-9+/=]{16,180}|\\$6\\$(?:rounds=\\d{1,9}\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]{86}|\\$5\\$(?:rounds=\\d{1,9}\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]{43}|\\$1\\$[./A-Za-z0-9]{1,8}\\$[./A-Za-z0-9]{22}|\\$(?:gy|y|7)\\$[./A-Za-z0-9]{1,12}\\$[./A-Za-z0-9]{0,90}\\$[./A-Za-z0-9]{40,50}|\\$md5,rounds=\\d{1,9}\\$[./A-Za-z0-9]{1,16}\\${1,2}[./A-Za-z0-9]{22}|\\{S?SHA(?:512)?\\}[A-Za-z0-9+/]{27,120}={0,2})(?![A-Za-z0-9/])",
    check: () => yes("format", "warn"),
    shape: ["$apr1${b62:8}${b62:22}", "$2y$10${b62:53}", "$6${b62:8}${b62:86}"],
    near: ["$apr1${b62:8}${b62:20}", "$2y$10${b62:50}", "$6${b62:8}"],
    frame: ["jo:", ""],
  }),
  contextRule({
    id: "django/secret-key",
    vendor: "Web frameworks",
    title: "Secret key of a web application (Django, Flask, Rails, Express)",
    grants: "signs sessions and resets as the application",
    revoke: "Make a new key; sessions end",
    words: ["secret_key_base", "secretkeybase", "session_secret", "cookie_secret", "jwt_secret", "app_secret_key"],
    body: "[A-Za-z0-9+/_-]{32,128}={0,2}",
    check: (secret) => (hasDigit(secret) && /[a-z]/i.test(secret) ? yes("context", "block") : no),
    shape: ["{hex:128}", "{hex:64}"],
    near: ["{hex:24}", "{lower:64}"],
    key: "secret_key_base",
  }),
  anchorRule({
    id: "django/settings-key",
    vendor: "Django",
    title: "Django SECRET_KEY",
    grants: "signs sessions and resets as the application",
    revoke: "Make a new key; sessions end",
    anchors: ["secret_key"],
    pattern: "SECRET_KEY[\"']?\\]?\\s{0,4}[=:]\\s{0,4}[rub]?[\"'](?<secret>(?:django-insecure-)?[^\\s\"']{50})[\"']",
    check: (secret) =>
      hasDigit(secret) && /[^A-Za-z0-9]/.test(secret)
        ? yes("context", secret.startsWith("django-insecure") ? "warn" : "block")
        : no,
    shape: ["SECRET_KEY = '{a36:24}!@#{a36:23}'", "SECRET_KEY = 'django-insecure-{a36:24}!@#{a36:23}'"],
    near: ["SECRET_KEY = os.environ['SECRET_KEY']", "SECRET_KEY = '{a36:20}'"],
    frame: ["", "\n"],
  }),
  anchorRule({
    id: "laravel/app-key",
    vendor: "Laravel",
    title: "Laravel APP_KEY",
    grants: "decrypts and signs what the application does, and with it runs code",
    revoke: "php artisan key:generate",
    anchors: ["base64:"],
    reach: 24,
    pattern:
      "(?:APP_KEY|['\"]key['\"])\\s{0,3}(?:=>?|:|,)\\s{0,3}[\"']?base64:(?<secret>[A-Za-z0-9+/]{43}=)(?![A-Za-z0-9+/=])",
    shape: "APP_KEY=base64:{b64:43}=",
    near: ["APP_KEY=base64:{b64:20}=", "ICON=base64:{b64:43}="],
    frame: ["APP_ENV=local\n", "\n"],
  }),
  anchorRule({
    id: "maven/server-password",
    vendor: "Maven",
    title: "Encrypted master password of Maven",
    grants: "opens the passwords in settings.xml, as its own key is published",
    revoke: "Change the passwords that it protects",
    anchors: ["<master>"],
    pattern: "<master>\\s{0,20}\\{(?<secret>[A-Za-z0-9+/]{20,200}={0,2})\\}\\s{0,20}</master>",
    shape: "<settingsSecurity><master>{{b64:43}=}</master></settingsSecurity>",
    near: [
      "<settingsSecurity><master>{YOUR_MASTER_PASSWORD}</master></settingsSecurity>",
      "<settingsSecurity><master>${env.MASTER}</master></settingsSecurity>",
    ],
    frame: ["", "\n"],
  }),
  contextRule({
    id: "vapid/private-key",
    vendor: "Web push",
    title: "VAPID private key",
    grants: "sends push messages as the application",
    revoke: "Make a new key pair; subscriptions end",
    words: ["vapid"],
    body: "[A-Za-z0-9_-]{43}",
    check: (secret, { before }) =>
      /priv|secret/i.test(before.slice(-60)) && hasDigit(secret) ? yes("context", "block") : no,
    shape: "{b64u:43}",
    near: ["{b62:42}", "{b62:44}"],
    key: "vapid_private_key",
  }),
  anchorRule({
    id: "tink/cleartext-keyset",
    vendor: "Tink",
    title: "Tink keyset in clear",
    grants: "encrypts, decrypts or signs as the application",
    revoke: "Rotate the keyset",
    anchors: ['"keydata"', '"primarykeyid"'],
    ignoreCase: true,
    pattern:
      '"keyData"\\s{0,20}:\\s{0,20}\\{[^{}]{0,200}"keyMaterialType"\\s{0,20}:\\s{0,20}"(?:SYMMETRIC|ASYMMETRIC_PRIVATE)"[^{}]{0,200}"value"\\s{0,20}:\\s{0,20}"(?<secret>[A-Za-z0-9+/_-]{20,3000}={0,2})"',
    shape:
      '{"primaryKeyId":7,"key":[{"keyData":{"typeUrl":"AesGcmKey","keyMaterialType":"SYMMETRIC","value":"{b64:44}"}}]}',
    near: [
      '{"primaryKeyId":7,"key":[{"keyData":{"typeUrl":"AesGcmKey","keyMaterialType":"ASYMMETRIC_PUBLIC","value":"{b64:44}"}}]}',
      '{"primaryKeyId":7,"key":[{"keyData":{"typeUrl":"AesGcmKey","keyMaterialType":"SYMMETRIC","value":"{b64:8}"}}]}',
    ],
  }),
];
