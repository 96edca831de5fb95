import { matchesPattern } from "./name.js";

export const scopes = ["global", "plugin", "agent", "user"] as const;
export type Scope = (typeof scopes)[number];

/** Each role holds the rights of the ones before it. */
export const roles = ["read", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

export const memberKinds = ["human", "ci", "agent"] as const;
export type MemberKind = (typeof memberKinds)[number];

/** A named person, CI job or agent of a trust root. */
export interface Member {
  readonly id: string;
  readonly kind: MemberKind;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  /** Name patterns; see matchesPattern. */
  readonly names: readonly string[];
  /** `age1…` or `ssh-ed25519 AAAA…`. */
  readonly recipient: string;
  /** The base64 SSH wire blob of the Ed25519 signing key. */
  readonly key: string;
  readonly label: string;
}

export function isScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text);
}

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

export function isMemberKind(text: string): text is MemberKind {
  return (memberKinds as readonly string[]).includes(text);
}

const idShape = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export function isMemberId(text: string): boolean {
  return text.length <= 64 && idShape.test(text);
}

export function hasRole(member: Member, least: Role): boolean {
  return roles.indexOf(member.role) >= roles.indexOf(least);
}

/** Whether the member's scopes and name patterns cover the secret. */
export function covers(member: Member, scope: Scope, name: string): boolean {
  return member.scopes.includes(scope) && member.names.some((pattern) => matchesPattern(name, pattern));
}
