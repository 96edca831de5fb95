import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readArchive } from "../../../../src/store/archive.js";
import { sha256Hex } from "../../../../src/core/digest.js";
import { verifyTree } from "../../../../src/app/verify/verify-tree.js";
import { parseSegment, segmentPath } from "../../../../src/core/segment.js";
import { memorySource } from "../../../support/memory-source.js";
import { catchError } from "../../../support/errors.js";
import { addReads, createSecret, makeStore, nowOf, originOf, type TestStore } from "../../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../../support/core-people.js";
import { codesOf } from "../../../support/verdict.js";

const alice = makePerson("alice");
const malformed = { code: "journal/malformed" };

/** As gitseal writes it: no flags, no time. */
const gzip = (bytes: Uint8Array): Buffer => gzipSync(bytes);

function makeReads(): { store: TestStore; reads: readonly Uint8Array[] } {
  const store = makeStore([alice], { seal: sealForShow });
  createSecret(store, alice, "api-key");
  const paths = [1, 2, 3].map(() => addReads(store, alice, "api-key"));
  const reads = paths
    .map((path) => store.files.get(path) ?? new Uint8Array())
    .toSorted((a, b) => (sha256Hex(a) < sha256Hex(b) ? -1 : 1));
  for (const path of paths) store.files.delete(path);
  return { store, reads };
}

async function codesWith(
  parts: readonly Uint8Array[],
  store: TestStore,
  month = "2026-01",
  name?: string,
): Promise<readonly string[]> {
  const bytes = gzip(Buffer.concat(parts));
  store.files.set(`.secrets/journal/archive/${month}-${name ?? sha256Hex(bytes).slice(0, 32)}.jsonl.gz`, bytes);
  return await codesOf(store);
}

describe("an archive", () => {
  const text = Buffer.from('{"at":"x"}\n{"sig":"AAAA"}\n');
  const good = gzip(text);

  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array()],
    ["plain text", text],
    ["a second member", Buffer.concat([good, good])],
    ["bytes behind", Buffer.concat([good, Uint8Array.of(0)])],
    [
      "a name inside",
      Buffer.concat([Buffer.from("1f8b0808000000000003", "hex"), Buffer.from("x\0"), good.subarray(10)]),
    ],
    ["a wrong checksum", Buffer.concat([good.subarray(0, -8), Buffer.alloc(4), good.subarray(-4)])],
    ["a wrong length", Buffer.concat([good.subarray(0, -4), Buffer.alloc(4)])],
    ["a cut end", good.subarray(0, -9)],
    ["a segment without an end", gzip(Buffer.from('{"at":"x"}\n'))],
    ["a bomb inside", gzip(Buffer.alloc(65 * 1024 * 1024))],
    ["one segment too large", gzip(Buffer.concat([Buffer.alloc(300 * 1024, "x"), text]))],
  ])("of %s is refused", (_, bytes) => {
    expect(catchError(() => readArchive(bytes))).toMatchObject(malformed);
  });

  test("is cut into its segments", () => {
    expect(readArchive(gzip(Buffer.concat([text, text]))).map((part) => Buffer.from(part).toString())).toEqual([
      text.toString(),
      text.toString(),
    ]);
    expect(readArchive(gzip(new Uint8Array()))).toEqual([]);
  });
});

describe("in a tree, an archive", () => {
  test("of sorted access segments of its month is fine", async () => {
    const { store, reads } = makeReads();
    expect(await codesWith(reads, store)).toEqual([]);
  });

  test("under another name is refused", async () => {
    const { store, reads } = makeReads();
    expect(await codesWith(reads, store, "2026-01", "0".repeat(32))).toEqual(["hash"]);
  });

  test("unsorted, with one segment twice or of another month is refused", async () => {
    for (const order of [
      (reads: readonly Uint8Array[]) => reads.toReversed(),
      (reads: readonly Uint8Array[]) => [...reads.slice(0, 1), ...reads],
    ]) {
      const { store, reads } = makeReads();
      expect(await codesWith(order(reads), store)).toContain("segment-form");
    }
    const { store, reads } = makeReads();
    expect(await codesWith(reads, store, "2026-02")).toEqual(["segment-form"]);
  });

  test("with changes inside is refused", async () => {
    const { store } = makeReads();
    const path = [...store.files.keys()].find((one) => one.includes("/change/")) ?? "";
    expect(await codesWith([store.files.get(path) ?? new Uint8Array()], store)).toContain("segment-form");
  });

  test("with a forged segment is refused", async () => {
    const { store, reads } = makeReads();
    const eve = makePerson("eve");
    const forged = makeStore([eve], { seal: sealForShow });
    createSecret(forged, eve, "api-key");
    const path = addReads(forged, eve, "api-key", originOf(forged, eve));
    expect(
      await codesWith(
        [...reads, forged.files.get(path) ?? new Uint8Array()].toSorted((a, b) =>
          sha256Hex(a) < sha256Hex(b) ? -1 : 1,
        ),
        store,
      ),
    ).toEqual(["root-unknown"]);
  });
});

test("12: a read that comes back loose after it was archived is told, counts once, and breaks nothing", async () => {
  const { store, reads } = makeReads();
  const [again = new Uint8Array()] = reads;
  const { header, id } = parseSegment(again);
  store.files.set(segmentPath(header, id), again);
  expect(await codesWith(reads, store)).toEqual(["archive-twice"]);
  const { counts } = await verifyTree(memorySource(store.files), { now: nowOf(store), threads: 1 });
  expect(counts.accessSegments).toBe(3);
});
