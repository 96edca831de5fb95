import { hasNkeyCrc } from "../checksum-base32.js";
import { hasBech32Checksum } from "../checksum-bech32.js";
import { numberMember, readJwt, textMember } from "../checksum-json.js";
import { isPlaceholder } from "../placeholder.js";
import type { Rule, Surroundings, Verdict } from "../rule.js";
import { anchorRule, tokenRule } from "./kinds.js";
import { end } from "./patterns.js";
import { judgePem } from "./pem.js";
import { no, yes } from "./verdicts.js";

const vendor = "Keys";

function judgeAge(identity: string): Verdict {
  const isBlank = isPlaceholder(identity.slice(identity.indexOf("-1") + 2));
  return yes(hasBech32Checksum(identity) ? "checked" : "format", isBlank ? "warn" : "block");
}

/** The instant in the sample of jwt.io: who changes the sample and signs it again has a token to play with. */
const sampleIssuedAt = 1_516_239_022;

/** 2026-01-01. A scan knows no clock, but what had ended before these rules were written has ended. */
const longEnded = 1_767_225_600;
const hour = 3600;

/** RFC 7519 §4.1.4: true for a token that ended long ago, or within an hour of its making, before anybody else could read a commit. */
function isShortLived(claims: object | undefined): boolean {
  const [ends, made] = [numberMember(claims, "exp"), numberMember(claims, "iat")];
  return ends !== undefined && (ends < longEnded || (made !== undefined && ends - made <= hour));
}

function judgeJwt(token: string, { before }: Surroundings): Verdict {
  const jwt = readJwt(token);
  if (jwt === undefined || token.includes("SflKxwRJSMeKKF2QT4")) return no;
  // GitHub's own links to images of private repositories: they end within minutes.
  if (/private-user-images\.githubusercontent\.com/.test(before)) return no;
  const role = textMember(jwt.claims, "role");
  if (role === "service_role") return no;
  const isSample = numberMember(jwt.claims, "iat") === sampleIssuedAt;
  const isUnsigned = jwt.algorithm.toLowerCase() === "none" || token.split(".").length < 3;
  // A token that is not signed or is made for anybody's browser lets nobody in who could not come in anyway.
  const isHarmless = isSample || isUnsigned || role === "anon" || isShortLived(jwt.claims);
  return yes("checked", isHarmless ? "warn" : "block");
}

