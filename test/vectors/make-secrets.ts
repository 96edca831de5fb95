import { armorAge, dearmorAge } from "../../src/core/age-armor.js";
import { encodeMac, encodeMacInput, parseAgeHeader, type AgeStanza } from "../../src/core/age-header.js";
import { encodeUtf8 } from "../../src/core/bytes.js";
import { sha256Hex } from "../../src/core/digest.js";
import { recordBody, recordId, recordText, type Mark, type Meta, type Seal, type Version } from "../../src/core/record.js";
import { emitRecord } from "../../src/core/record-block.js";
import { signRecord } from "../../src/core/record-signature.js";
import { recordsOf, type SecretFile, type VersionGroup } from "../../src/core/secret-file.js";
import { signSshsig } from "../../src/core/signature.js";
import { changeMeta, createSecret, getSecret, makeGroup, markVersion, originOf, rotateSecret, sign, type TestSecret, type TestStore } from "../support/core-fixture.js";
import type { Cast } from "./make.js";
import type { Made } from "./vector.js";

const name = "api-key-stripe";

type Group = VersionGroup;

/** A secret with two versions, a revocation and everything that metadata can say: what the edits below start from. */
function makeBase(store: TestStore, { alice, bob }: Cast): TestSecret {
  createSecret(store, alice, name, { tags: ["payment", "production"], class: "api-key", owner: "payments", "rotate-every": "90d", note: 'used by the "checkout"' });
  rotateSecret(store, bob, name, { reason: "scheduled", expires: "2027-01-31T00:00:00.000Z" });
  markVersion(store, alice, name, "revoke", { place: 0, fields: { reason: "leaked" } });
  return getSecret(store, name);
}

const textOf = (file: SecretFile): string => recordsOf(file).map(emitRecord).join("");

export function makeSecretVectors(makeStore: () => TestStore, cast: Cast): readonly Made[] {
  const store = makeStore();
  const base = makeBase(store, cast);
  const text = textOf(base.file);
  const made: Made[] = [];
  const put = (kind: "accept" | "reject", title: string, rule: string, content: string | Uint8Array, codes: readonly string[], at = name): void => {
    const bytes = typeof content === "string" ? encodeUtf8(content) : content;
    made.push({ vector: { file: `secret/${kind}-${title}.secret`, as: "secret", rule, at, codes: codes.toSorted() }, bytes });
  };
  made.push(...makeAccepted(makeStore, cast, text));
  for (const [title, rule, from, to] of formEdits) {
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`the edit ${title} changes nothing`);
    put("reject", title, rule, edited, [title === "later-version" ? "newer" : "secret-form"]);
  }
  put("reject", "empty", "a file holds a meta block and a version", "", ["secret-form"]);
  put("reject", "no-final-line-feed", "each line ends in LF", text.slice(0, -1), ["secret-form"]);
  put("reject", "carriage-returns", "each line ends in LF alone", text.replaceAll("\n", "\r\n"), ["secret-form"]);
  put("reject", "not-utf-8", "a file is UTF-8", Buffer.concat([encodeUtf8(text), Uint8Array.of(0xff, 0x0a)]), ["secret-form"]);
  put("reject", "other-name", "the path is the name of the meta block", text, ["secret-name", "sid"], "api-key-square");
  for (const [title, rule, file] of arrangements(base.file)) put("reject", title, rule, textOf(file), ["secret-form"]);
  for (const [title, rule, codes, file] of forgeries(store, base, cast)) put("reject", title, rule, textOf(file), codes);
  for (const [title, rule, codes, change] of sealChanges) put("reject", title, rule, textOf(withSeal(base.file, change, cast)), codes);
  return made;
}

const accept = (title: string, rule: string, content: string, codes: readonly string[] = []): Made => ({
  vector: { file: `secret/accept-${title}.secret`, as: "secret", rule, at: name, codes },
  bytes: encodeUtf8(content),
});

