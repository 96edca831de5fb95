import { covers, type Member, type Scope } from "./member.js";
import type { TrustRoot } from "./trust-root.js";

/** Who may open a secret of this scope and name under a root: every member whose scopes and name patterns cover it, sorted by id. */
export function readersOf(root: TrustRoot, scope: Scope, name: string): readonly Member[] {
  return root.members.filter((member) => covers(member, scope, name)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
