/**
 * What a name promises of its value. password: people choose it, so it may be short and weak. secret: a machine made it, so it
 * is random. key: one of many things, of which keys for encryption are one. weak: seldom a secret at all.
 */
export type KeyKind = "password" | "secret" | "key" | "weak";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const passwords = words(
  "password passwords passwd passwds pwd pass passphrase passcode passwort kennwort senha contrasena contrasenia wachtwoord heslo haslo parola salasana losenord sifre psw pswd passw requirepass masterauth userpass dbpass ftppass rootpass smbpass sshpass adminpass mypass motdepasse securestring bindpw rootpw authtok",
);
const secrets = words(
  "secret secrets secrete token tokens apikey apikeys credential credentials cred creds bearer accesskey secretkey privatekey authkey authtoken accesstoken geheim segredo appkey apitoken appsecret clientsecret encryptionkey masterkey licensekey signingkey accountkey sharedkey sharedaccesskey",
);
/** Before `key`: the key opens or signs something. */
const keyMakers = words(
  "api access secret private auth oauth authorization encryption encrypt encrypted decryption decrypt aes des rsa hmac signing sign signature master shared consumer client app application account license licence ssh deploy webhook integration crypt crypto cipher jwt token security admin root machine validation subscription write ingest wrapping symmetric salt pre session cookie storage aws azure gcp google maps stripe sendgrid mailgun twilio openai service",
);
/** Before `key` or `token`: an entry's name, a column, a piece of source text. */
const notMakers = words(
  "public pub primary foreign cache sort partition object index map dict json query route i18n message translation lookup group row parent item node unique composite registry config event shortcut hot arrow foreground background data column table field first last prev previous next page continuation start end begin eos bos pad unk sep cls mask stop comma string number operator keyword cancel cancellation cancelation trigger hash range header param params idempotency dedupe react prop property state style theme menu license-type sentence word lexer parse syntax css html xml ast special literal comment brace paren bracket colon semicolon dot whitespace eof punctuation delimiter separator identifier symbol type name known reserved sync resume",
);
/** Anywhere before: the value is said not to be one, or the name is a question or a verb. */
const deniers = words(
  "no non not is has mock fake dummy example sample forgot forgotten forget reset show hide toggle require requires required use uses enable enabled disable allow allows need needs missing invalid wrong bad incorrect without public change update lost expired can should must if when create validate check verify get fetch find parse count num max min total permit permitted unused empty ignore ignored supports unexpected recv send search invalidate revoked",
);
/** Behind the word: still the secret itself. */
const qualifiers = words(
  "confirmation confirm confirmed again repeat old new prod production dev development staging stage stg test testing qa live sandbox base value val string str text plain plaintext raw default admin root user db database b64 base64 hex data key keys token secret password env local main master primary secondary backup a b c x y api app current const var production1 id2 v v1 v2 auth bytes buf buffer literal super secure sec my myservice service",
);
/** Behind the word: another thing, about the secret. */
const heads = words(
  "field fields name names type types length len size url urls uri path paths file files filename dir id ids hint label labels placeholder policy reset expiry expires expired expire expiration expiring expire_in ttl count counts min max minimum maximum limit limits regex regexp re pattern format header headers prefix suffix error errors err message messages msg title description desc hash hashed digest salt index idx ref refs reference endpoint provider manager store storage class func function fn handler encoder strategy algorithm alg algo method mode enabled disabled required valid invalid exists exist change changed options option opts config configuration settings setting rule rules position pos start end kind node nodes list map set cache info state status scope scopes grant generator gen parser lexer stream source schema model entity table column row input inputs box view form page screen dialog prompt button icon link tab panel section group property prop props attribute attr attributes param params parameter parameters arg args argument event events callback listener hook util utils helper helpers test tests spec case cases factory builder adapter client server host port domain version date time at on updated created modified age days history strength score complexity check checker validator validation verify validate encryption encrypted protected protection only less free through by for from to of in with is has usage audience issuer bucket budget limit cost price balance symbol ring chain stroke press down up board bind binding bindings code codes word words map maps space pair pairs usage algorithm size bits spec ops agreement exchange wrap frame frames frameid manager vault class selector resolver resolvername namespace number",
);

