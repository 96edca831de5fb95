import { decodeBase32, findAwsAccount } from "../checksum-base32.js";
import type { Rule } from "../rule.js";
import { findKey, namesOneOf, saysPublic, saysSecret } from "./assigned.js";
import { contextRule, tokenRule } from "./kinds.js";
import { end, uuid } from "./patterns.js";
import { type Check, no, yes } from "./verdicts.js";

const vendor = "AWS";
const iam = "AWS: IAM, Users, Security credentials";

/** Ids of the real form are base32 and hold an account number; many published ones do not, and are still reported. */
const keyIdCheck: Check = (secret, around) => {
  // GitHub's image links carry the id of the key that signed them, which is meant to be seen.
  if (/X-Amz-Credential=$/i.test(around.before)) return no;
  const strong = decodeBase32(secret.slice(4)) !== undefined && findAwsAccount(secret) !== undefined;
  return yes(strong ? "checked" : "format", "block");
};

/** 40 letters of base64 that are a mixture, no hash, no path, no word: what random bytes look like. */
function looksRandom(secret: string): boolean {
  if (/^[0-9a-fA-F]+$/.test(secret)) return false;
  if (!/[a-z]/.test(secret) || !/[A-Z]/.test(secret) || !/[0-9]/.test(secret)) return false;
  // Words in camel case: a name of somebody's interface.
  const words = secret.match(/[A-Z][a-z]{2,}/g)?.join("").length ?? 0;
  return words < 26 && new Set(secret).size >= 16 && (secret.match(/\//g)?.length ?? 0) <= 5;
}

const secretKeyCheck: Check = (secret, around) => {
  if (!looksRandom(secret)) return no;
  const key = findKey(around.before);
  if (key !== undefined && saysPublic(key.name)) return no;
  const names = ["aws", "amazon", "s3", "secretaccesskey"];
  if (key !== undefined && saysSecret(key.name) && namesOneOf(around.before, names)) return yes("context", "block");
  if (key?.isAssigned === true && namesOneOf(key.name, names)) return yes("possible", "warn");
  return /A(?:KIA|SIA)[A-Z0-9]{16}/.test(around.before) ? yes("likely", "warn") : no;
};

/** What every short-lived key begins with, in base64. */
const bedrockHost = Buffer.from("bedrock.amazonaws.com", "latin1").toString("base64");
const bedrockStart = "bedrock-api-key-".length + bedrockHost.length;

export const awsRules: readonly Rule[] = [
  tokenRule({
    id: "aws/access-key-id",
    vendor,
    title: "AWS access key id",
    grants: "names the key whose secret signs requests as an IAM user",
    revoke: iam,
    starts: ["AKIA", "ASIA", "ABIA", "ACCA"],
    pattern: "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9+/=_-])",
    check: keyIdCheck,
    shape: ["AKIA{B32:16}", "ASIA{B32:16}", "ABIA{B32:16}"],
    near: ["AKIA{B32:15}", "AKIA{B32:17}", "XAKIA{B32:16}", "AROA{B32:16}", "AKIA{hex:16}"],
  }),
  tokenRule({
    id: "aws/legacy-access-key-id",
    vendor,
    title: "AWS access key id of an old form",
    grants: "names the key whose secret signs requests",
    revoke: iam,
    starts: ["A3T"],
    pattern: "A3T[A-Z0-9]{17}(?![A-Za-z0-9+/=_-])",
    severity: "warn",
    shape: "A3TX{B32:16}",
    near: ["A3TX{B32:15}", "A3TX{B32:18}"],
  }),
  contextRule({
    id: "aws/secret-access-key",
    vendor,
    title: "AWS secret access key",
    grants: "signs requests as the IAM user whose key id stands beside it",
    revoke: iam,
    words: [
      "aws",
      "amazon",
      "secretaccesskey",
      "secret_access_key",
      "secret-access-key",
      "s3_secret",
      "s3secret",
      "akia",
    ],
    body: "[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])",
    within: 160,
    needsKey: false,
    check: secretKeyCheck,
    shape: "{b64:40}",
    near: ["{b64:39}", "{b64:41}", "{hex:40}", "{lower:40}"],
    key: "aws_secret_access_key",
  }),
  tokenRule({
    id: "aws/session-token",
    vendor,
    title: "AWS session token",
    grants: "acts as a role for up to 36 hours, with the temporary key beside it",
    revoke: "AWS: IAM, Roles, the role's Revoke sessions",
    starts: ["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz", "FQoDYXdz"],
    pattern: "(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz|FQoDYXdz)[A-Za-z0-9+/%]{100,2500}={0,2}(?![A-Za-z0-9+/])",
    shape: ["IQoJb3JpZ2lu{b64:400}", "FwoGZXIvYXdz{b64:300}=="],
    near: ["IQoJb3JpZ2lu{b64:40}", "IQoJb3JpZ2{b64:300}"],
  }),
  tokenRule({
    id: "aws/bedrock-api-key",
    vendor,
    title: "Amazon Bedrock API key",
    grants: "calls the account's models at its cost",
    revoke: "AWS: Bedrock, API keys",
    starts: ["ABSK"],
    pattern: "ABSK[A-Za-z0-9+/]{109,269}={0,2}(?![A-Za-z0-9+/=])",
    shape: "ABSK{base64:BedrockAPIKey-<a36:4>-at-<digit:12>:<b62:66>}",
    near: ["ABSK{b64:60}", "ABSX{b64:120}"],
  }),
  tokenRule({
    id: "aws/bedrock-session-key",
    vendor,
    title: "Amazon Bedrock short-lived API key",
    grants: "calls the account's models at its cost for up to 12 hours",
    revoke: "It ends within 12 hours, or with the session that made it",
    starts: ["bedrock-api-key-"],
    pattern: `bedrock-api-key-${bedrockHost}[A-Za-z0-9+/_=-]{0,3000}`,
    // The beginning alone is the same in all of them: it names the service.
    check: (secret) => yes("format", secret.length < bedrockStart + 40 ? "warn" : "block"),
    shape: `bedrock-api-key-${bedrockHost}{b64:200}`,
    near: ["bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29x{b64:20}", "bedrock-api-key-{b64:12}"],
  }),
  tokenRule({
    id: "aws/mws-token",
    vendor,
    title: "Amazon MWS auth token",
    grants: "acts for a seller at Amazon Marketplace Web Service",
    revoke: "Amazon Seller Central: Apps and services, Manage your apps",
    starts: ["amzn.mws."],
    pattern: `amzn\\.mws\\.${uuid}${end}`,
    shape: "amzn.mws.{uuid:1}",
    near: ["amzn.mws.{hex:32}", "amzn.mws.{hex:8}-{hex:4}"],
  }),
  tokenRule({
    id: "aws/cognito-client-secret",
    vendor,
    title: "Amazon Cognito or Alexa client secret",
    grants: "lets its holder act as the application when users sign in",
    revoke: "Amazon developer console: the security profile's client secrets",
    starts: ["amzn1.oa2-cs.v1."],
    pattern: `amzn1\\.oa2-cs\\.v1\\.[0-9a-f]{64}${end}`,
    shape: "amzn1.oa2-cs.v1.{hex:64}",
    near: ["amzn1.oa2-cs.v1.{hex:63}", "amzn1.application-oa2-client.{hex:32}"],
  }),
  contextRule({
    id: "aws/ses-smtp-password",
    vendor,
    title: "Amazon SES SMTP password",
    grants: "sends mail as the account's verified senders",
    revoke: iam,
    words: ["smtp", "mail_pass", "email_pass"],
    body: "B[A-Za-z0-9+/]{43}(?![A-Za-z0-9+/=])",
    check: (secret) => (looksRandom(secret) ? yes("context", "block") : no),
    shape: "B{b64:43}",
    near: ["B{b64:42}", "C{b64:43}", "B{b64:44}"],
    key: "smtp_password",
  }),
];
