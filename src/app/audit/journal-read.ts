import { fail } from "../../core/errors.js";
import { foldSegments, type Fold } from "../../core/fold.js";
import { hasRole } from "../../core/member.js";
import { changeRules } from "../../core/policy.js";
import { parseSegment, segmentPath, type AccessSegment, type ChangeSegment, type Segment } from "../../core/segment.js";
import { namespaces, verifySshsig } from "../../core/signature.js";
import { getRoot, getSigner, type Signer, type TrustChain } from "../../core/trust-chain.js";
import type { SegmentClass } from "../../core/event.js";
import { listDays, listSegments, readSegment } from "../../store/journal.js";
import type { Place } from "../session.js";

export interface ReadJournal {
  readonly segments: readonly ChangeSegment[];
  readonly fold: Fold;
}

/** All change segments of the work tree, their signatures and signers' roles checked, and the state they fold to. Throws `journal/*`. */
export function readJournal(place: Place, chain: TrustChain): ReadJournal {
  const segments = [...readSegments(place, chain, "change")] as ChangeSegment[];
  return { segments, fold: foldSegments(segments) };
}

/** The segments of a class, oldest day first, each verified. */
function* readSegments(place: Place, chain: TrustChain, of: SegmentClass): Generator<Segment> {
  for (const day of listDays(place.disk, place.workTree, of).toReversed())
    for (const path of listSegments(place.disk, place.workTree, of, day)) {
      const bytes = readSegment(place.disk, place.workTree, path);
      if (bytes !== undefined) yield checkSegment(bytes, path, chain);
    }
}

/** Parses and verifies one segment that was found at `path`. Throws `journal/malformed`, `journal/corrupt` or `trust/*`. */
export function checkSegment(bytes: Uint8Array, path: string, chain: TrustChain): Segment {
  const segment = parseSegment(bytes);
  const { header } = segment;
  if (segmentPath(header, segment.id) !== path)
    fail("journal/corrupt", `${path} does not hold what its name says`, { hint: "run: secrets verify" });
  if (header.repo !== chain.repo) fail("journal/corrupt", `${path} belongs to another repository`);
  const signer = signerOf(segment, chain);
  try {
    verifySshsig(segment.sig, signer.verifyKey, namespaces.journal, segment.signed);
  } catch (cause) {
    fail("journal/corrupt", `the signature of ${path} is not valid`, { hint: "run: secrets verify", cause });
  }
  if (
    segment.class === "change" &&
    !segment.events.every(({ action }) => hasRole(signer.member, changeRules[action].least))
  )
    fail("journal/corrupt", `${path} is signed by ${signer.member.id}, who may not make such a change`);
  return segment;
}

/** Who signed a segment, under the root it names. */
export function signerOf(segment: ChangeSegment | AccessSegment, chain: TrustChain): Signer {
  return getSigner(getRoot(chain, segment.header.trust), segment.header.key);
}