export const keyRules: readonly Rule[] = [
  anchorRule({
    id: "keys/private-key",
    vendor,
    title: "Private key",
    grants: "is the server, person or signer that the key belongs to",
    revoke: "Make a new key pair, and take the public key away where it is trusted",
    anchors: ["private key-----", "private key block-----", "private key ----"],
    reach: 48,
    pattern:
      "-{4,5} ?BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)? ?-{4,5}(?:(?!-----|---- )[^]){20,3950}(?:-{4,5} ?END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)? ?-{4,5})?",
    judgesPlaceholders: true,
    check: judgePem,
    shape: [
      "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg{b64:50}\n{b64:64}\n{b64:64}\n-----END PRIVATE KEY-----",
      "-----BEGIN RSA PRIVATE KEY-----\\nMIICWwIBAAKBgQ{b64:50}\\n{b64:64}\\n-----END RSA PRIVATE KEY-----",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ{b64:26}\n{b64:70}\n-----END OPENSSH PRIVATE KEY-----",
      "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\nlQOYBF{b64:58}\n{b64:64}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----",
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFHDBOBgkqhkiG9w0BBQ0w{b64:40}\n{b64:64}\n-----END ENCRYPTED PRIVATE KEY-----",
    ],
    near: [
      "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
      "-----BEGIN PRIVATE KEY-----\nREPLACE ME WITH THE KEY OF THE SERVER\n-----END PRIVATE KEY-----",
      "-----BEGIN PUBLIC KEY-----\nMIIBIjANBg{b64:54}\n{b64:64}\n-----END PUBLIC KEY-----",
      "-----BEGIN PRIVATE KEY-----\n{b64:36}\n-----END PRIVATE KEY-----",
    ],
  }),
  anchorRule({
    id: "keys/putty-private-key",
    vendor,
    title: "PuTTY private key",
    grants: "logs in as its owner",
    revoke: "Make a new key pair, and take the public key out of authorized_keys",
    anchors: ["putty-user-key-file-"],
    pattern:
      "PuTTY-User-Key-File-[23]: [\\w@.-]{3,60}\\s{1,4}Encryption: (?:none|aes256-cbc)\\s[^]{0,2500}?Private-Lines: \\d{1,3}\\s{1,4}[A-Za-z0-9+/=\\s]{30,3000}",
    judgesPlaceholders: true,
    check: (secret) =>
      isPlaceholder(secret.slice(secret.lastIndexOf(":")))
        ? no
        : yes("format", /Encryption: none/.test(secret) ? "block" : "warn"),
    shape:
      "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: me\nPublic-Lines: 1\n{b64:64}\nPrivate-Lines: 1\n{b64:64}\nPrivate-MAC: 0",
    near: [
      "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: me\nPublic-Lines: 1\n{b64:64}\n",
      "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\n...\n",
    ],
  }),
  tokenRule({
    id: "age/identity",
    vendor: "age",
    title: "age identity",
    grants: "opens every file that was encrypted to it",
    revoke: "Make a new identity, and encrypt the files again without the old recipient",
    starts: ["AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1"],
    pattern: `AGE-SECRET-KEY-(?:PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}${end}`,
    judgesPlaceholders: true,
    check: judgeAge,
    shape: ["AGE-SECRET-KEY-1{bech:58}", "AGE-SECRET-KEY-PQ-1{bech:58}"],
    near: ["AGE-SECRET-KEY-1{bech:57}", "AGE-SECRET-KEY-1{bech:59}", "AGE-SECRET-KEY-2{bech:58}"],
  }),
  tokenRule({
    id: "age/plugin-identity",
    vendor: "age",
    title: "age plugin identity",
    grants: "opens files where the plugin's device or service lets it; often only a pointer to hardware",
    revoke: "Make a new identity, and encrypt the files again without the old recipient",
    severity: "warn",
    starts: ["AGE-PLUGIN-"],
    pattern: `AGE-PLUGIN-[A-Z0-9+._]{1,40}-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{20,1000}${end}`,
    check: (secret) => yes(hasBech32Checksum(secret) ? "checked" : "format", "warn"),
    shape: "AGE-PLUGIN-YUBIKEY-1{bech:40}",
    near: ["AGE-PLUGIN-YUBIKEY-1{bech:12}", "AGE-PLUGIN-YUBIKEY-2{bech:40}"],
  }),
  tokenRule({
    id: "keys/json-web-token",
    vendor: "JWT",
    title: "JSON web token",
    grants: "acts as whom it names until it ends",
    revoke: "Wait until it ends, or rotate the key that signed it",
    starts: ["eyJ"],
    pattern:
      "eyJ[A-Za-z0-9_-]{10,1000}={0,2}\\.eyJ[A-Za-z0-9_-]{10,2500}={0,2}(?:\\.[A-Za-z0-9_/+-]{10,1000}={0,2}){0,1}",
    judgesPlaceholders: true,
    check: judgeJwt,
    shape: '{json:{"alg":"HS256","typ":"JWT"}}.{json:{"sub":"7120","name":"Jo","iat":1700000000}}.{b64u:43}',
    near: [
      '{json:{"typ":"JWT"}}.{json:{"sub":"7120"}}.{b64u:43}',
      "eyJ{b62:20}.eyJ{b62:30}.{b64u:43}",
      '{json:{"alg":"HS256"}}.{b64u:30}',
    ],
  }),
  anchorRule({
    id: "keys/json-web-key",
    vendor: "JWT",
    title: "Private JSON web key",
    grants: "signs or decrypts tokens as its owner",
    revoke: "Publish a new key in the key set, and take the old one out",
    anchors: ['"d":', '"d" :'],
    pattern: '"d"\\s{0,4}:\\s{0,4}"(?<secret>[A-Za-z0-9_-]{40,1400})"',
    check: (_, { before, after }) =>
      /"(?:kty|crv|n|e|x|y|p|q|dp|dq|qi)"\s*:/.test(before + after) ? yes("format", "block") : no,
    shape: '{"kty":"EC","crv":"P-256","x":"{b64u:43}","d":"{b64u:43}"}',
    near: ['{"kty":"EC","crv":"P-256","x":"{b64u:43}","y":"{b64u:43}"}', '{"a":"M0","d":"{b64u:43}"}'],
  }),
  tokenRule({
    id: "nats/nkey-seed",
    vendor: "NATS",
    title: "NATS seed (NKEY)",
    grants: "connects or signs as the user, account or operator",
    revoke: "Make a new key, and push the account or operator without the old one",
    starts: ["SUA", "SAA", "SNA", "SCA", "SOA", "SXA"],
    pattern: `S[UANCOX]A[A-Z2-7]{55}${end}`,
    check: (secret) =>
      hasNkeyCrc(secret) ? yes("checked", "block") : /[2-7]/.test(secret) ? yes("likely", "block") : no,
    shape: "SUA{B32:55}",
    near: ["SUA{B32:54}", "SUA{B32:56}", "SUA{upper:55}"],
  }),
  anchorRule({
    id: "wireguard/private-key",
    vendor: "WireGuard",
    title: "WireGuard private or preshared key",
    grants: "joins the network as the peer",
    revoke: "Make a new key pair, and replace the public key at the peers",
    anchors: ["privatekey", "presharedkey"],
    pattern:
      "P(?:rivate|reshared)Key[\"']?[ \\t]{0,4}[=:][ \\t]{0,4}[\"']?(?<secret>[A-Za-z0-9+/]{43}=)(?![A-Za-z0-9+/=])",
    ignoreCase: true,
    shape: ["PrivateKey = {b64:43}=", "PresharedKey = {b64:43}="],
    near: ["PrivateKey = {b64:42}=", "PublicKey = {b64:43}="],
    frame: ["[Interface]\n", "\n"],
  }),
  anchorRule({
    id: "keys/totp-seed",
    vendor: "TOTP",
    title: "Seed of one-time passwords",
    grants: "makes the second factor of a login",
    revoke: "Enrol the second factor again",
    anchors: ["otpauth://"],
    pattern: "otpauth://(?:t|h)otp/[^\\s?\"'<>]{0,200}\\?[^\\s\"'<>]{0,200}?secret=(?<secret>[A-Za-z2-7]{16,128})",
    shape: "otpauth://totp/Acme:jo?secret={B32:32}&issuer=Acme",
    near: ["otpauth://totp/Acme:jo?secret={B32:8}&issuer=Acme", "otpauth://totp/Acme:jo?issuer={B32:32}"],
  }),
  tokenRule({
    id: "dotenvx/private-key",
    vendor: "dotenvx",
    title: "dotenvx private key",
    grants: "opens the encrypted .env files beside it",
    revoke: "dotenvx rotate",
    starts: ["DOTENV_PRIVATE_KEY"],
    pattern: "DOTENV_PRIVATE_KEY[A-Z0-9_]{0,40}[ \\t]{0,4}[=:][ \\t]{0,4}[\"']?(?<secret>[0-9a-f]{64})(?![0-9a-zA-Z])",
    shape: ["DOTENV_PRIVATE_KEY={hex:64}", 'DOTENV_PRIVATE_KEY_PRODUCTION="{hex:64}'],
    near: ["DOTENV_PRIVATE_KEY={hex:63}", "DOTENV_PUBLIC_KEY={hex:66}"],
  }),
];
