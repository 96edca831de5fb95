import { encodeUtf8 } from "../../src/core/bytes.js";
import { sha256Hex } from "../../src/core/digest.js";
import { encodeSegment, parseSegment, segmentPath } from "../../src/core/segment.js";
import { namespaces, signSshsig } from "../../src/core/signature.js";
import { addReads, addSegment, createSecret, getSecret, makeEvent, makeGroup, originOf, rotateSecret, type TestStore } from "../support/core-fixture.js";
import type { Cast } from "./make.js";
import type { Made } from "./vector.js";

const name = "api-key-stripe";

/** The path that the bytes themselves ask for, where they can be read; any of the right form where not. */
function pathOf(bytes: Uint8Array): string {
  try {
    return segmentPath(parseSegment(bytes).header, sha256Hex(bytes));
  } catch {
    return `.secrets/journal/change/2026/01/01/20260101T000200000Z-${sha256Hex(bytes).slice(0, 32)}.jsonl`;
  }
}

export function makeSegmentVectors(makeStore: () => TestStore, cast: Cast): readonly Made[] {
  const { alice, bob, reader, eve } = cast;
  const store = makeStore();
  const made: Made[] = [];
  const put = (kind: "accept" | "reject", title: string, rule: string, content: string | Uint8Array, codes: readonly string[], at?: string): void => {
    const bytes = typeof content === "string" ? encodeUtf8(content) : content;
    made.push({ vector: { file: `segment/${kind}-${title}.jsonl`, as: "segment", rule, at: at ?? pathOf(bytes), codes: codes.toSorted() }, bytes });
  };
  const bytesAt = (path: string): Uint8Array => store.files.get(path) ?? new Uint8Array();
  createSecret(store, alice, name, { tags: ["payment", "production"], note: "used" });
  const created = [...store.files.keys()].at(-1) ?? "";
  rotateSecret(store, bob, name, { reason: "scheduled" });
  const rotated = [...store.files.keys()].at(-1) ?? "";
  const read = addReads(store, reader, name);
  const text = Buffer.from(bytesAt(created)).toString("utf8");
  const reads = Buffer.from(bytesAt(read)).toString("utf8");
  put("accept", "create", "a first version with its records", bytesAt(created), []);
  put("accept", "rotate", "one more version", bytesAt(rotated), []);
  put("accept", "read", "a member tells what it read", bytesAt(read), []);
  put("accept", "config", "a maintainer admits a configuration", bytesAt(addSegment(store, [makeEvent(store, { action: "config", extra: { digest: "0".repeat(64) } })], originOf(store, alice))), []);

  // Edits of the lines, signed anew where only the lines are at fault: what is wrong must be seen in the form.
  const resigned = (edited: string): Uint8Array => {
    const lines = edited.split("\n");
    const signed = encodeUtf8(`${lines.slice(0, -2).join("\n")}\n`);
    return encodeSegment(signed, signSshsig(alice.signing, namespaces.journal, signed));
  };
  for (const [title, rule, from, to, of] of lineEdits) {
    const source = of === "access" ? reads : text;
    const edited = source.replace(from, to);
    if (edited === source) throw new Error(`the edit ${title} changes nothing`);
    put("reject", title, rule, resigned(edited), [title === "later-version" ? "newer" : "segment-form"]);
  }
  put("reject", "empty", "a segment has a header, events and a signature", "", ["segment-form"]);
  put("reject", "no-final-line-feed", "each line ends in LF", text.slice(0, -1), ["segment-form"]);
  put("reject", "line-behind", "the signature is the last line", `${text}\n`, ["segment-form"]);
  put("reject", "signature-missing", "the signature is the last line", text.replace(/\{"sig".*\n/, ""), ["segment-form"]);
  put("reject", "signature-with-another-key", "the last line has one key", text.replace('{"sig":', '{"as":"x","sig":'), ["segment-form"]);
  put("reject", "not-utf-8", "a segment is UTF-8", Buffer.concat([bytesAt(created).subarray(0, -1), Uint8Array.of(0xff, 0x0a)]), ["segment-form"]);
  put("reject", "signature-wrong", "the signature is of all lines before it", text.replace('"payment"', '"peyment"'), ["sig"]);
  put("reject", "name-of-another", "the name is made from the bytes", bytesAt(created), ["hash"], rotated);
  put("reject", "folder-of-another-day", "the folder is the header's day", bytesAt(created), ["hash"], created.replace("/01/01/", "/01/02/"));
  put("reject", "folder-of-another-class", "the folder is the header's class", bytesAt(created), ["hash"], created.replace("/change/", "/access/"));
  for (const [title, rule, codes, path] of forged(store, cast, eve)) put("reject", title, rule, bytesAt(path), codes);
  return made;
}

type LineEdit = readonly [title: string, rule: string, from: RegExp | string, to: string, of?: "access"];

const lineEdits: readonly LineEdit[] = [
  ["later-version", "a higher v is told from a broken file", '"v":1}\n', '"v":2}\n'],
  ["carriage-return", "each line ends in LF alone", "}\n", "}\r\n"],
  ["space", "no white space", '{"at":', '{ "at":'],
  ["keys-reordered", "keys are sorted", /^\{("at":"[^"]*"),("claims":\{\})/, "{$2,$1"],
  ["key-twice", "each key stands once", '"n":1,', '"n":1,"n":1,'],
  ["key-unknown", "keys are a closed set", '"n":1,', '"m":1,"n":1,'],
  ["key-missing", "no key is left out", '"prev":"",', ""],
  ["prototype", "__proto__ is a key like another", '{"at":', '{"__proto__":{},"at":'],
  ["escape", "no spare escapes", '"class":"change"', '"class":"ch\\u0061nge"'],
  ["text-not-nfc", "text is in normal form C", '"note":"used"', '"note":"e\u0301"'],
  ["text-with-control", "text has no control characters", '"note":"used"', '"note":"\\u0007"'],
  ["text-with-bidi", "text has no bidirectional controls", '"note":"used"', '"note":"\u202e"'],
  ["number-with-fraction", "numbers are integers", '"n":1,', '"n":1.0,'],
  ["number-with-exponent", "numbers are integers", '"n":1,', '"n":1e0,'],
  ["number-negative", "numbers are not negative", '"seq":1,', '"seq":-1,'],
  ["number-too-large", "numbers are below 2^53", '"seq":1,', '"seq":9007199254740992,'],
  ["number-as-text", "numbers are numbers", '"seq":1,', '"seq":"1",'],
  ["null", "no null", '"prev":""', '"prev":null'],
  ["boolean", "no booleans", '"seq":1,', '"seq":true,'],
  ["too-deep", "at most four levels", '"tags":["payment","production"]', '"tags":[["payment"]]'],
  ["sequence-zero", "seq counts from 1", '"seq":1,', '"seq":0,'],
  ["count-wrong", "n is the number of events", '"n":1,', '"n":2,'],
  ["place-wrong", "i is the place of the event", '"i":0,', '"i":1,'],
  ["class-unknown", "classes are a closed set", '"class":"change"', '"class":"read"'],
  ["class-of-another", "an event is of the segment's class", '"class":"change"', '"class":"access"'],
  ["action-unknown", "actions are a closed set", '"action":"create"', '"action":"make"'],
  ["time-in-a-list", "a time is text", /"at":("[^"]*"),"claims"/, '"at":[$1],"claims"'],
  ["time-without-milliseconds", "a time has milliseconds", ".000Z", "Z"],
  ["claim-not-text", "claims are texts", '"claims":{}', '"claims":{"os":1}'],
  ["claim-key", "claims have plain keys", '"claims":{}', '"claims":{"OS":"x"}'],
  ["previous-short", "prev is a whole id or empty", '"prev":"",', '"prev":"00",'],
  ["request-not-ulid", "req is a ULID", /"req":"01K/, '"req":"91K'],
  ["name-not-one", "a name is one", '"name":"api-key-stripe","provider"', '"name":"API_KEY","provider"'],
  ["secret-without-name", "an id comes with a name", '"name":"api-key-stripe","provider"', '"name":"","provider"'],
  ["replaces-unsorted", "replaces is sorted", '"replaces":[]', `"replaces":["${"1".repeat(64)}","${"0".repeat(64)}"]`],
  ["replaces-twice", "replaces has no duplicates", '"replaces":[]', `"replaces":["${"0".repeat(64)}","${"0".repeat(64)}"]`],
  ["record-with-signature", "records have no sig", '"scope":"global","tags"', '"scope":"global","sig":"AAAA","tags"'],
  ["record-with-sealed-bytes", "records have no ct", /("by":"[^"]*"),"ct-digest"/, '$1,"ct":"x","ct-digest"'],
  ["record-key-unknown", "records have the keys of their block", '"scope":"global","tags"', '"scope":"global","tag":"x","tags"'],
  ["record-kind-unknown", "records are of known kinds", '"kind":"meta"', '"kind":"data"'],
  ["record-kind-in-a-list", "a kind is text", '"kind":"meta"', '"kind":["meta"]'],
  ["record-list-as-text", "a list is a list", '"tags":["payment","production"]', '"tags":"[payment, production]"'],
  ["record-list-in-one-item", "an item of a list is one word", '"tags":["payment","production"]', '"tags":["payment, production"]'],
  ["record-text-in-a-list", "a text is no list", '"note":"used"', '"note":["used"]'],
  ["record-list-unsorted", "lists are sorted", '["payment","production"]', '["production","payment"]'],
  ["record-version-as-text", "v is a number", /"v":1\},\{/, '"v":"1"},{'],
  ["record-combination", "fields fit together as in the block", '"op":"create"', '"op":"rotate"'],
  ["line-too-long", "a line has at most 8 KiB", '"claims":{}', `"claims":{${Array.from({ length: 16 }, (_, at) => `"c${String.fromCharCode(97 + at)}":"${"é".repeat(200)}"`).join(",")}},"_":"${"é".repeat(1000)}"`],
  ["denied-without-code", "a denied event says why", '"action":"get"', '"action":"denied"', "access"],
  ["code-without-denied", "only a denied event has a code", '"claims":{},"i"', '"claims":{},"code":"policy/denied","i"', "access"],
  ["version-of-nothing", "an unknown name comes with nothing else", /"name":"api-key-stripe",(.*)"sid":"[0-9a-f]*"/, '"name":"",$1"sid":""', "access"],
];

type Forged = readonly [title: string, rule: string, codes: readonly string[], path: string];

const recs = (fields: object) => (event: ReturnType<typeof makeEvent>) => ({ recs: event.recs.map((record) => ({ ...record, ...fields })) });

function forged(store: TestStore, { alice, bob, reader, plugin }: Cast, eve: Cast["eve"]): readonly Forged[] {
  const secret = getSecret(store, name);
  const config = (): ReturnType<typeof makeEvent> => makeEvent(store, { action: "config", extra: { digest: "0".repeat(64) } });
  const root = store.roots[0];
  const rotation = (by: typeof alice, change: (event: ReturnType<typeof makeEvent>) => object = () => ({})): string => {
    const origin = originOf(store, by);
    const group = makeGroup(store, secret, "global", { prev: ["0".repeat(64)] }, origin);
    const event = makeEvent(store, { action: "rotate", name, sid: secret.sid, added: [group.seal, group.version] });
    return addSegment(store, [{ ...event, ...change(event) }], origin);
  };
  return [
    ["other-repository", "repo is the roots' one", ["repo"], addSegment(store, [config()], originOf(store, alice), { repo: "0".repeat(32) })],
    ["root-unknown", "the root is in force", ["root-unknown"], addSegment(store, [config()], originOf(store, alice, root ? { root: { ...root, ref: `1:${"0".repeat(64)}` } } : {}))],
    ["signer-unknown", "who signs is a member", ["key-unknown"], addSegment(store, [config()], originOf(store, eve))],
    ["key-claimed", "the signature is of the key in the header", ["sig"], addSegment(store, [config()], originOf(store, eve), { key: alice.fingerprint })],
    ["writer-admits-config", "an action needs its role", ["role"], addSegment(store, [config()], originOf(store, bob))],
    ["reader-rotates", "an action needs its role", ["role"], rotation(reader)],
    ["scope-of-another", "who signs has the scope", ["scope"], rotation(plugin)],
    ["record-by-another", "records are by the segment's signer", ["event-record"], rotation(bob, recs({ by: alice.fingerprint }))],
    ["record-of-another-root", "records name the segment's root", ["event-record"], rotation(bob, recs({ trust: `1:${"0".repeat(64)}` }))],
    ["record-younger", "records are not younger than the segment", ["event-record"], rotation(bob, recs({ at: "2027-01-01T00:00:00.000Z" }))],
    ["record-of-another-secret", "records are of the event's secret", ["event-record"], rotation(bob, () => ({ sid: "0".repeat(32) }))],
    ["action-of-another-op", "a version says what its action says", ["event-record"], rotation(bob, () => ({ action: "set" }))],
    ["action-that-adds-nothing", "an action adds its kinds of record only", ["event-record"], rotation(bob, () => ({ action: "revoke" }))],
    ["config-without-digest", "a config event has a digest", ["event-form"], addSegment(store, [makeEvent(store, { action: "config" })], originOf(store, alice))],
    ["rotation-of-nothing", "a change of a secret names it", ["event-form"], addSegment(store, [makeEvent(store, { action: "rotate" })], originOf(store, alice))],
  ];
}
