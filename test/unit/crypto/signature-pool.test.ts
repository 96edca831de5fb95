import { expect, test } from "vitest";
import { openSignaturePool } from "../../../src/crypto/signature-pool.js";
import { encodeUtf8 } from "../../../src/core/bytes.js";
import { createFinding, sortFindings, type Finding } from "../../../src/core/finding.js";
import { createVerifyKey, namespaces, signSshsig } from "../../../src/core/signature.js";
import type { SignatureClaim } from "../../../src/core/verify-claim.js";
import { makePerson } from "../../support/core-people.js";

const people = [makePerson("alice"), makePerson("bob")];

/** Claims of which every 97th does not fit, every 101st is no signature and every 103rd is of another key. */
function makeClaims(count: number): readonly SignatureClaim[] {
  const message = encodeUtf8("message");
  const good = people.map(({ signing }) => signSshsig(signing, namespaces.record, message));
  return Array.from({ length: count }, (_, at) => {
    const which = at % 2;
    const key = createVerifyKey(people[which]?.signing.publicKey ?? new Uint8Array());
    const finding = (): Finding => createFinding("sig", `claim ${at}`);
    const base = { key, namespace: namespaces.record, message, signature: good[which] ?? "", finding };
    if (at % 97 === 96) return { ...base, message: encodeUtf8("other") };
    if (at % 101 === 100) return { ...base, signature: "AAAA" };
    return at % 103 === 102 ? { ...base, signature: good[1 - which] ?? "" } : base;
  });
}

async function run(threads: number, claims: readonly SignatureClaim[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const pool = openSignaturePool(threads, (finding) => findings.push(finding));
  for (const claim of claims) pool.claim(claim);
  await pool.finish();
  return sortFindings(findings);
}

test("threads find exactly what one thread finds", async () => {
  const claims = makeClaims(5000);
  const expected = await run(1, claims);
  expect(expected.length).toBeGreaterThan(120);
  expect(await run(3, claims)).toEqual(expected);
});

test("few claims are checked without a thread, and found wrong as well", async () => {
  const claims = makeClaims(300);
  expect(await run(8, claims)).toEqual(await run(1, claims));
  expect(await run(8, claims)).not.toEqual([]);
});

test("a pool without claims ends", async () => {
  expect(await run(2, [])).toEqual([]);
});

test("whoever keeps pace has no more than two batches waiting for each thread", async () => {
  const findings: Finding[] = [];
  const pool = openSignaturePool(2, (finding) => findings.push(finding));
  const [claim] = makeClaims(1);
  if (!claim) throw new Error("no claim");
  await pool.keepPace();
  for (let at = 0; at < 6 * 1024; at++) pool.claim({ ...claim, message: encodeUtf8("other") });
  expect(findings).toEqual([]);
  await pool.keepPace();
  expect(findings.length).toBeGreaterThanOrEqual(2 * 1024);
  await pool.finish();
  expect(findings).toHaveLength(6 * 1024);
});
