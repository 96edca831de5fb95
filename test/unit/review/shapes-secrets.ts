import {
  addSegment,
  changeMeta,
  createSecret,
  deleteSecret,
  getSecret,
  makeEvent,
  makeGroup,
  markVersion,
  originOf,
  rotateSecret,
  writeSecret,
  type TestStore,
} from "../../support/core-fixture.js";
import { maximalRecords } from "../../../src/core/version.js";
import { alice, bob, ending, inDays, shape, type Shape } from "../../support/review-scene.js";

const stripe = "api-key-stripe";

function rotateAs(store: TestStore, agent: string): void {
  const origin = originOf(store, bob);
  const secret = getSecret(store, "db-url");
  const group = makeGroup(store, secret, "global", { prev: maximalRecords(secret.file), reason: "scheduled" }, origin);
  writeSecret(store, { ...secret, file: { ...secret.file, groups: [...secret.file.groups, group] } }, "db-url");
  const added = [group.seal, group.version];
  addSegment(store, [makeEvent(store, { action: "rotate", name: "db-url", sid: secret.sid, added })], origin, {
    claims: { agent },
  });
}

function replace(store: TestStore): void {
  const { sid } = getSecret(store, "db-url");
  deleteSecret(store, alice, "db-url", { extra: { reason: "manual" } });
  createSecret(store, alice, "db-url", {}, { extra: { over: sid } });
}

// Two rotations from one state, as two branches make them, put into one file by a merge.
function fork(store: TestStore): void {
  const before = getSecret(store, "db-url");
  const mine = rotateSecret(store, alice, "db-url", { reason: "scheduled" });
  writeSecret(store, before, "db-url");
  const theirs = rotateSecret(store, bob, "db-url", { reason: "leak" });
  writeSecret(store, { ...before, file: { ...before.file, groups: [...before.file.groups, mine, theirs] } }, "db-url");
}

function settle(store: TestStore): void {
  const origin = originOf(store, alice);
  const secret = getSecret(store, "db-url");
  const fields = { op: "resolve", prev: maximalRecords(secret.file), reason: "took theirs" } as const;
  const group = makeGroup(store, secret, "global", fields, origin);
  writeSecret(store, { ...secret, file: { ...secret.file, groups: [...secret.file.groups, group] } }, "db-url");
  const added = [group.seal, group.version];
  addSegment(store, [makeEvent(store, { action: "resolve", name: "db-url", sid: secret.sid, added })], origin);
}

const value = (
  verdict: "new" | "repeated" | "closed",
  sameAs: readonly string[] = [],
  swapped: readonly string[] = [],
) => [{ name: "db-url", verdict, sameAs, swapped }];
const scheduled = { reason: "scheduled" } as const;
const rotate = (store: TestStore): void => void rotateSecret(store, alice, "db-url", scheduled);
const staged = (store: TestStore): void =>
  void rotateSecret(store, alice, "db-url", { op: "stage", ...scheduled }, { action: "stage" });

