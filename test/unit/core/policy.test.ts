import { expect, test } from "vitest";
import { accessActions, changeActions } from "../../../src/core/event.js";
import { accessRules, changeRules, leastRoleFor } from "../../../src/core/policy.js";
import { markKinds, versionOps, type RecordBody } from "../../../src/core/record.js";

test("each action has its rule, and none stands for an action that is not there", () => {
  expect(Object.keys(changeRules).toSorted()).toEqual([...changeActions].toSorted());
  expect(Object.keys(accessRules).toSorted()).toEqual([...accessActions].toSorted());
});

test("no reader changes anything", () => {
  expect(changeActions.filter((action) => changeRules[action].least === "read")).toEqual([]);
});

// The normative table of docs/journal.md, word for word: a change here is a change of the format.
test.each([
  ["create", "write", "meta seal version", "", "create", ""],
  ["set", "write", "meta seal version", "meta seal", "set", ""],
  ["rotate", "write", "meta seal version", "meta seal", "rotate", ""],
  ["stage", "write", "meta seal version", "", "stage", ""],
  ["activate", "write", "mark", "", "", "activate"],
  ["abort", "write", "mark", "", "", "abort"],
  ["meta", "write", "meta seal mark", "meta seal", "", "expires"],
  ["delete", "write", "", "meta seal version mark", "", ""],
  ["restore", "write", "meta seal version", "meta seal", "restore", ""],
  ["resolve", "write", "meta seal version mark", "meta seal version mark", "resolve", markKinds.join(" ")],
  ["import", "write", "meta seal version", "meta seal", "import", ""],
  ["rekey", "maintain", "seal", "seal", "", ""],
  ["revoke", "write", "mark", "", "", "revoke"],
  ["prune", "maintain", "mark seal", "seal", "", "prune"],
  ["expires", "write", "mark", "", "", "expires"],
  ["trust", "admin", "", "", "", ""],
  ["config", "maintain", "", "", "", ""],
  ["archive", "maintain", "", "", "", ""],
  ["leak", "write", "mark", "", "", "revoke"],
  ["accept", "maintain", "", "", "", ""],
  ["reissue", "write", "meta seal version mark", "meta seal", versionOps.join(" "), markKinds.join(" ")],
  ["ack", "admin", "", "", "", ""],
] as const)("%s needs %s, adds [%s], takes [%s]", (action, least, adds, takes, ops, marks) => {
  const rule = changeRules[action];
  expect({
    least: rule.least,
    adds: rule.adds.join(" "),
    takes: rule.takes.join(" "),
    ops: rule.ops.join(" "),
    marks: rule.marks.join(" "),
  }).toEqual({ least, adds, takes, ops, marks });
});

test("only a prune asks for more than writing", () => {
  const kinds = markKinds.filter((mark) => leastRoleFor({ kind: "mark", mark } as RecordBody) === "maintain");
  expect(kinds).toEqual(["prune"]);
  for (const kind of ["meta", "seal", "version"] as const) expect(leastRoleFor({ kind } as RecordBody)).toBe("write");
});
