import { count, createFinding, type FindingCode, type Report } from "./finding.js";
import type { Fold, FoldedRecord } from "./fold.js";
import type { SecretSummary } from "./verify-secret.js";

/** The secret files of a tree by name. One that could not be read stands as undefined: it was reported, and is not compared. */
export type FoundSecrets = ReadonlyMap<string, SecretSummary | undefined>;

/**
 * Level 5: the files hold exactly what the journal says is present, record by record, in both directions. A record id covers
 * all that is signed of it, its signer included, so equal ids are equal records by the same member.
 */
export function verifyState(
  fold: Pick<Fold, "present" | "added" | "taken">,
  files: FoundSecrets,
  report: Report,
): void {
  const sids = new Map<string, string[]>();
  for (const [sid, [first]] of fold.present) if (first) sids.set(first.name, [...(sids.get(first.name) ?? []), sid]);
  for (const [name, held] of sids) {
    if (held.length > 1)
      report(
        createFinding("state-two-sids", "the name is held by two secrets, made or deleted on two branches", {
          ...placeOf(name),
          hint: `run: secrets resolve ${name}`,
        }),
      );
    if (!files.has(name))
      reportNoFile(
        name,
        held.flatMap((sid) => fold.present.get(sid) ?? []),
        report,
      );
  }
  for (const file of files.values()) if (file) compareFile(file, fold, report);
}

function placeOf(name: string): { readonly path: string; readonly name: string } {
  return { path: `.secrets/store/${name}.secret`, name };
}

function reportNoFile(name: string, present: readonly FoldedRecord[], report: Report): void {
  const versions = present.filter(({ body }) => body.kind === "version").length;
  report(
    createFinding(
      "state-no-file",
      `the journal has ${count(versions, "version")} of it that no event deleted, but there is no file`,
      {
        ...placeOf(name),
        hint: "run: secrets recover; or delete it with: secrets delete",
      },
    ),
  );
}

function compareFile(file: SecretSummary, fold: Pick<Fold, "present" | "added" | "taken">, report: Report): void {
  const say = (code: FindingCode, message: string, hint: string): void =>
    report(createFinding(code, message, { path: file.path, name: file.name, hint }));
  const held = new Set(file.records.map(({ id }) => id));
  const unknown = file.records.filter(({ id }) => !fold.added.has(id));
  const taken = file.records.filter(({ id }) => fold.added.has(id) && fold.taken.has(id));
  const missing = (fold.present.get(file.sid) ?? []).filter(({ id }) => !held.has(id));
  if (unknown.length > 0)
    say(
      "state-unknown",
      `${list(unknown)} of the file ${unknown.length === 1 ? "is" : "are"} in no event of the journal`,
      "if files of the journal were lost run: secrets recover; if they are nowhere: secrets reissue",
    );
  if (taken.length > 0)
    say(
      "state-taken",
      `the file holds ${list(taken)} that an event replaced or deleted`,
      "the file was rolled back; run: secrets recover",
    );
  const [conflicts, lost] = split(missing, file);
  if (conflicts.length > 0)
    say(
      "state-conflict",
      `${list(conflicts)} of another branch was dropped when two changes met`,
      `run: secrets resolve ${file.name}`,
    );
  if (lost.length > 0)
    say(
      "state-missing",
      `${list(lost)} that the journal has ${lost.length === 1 ? "is" : "are"} not in the file`,
      `run: secrets recover; or where a merge dropped it: secrets resolve ${file.name}`,
    );
}

// Metadata and seals are replaced in place: where the file holds another one for the same place, a merge was settled with one side.
function split(
  missing: readonly FoldedRecord[],
  { records }: SecretSummary,
): readonly [readonly Listed[], readonly Listed[]] {
  const conflicts: Listed[] = [];
  const lost: Listed[] = [];
  for (const { id, body } of missing) {
    const vid = "vid" in body ? body.vid : "";
    const isReplaced =
      (body.kind === "meta" || body.kind === "seal") &&
      records.some((other) => other.kind === body.kind && other.vid === vid);
    (isReplaced ? conflicts : lost).push({ id, kind: body.kind, vid });
  }
  return [conflicts, lost];
}

interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly vid: string;
}

/** `a version and 2 seals` */
function list(records: readonly Listed[]): string {
  const kinds = new Map<string, number>();
  for (const { kind } of records) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const parts = [...kinds].map(([kind, number]) => (number === 1 ? `a ${kind}` : `${number} ${kind}s`));
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}` : (parts[0] ?? "");
}
