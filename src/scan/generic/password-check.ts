import type { Example, Surroundings, Verdict } from "../rule.js";
import { traitsOf } from "./file-kind.js";
import { type Level, passwordLevel, valueOf, verdictOf } from "./level.js";
import { isNoSecret } from "./value-shape.js";

/** A text of parts, put together only when it is asked for. */
export function built(...parts: readonly string[]): Example {
  return { text: () => parts.join("") };
}

const revoke = "change the password where it was set, for every place that uses it";

/** One step less sure. */
export function lower(level: Level): Level {
  return level === "likely" ? "possible" : level;
}

/** The level of a password that something beside an assignment says to be one. */
export function passwordAt(secret: string, around: Surroundings): Level {
  const traits = traitsOf(around.path);
  const value = valueOf(secret, true, traits.rehearsal ? traits : { ...traits, kind: "data" });
  const level = passwordLevel(value);
  return level === "no" || isNoSecret(secret, value.rarity, true) ? "no" : level;
}

/** The verdict on a password that something beside an assignment says to be one. */
export function checkPassword(secret: string, around: Surroundings): Verdict {
  return verdictOf(passwordAt(secret, around));
}

/** What the generic rules for passwords have in common. */
export const common = { vendor: "Generic", certainty: "likely", severity: "block", revoke } as const;
