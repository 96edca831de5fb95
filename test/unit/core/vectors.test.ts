import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { SecretsError } from "../../../src/core/errors.js";
import { parseInstant } from "../../../src/core/instant.js";
import { verifyTrustChain } from "../../../src/core/trust-chain.js";
import { parseTrustRoot } from "../../../src/core/trust-root.js";
import { claimHere } from "../../../src/core/verify-claim.js";
import { verifySecretFile } from "../../../src/core/verify-secret.js";
import { verifySegment } from "../../../src/core/verify-segment.js";
import { parseSecretName } from "../../../src/core/name.js";
import { collect } from "../../support/verdict.js";
import { makeVectors } from "../../vectors/make.js";
import type { Vector, VectorIndex } from "../../vectors/vector.js";

const folder = join(import.meta.dirname, "../../vectors");
const areas = ["root", "secret", "segment"];
const made = makeVectors();

if (process.env["WRITE_VECTORS"] === "1") {
  for (const area of areas) rmSync(join(folder, area), { recursive: true, force: true });
  for (const [path, bytes] of made) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

const read = (path: string): Buffer => readFileSync(join(folder, path));
const index = JSON.parse(read("index.json").toString("utf8")) as VectorIndex;
const chain = verifyTrustChain(
  index.roots.map(({ n, file, signatures }) => ({
    n,
    bytes: read(file),
    signatures: signatures.map((path) => ({ keyId: path.replace(/^.*\/|\.sig$/g, ""), bytes: read(path) })),
  })),
);
const now = parseInstant(index.now, "usage/invalid");

function judge({ as, file, at }: Vector): readonly string[] {
  const bytes = read(file);
  if (as === "root") return judgeRoot(bytes);
  const findings = collect((report) => {
    const verifier = { chain, now, report, claim: claimHere(report) };
    if (as === "segment") verifySegment(at, bytes, verifier);
    else verifySecretFile({ path: `.secrets/store/${at}.secret`, name: parseSecretName(at), bytes }, verifier);
  });
  return [...new Set(findings.map(({ code }) => code))].toSorted();
}

function judgeRoot(bytes: Uint8Array): readonly string[] {
  try {
    parseTrustRoot(bytes);
    return [];
  } catch (error) {
    if (error instanceof SecretsError) return [error.code];
    throw error;
  }
}

describe.each(areas)("the vectors of a %s", (area) => {
  test.each(index.vectors.filter(({ as }) => as === area).map((vector) => [vector.file, vector.rule, vector] as const))(
    "%s: %s",
    (_, __, vector) => {
      expect(judge(vector)).toEqual(vector.codes);
    },
  );

  test("say more of what to refuse than of what to take", () => {
    const own = index.vectors.filter(({ as }) => as === area);
    const accepted = own.filter(({ codes }) => codes.length === 0);
    expect(accepted.length).toBeGreaterThan(0);
    expect(own.length - accepted.length).toBeGreaterThan(3 * accepted.length);
    for (const { file, codes } of own)
      expect(file.startsWith(`${area}/${codes.length === 0 ? "accept" : "reject"}-`)).toBe(true);
  });
});

test("the committed files are exactly what the script makes, byte for byte", () => {
  const committed = areas.flatMap((area) =>
    readdirSync(join(folder, area), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/")),
  );
  expect(["index.json", ...committed].toSorted()).toEqual([...made.keys()].toSorted());
  expect([...made].filter(([path, bytes]) => !read(path).equals(bytes)).map(([path]) => path)).toEqual([]);
});
