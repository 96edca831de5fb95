import { didYouMean } from "../core/did-you-mean.js";
import { fail, type ErrorCode } from "../core/errors.js";
import { isSecretName, parseSecretName, suggestName, type SecretName } from "../core/name.js";
import { listSecretNames } from "../store/secrets.js";
import { findKnownName } from "./audit/journal-names.js";
import type { Session } from "./session.js";

/** Why a name has no file: nobody ever used it, it was deleted, or its file is gone although the journal holds it. */
export type Absence = "unknown" | "deleted" | "missing";

/** Looks a name without a file up in the journal. A known name is never simply absent, or another provider could answer for it. */
export function explainAbsence(session: Session, name: SecretName): Absence {
  const known = findKnownName(session, name);
  if (!known) return "unknown";
  return known.isPresent ? "missing" : "deleted";
}

/** The sid that held the name last, for the journal entry of a create. */
export function findFormerSid(session: Session, name: SecretName): string | undefined {
  return findKnownName(session, name)?.sids.at(-1);
}

/**
 * Throws for a name without a file, each reason its own: `store/integrity` when the file is missing, else `absent`. An unknown
 * name is never repeated, because it may be a value; only known names close to it are shown.
 */
export function failAbsent(session: Session, name: SecretName, absence: Absence, absent: ErrorCode): never {
  switch (absence) {
    case "missing":
      return fail("store/integrity", `the file of ${name} is missing although the journal holds the secret`, {
        hint: `restore it: git checkout HEAD -- .secrets/store/${name}.secret; or delete it properly: secrets delete ${name}`,
      });
    case "deleted":
      return fail(absent, `${name} was deleted`, { hint: `see who did: secrets audit ${name}` });
    case "unknown":
      return fail(absent, "no secret of that name", {
        hint: didYouMean(listSecretNames(session.disk, session.workTree), name) ?? "see what there is: secrets list",
      });
  }
}

/** Throws {@link failAbsent} for a name without a file. */
export function failNoFile(session: Session, name: SecretName, absent: ErrorCode = "secret/not-found"): never {
  return failAbsent(session, name, explainAbsence(session, name), absent);
}

/** Parses the name of a secret that should be there; a known name that the text is another spelling of is offered. Throws `name/invalid`. */
export function parseKnownName(session: Session, text: string): SecretName {
  if (isSecretName(text)) return text;
  const guess = suggestName(text);
  const names = listSecretNames(session.disk, session.workTree);
  if (guess !== undefined && names.includes(guess))
    fail("name/invalid", "not a valid secret name", { hint: `did you mean ${guess}?` });
  return parseSecretName(text);
}
