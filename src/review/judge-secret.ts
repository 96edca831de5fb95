import { formatDuration, parseDuration, showDuration } from "../core/duration.js";
import { parseInstant, type Instant } from "../core/instant.js";
import type { Remark, RemarkCode, SecretChange } from "./document.js";
import { createRemark } from "./remark.js";
import { endOf, type SecretState } from "./secret-state.js";

export interface JudgeInput {
  readonly change: Omit<SecretChange, "remarks">;
  readonly base: SecretState | undefined;
  readonly head: SecretState | undefined;
  readonly now: Instant;
}

type Say = (code: RemarkCode, message: string, hint?: string) => Remark;

const day = 24 * 60 * 60 * 1000;
/** The longest time that a replaced version stays valid without a word from the reviewer: the default of `rotate`. */
const longestGraceMs = 30 * day;

/** What a reviewer should know of one secret beyond what the verifier checks. The limits are those that base sets. */
export function judgeSecret(input: JudgeInput): readonly Remark[] {
  const { name, path } = input.change;
  const say: Say = (code, message, hint) =>
    createRemark(code, message, { name, path, ...(hint === undefined ? {} : { hint }) });
  return [
    ...judgeExpiry(input, say),
    ...judgeKnowers(input, say),
    ...judgeGrace(input, say),
    ...judgeReason(input, say),
    ...judgePolicy(input, say),
    ...judgeValue(input, say),
  ];
}

function judgeExpiry({ change, base, head, now }: JudgeInput, say: Say): readonly Remark[] {
  const [before, after] = [endOf(base), endOf(head)];
  if (head === undefined || head.latest.length === 0) return [];
  const soon = after === undefined ? [] : judgeSoon(head, after, now, say);
  if (before === after || base === undefined) return soon;
  if (after === undefined)
    return [say("expiry-removed", "it had an end and has none any more", `secrets meta ${change.name} --expires WHEN`)];
  const most = longestLife(base);
  const life = lifeOf(head, after);
  if (most !== undefined && life > most)
    return [
      say("expiry-beyond-policy", `it lives ${formatDuration(life)}, and base allows ${formatDuration(most)}`),
      ...soon,
    ];
  const isSameValue = head.latest.every(({ vid }) => base.latest.some((old) => old.vid === vid));
  return isSameValue && before !== undefined && after > before
    ? [say("expiry-extended", "the same value lives longer than it was to"), ...soon]
    : soon;
}

// What base's metadata asks for; a value that was let live longer before may do so again.
function longestLife(base: SecretState): number | undefined {
  const every = base.meta?.["rotate-every"];
  if (every === undefined) return undefined;
  const end = endOf(base);
  return Math.max(parseDuration(every), end === undefined ? 0 : lifeOf(base, end));
}

function lifeOf(state: SecretState, end: Instant): number {
  return end - Math.min(...state.latest.map(({ group }) => parseInstant(group.version.at, "secret/malformed")));
}

// "Soon" is the last third of a lifetime, never more than its last 30 days, and always the last one.
function judgeSoon(head: SecretState, end: Instant, now: Instant, say: Say): readonly Remark[] {
  if (end <= now) return [say("near-expiry", "it is past its end already")];
  const soon = Math.max(day, Math.min(30 * day, lifeOf(head, end) / 3));
  return end - now <= soon ? [say("near-expiry", `it ends in ${showDuration(end - now)}`)] : [];
}

function judgeKnowers({ change, head }: JudgeInput, say: Say): readonly Remark[] {
  const latest = new Set(change.version.to);
  return change.readers.stillKnow.map(({ member, versions }) => {
    const live = versions.filter((number) => latest.has(number));
    if (live.length > 0)
      return say(
        "still-known",
        `${member} still knows live ${showVersions(live)}: rotate`,
        `secrets rotate ${change.name}`,
      );
    const ends = head?.versions.flatMap(({ number, graceUntil }) =>
      graceUntil !== undefined && number !== undefined && versions.includes(number) ? [graceUntil] : [],
    );
    const until = ends === undefined || ends.length === 0 ? "" : ` until ${showDay(Math.max(...ends))}`;
    return say("known-in-grace", `${member} knows ${showVersions(versions)}, valid${until}`);
  });
}

function showVersions(numbers: readonly number[]): string {
  return numbers.map((number) => `v${number}`).join(", ");
}

function showDay(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}

function judgeGrace({ base, head }: JudgeInput, say: Say): readonly Remark[] {
  const old = new Set(base?.versions.map(({ id }) => id));
  return (head?.versions ?? []).flatMap(({ id, group: { version } }) => {
    if (old.has(id) || version.grace === undefined) return [];
    const grace = parseInstant(version.grace, "secret/malformed") - parseInstant(version.at, "secret/malformed");
    return grace > longestGraceMs
      ? [say("grace-long", `the version before stays valid for ${Math.round(grace / day)} days, more than 30`)]
      : [];
  });
}

const needReason = new Set<SecretChange["kind"]>(["rotated", "restored", "deleted", "replaced", "state"]);

function judgeReason({ change: { kind, why } }: JudgeInput, say: Say): readonly Remark[] {
  return needReason.has(kind) && why === undefined
    ? [say("no-reason", "nobody said why", "next time: --reason TEXT")]
    : [];
}

// Alone, a weaker rule is a decision to look at. Beside a value that the old rule would have judged, it is a way round it.
function judgePolicy({ change, base, head }: JudgeInput, say: Say): readonly Remark[] {
  const { from, to } = change.rotateEvery;
  if (base === undefined || head === undefined || from === undefined || from === to) return [];
  const isWeaker = to === undefined || parseDuration(to) > parseDuration(from);
  if (!isWeaker) return [];
  const what = `rotate-every ${to === undefined ? `${from} is taken away` : `goes from ${from} to ${to}`}`;
  return change.kind === "metadata" && change.also.length === 0
    ? [say("policy-loosened", what)]
    : [say("policy-weakened", `${what} in the same change`, "make it a change of its own")];
}

function judgeValue({ change }: JudgeInput, say: Say): readonly Remark[] {
  const { value, kind } = change;
  if (value === undefined) return [];
  const swapped = value.swapped.map((vid) => say("value-swapped", `version ${vid} was sealed anew with another value`));
  // A restored value is an old one by intent.
  return value.verdict === "repeated" && kind !== "restored" && kind !== "rekeyed" && kind !== "metadata"
    ? [...swapped, say("value-repeated", `its value is also that of ${value.sameAs.join(", ")}`)]
    : swapped;
}
