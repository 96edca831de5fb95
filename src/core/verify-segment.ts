import type { ChangeEvent } from "./event.js";
import { createFinding, findOrReport, type FindingCode, type Place } from "./finding.js";
import { covers, hasRole, type Member } from "./member.js";
import { matchesPattern } from "./name.js";
import { changeRules, leastRoleFor } from "./policy.js";
import { secretId, type RecordBody } from "./record.js";
import { parseSegment, segmentPath, type ChangeSegment, type Segment, type SegmentHeader } from "./segment.js";
import { namespaces } from "./signature.js";
import { findRoot } from "./trust-chain.js";
import type { Verifier } from "./verify-claim.js";

/**
 * Levels 1 and 3 of one segment: form, name, repository, signature, and each event by itself. Undefined when it could not be read.
 * With `archived` the path is that of the archive that holds it, and says nothing of its own name.
 */
export function verifySegment(
  path: string,
  bytes: Uint8Array,
  verifier: Verifier,
  archived = false,
): Segment | undefined {
  const { chain, report, claim } = verifier;
  const hint = "restore the file from history: segments never change";
  const say = (code: FindingCode, message: string): void => report(createFinding(code, message, { path, hint }));
  const segment = findOrReport(report, "segment-form", { path, hint }, () => parseSegment(bytes));
  if (!segment) return undefined;
  const { header } = segment;
  if (!archived && segmentPath(header, segment.id) !== path)
    say("hash", "the bytes are not those that the file's name says");
  if (header.repo !== chain.repo) say("repo", "the segment belongs to another repository");
  const root = findRoot(chain, header.trust);
  if (!root) {
    say("root-unknown", "the segment names a trust root that is not in force here");
    return segment;
  }
  const signer = root.signers.get(header.key);
  if (!signer) {
    say("key-unknown", `the segment is signed by a key that is no member's in trust root ${root.root.n}`);
    return segment;
  }
  claim({
    key: signer.verifyKey,
    namespace: namespaces.journal,
    message: segment.signed,
    signature: segment.sig,
    finding: () => createFinding("sig", "the signature is not valid", { path, hint }),
  });
  // Whoever is a member may report what it read: all roles read (docs/journal.md, role × action × class).
  if (segment.class === "change")
    for (const event of segment.events) verifyEvent(event, segment, signer.member, path, verifier);
  return segment;
}

function verifyEvent(
  event: ChangeEvent,
  { header }: ChangeSegment,
  member: Member,
  path: string,
  { chain, report }: Verifier,
): void {
  const { action, name } = event;
  const place: Place = { path, name };
  const at = `event ${event.i} (${action})`;
  const say = (code: FindingCode, message: string): void => report(createFinding(code, `${at}: ${message}`, place));
  for (const { code, message } of findMissingRights(event, member)) say(code, message);
  const problem = findSubjectProblem(event);
  if (problem !== undefined) say("event-form", problem);
  for (const body of event.recs) {
    const fault = findRecordFault(body, event, header, chain.repo);
    if (fault !== undefined) say("event-record", fault);
  }
}

/** What an event needs and the member does not have, as far as the event alone tells: what it takes away is for the journal to say. */
export function findMissingRights(
  { action, name, recs }: ChangeEvent,
  member: Member,
): readonly { readonly code: "role" | "scope"; readonly message: string }[] {
  const { least } = changeRules[action];
  const lacks: { code: "role" | "scope"; message: string }[] = [];
  const role = `${member.id} has only the role ${member.role}`;
  if (!hasRole(member, least)) lacks.push({ code: "role", message: `${role}; this needs ${least}` });
  if (name !== "" && !member.names.some((pattern) => matchesPattern(name, pattern)))
    lacks.push({ code: "scope", message: `the name patterns of ${member.id} do not cover the secret` });
  for (const body of recs) {
    const needed = leastRoleFor(body);
    if (!hasRole(member, needed)) lacks.push({ code: "role", message: `${role}; this record needs ${needed}` });
    if ("scope" in body && !covers(member, body.scope, name))
      lacks.push({ code: "scope", message: `the scopes of ${member.id} do not cover ${body.scope}` });
  }
  return lacks;
}

/** Whether the event is about what its action is about, and has the keys for that and no others. */
function findSubjectProblem(event: ChangeEvent): string | undefined {
  const { action, name, sid, recs, replaces } = event;
  const { about, names } = changeRules[action];
  const isOfSecret = name !== "" && sid !== "";
  if (about === "secret" && !isOfSecret) return "names no secret";
  if (about === "store" && name !== "") return "names a secret";
  if (!isOfSecret && recs.length + replaces.length > 0) return "adds or takes records, but names no secret";
  if (about === "secret" && recs.length + replaces.length === 0) return "changes nothing";
  if (event.over !== undefined && about !== "secret") return "says what held a name before, but is about no secret";
  return findNamedProblem(event, names);
}

function findNamedProblem({ digest, root }: ChangeEvent, names: "digest" | "root" | undefined): string | undefined {
  if ((digest !== undefined) !== (names === "digest")) return names === "digest" ? "has no digest" : "has a digest";
  if ((root !== undefined) !== (names === "root"))
    return names === "root" ? "names no trust root" : "names a trust root";
  return undefined;
}

/** What is wrong with one record that an event adds, without a look at other events. */
function findRecordFault(
  body: RecordBody,
  event: ChangeEvent,
  header: SegmentHeader,
  repo: string,
): string | undefined {
  const rule = changeRules[event.action];
  if (!rule.adds.includes(body.kind)) return `may not add a ${body.kind}`;
  if (body.by !== header.key) return `a ${body.kind} is signed by another key than the segment`;
  // One root for both: else who was demoted could write records under the old root into segments under the new one.
  if (body.trust !== header.trust) return `a ${body.kind} names another trust root than the segment`;
  if (body.at > header.at) return `a ${body.kind} is younger than the segment`;
  return findContentFault(body, event, repo);
}

function findContentFault(body: RecordBody, event: ChangeEvent, repo: string): string | undefined {
  const rule = changeRules[event.action];
  if (body.kind === "meta") {
    if (body.name !== event.name) return "a meta is of another name";
    return secretId(repo, body.name, body.nonce) === event.sid
      ? undefined
      : "the secret id does not follow from repository, name and nonce";
  }
  if (body.sid !== event.sid) return `a ${body.kind} is of another secret`;
  if (body.kind === "mark")
    return rule.marks.includes(body.mark) ? undefined : `may not add a mark that says ${body.mark}`;
  if (body.kind !== "version") return undefined;
  return rule.ops.includes(body.op) ? undefined : `may not add a version that says ${body.op}`;
}
