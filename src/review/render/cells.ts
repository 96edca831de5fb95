import type { Pair, Remark, ReviewDocument, SecretChange, Stage } from "../document.js";
import { worstOf } from "../remark.js";

/** Marks of a row or remark; text because colours say nothing to who cannot see them. */
export function markOf(remarks: readonly Remark[]): "✅" | "⚠️" | "❌" {
  const worst = worstOf(remarks);
  if (worst === "error" || worst === "block") return "❌";
  return worst === "warn" ? "⚠️" : "✅";
}

const lonely = new Set<SecretChange["kind"]>(["rekeyed", "metadata", "state"]);
const words: Partial<Record<SecretChange["kind"], string>> = { state: "state" };

/** `rotated`, `rekeyed only`, `rotated, metadata` */
export function kindText({ kind, also }: SecretChange): string {
  const word = words[kind] ?? kind;
  if (also.length > 0) return [word, ...also].join(", ");
  return lonely.has(kind) ? `${word} only` : word;
}

/** `6 → 7`, `3`, `1`; of a fork all numbers. */
export function versionText({ version: { from, to }, stages }: SecretChange): string {
  const [left, right] = [from.join("/"), to.join("/")];
  if (left === right && stages.length === 1) {
    const [stage] = stages;
    if (stage?.version !== undefined) return `${stage.version} ${stage.from ?? "new"} → ${stage.to ?? "gone"}`;
  }
  return left === right || right === "" ? dash(left) : left === "" ? right : `${left} → ${right}`;
}

export function dash(text: string): string {
  return text === "" ? "–" : text;
}

/** Days of ISO times: `2026-09-01 → 2026-12-01`, or `–`. */
export function expiryText({ expires: { from, to }, kind }: SecretChange): string {
  const [left, right] = [from, to].map((at) => at?.slice(0, 10) ?? "never");
  if (kind === "deleted" || kind === "unreadable") return "–";
  if (kind === "added" || left === right) return to === undefined ? "–" : (right ?? "");
  return `${left} → ${right}`;
}

const mostChecks = 2;

/** What is to be said of a row, worst first; more than two are counted. */
export function shownRemarks({ remarks }: SecretChange): {
  readonly shown: readonly Remark[];
  readonly more: string[];
} {
  const said = remarks.filter(({ level, code }) => level !== "note" || code === "known-in-grace");
  const more = said.length - mostChecks;
  return { shown: said.slice(0, mostChecks), more: more > 0 ? [`${more} more below`] : [] };
}

/** `v1 current → grace until 2026-01-31`, `v2 → current`; a version without a number by its id. */
export function stageText({ version, vid, from, to, until }: Stage): string {
  const move = from === undefined ? `→ ${to ?? "gone"}` : `${from} → ${to ?? "gone"}`;
  return `${version === undefined ? vid : `v${version}`} ${move}${until === undefined ? "" : ` until ${until.slice(0, 10)}`}`;
}

const mostNames = 6;

/** `−bob +carol`, at most six names. */
export function readersText({ readers: { gained, lost }, kind }: SecretChange): readonly string[] {
  const all = kind === "deleted" ? [] : [...lost.map((id) => `−${id}`), ...gained.map((id) => `+${id}`)];
  return all.length > mostNames ? [...all.slice(0, mostNames), `${all.length - mostNames} more`] : all;
}

/** What was checked and is in order, for a row without a remark. */
export function checkText(change: SecretChange, { journal, isOpened }: ReviewDocument): string {
  const { value, kind, expires, rotateEvery } = change;
  const parts = [
    ...(isOpened && value?.verdict === "new" && kind !== "rekeyed" && kind !== "metadata" ? ["new value, opened"] : []),
    ...(expires.to !== undefined && rotateEvery.from !== undefined ? ["expiry within policy"] : []),
  ];
  if (parts.length > 0) return parts.join(", ");
  if (journal.state === "intact") return "signed, in the journal";
  return journal.state === "unverified" ? "–" : "see below";
}

/** `2 changes · 1 to look at` */
export function titleText({ changes, remarks, incomplete, exit }: ReviewDocument): string {
  const blocking = remarks.filter(({ level }) => level === "error" || level === "block").length;
  const warning = remarks.filter(({ level }) => level === "warn").length;
  return [
    changes.length === 0 ? "no secret changes" : `${changes.length} change${changes.length === 1 ? "" : "s"}`,
    ...(incomplete.length > 0 ? ["not judged"] : []),
    ...(exit === 5 ? ["not intact"] : []),
    ...(blocking > 0 ? [`${blocking} blocking`] : []),
    ...(warning > 0 ? [`${warning} to look at`] : []),
  ].join(" · ");
}

/** `Journal: 14 new events, intact. Policy and members from base 1a2b3c4d5e6f.` */
export function journalText({ journal: { events, readSegments, state }, base }: ReviewDocument): string {
  const reads = readSegments === 0 ? "" : `, ${readSegments} batch${readSegments === 1 ? "" : "es"} of reads`;
  const by = base === "" ? "" : ` Policy and members from base ${base.slice(0, 12)}.`;
  return `Journal: ${events} new event${events === 1 ? "" : "s"}${reads}, ${journalWords[state]}.${by}`;
}

const journalWords = { intact: "intact", broken: "NOT INTACT", unverified: "not verified" } as const;

/** `alice`, `alice [plugin-a]`, `unknown key SHA256:…` */
export function whoTexts({ who }: SecretChange): readonly { readonly sure: string; readonly claimed: string }[] {
  return who.map(({ member, key, claimed }) => ({
    sure: member ?? `unknown key ${key.slice(0, 19)}…`,
    claimed: claimed ?? "",
  }));
}

/** A fact before and after, or only as it was where all of it is gone. */
export function pairText({ from, to }: Pair<string | undefined>, kind: SecretChange["kind"]): string | undefined {
  if (kind === "deleted") return from;
  if (from === to) return to;
  return from === undefined ? to : `${from} → ${to ?? "none"}`;
}