/** Names joined without a mark between: `dbpassword`, `myapikey`. Looked for at the end of a token. */
const passwordEnd = /(?:password|passwd|passphrase|passwort|pwd)\d?$/;
const secretEnd =
  /(?:secret|apikey|accesskey|secretkey|privatekey|authtoken|accesstoken|refreshtoken|apitoken|credentials?)$/;

/** 1 a small letter, 2 a capital, 0 anything else. */
function caseOf(code: number): number {
  if (code >= 97 && code <= 122) return 1;
  return code >= 65 && code <= 90 ? 2 : 0;
}

/** `DB_rootPassword2` → db, root, password. Digits and marks only part. Asked of each word of a text, so without regular expressions. */
export function splitName(name: string): readonly string[] {
  const lower = name.toLowerCase();
  const tokens: string[] = [];
  let start = 0;
  let before = 0;
  for (let at = 0; at <= name.length; at += 1) {
    const now = at < name.length ? caseOf(name.charCodeAt(at)) : 0;
    // In `XMLHttp` the last capital begins the next word.
    const begins = now === 2 && (before === 1 || (before === 2 && caseOf(name.charCodeAt(at + 1)) === 1));
    if (before !== 0 && (now === 0 || begins)) tokens.push(lower.slice(start, at));
    if (begins || before === 0) start = at;
    before = now;
  }
  return tokens;
}

function isPasswordWord(token: string): boolean {
  return passwords.has(token) || (token.length > 6 && passwordEnd.test(token));
}

function isSecretWord(token: string): boolean {
  return secrets.has(token) || (token.length > 8 && secretEnd.test(token));
}

function kindOfKey(before: string | undefined): KeyKind | undefined {
  if (before === undefined) return "weak";
  if (keyMakers.has(before)) return "secret";
  return notMakers.has(before) ? undefined : "weak";
}

function kindAt(tokens: readonly string[], at: number): KeyKind | undefined {
  const token = tokens[at] ?? "";
  const before = at > 0 ? tokens[at - 1] : undefined;
  if (isPasswordWord(token)) return "password";
  if (isSecretWord(token)) {
    return (token === "token" || token === "tokens") && before !== undefined && notMakers.has(before)
      ? undefined
      : "secret";
  }
  return kindOfOther(token, before);
}

function kindOfOther(token: string, before: string | undefined): KeyKind | undefined {
  if (token === "key" || token === "keys") return kindOfKey(before);
  if (token === "authorization") return "secret";
  if (token === "login" && before === "sonar") return "secret";
  return token === "auth" || token === "oauth" || token === "authentication" ? "weak" : undefined;
}

/** The last token that is a secret word, when all behind it only say which secret it is. */
function lastSecretWord(
  tokens: readonly string[],
): { readonly at: number; readonly kind: KeyKind; readonly sure: boolean } | undefined {
  let sure = true;
  for (let at = tokens.length - 1; at >= 0; at -= 1) {
    const kind = kindAt(tokens, at);
    if (kind !== undefined) return { at, kind, sure };
    const token = tokens[at] ?? "";
    if (heads.has(token)) return undefined;
    sure &&= qualifiers.has(token);
  }
  return undefined;
}

/** What the name promises of its value, or undefined when it is no secret: `passwordField`, `tokenizer`, `public_key`, `author`. */
export function kindOfName(name: string): KeyKind | undefined {
  const tokens = splitName(name);
  // The name of a role's secret in Vault, which is the secret itself.
  if (tokens.at(-1) === "id" && tokens.at(-2) === "secret") return "secret";
  const last = lastSecretWord(tokens);
  if (last === undefined || tokens.slice(0, last.at).some((token) => deniers.has(token))) return undefined;
  if (last.sure) return last.kind;
  return last.kind === "password" ? "key" : "weak";
}
