import { sha256Hex } from "../../../src/core/digest.js";
import { encodeUtf8 } from "../../../src/core/bytes.js";
import { createFinding } from "../../../src/core/finding.js";
import {
  addReads,
  addRoot,
  addSegment,
  changeMeta,
  createSecret,
  getSecret,
  makeEvent,
  originOf,
  rekeySecret,
  rotateSecret,
  writeSecret,
  type TestStore,
} from "../../support/core-fixture.js";
import { makePerson } from "../../support/core-people.js";
import { reviewSince } from "../../support/review-shapes.js";
import {
  alice,
  bob,
  carol,
  dora,
  ending,
  inDays,
  makeBase,
  removeMember,
  shape,
  type Shape,
} from "../../support/review-scene.js";

const scheduled = { reason: "scheduled" } as const;

/** Writes a config and the event of a maintainer that admits it. */
function setConfig(store: TestStore, lines: readonly string[]): void {
  const bytes = encodeUtf8(["secrets:", ...lines.map((line) => `  ${line}`), ""].join("\n"));
  store.files.set(".secrets/config.yaml", bytes);
  addSegment(
    store,
    [makeEvent(store, { action: "config", extra: { digest: sha256Hex(bytes) } })],
    originOf(store, dora),
  );
}

const strict = ["audit:", "  access: sealed", "  required: true", "expired: refuse"];
const loose = ["audit:", "  access: off", "  required: false", "expired: warn"];
const withConfig = { before: (store: TestStore) => setConfig(store, strict) };
const mallory = makePerson("mallory");

/** What docs/review.md and the README show. */
export const exampleShape = shape(
  "the example of the pages",
  (store) => {
    rotateSecret(store, alice, "api-key-stripe", ending(store, 85, { reason: "leak", grace: inDays(store, 0) }));
    rekeySecret(store, dora, "db-url", { extra: { reason: "offboarding" } });
  },
  {
    before: (store) => {
      for (let version = 2; version <= 6; version++)
        rotateSecret(store, alice, "api-key-stripe", ending(store, 20, { grace: inDays(store, 0), ...scheduled }));
      rotateSecret(store, alice, "db-url", { grace: inDays(store, 0), ...scheduled });
      rotateSecret(store, alice, "db-url", { grace: inDays(store, 0), ...scheduled });
      removeMember(store, [alice, dora], bob);
    },
  },
);

/** What decides about secrets: members, settings, accepted findings. */
export const policyShapes: readonly Shape[] = [
  exampleShape,
  shape(
    "a member removed, and her secrets sealed anew",
    (store) => {
      rekeySecret(store, dora, "db-url", { extra: { reason: "offboarding" } });
      rekeySecret(store, dora, "api-key-stripe", { extra: { reason: "offboarding" } });
    },
    { before: (store) => removeMember(store, [alice, dora], bob) },
  ),
  shape(
    "a member removed, and a secret rotated",
    (store) => void rotateSecret(store, alice, "db-url", { reason: "offboarding" }),
    {
      before: (store) => removeMember(store, [alice, dora], bob),
    },
  ),
  shape("a member removed, and nothing else", (store) => removeMember(store, [alice, dora], bob)),
  shape("a new member, who can read nothing yet", (store) => void addRoot(store, [alice, bob, carol, dora], [alice])),
  shape("secrets sealed for a new member", (store) => rekeySecret(store, dora, "db-url"), {
    before: (store) => void addRoot(store, [alice, bob, carol, dora], [alice]),
  }),
  shape(
    "a member made an admin by another one",
    (store) => void addRoot(store, [alice, makePerson("bob", { role: "admin" }), dora], [alice]),
  ),
  shape("an admin who widens her own rights", (store) => {
    addRoot(store, [makePerson("alice", { names: ["*", "db/*"].toSorted() }), bob, dora], [alice]);
  }),
  shape(
    "a second admin needed no more",
    (store) => void addRoot(store, [alice, bob, dora, mallory], [alice, mallory], { threshold: 1 }),
    {
      before: (store) => {
        addRoot(store, [alice, bob, dora, mallory], [alice]);
        addRoot(store, [alice, bob, dora, mallory], [alice, mallory], { threshold: 2 });
      },
    },
  ),
  shape("weaker settings, alone", (store) => setConfig(store, loose), withConfig),
  shape(
    "weaker settings beside a rotation",
    (store) => {
      setConfig(store, loose);
      rotateSecret(store, alice, "db-url", scheduled);
    },
    withConfig,
  ),
  shape("stricter settings", (store) => setConfig(store, strict), { before: (store) => setConfig(store, loose) }),
  shape(
    "settings that send values elsewhere",
    (store) =>
      setConfig(store, [...strict, "providers:", "  azure:", "    vaultUrl: https://elsewhere.example.invalid"]),
    withConfig,
  ),
  shape(
    "settings that cannot be read",
    (store) => void store.files.set(".secrets/config.yaml", encodeUtf8("{[")),
    withConfig,
  ),
  shape(
    "an accepted finding of the scanner",
    (store) => void store.files.set(`.secrets/scan-ignore/${"0".repeat(32)}.yaml`, encodeUtf8("x\n")),
  ),
  {
    title: "the first store of a repository",
    review: async () => await reviewSince(new Map(), makeBase()),
  },
  shape("reads only", (store) => void addReads(store, bob, "db-url")),
  shape("nothing", () => {}),
];