/** What people do to secrets, good and careless. */
export const secretShapes: readonly Shape[] = [
  shape(
    "a rotation within its policy",
    (store) => void rotateSecret(store, alice, stripe, ending(store, 80, { reason: "leak" })),
    {
      before: (store) => void rotateSecret(store, alice, stripe, ending(store, 60, scheduled)),
    },
  ),
  shape("a rotation that nobody gave a reason for", (store) => void rotateSecret(store, bob, "db-url")),
  shape(
    "ten rotations at once",
    (store) => {
      for (let at = 0; at < 10; at++) rotateSecret(store, alice, `app/key-${at}`, scheduled);
    },
    {
      before: (store) => {
        for (let at = 0; at < 10; at++) createSecret(store, alice, `app/key-${at}`);
      },
    },
  ),
  shape("a rotation by an agent, which says who it is", (store) => rotateAs(store, "deploy-bot")),
  shape("a rotation by somebody who claims to be another member", (store) => rotateAs(store, "alice")),
  shape("two rotations of one secret", (store) => {
    rotate(store);
    rotateSecret(store, bob, "db-url", { reason: "leak" });
  }),
  shape("a new secret", (store) => void createSecret(store, bob, "app/token", { tags: ["staging"], owner: "web" })),
  shape("a secret deleted, with a reason", (store) =>
    deleteSecret(store, alice, "db-url", { extra: { reason: "manual" } }),
  ),
  shape("a secret deleted without a reason", (store) => deleteSecret(store, alice, "db-url")),
  shape("a secret deleted and made anew under its name", replace),
  shape(
    "other tags and another owner",
    (store) => void changeMeta(store, alice, stripe, { tags: ["payment", "staging"], owner: "web" }),
  ),
  shape(
    "another scope, which only some may read",
    (store) => void changeMeta(store, alice, "db-url", { scope: "agent" }),
  ),
  shape("a policy made weaker, alone", (store) => void changeMeta(store, alice, stripe, { "rotate-every": "365d" })),
  shape("a policy made stricter", (store) => void changeMeta(store, alice, stripe, { "rotate-every": "30d" })),
  shape("a policy made weaker beside a rotation", (store) => {
    changeMeta(store, alice, stripe, { "rotate-every": "365d" });
    rotateSecret(store, alice, stripe, ending(store, 300, scheduled));
  }),
  shape(
    "a rotation without the end that the version before had",
    (store) => void rotateSecret(store, alice, stripe, scheduled),
    {
      before: (store) => void rotateSecret(store, alice, stripe, ending(store, 60, scheduled)),
    },
  ),
  shape("an end beyond the policy", (store) => void rotateSecret(store, alice, stripe, ending(store, 200, scheduled)), {
    before: (store) => void rotateSecret(store, alice, stripe, ending(store, 60, scheduled)),
  }),
  shape(
    "the same value for longer",
    (store) =>
      void markVersion(store, alice, "db-url", "expires", {
        fields: { expires: inDays(store, 300), reason: "no time" },
      }),
    {
      before: (store) => void rotateSecret(store, alice, "db-url", ending(store, 60, scheduled)),
    },
  ),
  shape(
    "a value that ends tomorrow",
    (store) => void rotateSecret(store, alice, "db-url", ending(store, 1, scheduled)),
  ),
  shape(
    "a value that is past its end when it comes",
    (store) => void rotateSecret(store, alice, "db-url", ending(store, -1, scheduled)),
  ),
  shape(
    "a grace of a year",
    (store) => void rotateSecret(store, alice, "db-url", { grace: inDays(store, 365), ...scheduled }),
  ),
  shape(
    "no grace at all",
    (store) => void rotateSecret(store, alice, "db-url", { grace: inDays(store, 0), reason: "leak" }),
  ),
  shape(
    "an old value brought back",
    (store) =>
      void rotateSecret(
        store,
        alice,
        "db-url",
        { op: "restore", reason: "rollback to version 1" },
        { action: "restore" },
      ),
    { before: rotate },
  ),
  shape("a value staged", staged),
  shape(
    "a staged value activated",
    (store) => void markVersion(store, alice, "db-url", "activate", { fields: scheduled }),
    { before: staged },
  ),
  shape("a staged value given up", (store) => void markVersion(store, alice, "db-url", "abort"), { before: staged }),
  shape(
    "an old version revoked",
    (store) => void markVersion(store, alice, "db-url", "revoke", { place: 0, fields: { reason: "leak" } }),
    { before: rotate },
  ),
  shape("two rotations side by side", fork),
  shape("a fork settled", settle, { before: fork }),
  shape("a value that whoever reviews knows to be new", rotate, { facts: { values: value("new") } }),
  shape("a value that was used before", rotate, { facts: { values: value("repeated", ["version 1", stripe]) } }),
  shape("a value that the reviewer cannot open", rotate, { facts: { values: value("closed") } }),
];
