import type { ChangeAction } from "../core/event.js";
import { parseInstant, type Instant } from "../core/instant.js";
import type { SecretName } from "../core/name.js";
import type { MarkKind } from "../core/record.js";
import { segmentPath } from "../core/segment.js";
import { findIntroductions } from "../git/changes.js";
import { headCommit } from "../git/listing.js";
import { parseAuditedName, segmentsNaming } from "./audit/audit-log.js";
import type { Deps } from "./deps.js";
import { signerOf } from "./audit/journal-read.js";
import { loadSecret } from "./load-secret.js";
import { openSession } from "./session.js";

/** One change of a secret as the journal tells it, and the commit that brought it. */
export interface LogEntry {
  readonly at: Instant;
  readonly action: ChangeAction;
  /** The member whose key signed it. */
  readonly member: string;
  /** Versions that it made; the number is undefined where the file has it no more, or while it is pending. */
  readonly versions: readonly { readonly vid: string; readonly number: number | undefined }[];
  readonly marks: readonly { readonly mark: MarkKind; readonly vid: string }[];
  readonly reason: string | undefined;
  /** The full id of the oldest commit in the history of HEAD that has its segment; undefined when none has it yet. */
  readonly commit: string | undefined;
}

export interface SecretLog {
  readonly name: SecretName;
  /** Newest first. */
  readonly entries: readonly LogEntry[];
}

interface Found {
  readonly key: string;
  readonly path: string;
  readonly entry: Omit<LogEntry, "commit">;
}

/** The events of a secret with the commits that brought them: from the journal, every signature checked. Throws `secret/not-found`. */
export function logSecret(deps: Deps, typed: string): SecretLog {
  const session = openSession(deps, "read");
  const name = parseAuditedName(session, typed);
  const numbers = new Map(loadSecret(session, name)?.versions.map(({ vid, number }) => [vid, number]));
  const found = new Map<string, Found>();
  for (const segment of segmentsNaming(session, "change", name)) {
    if (segment.class !== "change") continue;
    const member = signerOf(segment, session.chain).member.id;
    for (const event of segment.events) {
      if (event.name !== name) continue;
      const versions = event.recs.flatMap((body) =>
        body.kind === "version" ? [{ vid: body.vid, number: numbers.get(body.vid) }] : [],
      );
      const marks = event.recs.flatMap((body) => (body.kind === "mark" ? [{ mark: body.mark, vid: body.vid }] : []));
      const reason = event.reason ?? event.recs.flatMap((body) => ("reason" in body ? (body.reason ?? []) : [])).at(0);
      const at = parseInstant(segment.header.at, "journal/malformed");
      const entry = { at, action: event.action, member, versions, marks, reason };
      // What was too long for one line is one change in several events.
      const key = `${segment.header.at} ${event.req} ${event.sid} ${event.action}`;
      const known = found.get(key)?.entry;
      found.set(key, {
        key,
        path: segmentPath(segment.header, segment.id),
        entry: known
          ? { ...known, versions: [...known.versions, ...versions], marks: [...known.marks, ...marks] }
          : entry,
      });
    }
  }
  const head = headCommit(session.repo);
  const paths = [...new Set([...found.values()].map(({ path }) => path))];
  const commits = head === undefined ? new Map<string, string>() : findIntroductions(session.repo, head, paths);
  const entries = [...found.values()].map(({ entry, path }) => ({ ...entry, commit: commits.get(path) }));
  return { name, entries: entries.toSorted((a, b) => b.at - a.at) };
}