/** What is not as it must be, by accident or by intent. */
export const brokenShapes: readonly Shape[] = [
  shape("a rotation without its event", (store) => {
    rotateSecret(store, alice, "db-url", scheduled);
    dropNewest(store);
  }),
  shape("a deletion without an event", (store) => writeSecret(store, undefined, "db-url")),
  shape("an event without its rotation", (store) => {
    const before = getSecret(store, "db-url");
    rotateSecret(store, alice, "db-url", scheduled);
    writeSecret(store, before, "db-url");
  }),
  shape("a part of the journal dropped", (store) => dropNewest(store)),
  shape("two secrets exchanged", (store) => {
    const [one, two] = ["db-url", "api-key-stripe"].map((name) => `.secrets/store/${name}.secret`);
    const [first, second] = [store.files.get(one ?? ""), store.files.get(two ?? "")];
    if (first && second) store.files.set(one ?? "", second).set(two ?? "", first);
  }),
  shape(
    "a plaintext beside the secrets",
    (store) => void store.files.set(".secrets/store/db-url.txt", encodeUtf8("hunter2\n")),
  ),
  shape(
    "a secret that is no secret file",
    (store) => void store.files.set(".secrets/store/db-url.secret", encodeUtf8("hunter2\n")),
  ),
  shape(
    "metadata by a key that is nobody's",
    (store) => void changeMeta(store, mallory, "db-url", { owner: "mallory" }),
  ),
  shape("a root that its admins did not sign", (store) => void addRoot(store, [alice, bob, dora, mallory], [mallory])),
  shape("a secret made by somebody who may only read", (store) => void createSecret(store, carol, "app/token"), {
    before: (store) => void addRoot(store, [alice, bob, carol, dora], [alice]),
  }),
  shape("a value sealed anew that is another one", (store) => rekeySecret(store, dora, "db-url"), {
    facts: { values: [{ name: "db-url", verdict: "new", sameAs: [], swapped: ["0123456789abcdef"] }] },
  }),
  shape("leaks in other files", () => {}, {
    facts: {
      leaks: [
        {
          path: "src/pay.ts",
          line: 12,
          what: "Acme token ****xyz",
          why: "it has the form",
          isBlocking: true,
          fingerprint: "0".repeat(32),
        },
        {
          path: "README.md",
          line: 3,
          what: "a password",
          why: "its name",
          isBlocking: false,
          fingerprint: "1".repeat(32),
        },
      ],
    },
  }),
  shape("a change that could not be judged", () => {}, {
    facts: { findings: undefined, incomplete: ["this clone has no commit bbbbbbb (run: git fetch --unshallow)"] },
  }),
  shape("findings of the verifier about no secret", () => {}, {
    facts: { findings: [createFinding("equivocation", "a clone used a number twice", { path: ".secrets/journal/x" })] },
  }),
];

function dropNewest(store: TestStore): void {
  const newest = [...store.files.keys()]
    .filter((path) => path.includes("/journal/change/"))
    .toSorted()
    .at(-1);
  store.files.delete(newest ?? "");
}
