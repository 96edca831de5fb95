import type { MemberDiff, SecretDiff, StoreDiff } from "../app/diff-store.js";
import { changeWords, type MetaChange, type SecretChange } from "../core/secret-change.js";
import type { VersionStatus } from "../core/version.js";
import { showInstant } from "../core/instant.js";
import { jsonTime } from "./show-time.js";

type NameOf = StoreDiff["nameOf"];

/** One secret's change as lines: what happened, then one fact a line. */
export function changeLines({ name, change, problem }: SecretDiff, nameOf: NameOf): readonly string[] {
  if (!change) return [`${name}: cannot be compared`, `  ${problem ?? ""}`];
  const facts = [
    ...change.added.map((version) => versionLine(version, nameOf)),
    ...change.dropped.map((version) => `version ${label(version)} is not there any more`),
    ...change.moves.map(({ number, vid, from, to }) => `version ${number ?? vid}: ${from} → ${to}`),
    ...expiryLines(change),
    ...change.meta.map(metaLine),
    ...readerLines(change),
    ...(change.after.length > 1 ? [`forked: versions ${change.after.map(label).join(" and ")}`] : []),
  ];
  return [`${name}: ${changeWords(change).join(", ")}`, ...facts.map((line) => `  ${line}`)];
}

function label({ number, vid }: VersionStatus): string {
  return number === undefined ? vid : `${number} (${vid})`;
}

function versionLine(version: VersionStatus, nameOf: NameOf): string {
  const { op, at, reason } = version.group.version;
  return `version ${label(version)}: ${op} by ${nameOf(version.group.version)} at ${at.replace(/\.\d{3}Z$/, "Z")}${reason === undefined ? "" : `, ${reason}`}`;
}

function expiryLines({ kind, before, after }: SecretChange): readonly string[] {
  const [from, to] = [before, after].map((latest) => latest.at(-1)?.expires);
  if (kind === "deleted" || from === to) return [];
  return [`expires: ${from === undefined ? "-" : showInstant(from)} → ${to === undefined ? "-" : showInstant(to)}`];
}

function metaLine({ key, from, to }: MetaChange): string {
  return `${key}: ${showField(from)} → ${showField(to)}`;
}

function showField(value: string | readonly string[] | undefined): string {
  if (value === undefined || value.length === 0) return "-";
  return typeof value === "string" ? value : value.join(", ");
}

function readerLines({ gained, lost }: SecretChange): readonly string[] {
  const signs = [...gained.map((id) => `+${id}`), ...lost.map((id) => `-${id}`)];
  return signs.length === 0 ? [] : [`readers: ${signs.join(" ")}`];
}

/** `carol joined (read)`, `bob left`, `dave: read → write`. */
export function memberLine({ id, before, after }: MemberDiff): string {
  if (!before) return `${id} joined (${after?.role ?? ""}; ${after?.scopes.join(", ") ?? ""})`;
  if (!after) return `${id} left`;
  const lists = (["scopes", "names"] as const).flatMap((key) => {
    const [from, to] = [before[key].join(", "), after[key].join(", ")];
    return from === to ? [] : [`${key} ${from} → ${to}`];
  });
  const isRekeyed = before.recipient !== after.recipient || before.key !== after.key;
  const role = before.role === after.role ? [] : [`${before.role} → ${after.role}`];
  const parts = [...role, ...lists, ...(isRekeyed ? ["new key"] : [])];
  return `${id}: ${parts.length === 0 ? "changed" : parts.join("; ")}`;
}

/** A change in JSON; versions with their signed facts, never a value. */
export function changeJson({ name, change, problem }: SecretDiff, nameOf: NameOf): unknown {
  if (!change) return { name, problem: problem ?? null };
  const { kind, added, dropped, marks, moves, before, after, meta, resealed, gained, lost } = change;
  return {
    name,
    kind,
    words: changeWords(change),
    added: added.map((version) => versionJson(version, nameOf)),
    dropped: dropped.map(({ vid }) => vid),
    marks: marks.map(({ mark, vid, at, ...signed }) => ({ mark, vid, at, by: nameOf(signed) })),
    moves: moves.map((move) => ({ ...move, number: move.number ?? null })),
    current: { before: before.map(({ vid }) => vid), after: after.map(({ vid }) => vid) },
    meta: meta.map(({ key, from, to }) => ({ key, from: from ?? null, to: to ?? null })),
    rekeyed: resealed,
    readers: { gained, lost },
  };
}

function versionJson({ vid, number, state, expires, group }: VersionStatus, nameOf: NameOf): unknown {
  const { op, at, reason } = group.version;
  return {
    version: number ?? null,
    vid,
    state,
    op,
    by: nameOf(group.version),
    at,
    reason: reason ?? null,
    expires: jsonTime(expires),
    readers: group.seal.readers,
  };
}
