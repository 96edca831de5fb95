import type { Remark, ReviewDocument, SecretChange } from "../../src/review/document.js";

/** A review with one change of each kind of text in it; `text` stands wherever text of the change can stand. */
export function makeReview(text: string, more: Partial<ReviewDocument> = {}): ReviewDocument {
  const change = makeChange(text);
  const remarks: readonly Remark[] = [
    ...change.remarks,
    { level: "block", code: text, path: text, message: text, hint: text },
    { level: "block", code: "leak", path: text, message: text },
    { level: "warn", code: "no-reason", message: text },
  ];
  return {
    schema: 1,
    base: "b".repeat(40),
    head: "c".repeat(40),
    from: text,
    exit: 1,
    changes: [change],
    policy: [{ area: "config", what: text }],
    journal: { events: 2, readSegments: 1, state: "intact" },
    isOpened: true,
    leaks: [{ path: text, line: 1, what: text, why: text, isBlocking: true, fingerprint: text }],
    remarks,
    incomplete: [text],
    ...more,
  };
}

export function makeChange(text: string, more: Partial<SecretChange> = {}): SecretChange {
  const pair = { from: text, to: `${text}${text}` };
  return {
    name: text,
    path: text,
    kind: "rotated",
    also: ["metadata"],
    version: { from: [6], to: [7] },
    stages: [{ version: 6, vid: text, from: "current", to: "grace", until: "2026-12-23T16:30:00.000Z" }],
    who: [
      { member: text, key: text, claimed: text },
      { member: undefined, key: text, claimed: undefined },
    ],
    why: text,
    at: "2026-11-23T16:30:00.000Z",
    expires: { from: undefined, to: "2026-12-01T00:00:00.000Z" },
    readers: { now: [text], gained: [text], lost: [text], stillKnow: [{ member: text, versions: [6] }] },
    scope: { from: "global", to: "agent" },
    tags: { from: [text], to: [`${text}!`] },
    owner: pair,
    class: { from: undefined, to: undefined },
    rotateEvery: { from: "90d", to: "90d" },
    value: { name: text, verdict: "repeated", sameAs: [text], swapped: [text] },
    events: 1,
    remarks: [{ level: "warn", code: "still-known", name: text, path: text, message: text, hint: text }],
    ...more,
  };
}
