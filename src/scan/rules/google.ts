import type { Rule } from "../rule.js";
import { findKey, saysPublic } from "./assigned.js";
import { contextRule, tokenRule } from "./kinds.js";
import { end } from "./patterns.js";
import { no, yes } from "./verdicts.js";

const vendor = "Google";
const credentials = "Google Cloud console: APIs and services, Credentials";

/** Web and mobile applications of Firebase carry their key for all to see: what it may do is limited elsewhere. */
function isClientFile(path: string | undefined, before: string): boolean {
  if (path !== undefined && /google-services\.json$|GoogleService-Info\.plist$|firebase-config\.\w+$/i.test(path))
    return true;
  return /firebaseConfig|current_key"\s*:\s*"$|initializeApp\(/.test(before);
}

export const googleRules: readonly Rule[] = [
  tokenRule({
    id: "google/api-key",
    vendor,
    title: "Google API key",
    grants: "calls the APIs that the key is not restricted from, at the project's cost",
    revoke: credentials,
    starts: ["AIza"],
    pattern: `AIza[0-9A-Za-z_-]{35}${end}`,
    check: (secret, around) =>
      yes(
        /^AIzaSy[A-D]/.test(secret) ? "format" : "likely",
        isClientFile(around.path, around.before) ? "warn" : "block",
      ),
    shape: "AIzaSyD{b64u:32}",
    near: ["AIzaSyD{b62:31}", "AIzaSyD{b62:33}", "aIzaSyD{b62:32}"],
  }),
  tokenRule({
    id: "google/express-key",
    vendor,
    title: "Google Gemini or express-mode API key",
    grants: "calls Google's models at the project's cost",
    revoke: "Google AI Studio: API keys",
    starts: ["AQ.Ab8R"],
    pattern: `AQ\\.Ab8R[A-Za-z0-9_-]{46}${end}`,
    shape: "AQ.Ab8R{b62:46}",
    near: ["AQ.Ab8R{b62:45}", "AQ.Ab8X{b62:46}"],
  }),
  tokenRule({
    id: "google/oauth-client-secret",
    vendor,
    title: "Google OAuth client secret",
    grants: "lets its holder act as the application when users sign in",
    revoke: credentials,
    starts: ["GOCSPX-"],
    pattern: `GOCSPX-[A-Za-z0-9_-]{28}${end}`,
    shape: "GOCSPX-{b64u:28}",
    near: ["GOCSPX-{b62:27}", "GOCSPX-{b62:29}"],
  }),
  contextRule({
    id: "google/legacy-client-secret",
    vendor,
    title: "Google OAuth client secret of the old form",
    grants: "lets its holder act as the application when users sign in",
    revoke: credentials,
    words: ["googleusercontent", "google", "gcp_", "youtube", "gmail"],
    also: ["secret"],
    body: "[A-Za-z0-9_-]{24}",
    check: (secret, around) =>
      /secret/i.test(findKey(around.before)?.name ?? "") &&
      /[0-9]/.test(secret) &&
      /[A-Z]/.test(secret) &&
      /[a-z]/.test(secret)
        ? yes("context", "block")
        : no,
    shape: "{b62:24}",
    near: ["{b62:23}", "{b62:25}", "{lower:24}"],
    key: "google_client_secret",
  }),
  tokenRule({
    id: "google/oauth-access-token",
    vendor,
    title: "Google OAuth access token",
    grants: "acts as the user or service account within its scopes, for an hour",
    revoke: "Google account: Security, Third-party access",
    starts: ["ya29."],
    pattern: "ya29\\.[A-Za-z0-9_-]{20,2000}",
    shape: "ya29.a0{b64u:160}",
    near: ["ya29.{b62:12}", "ya28.{b62:60}"],
  }),
  tokenRule({
    id: "google/refresh-token",
    vendor,
    title: "Google OAuth refresh token",
    grants: "makes new access tokens until it is revoked",
    revoke: "Google account: Security, Third-party access",
    starts: ["1//0"],
    pattern: `1//0[A-Za-z0-9_-]{38,400}${end}`,
    shape: "1//0{b64u:98}",
    near: ["1//0{b62:30}", "1/0{b62:60}"],
  }),
  tokenRule({
    id: "google/hmac-key-id",
    vendor,
    title: "Google Cloud Storage HMAC key id",
    grants: "names the key whose secret signs requests to Cloud Storage",
    revoke: "Google Cloud console: Cloud Storage, Settings, Interoperability",
    starts: ["GOOG"],
    pattern: `GOOG(?:1E[A-Z0-9]{55}|[A-Z0-9]{20})${end}`,
    severity: "warn",
    shape: ["GOOG1E{A36:55}", "GOOG{A36:20}"],
    near: ["GOOG1E{A36:54}", "GOOG{A36:19}"],
  }),
  contextRule({
    id: "google/hmac-secret",
    vendor,
    title: "Google Cloud Storage HMAC secret",
    grants: "signs requests to Cloud Storage",
    revoke: "Google Cloud console: Cloud Storage, Settings, Interoperability",
    words: ["goog1e", "gcs_hmac", "gcs_secret", "gs_secret"],
    within: 160,
    body: "[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])",
    check: (secret, around) =>
      /^[0-9a-f]+$/.test(secret) || saysPublic(findKey(around.before)?.name ?? "") ? no : yes("context", "block"),
    shape: "{b64:40}",
    near: ["{b64:39}", "{hex:40}"],
    key: "gcs_hmac_secret",
  }),
  tokenRule({
    id: "google/fcm-server-key",
    vendor,
    title: "Firebase Cloud Messaging server key",
    grants: "sends push messages to every device of the application",
    revoke: "Firebase console: Project settings, Cloud Messaging",
    starts: ["AAAA"],
    pattern: `AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{140}${end}`,
    shape: "AAAA{b64u:7}:APA91b{b64u:134}",
    near: ["AAAA{b62:7}:APA91b{b62:100}", "AAAA{b62:7}.APA91b{b62:134}"],
  }),
  contextRule({
    id: "google/recaptcha-secret",
    vendor,
    title: "reCAPTCHA secret key",
    grants: "asks Google whether answers are from people, in the site's name",
    revoke: "Google reCAPTCHA admin console: Settings, reCAPTCHA keys",
    words: ["captcha"],
    names: ["recaptcha"],
    body: "6L[A-Za-z0-9_-]{38}",
    check: (_, around) => (/secret|priv/i.test(findKey(around.before)?.name ?? "") ? yes("context", "block") : no),
    shape: "6L{b64u:38}",
    near: ["6L{b62:37}", "6L{b62:39}", "7L{b62:38}"],
    key: "recaptcha_secret_key",
  }),
];
