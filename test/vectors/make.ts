import { formatInstant } from "../../src/core/instant.js";
import { makeStore, startOfTime, type TestStore } from "../support/core-fixture.js";
import { makePerson, sealForShow, type Person } from "../support/core-people.js";
import { makeRootVectors } from "./make-roots.js";
import { makeSecretVectors } from "./make-secrets.js";
import { makeSegmentVectors } from "./make-segments.js";
import type { VectorIndex } from "./vector.js";

/** Who plays in the vectors. Their keys follow from their ids, so nothing has to be kept and nothing is worth keeping. */
export interface Cast {
  readonly alice: Person;
  readonly bob: Person;
  readonly keeper: Person;
  readonly reader: Person;
  readonly plugin: Person;
  /** No member. */
  readonly eve: Person;
}

/**
 * All vectors as files, the index among them: the same bytes at every run. Written with `WRITE_VECTORS=1` by the test that
 * replays them.
 */
export function makeVectors(): ReadonlyMap<string, Uint8Array> {
  const cast: Cast = {
    alice: makePerson("alice"),
    bob: makePerson("bob", { role: "write", ssh: true }),
    keeper: makePerson("keeper", { role: "maintain" }),
    reader: makePerson("reader", { role: "read", kind: "agent" }),
    plugin: makePerson("plug", { role: "write", kind: "ci", scopes: ["plugin"] }),
    eve: makePerson("eve"),
  };
  const { alice, bob, keeper, reader, plugin } = cast;
  const open = (): TestStore => makeStore([alice, bob, keeper, reader, plugin], { seal: sealForShow, label: "vectors", root: {} });
  const store = open();
  const made = [...makeRootVectors(store), ...makeSecretVectors(open, cast), ...makeSegmentVectors(open, cast)];
  const files = new Map<string, Uint8Array>();
  for (const { vector, bytes } of made) {
    if (files.has(vector.file)) throw new Error(`${vector.file} is made twice`);
    files.set(vector.file, bytes);
  }
  const [founding] = store.roots;
  const signatures = (founding?.files.signatures ?? []).map(({ keyId, bytes }) => {
    const file = `root/0001/${keyId}.sig`;
    files.set(file, bytes);
    return file;
  });
  const index: VectorIndex = {
    repo: store.repo,
    now: formatInstant(startOfTime + 24 * 60 * 60 * 1000),
    roots: [{ n: 1, file: "root/accept-founding.root", signatures }],
    vectors: made.map(({ vector }) => vector).toSorted((a, b) => (a.file < b.file ? -1 : 1)),
  };
  files.set("index.json", Buffer.from(`${JSON.stringify(index, undefined, 1)}\n`, "utf8"));
  return files;
}
