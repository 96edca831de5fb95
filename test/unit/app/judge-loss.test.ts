import { describe, expect, test } from "vitest";
import { judgeLoss, type LossInput } from "../../../src/app/verify/judge-loss.js";

const path = ".secrets/journal/access/2026/01/01/20260101T000000000Z-00000000000000000000000000000000.jsonl";
const [old, next] = ["1".repeat(40), "2".repeat(40)];

function judge(input: Partial<LossInput>, status = "D"): string | undefined {
  return judgeLoss({
    change: { status, mode: "100644", oldOid: old, newOid: next, path },
    atHead: new Set(),
    landed: new Set([`${old} ${path}`]),
    archived: new Set(),
    isMerge: false,
    isGenuine: false,
    ...input,
  })?.code;
}

describe("a file of the journal that a commit takes away", () => {
  test("is lost when it had landed, and when a merge drops it, landed or not", () => {
    expect(judge({})).toBe("history-lost");
    expect(judge({ landed: new Set(), isMerge: true })).toBe("history-lost");
  });

  test("is told without stopping when it never landed, or is back", () => {
    expect(judge({ landed: new Set() })).toBe("history-transient");
    expect(judge({ atHead: new Set([`${old} ${path}`]) })).toBe("history-restored");
  });

  test("is no loss when an archive of the commit holds it", () => {
    expect(judge({ archived: new Set([path]) })).toBeUndefined();
    expect(judge({ archived: new Set([path]) }, "M")).toBe("history-changed");
  });
});

describe("a file of the journal that a commit changes", () => {
  test("is changed, also when the head still has what it was changed to", () => {
    expect(judge({}, "M")).toBe("history-changed");
    expect(judge({ atHead: new Set([`${next} ${path}`]) }, "M")).toBe("history-changed");
    expect(judge({ landed: new Set() }, "T")).toBe("history-changed");
  });

  test("is put right when the new bytes are what its name says, and the head has them", () => {
    expect(judge({ atHead: new Set([`${next} ${path}`]), isGenuine: true }, "M")).toBe("history-restored");
    expect(judge({ isGenuine: true }, "M")).toBe("history-changed");
  });
});
