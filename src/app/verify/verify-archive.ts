import { sha256Hex } from "../../core/digest.js";
import { createFinding, findOrReport, type FindingCode } from "../../core/finding.js";
import type { Segment } from "../../core/segment.js";
import type { Verifier } from "../../core/verify-claim.js";
import { verifySegment } from "../../core/verify-segment.js";
import { readArchive } from "../../store/archive.js";

/** The segments of an archive, each verified: access segments of its month, sorted by id, each once. */
export function verifyArchive(path: string, h32: string, bytes: Uint8Array, verifier: Verifier): readonly Segment[] {
  const hint = "restore the file from history: archives never change";
  const say = (code: FindingCode, message: string): void =>
    verifier.report(createFinding(code, message, { path, hint }));
  if (!sha256Hex(bytes).startsWith(h32)) say("hash", "the bytes are not those that the file's name says");
  const parts = findOrReport(verifier.report, "segment-form", { path, hint }, () => readArchive(bytes)) ?? [];
  const month = /\/([0-9]{4}-[0-9]{2})-[0-9a-f]{32}\.jsonl\.gz$/.exec(path)?.[1] ?? "";
  const segments = parts.flatMap((part) => verifySegment(path, part, verifier, true) ?? []);
  if (segments.some(({ class: of, header }) => of !== "access" || !header.at.startsWith(month)))
    say("segment-form", "an archive holds access segments of its month and nothing else");
  if (segments.some(({ id }, at) => at > 0 && (segments[at - 1]?.id ?? "") >= id))
    say("segment-form", "the segments of an archive are not sorted by id without duplicates");
  return segments;
}
