import { hmacSha256Hex } from "../core/digest.js";
import type { Match } from "./match.js";

/** Key of a repository without a store. A fingerprint there says the same of the same secret everywhere. */
const commonKey = "gitseal/fingerprint/v1";

/**
 * The key under which a repository's fingerprints are made: `repo` of its trust root. It is no secret. It keeps lists of
 * fingerprints of many repositories from being compared, and a table made once from fitting all.
 */
export function fingerprintKey(repo: string | undefined): string {
  return repo === undefined ? commonKey : `${commonKey}\0${repo}`;
}

/**
 * 32 hex digits that stay with a secret when it moves to another line, file or commit: HMAC over the rule's vendor and the secret
 * without white space, by which a key changes when it is wrapped or indented. Of a value of the store it is made from the secret's
 * name, since everybody who sees a fingerprint can try values.
 */
export function fingerprintOf(key: string, match: Pick<Match, "rule" | "secret" | "name">): string {
  const family = match.rule.slice(0, match.rule.indexOf("/"));
  const what =
    match.name === undefined
      ? `${family}\0secret\0${match.secret.replaceAll(/\s+/g, "")}`
      : `store\0name\0${match.name}`;
  return hmacSha256Hex(key, Buffer.from(what, "utf8")).slice(0, 32);
}
