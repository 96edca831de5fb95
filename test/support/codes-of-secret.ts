import { encodeUtf8 } from "../../src/core/bytes.js";
import { emitRecord } from "../../src/core/record-block.js";
import { recordsOf, type SecretFile } from "../../src/core/secret-file.js";
import { claimHere } from "../../src/core/verify-claim.js";
import {
  verifyGrownFile,
  verifySecretFile,
  type JudgedBlock,
  type JudgedBlocks,
} from "../../src/core/verify-secret.js";
import { chainOf, nowOf, type TestStore } from "./core-fixture.js";
import { collect } from "./verdict.js";

/** The codes that one file alone brings up. */
export function codesOf(
  store: TestStore,
  file: SecretFile | string,
  under = "api-key",
  now = nowOf(store),
): readonly string[] {
  const text = typeof file === "string" ? file : recordsOf(file).map(emitRecord).join("");
  const chain = chainOf(store);
  const findings = collect((report) => {
    verifySecretFile(
      { path: `.secrets/store/${under}.secret`, name: under as never, bytes: encodeUtf8(text) },
      { chain, now, report, claim: claimHere(report) },
    );
  });
  const codes = [...new Set(findings.map(({ code }) => code))].toSorted();
  const grown = codesOfGrown(store, text, under, now);
  if (grown && grown.join() !== codes.join())
    throw new Error(`read block by block: ${grown.join()}, else ${codes.join()}`);
  return codes;
}

/** The same by the way that history is judged: twice, so that the second time all blocks are known. */
function codesOfGrown(store: TestStore, text: string, under: string, now: number): readonly string[] | undefined {
  const known: JudgedBlocks = new Map();
  const rounds = [0, 1].map(() => {
    let blocks: readonly JudgedBlock[] | undefined;
    const findings = collect((report) => {
      const found = { path: `.secrets/store/${under}.secret`, name: under as never, bytes: encodeUtf8(text) };
      const verifier = { chain: chainOf(store), now, report, claim: claimHere(() => {}) };
      blocks = verifyGrownFile(found, known, verifier)?.blocks;
    });
    return blocks && [...findings, ...blocks.flatMap((block) => block.findings)];
  });
  const [first, second] = rounds.map((all) => all && [...new Set(all.map(({ code }) => code))].toSorted());
  if (first?.join() !== second?.join()) throw new Error("a block that is known is judged otherwise");
  return first;
}
