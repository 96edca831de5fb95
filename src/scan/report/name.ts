import type { Leak } from "../leak.js";

/** What was found, in a few words; untrusted where a user's rule named it. */
export function nameLeak({ rule, title, secret }: Leak): string {
  if (secret === null) return title;
  return rule === "store/value" ? `the value of your secret ${secret}` : `${title}: ${secret}`;
}

/** {@link nameLeak} with the masked secret; what is wrong with a file as a whole has none. */
export function nameMasked(leak: Leak): string {
  return leak.masked === "" ? nameLeak(leak) : `${nameLeak(leak)} ${leak.masked}`;
}
