import type { Finding, Report } from "./finding.js";
import { SecretsError } from "./errors.js";
import type { Instant } from "./instant.js";
import { verifySshsig, type Message, type VerifyKey } from "./signature.js";
import type { TrustChain } from "./trust-chain.js";

/** A signature to check: almost all the time of a verification goes there, so the caller may spread claims over threads. */
export interface SignatureClaim {
  readonly key: VerifyKey;
  readonly namespace: string;
  readonly message: Message;
  /** Base64 SSHSIG. */
  readonly signature: string;
  /** Makes what to report when it does not hold. */
  readonly finding: () => Finding;
}

/** What every level needs. `claim` gets each signature once; nothing waits for the answer. */
export interface Verifier {
  readonly chain: TrustChain;
  readonly now: Instant;
  readonly report: Report;
  readonly claim: (claim: SignatureClaim) => void;
}

export function isGenuine({ key, namespace, message, signature }: Omit<SignatureClaim, "finding">): boolean {
  try {
    verifySshsig(signature, key, namespace, message);
    return true;
  } catch (cause) {
    if (cause instanceof SecretsError) return false;
    throw cause;
  }
}

/** Checks claims where they are made, one after the other. */
export function claimHere(report: Report): (claim: SignatureClaim) => void {
  return (claim) => {
    if (!isGenuine(claim)) report(claim.finding());
  };
}
