import { showInstant, parseInstant } from "../../core/instant.js";
import { findRoot } from "../../core/trust-chain.js";
import { latestOf, type VersionStatus } from "../../core/version.js";
import type { Deps } from "../deps.js";
import { parseKnownName } from "../known-names.js";
import { readSides, type Side } from "./resolve-sides.js";
import { openSession, type Session } from "../session.js";

/** One way to settle a secret: what `take` may be, and what a person is told of it. */
export interface Choice {
  readonly take: string;
  readonly about: string;
}

/** What there is to choose between: the two sides of a conflict, or the versions that are current side by side. */
export function listChoices(
  deps: Deps,
  { name: typed, merge }: { readonly name: string; readonly merge?: string | undefined },
): readonly Choice[] {
  const session = openSession(deps, "change");
  const { sides, isConflict } = readSides(session, parseKnownName(session, typed), merge);
  if (!isConflict)
    return sides
      .flatMap(({ secret }) => latestOf(secret?.versions ?? []))
      .map((version) => ({ take: version.vid, about: describe(session, version) }));
  return (["ours", "theirs"] as const).flatMap((label) => {
    const side = sides.find((one) => one.label === label);
    return side ? [{ take: label, about: `${label}: ${describeSide(session, side)}` }] : [];
  });
}

function describeSide(session: Session, { secret }: Side): string {
  if (!secret) return "it was deleted";
  return latestOf(secret.versions)
    .map((version) => describe(session, version))
    .join(" and ");
}

function describe({ chain }: Session, { number, vid, group: { version } }: VersionStatus): string {
  const by = findRoot(chain, version.trust)?.signers.get(version.by)?.member.id ?? version.by;
  const at = showInstant(parseInstant(version.at, "secret/malformed"));
  const reason = version.reason === undefined ? "" : `, ${version.reason}`;
  return `version ${number ?? "-"} (${vid}), ${version.op} by ${by} at ${at}${reason}`;
}
