import { expect, test } from "vitest";
import { patchFrom } from "../../../src/app/recover/restore-drafts.js";
import type { MetaChange } from "../../../src/core/secret-change.js";
import { createSecret, getSecret, makeStore } from "../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../support/core-people.js";

const store = makeStore([makePerson("alice")], { seal: sealForShow });
createSecret(store, makePerson("alice"), "api-key", { tags: ["a", "b"], owner: "payments" });
const [now] = getSecret(store, "api-key").file.metas;
if (!now) throw new Error("no metadata");

test.each<[string, MetaChange, object, readonly string[]]>([
  ["changed since stays", { key: "owner", from: "sales", to: "legal" }, {}, ["owner has been changed since"]],
  [
    "changed since and absent before stays",
    { key: "owner", from: undefined, to: "x" },
    {},
    ["owner has been changed since"],
  ],
  ["that is so already is nothing to do", { key: "owner", from: "x", to: "payments" }, {}, []],
  ["as the change left it is set", { key: "owner", from: "payments", to: "sales" }, { owner: "sales" }, []],
  ["as the change left it is taken away", { key: "owner", from: "payments", to: undefined }, { owner: undefined }, []],
  ["that is a list is compared as one", { key: "tags", from: ["a", "b"], to: [] }, { tags: [] }, []],
  ["that is another list stays", { key: "tags", from: ["a"], to: [] }, {}, ["tags has been changed since"]],
])("a key %s", (_, change, patch, left) => {
  expect(patchFrom([change], now)).toStrictEqual({ patch, left });
});
