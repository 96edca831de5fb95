import { verifyTree } from "../../src/app/verify/verify-tree.js";
import type { Finding, FindingCode } from "../../src/core/finding.js";
import { nowOf, type TestStore } from "./core-fixture.js";
import { memorySource } from "./memory-source.js";

/** Everything the verifier says of a store, worst first. */
export async function findingsOf(store: TestStore, now = nowOf(store)): Promise<readonly Finding[]> {
  const { findings } = await verifyTree(memorySource(store.files), { now, threads: 1 });
  return findings;
}

/** The codes of all findings, sorted, each once. */
export async function codesOf(store: TestStore, now?: number): Promise<readonly FindingCode[]> {
  return [...new Set((await findingsOf(store, now)).map(({ code }) => code))].toSorted();
}

/** Collects what a single level reports. */
export function collect(run: (report: (finding: Finding) => void) => void): readonly Finding[] {
  const findings: Finding[] = [];
  run((finding) => findings.push(finding));
  return findings;
}
