import { roles, type Member } from "../core/member.js";
import { keyIdHex, parseSshPublicKey } from "../core/ssh-key.js";
import type { ChainedRoot, TrustChain } from "../core/trust-chain.js";
import type { PolicyChange, Remark } from "./document.js";
import { createRemark } from "./remark.js";

interface Found {
  readonly changes: readonly PolicyChange[];
  readonly remarks: readonly Remark[];
}

/**
 * What the new trust roots do to the members, root after root. Their signatures are the verifier's business; who signed is asked
 * here, because a right that somebody alone gave to themselves is no decision of the team.
 */
export function describeMembers(
  base: TrustChain | undefined,
  head: TrustChain | undefined,
  signers: ReadonlyMap<number, readonly string[]>,
): Found {
  // The first store of a repository: the verifier says that nobody vouches for it, and here stands whom it names.
  if (base === undefined) return { changes: (head?.latest.root.members ?? []).flatMap(firstMember), remarks: [] };
  const changes: PolicyChange[] = [];
  const remarks: Remark[] = [];
  let before = base.latest;
  for (const root of head?.roots ?? []) {
    if (root.root.n <= before.root.n) continue;
    const step = describeRoot(before, root, new Set(signers.get(root.root.n)));
    changes.push(...step.changes);
    remarks.push(...step.remarks);
    before = root;
  }
  return { changes, remarks };
}

function firstMember(member: Member): readonly PolicyChange[] {
  return lineOf(undefined, member).map((what) => ({ area: "members", what }));
}

function describeRoot(before: ChainedRoot, root: ChainedRoot, signers: ReadonlySet<string>): Found {
  const old = new Map(before.root.members.map((member) => [member.id, member]));
  const now = new Map(root.root.members.map((member) => [member.id, member]));
  const path = `.secrets/trust/${String(root.root.n).padStart(4, "0")}.root`;
  const gone = [...old.keys()].filter((id) => !now.has(id)).map((id) => `${id} is no member any more`);
  const lines = [...now.values()].flatMap((member) => lineOf(old.get(member.id), member));
  const { threshold } = root.root;
  const lower = threshold < before.root.threshold;
  const say = `the admins needed go from ${before.root.threshold} to ${threshold}`;
  return {
    changes: [...gone, ...lines, ...(threshold === before.root.threshold ? [] : [say])].map((what) => ({
      area: "members",
      what: `trust root ${root.root.n}: ${what}`,
    })),
    remarks: [
      ...(lower ? [createRemark("policy-loosened", say, { path })] : []),
      ...[...now.values()].flatMap((member) => judgeMember(old.get(member.id), member, signers, path)),
    ],
  };
}

function lineOf(old: Member | undefined, { id, kind, role, scopes, names, key, recipient }: Member): readonly string[] {
  if (old === undefined)
    return [`${id} is a new member (${kind}, ${role}; scopes ${scopes.join(", ")}; names ${names.join(", ")})`];
  const parts = [
    ...(old.role === role ? [] : [`role ${old.role} → ${role}`]),
    ...changed("scopes", old.scopes, scopes),
    ...changed("names", old.names, names),
    ...(old.key === key && old.recipient === recipient ? [] : ["another key"]),
  ];
  return parts.length === 0 ? [] : [`${id}: ${parts.join("; ")}`];
}

function changed(what: string, old: readonly string[], now: readonly string[]): readonly string[] {
  const text = old.join(", ");
  return text === now.join(", ") ? [] : [`${what} ${text} → ${now.join(", ")}`];
}

function judgeMember(
  old: Member | undefined,
  member: Member,
  signers: ReadonlySet<string>,
  path: string,
): readonly Remark[] {
  if (!gainsRights(old, member)) return [];
  const own = keyIdHex(parseSshPublicKey(member.key));
  if (signers.size === 1 && signers.has(own))
    return [
      createRemark("self-granted", `${member.id} alone signed more rights for ${member.id}`, {
        path,
        hint: "another admin signs it, or decides it",
      }),
    ];
  return member.role === "admin" && old?.role !== "admin"
    ? [createRemark("admin-granted", `${member.id} becomes an admin`, { path })]
    : [];
}

function gainsRights(old: Member | undefined, member: Member): boolean {
  if (old === undefined) return true;
  return (
    roles.indexOf(member.role) > roles.indexOf(old.role) ||
    member.scopes.some((scope) => !old.scopes.includes(scope)) ||
    member.names.some((pattern) => !old.names.includes(pattern))
  );
}
