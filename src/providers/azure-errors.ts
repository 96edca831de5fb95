import { SecretsError, type ErrorCode } from "../core/errors.js";
import type { Answer } from "./provider.js";

/** What is known of a failed request. Nothing of the service's own text is used: it may repeat what was sent. */
export interface RequestFault {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** `SecretNotFound`, `Forbidden`; or what the socket said, `ENOTFOUND`. */
  readonly code: string;
  /** `SecretDisabled`, `ObjectIsDeletedButRecoverable`. */
  readonly inner: string;
  readonly name: string;
  readonly retryAfterMs: number | undefined;
}

/** Reads an error of the Azure clients, whose types are not to be trusted: both come in several versions at once. */
export function readFault(error: unknown): RequestFault {
  const status = at(error, "statusCode");
  const headers = at(error, "response", "headers");
  return {
    status: typeof status === "number" ? status : 0,
    code: textAt(error, "details", "error", "code") || textAt(error, "code") || textAt(error, "cause", "code"),
    inner:
      textAt(error, "details", "error", "innerError", "code") ||
      textAt(error, "details", "error", "innererror", "code"),
    name: textAt(error, "name"),
    retryAfterMs: parseRetryAfter(headerOf(headers, "retry-after-ms"), headerOf(headers, "retry-after")),
  };
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (from, key) => (typeof from === "object" && from !== null ? Reflect.get(from, key) : undefined),
    value,
  );
}

function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

function headerOf(headers: unknown, name: string): string {
  const get = at(headers, "get");
  const found: unknown = typeof get === "function" ? Reflect.apply(get, headers, [name]) : "";
  return typeof found === "string" ? found : "";
}

function parseRetryAfter(milliseconds: string, seconds: string): number | undefined {
  if (/^\d{1,9}$/.test(milliseconds)) return Number(milliseconds);
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

/** Whether the same request may succeed a moment later. */
export function isPassing({ status, code, name }: RequestFault): boolean {
  if (status === 0) return !isTls(code) && code !== "ENOTFOUND" && !isSignIn(name) && code !== "";
  return status === 408 || status === 429 || status >= 500;
}

/** Whether the service may have done what was asked although no answer came. */
export function isAmbiguous({ status }: RequestFault): boolean {
  return status === 0 || (status >= 500 && status !== 503);
}

function isTls(code: string): boolean {
  return /CERT|TLS|SSL|SIGNED|SIGNATURE|EPROTO/.test(code);
}

function isSignIn(name: string): boolean {
  return /Authentication|CredentialUnavailable/.test(name);
}

const signInHint =
  "sign in (az login), or set AZURE_CLIENT_ID, AZURE_TENANT_ID and the rest; secrets config show says which way is used";

/** The answer for a request that failed for good. `host` is the vault's, `what` names the secret. */
export function answerFor(fault: RequestFault, host: string, what: string): Answer<never> {
  const { status, code, inner } = fault;
  if (status === 0) return answerWithoutStatus(fault, host);
  if (status >= 500 || status === 408)
    return down("provider/unavailable", `${host} failed (HTTP ${status})`, "try again later");
  switch (status) {
    case 401:
      return denied("provider/unauthenticated", `${host} did not accept the sign-in`, signInHint);
    case 403:
      return forbidden(fault, host, what);
    case 404:
      return { kind: "absent", isKnown: false, error: new SecretsError("secret/absent", `${host} has no such secret`) };
    case 409:
      return conflict(inner || code, `${what} in ${host}`);
    case 429:
      return down(
        "provider/throttled",
        `${host} is throttling requests${waitText(fault)}`,
        "try again later, or with fewer requests",
      );
    default: {
      const name = /^[A-Za-z]{1,40}$/.test(code) ? `, ${code}` : "";
      return denied("provider/refused", `${host} refused the request for ${what} (HTTP ${status}${name})`, seePage);
    }
  }
}

const seePage = "see docs/providers.md";

function denied(code: ErrorCode, message: string, hint: string): Answer<never> {
  return { kind: "denied", error: new SecretsError(code, message, { hint }) };
}

function down(code: ErrorCode, message: string, hint: string): Answer<never> {
  return { kind: "unavailable", error: new SecretsError(code, message, { hint }) };
}

function answerWithoutStatus({ code, name }: RequestFault, host: string): Answer<never> {
  if (isSignIn(name)) return denied("provider/unauthenticated", `cannot sign in to Azure for ${host}`, signInHint);
  if (name === "AbortError" || code === "ABORT_ERR")
    return down(
      "provider/timeout",
      `${host} did not answer in time`,
      "timeoutSeconds in the config is how long to wait",
    );
  if (isTls(code))
    return down(
      "provider/unavailable",
      `the certificate of ${host} is not to be trusted (${plain(code)})`,
      "somebody may sit in between; check the address and NODE_EXTRA_CA_CERTS",
    );
  const check = "check vaultUrl or AZURE_VAULT_URL, and your connection";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return down("provider/unavailable", `${host} is not known to the network`, check);
  if (code === "")
    return down(
      "provider/unavailable",
      `${host} asked for a sign-in that is not for it, or answered what no vault answers`,
      "check vaultUrl or AZURE_VAULT_URL: no value was sent to it",
    );
  return down("provider/unavailable", `cannot reach ${host} (${plain(code)})`, check);
}

function forbidden({ inner, code }: RequestFault, host: string, what: string): Answer<never> {
  if (inner === "SecretDisabled" || code === "SecretDisabled")
    return denied("version/revoked", `${what} is disabled in ${host}`, "enable it there, or rotate it");
  if ((inner || code) === "ForbiddenByFirewall")
    return denied(
      "provider/denied",
      `the firewall of ${host} does not let this machine in`,
      "use a network that the vault allows",
    );
  return denied(
    "provider/denied",
    `you may not do this with ${what} in ${host}`,
    "ask for the role Key Vault Secrets User (reading) or Officer (writing)",
  );
}

function conflict(reason: string, what: string): Answer<never> {
  if (reason === "ObjectIsBeingDeleted")
    return denied("provider/conflict", `${what} is being deleted`, "try again in a minute");
  if (reason === "ObjectIsBeingRecovered")
    return denied("provider/conflict", `${what} is being recovered`, "try again in a minute");
  return denied(
    "provider/conflict",
    `${what} is deleted, but can still be recovered`,
    "recover it (az keyvault secret recover) or purge it (az keyvault secret purge) first",
  );
}

function plain(code: string): string {
  return /^[A-Z_0-9]{1,50}$/.test(code) ? code : "network error";
}

function waitText({ retryAfterMs }: RequestFault): string {
  return retryAfterMs === undefined ? "" : `, and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
}
