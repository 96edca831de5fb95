import { count, createFinding, type Finding } from "../../core/finding.js";
import { hasRole } from "../../core/member.js";
import { parseSegment } from "../../core/segment.js";
import { namespaces } from "../../core/signature.js";
import type { TrustChain } from "../../core/trust-chain.js";
import type { FileChange, NewSegment } from "../../core/verify-base.js";
import { isGenuine } from "../../core/verify-claim.js";

/** How much a change may bring: beyond that nobody reads it, and noise hides what it was made to hide (docs/verify.md). */
export interface FloodLimits {
  /** The base's: who may bring more is not for the change to say. */
  readonly chain: TrustChain | undefined;
  /** The first store of a repository is as large as it is. */
  readonly isNewStore: boolean;
  /** New segments in one change that are no import or rekey of a maintainer's; {@link mostSegments} when left out. */
  readonly segments?: number;
}

/** Files of any kind in one change. */
const mostFiles = 100_000;
const mostSegments = 2000;

export interface FloodCheck {
  /** Too many files, whatever they are. */
  readonly finding: Finding | undefined;
  /** Tells of one more segment; false when there are too many of them, and the rest need not be read. */
  readonly take: (segment: NewSegment, bytes: Uint8Array) => boolean;
  readonly found: () => Finding | undefined;
}

export function findFlood(
  changes: readonly FileChange[],
  { chain, isNewStore, segments = mostSegments }: FloodLimits,
): FloodCheck {
  const most = `more than ${mostFiles}`;
  const finding = changes.length > mostFiles ? report(`the change touches ${most} files`) : undefined;
  let plain = 0;
  return {
    finding,
    take: (segment, bytes) => {
      if (!isNewStore && !isBulk(segment, bytes, chain)) plain++;
      return plain <= segments;
    },
    found: () =>
      plain > segments
        ? report(
            `the change brings more than ${count(segments, "journal segment")} besides imports and rekeys by maintainers`,
          )
        : undefined,
  };
}

// A maintainer's own bulk work is no flood. That it is one is checked by signature here already: anybody can write a name.
function isBulk({ header, events }: NewSegment, bytes: Uint8Array, chain: TrustChain | undefined): boolean {
  const isOfKind = events.length > 0 && events.every(({ action }) => action === "import" || action === "rekey");
  const signer = isOfKind ? chain?.latest.signers.get(header.key) : undefined;
  if (!signer || !hasRole(signer.member, "maintain")) return false;
  const { signed, sig } = parseSegment(bytes);
  return isGenuine({ key: signer.verifyKey, namespace: namespaces.journal, message: signed, signature: sig });
}

function report(message: string): Finding {
  return createFinding("base-flood", `${message}: nothing of it was judged`, {
    path: ".secrets",
    hint: "bring it in smaller changes, or let a maintainer bring it",
  });
}
