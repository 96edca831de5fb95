import { encodeUtf8 } from "../../src/core/bytes.js";
import type { TestStore } from "../support/core-fixture.js";
import type { Made } from "./vector.js";

type RootEdit = readonly [title: string, rule: string, from: RegExp | string, to: string];

const zeros = "0".repeat(64);

const edits: readonly RootEdit[] = [
  ["later-version", "a higher v is told from a broken file", "v: 1", "v: 2"],
  ["no-document-mark", "a root begins with ---", "---\n", ""],
  ["kind-of-another", "a root is of kind root", "kind: root", "kind: meta"],
  ["number-with-zero", "n has no leading zero", "n: 1\n", "n: 01\n"],
  ["first-with-prev", "the first root replaces none", /(repo: .*\n)/, `$1prev: ${zeros}\n`],
  ["later-without-prev", "a later root names the one before", "n: 1\n", "n: 2\n"],
  ["repository-short", "repo has 32 digits", /repo: [0-9a-f]/, "repo: "],
  ["threshold-zero", "a threshold is at least 1", "threshold: 1", "threshold: 0"],
  ["threshold-not-met", "there are as many human admins as the threshold", "threshold: 1", "threshold: 2"],
  ["pq-unknown", "pq is yes or no", "pq: no", "pq: maybe"],
  ["pq-mixed", "recipients are of the kind that pq says", "pq: no", "pq: yes"],
  ["carriage-return", "each line ends in LF alone", "pq: no\n", "pq: no\r\n"],
  ["comment", "no comments", "pq: no\n", "pq: no # yet\n"],
  ["line-behind", "nothing stands behind the last line", /$/, "end: yes\n"],
  ["blank-line", "no blank lines", /$/, "\n"],
  ["unsorted", "member lines are sorted", /(member: \[alice.*\n)(member: \[bob.*\n)/, "$2$1"],
  ["member-twice", "a member stands once", /(member: \[alice.*\n)/, "$1$1"],
  ["member-id-twice", "an id belongs to one member", /member: \[bob, /, "member: [alice, "],
  ["key-twice", "a key belongs to one member", /(AAAAC3[^,]*)(, "keeper"\]\n(?:.*\n)*member: \[plug.*, )AAAAC3[^,]*/, "$1$2$1"],
  ["recipient-twice", "a recipient belongs to one member", /(age1[^,]*)(, .*, "keeper"\]\n(?:.*\n)*member: \[plug.*, )age1[^,]*/, "$1$2$1"],
  ["member-id-upper-case", "ids are lower case", "member: [alice,", "member: [Alice,"],
  ["role-unknown", "roles are a closed set", "human, admin", "human, owner"],
  ["kind-unknown", "kinds are a closed set", "human, admin", "person, admin"],
  ["machine-as-only-admin", "a threshold counts humans", "human, admin", "ci, admin"],
  ["scope-unknown", "scopes are a closed set", "[agent, global, plugin, user]", "[agent, global, world]"],
  ["scopes-unsorted", "scopes are sorted", "[agent, global, plugin, user]", "[global, agent, plugin, user]"],
  ["scopes-empty", "a member has a scope", "[agent, global, plugin, user]", "[]"],
  ["pattern-upper-case", "patterns are of names", '["*"]', '["API*"]'],
  ["pattern-plain", "patterns are quoted", '["*"]', "[*]"],
  ["patterns-empty", "a member has a name pattern", '["*"]', "[]"],
  ["label-with-bidi", "labels are plain text", '"alice"]', '"\u202ealice"]'],
  ["label-with-spare-escape", "labels have no spare escapes", '"alice"]', '"\\u0061lice"]'],
  ["recipient-of-plugin", "plugins are no recipients", /age1[^,]{10}/, "age1yubikey1"],
  ["recipient-upper-case", "recipients are lower case", /age1[^,]{4}/, "AGE1QQQQ"],
  ["recipient-short", "a recipient has its length", /age1[^,]/, "age1"],
  ["ssh-recipient-of-another", "an SSH recipient is the signing key", /(ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI)[A-Za-z0-9+/]{4}/, "$1AAAA"],
  ["key-of-another-kind", "signing keys are Ed25519", /, AAAAC3NzaC1lZDI1NTE5AAAAI/, ", AAAAB3NzaC1lZDI1NTE5AAAAI"],
  ["wrapped-of-nobody", "a wrapped identity belongs to a member", /$/, `wrapped: [zed, ${zeros}]\n`],
  ["wrapped-short", "a wrapped identity has a whole digest", /$/, "wrapped: [alice, 00]\n"],
  ["member-revoked", "a member's key is not revoked", /(member: \[alice.*(AAAAC3[^,]*), "alice"\]\n(?:member: .*\n)*)/, "$1revoked: $2\n"],
  ["cut-in-the-first", "the first root cuts nobody", /$/, `cut: [alice, 0, ${zeros}]\n`],
  ["cut-count-with-zero", "a count has no leading zero", /$/, `cut: [alice, 01, ${zeros}]\n`],
];

/** Roots by themselves: what must be refused before any signature is looked at. */
const made = (title: string, rule: string, content: string | Uint8Array, codes: readonly string[]): Made => ({
  vector: { file: `root/${codes.length === 0 ? "accept" : "reject"}-${title}.root`, as: "root", rule, at: "1", codes },
  bytes: typeof content === "string" ? encodeUtf8(content) : content,
});

export function makeRootVectors(store: TestStore): readonly Made[] {
  const [founding] = store.roots;
  const text = Buffer.from(founding?.files.bytes ?? []).toString("utf8");
  const rejects = edits.map(([title, rule, from, to]) => {
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`the edit ${title} changes nothing`);
    return made(title, rule, edited, [title === "later-version" ? "format/newer" : "trust/malformed"]);
  });
  return [
    made("founding", "a first root with all kinds of members", text, []),
    ...rejects,
    made("empty", "a root has a head", "", ["trust/malformed"]),
    made("no-final-line-feed", "each line ends in LF", text.slice(0, -1), ["trust/malformed"]),
    made("not-utf-8", "a root is UTF-8", Buffer.concat([encodeUtf8(text), Uint8Array.of(0xff, 0x0a)]), ["trust/malformed"]),
  ];
}
