/** The object that base64 or base64url text holds, or undefined. Untrusted: look its members up with `Object.hasOwn`. */
export function decodeJsonObject(base64: string): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The text that a member of an object is, or undefined. */
export function textMember(value: object | undefined, name: string): string | undefined {
  const found: unknown = value === undefined ? undefined : Object.getOwnPropertyDescriptor(value, name)?.value;
  return typeof found === "string" ? found : undefined;
}

/** The finite number that a member of an object is, or undefined. */
export function numberMember(value: object | undefined, name: string): number | undefined {
  const found: unknown = value === undefined ? undefined : Object.getOwnPropertyDescriptor(value, name)?.value;
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

/** What the first two parts of a JWT (RFC 7519) say; undefined where the first is no header. */
export interface JwtParts {
  readonly algorithm: string;
  readonly claims: object | undefined;
}

export function readJwt(token: string): JwtParts | undefined {
  const [header = "", claims = ""] = token.split(".");
  const algorithm = textMember(decodeJsonObject(header), "alg");
  return algorithm === undefined ? undefined : { algorithm, claims: decodeJsonObject(claims) };
}