function makeAccepted(makeStore: () => TestStore, { alice, bob, keeper }: Cast, base: string): readonly Made[] {
  const after = (work: (store: TestStore) => void): string => {
    const store = makeStore();
    createSecret(store, alice, name);
    work(store);
    return textOf(getSecret(store, name).file);
  };
  return [
    accept("everything", "all keys of meta, marks, versions", base),
    accept("first-version", "a secret as it begins", after(() => {})),
    accept("staged", "a pending version and its activation", after((store) => {
      rotateSecret(store, bob, name, { op: "stage" });
      markVersion(store, alice, name, "activate");
    })),
    accept("pruned", "a maintainer prunes", after((store) => {
      rotateSecret(store, bob, name);
      markVersion(store, keeper, name, "prune", { place: 0 });
    })),
    accept("no-end", "an expires mark that says never", after((store) => {
      markVersion(store, bob, name, "expires");
    })),
    accept("letters", "text in normal form C, escaped as JSON escapes", after((store) => {
      changeMeta(store, bob, name, { note: 'Größe \\ "ключ" 鍵 🔑' });
    })),
  ];
}

// Each is one edit of the text of a valid file, found by its first match.
const formEdits: readonly (readonly [title: string, rule: string, from: RegExp | string, to: string])[] = [
  ["later-version", "a higher v is told from a broken file", "v: 1", "v: 2"],
  ["version-with-zero", "v is written 1", "v: 1", "v: 01"],
  ["version-missing", "v stands first", "v: 1\n", ""],
  ["no-document-mark", "each block begins with ---", "---\n", ""],
  ["document-end", "no ... between blocks", "---\nv: 1\nkind: mark", "...\n---\nv: 1\nkind: mark"],
  ["blank-line", "no blank line between blocks", "---\nv: 1\nkind: mark", "\n---\nv: 1\nkind: mark"],
  ["byte-order-mark", "no byte order mark", /^/, "\ufeff"],
  ["comment", "no comments", "kind: meta\n", "kind: meta # the first\n"],
  ["comment-line", "no comment lines", "kind: meta\n", "kind: meta\n# the first\n"],
  ["trailing-space", "no white space at the end of a line", "kind: meta\n", "kind: meta \n"],
  ["two-spaces", "one space after the colon", "kind: meta", "kind:  meta"],
  ["no-space", "one space after the colon", "scope: global", "scope:global"],
  ["tab", "no tabs", "scope: global", "scope:\tglobal"],
  ["unknown-kind", "kinds are a closed set", "kind: meta", "kind: metadata"],
  ["unknown-key", "keys are a closed set", "scope: global\n", "scope: global\ncolour: red\n"],
  ["key-twice", "each key stands once", "scope: global\n", "scope: global\nscope: plugin\n"],
  ["keys-reordered", "keys stand in one order", /(scope: global\n)(tags: .*\n)/, "$2$1"],
  ["list-left-out", "a list is never left out", /tags: .*\n/, ""],
  ["sig-left-out", "sig stands last in each block", /sig: .*\n/, ""],
  ["quoted-id", "ids are plain", "scope: global", 'scope: "global"'],
  ["single-quotes", "text is quoted as JSON quotes", /note: .*\n/, "note: 'used'\n"],
  ["plain-text", "text is quoted", /note: .*\n/, "note: used\n"],
  ["spare-escape", "text has no spare escapes", /note: .*\n/, 'note: "\\u0075sed"\n'],
  ["escaped-slash", "text has no escaped slash", /note: .*\n/, 'note: "a\\/b"\n'],
  ["folded-text", "no folded text", /note: .*\n/, "note: >\n  used\n"],
  ["text-not-nfc", "text is in normal form C", /note: .*\n/, 'note: "e\u0301"\n'],
  ["text-with-control", "text has no control characters", /note: .*\n/, 'note: "\\u0007"\n'],
  ["text-with-c1", "text has no C1 control characters", /note: .*\n/, 'note: "\u009b31m"\n'],
  ["text-with-bidi", "text has no bidirectional controls", /note: .*\n/, 'note: "\u202etxt"\n'],
  ["text-with-ignorable", "text has no invisible characters", /note: .*\n/, 'note: "a\u200bb"\n'],
  ["text-with-surrogate", "text has no lone surrogates", /note: .*\n/, 'note: "\\ud800"\n'],
  ["text-with-noncharacter", "text has no noncharacters", /note: .*\n/, 'note: "\ufffe"\n'],
  ["text-too-long", "text has at most 500 characters", /note: .*\n/, `note: "${"x".repeat(501)}"\n`],
  ["anchor", "no anchors", "scope: global", "scope: &a global"],
  ["tag", "no tags", "scope: global", "scope: !!str global"],
  ["list-unsorted", "lists are sorted", "[payment, production]", "[production, payment]"],
  ["list-twice", "lists have no duplicates", "[payment, production]", "[payment, payment]"],
  ["list-tight", "lists are written [a, b]", "[payment, production]", "[payment,production]"],
  ["list-with-quotes", "items of lists are plain", "[payment, production]", '["payment", production]'],
  ["list-open", "lists are closed", "[payment, production]", "[payment, production"],
  ["list-in-lines", "lists stand on one line", "[payment, production]", "\n  - payment\n  - production"],
  ["empty-list-spaced", "an empty list is []", "prev: []", "prev: [ ]"],
  ["tag-shape", "tags have one shape", "[payment, production]", "[pay ment, production]"],
  ["scope-unknown", "scopes are a closed set", "scope: global", "scope: world"],
  ["class-unknown", "classes are a closed set", "class: api-key", "class: key"],
  ["period-unknown", "a period is a number and a unit", "rotate-every: 90d", "rotate-every: P90D"],
  ["period-zero", "a period is not zero", "rotate-every: 90d", "rotate-every: 0d"],
  ["op-unknown", "ops are a closed set", "op: create", "op: make"],
  ["mark-unknown", "marks are a closed set", "mark: revoke", "mark: forget"],
  ["hex-upper-case", "hex is lower case", /nonce: [0-9a-f]{32}/, `nonce: ${"A".repeat(32)}`],
  ["hex-short", "an id has its length", /nonce: [0-9a-f]{32}/, `nonce: ${"a".repeat(31)}`],
  ["root-number-with-zero", "a root's number has no leading zero", "trust: 1:", "trust: 01:"],
  ["fingerprint-padded", "a fingerprint is not padded", /by: SHA256:(.{43})/, "by: SHA256:$1="],
  ["time-without-milliseconds", "a time has milliseconds", /at: (.{19})\.000Z/, "at: $1Z"],
  ["time-with-offset", "a time is in UTC", /at: (.{23})Z/, "at: $1+00:00"],
  ["time-that-never-was", "a time is one", /at: .*\n/, "at: 2026-02-30T00:00:00.000Z\n"],
  ["time-of-leap-second", "a time has no leap second", /at: .*\n/, "at: 2026-06-30T23:59:60.000Z\n"],
  ["never-for-a-version", "only a mark may say never", "expires: 2027-01-31T00:00:00.000Z", "expires: never"],
  ["readers-empty", "a seal has readers", /readers: .*\n/, "readers: []\n"],
  ["reader-shape", "readers are member ids", /readers: \[/, "readers: [Alice, "],
  ["sealed-bytes-empty", "sealed bytes are an age file", /ct: \|\n(?: {2}.*\n)+/, "ct: |\n"],
  ["sealed-bytes-folded", "sealed bytes are a literal", "ct: |\n", "ct: >\n"],
  ["sealed-bytes-chomped", "sealed bytes are a literal without indicators", "ct: |\n", "ct: |-\n"],
  ["sealed-bytes-deeper", "sealed bytes are indented by two", /^ {2}-----BEGIN/m, "   -----BEGIN"],
  ["sealed-bytes-blank-line", "sealed bytes have no blank line", /^ {2}-----END/m, "  \n  -----END"],
  ["sealed-bytes-url-alphabet", "sealed bytes are standard base64", /^( {2}-----BEGIN.*\n {2}).{4}/m, "$1_-_-"],
  ["sig-not-base64", "a signature is base64", /sig: .{4}/, "sig: ****"],
  ["conflict-markers", "no conflict markers", /^/, "<<<<<<< HEAD\n"],
  ["interleaved", "a web editor's accept both is refused", /(kind: seal\n)(sid: .*\n)/, "$1---\nv: 1\nkind: seal\n$2"],
  ["first-version-replaces", "a create replaces nothing", /(op: create\nprev: )\[\]/, `$1[${"0".repeat(64)}]`],
  ["first-version-rotates", "a first version is no rotation", "op: create", "op: rotate"],
  ["grace-missing", "what replaces a version says until when that stays valid", /grace: .*\n/, ""],
  ["grace-of-first", "a first version has no grace", /(op: create\nprev: \[\]\n)/, "$1grace: 2026-12-31T00:00:00.000Z\n"],
  ["mark-without-past", "a mark names what it saw", /(mark: revoke\nprev: )\[.*\]/, "$1[]"],
  ["end-in-a-revocation", "only an expires mark has an end", /(mark: revoke\nprev: .*\nreason: .*\n)/, "$1expires: never\n"],
];

const loose = (...records: readonly (Meta | Seal | Version | Mark)[]): SecretFile => ({ metas: records as unknown as Meta[], groups: [] });

function arrangements({ metas, groups }: SecretFile): readonly (readonly [string, string, SecretFile])[] {
  const [meta] = metas;
  const [first, second] = groups;
  const mark = first?.marks[0];
  if (!meta || !first || !second || !mark) throw new Error("the base has two versions and a mark");
  return [
    ["no-metadata", "a file has a meta block", loose(first.seal, first.version)],
    ["no-version", "a file has a version", loose(meta)],
    ["metadata-behind", "meta blocks stand first", loose(first.seal, first.version, meta)],
    ["seal-behind", "a seal stands before its version", loose(meta, first.version, first.seal)],
    ["seal-alone", "a seal belongs to a version", loose(meta, first.seal, second.seal, second.version)],
    ["seal-at-the-end", "a seal belongs to a version", loose(meta, first.seal, first.version, second.seal)],
    ["version-without-seal", "a version has a seal", loose(meta, first.version)],
    ["seal-of-another-version", "a seal stands before its own version", loose(meta, second.seal, first.version)],
    ["mark-between", "marks stand before the seal", loose(meta, first.seal, mark, first.version)],
    ["mark-at-the-end", "marks stand before the seal", loose(meta, first.seal, first.version, mark)],
    ["mark-at-another-version", "a mark stands before the version it names", loose(meta, first.seal, first.version, mark, second.seal, second.version)],
    ["too-many-metadata", "at most 16 meta blocks wait for a decision", loose(...Array.from({ length: 17 }, () => meta), first.seal, first.version)],
  ];
}

// The order of Ed25519's group, which added to the second half of a signature makes another one that a lax verifier takes.
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

function malleate(sig: string): string {
  const blob = Buffer.from(sig, "base64");
  const scalar = blob.subarray(-32);
  const grown = BigInt(`0x${Buffer.from(scalar.toReversed()).toString("hex")}`) + order;
  scalar.set(Buffer.from(grown.toString(16).padStart(64, "0"), "hex").toReversed());
  return blob.toString("base64");
}

type Forgery = readonly [title: string, rule: string, codes: readonly string[], file: SecretFile];

function forgeries(store: TestStore, base: TestSecret, cast: Cast): readonly Forgery[] {
  const { alice, bob, reader, plugin, eve } = cast;
  const { file } = base;
  const [meta] = file.metas;
  const [first, second] = file.groups;
  if (!meta || !first || !second) throw new Error("the base has two versions");
  const withMeta = (...metas: readonly Meta[]): SecretFile => ({ ...file, metas });
  const withGroups = (...groups: readonly Group[]): SecretFile => ({ ...file, groups });
  const only = (fields: Partial<Version>, by = alice, given = {}): SecretFile => withGroups(makeGroup(store, base, "global", fields, originOf(store, by, given)));
  const root = store.roots[0];
  const signedFor = (namespace: string): string => signSshsig(alice.signing, namespace, encodeUtf8(recordText(recordBody(meta))));
  const foreign = createSecret(store, alice, "other-key");
  const mark = (fields: Partial<Mark>): Mark => sign<Mark>({ kind: "mark", sid: base.sid, vid: second.version.vid, mark: "revoke", prev: [recordId(first.version)], ...fields }, originOf(store, bob));
  return [
    ["signature-of-another-block", "a signature is of its block", ["sig"], withMeta({ ...meta, sig: first.version.sig })],
    ["signature-for-another-purpose", "a record is signed for record.v1@gitseal", ["sig"], withMeta({ ...meta, sig: signedFor("journal.v1@gitseal") })],
    ["signature-with-spare-bits", "a signature is canonical base64", ["sig"], withMeta({ ...meta, sig: `${meta.sig.slice(0, -4)}AAA=` })],
    ["signature-malleated", "S is below L", ["sig"], withMeta({ ...meta, sig: malleate(meta.sig) })],
    ["signature-with-tail", "nothing follows a signature", ["sig"], withMeta({ ...meta, sig: Buffer.concat([Buffer.from(meta.sig, "base64"), Uint8Array.of(0, 0, 0)]).toString("base64") })],
    ["metadata-edited", "a signature covers every key", ["sig"], withMeta({ ...meta, tags: ["payment"] })],
    ["sealed-by-another", "a signature is of the key that by names", ["sig"], withMeta({ ...meta, by: bob.fingerprint })],
    ["signer-unknown", "who signs is a member of the root it names", ["key-unknown"], only({}, eve)],
    ["root-unknown", "the root is in force", ["root-unknown"], only({}, alice, { root: { ...root, ref: `1:${"0".repeat(64)}` } })],
    ["reader-writes", "who may only read signs nothing", ["role"], only({}, reader)],
    ["writer-prunes", "a prune is a maintainer's", ["role"], withGroups({ ...first, marks: [mark({ vid: first.version.vid, mark: "prune" })] }, second)],
    ["scope-of-another", "who signs has the scope", ["scope"], only({}, plugin)],
    ["block-of-another-secret", "all blocks are of one secret", ["sid"], withGroups(...foreign.file.groups)],
    ["version-id-twice", "a version's id is its own", ["fork", "vid"], withGroups(first, second, makeGroup(store, base, "global", { vid: second.version.vid, prev: [recordId(first.version)] }, originOf(store, alice)))],
    ["version-twice", "a block stands once", ["prev", "record-twice", "vid"], withGroups(first, second, second)],
    ["version-dropped", "prev names what is there", ["prev"], withGroups(second)],
    ["revocation-dropped", "prev names marks too", ["prev"], withGroups({ ...first, marks: [] }, second, makeGroup(store, base, "global", { prev: first.marks.map(recordId) }, originOf(store, alice)))],
    ["mark-before-its-version", "a mark has its version in its past", ["mark-order"], withGroups(first, { ...second, marks: [mark({})] })],
    ["fork", "two latest versions are to be resolved", ["fork"], withGroups(first, second, makeGroup(store, base, "global", { prev: [recordId(first.version)] }, originOf(store, bob)))],
    ["metadata-fork", "two meta blocks are to be resolved", ["meta-fork"], withMeta(meta, sign<Meta>({ kind: "meta", name, nonce: base.nonce, scope: "global", tags: [], prev: [] }, originOf(store, bob)))],
  ];
}

type SealChange = readonly [title: string, rule: string, codes: readonly string[], change: (seal: Seal) => Partial<Seal>];

const sealed = (bytes: Uint8Array): Partial<Seal> => ({ ct: armorAge(bytes), "ct-digest": sha256Hex(bytes) });

const withStanzas = (change: (stanzas: readonly AgeStanza[]) => readonly AgeStanza[]) => ({ ct }: Seal): Partial<Seal> => {
  const bytes = dearmorAge(ct);
  const { stanzas, mac, headerEnd } = parseAgeHeader(bytes);
  return sealed(Buffer.concat([encodeMacInput(change(stanzas)), encodeMac(mac), bytes.subarray(headerEnd)]));
};

const body = new Uint8Array(32);
const share = "A".repeat(43);

const sealChanges: readonly SealChange[] = [
  ["digest-of-others", "ct-digest is of the sealed bytes", ["ct-digest"], () => ({ "ct-digest": "0".repeat(64) })],
  ["armor-in-other-columns", "armor has 64 columns", ["ct-form"], ({ ct }) => ({ ct: ct.replace(/([A-Za-z0-9+/]{63})([A-Za-z0-9+/])\n/, "$1\n$2\n") })],
  ["armor-without-end", "armor has both markers", ["ct-form"], ({ ct }) => ({ ct: ct.replace(/-----END.*\n/, "") })],
  ["not-age", "sealed bytes are an age file", ["ct-form"], () => sealed(encodeUtf8("hello"))],
  ["cut-off", "the payload has a padded length", ["ct-form"], ({ ct }) => sealed(dearmorAge(ct).subarray(0, -1))],
  ["not-padded", "the payload has a padded length", ["ct-form"], ({ ct }) => sealed(dearmorAge(ct).subarray(0, -100))],
  ["reader-missing", "readers are all who may read", ["reader-unsealed", "readers"], ({ readers }) => ({ readers: readers.slice(1) })],
  ["reader-added", "readers are only who may read", ["readers"], ({ readers }) => ({ readers: [...readers, "zed"] })],
  ["stanza-added", "one stanza for each reader", ["stanzas"], withStanzas((all) => [...all, ...all.slice(0, 1)])],
  ["stanza-missing", "one stanza for each reader", ["stanzas"], withStanzas((all) => all.slice(1))],
  ["stanzas-turned", "stanzas in the order of the readers", ["stanzas"], withStanzas((all) => [...all.slice(1), ...all.slice(0, 1)])],
  ["stanza-unknown", "no unknown stanza", ["stanzas"], withStanzas((all) => [{ type: "unknown", args: [share], body }, ...all.slice(1)])],
  ["stanza-grease", "no grease", ["stanzas"], withStanzas((all) => [...all, { type: "x-grease", args: [], body: new Uint8Array(0) }])],
  ["stanza-scrypt", "no passphrase", ["stanzas"], withStanzas(() => [{ type: "scrypt", args: ["A".repeat(22), "18"], body }])],
  ["stanza-other-ssh-key", "an SSH stanza has its reader's key tag", ["stanzas"], withStanzas((all) => all.map((one) => (one.type === "X25519" ? one : { ...one, args: ["AAAAAA", one.args[1] ?? ""] })))],
];

function withSeal(file: SecretFile, change: (seal: Seal) => Partial<Seal>, { alice, bob }: Cast): SecretFile {
  const groups = file.groups.map((group, at) => {
    if (at !== 1) return group;
    const { sig: _sig, ...rest } = { ...group.seal, ...change(group.seal) };
    return { ...group, seal: signRecord(rest, group.seal.by === alice.fingerprint ? alice.signing : bob.signing) };
  });
  return { ...file, groups };
}
