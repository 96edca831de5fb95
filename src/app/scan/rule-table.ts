import { genericWords } from "../../scan/generic/judge.js";
import type { PreparedRules } from "../../scan/prepare.js";
import { countPrepared, decodePrepared } from "../../scan/prepared-bytes.js";
import type { Rule } from "../../scan/rule.js";

/** The rules that are built in, which are slow to load: most scans need none of them beyond how they begin. */
export async function loadRules(): Promise<readonly Rule[]> {
  return (await import("../../scan/rules/all.js")).allRules;
}

/** The same as a scan begins with them: as the build prepared them, else prepared now. */
export async function loadPreparedRules(built: Uint8Array | undefined): Promise<PreparedRules> {
  return (built && decodePrepared(built)) ?? (await prepare(await loadRules(), genericWords));
}

/** None at all, for a user who wants only rules of their own. */
export async function loadNoRules(): Promise<PreparedRules> {
  return await prepare([], []);
}

async function prepare(rules: readonly Rule[], words: readonly string[]): Promise<PreparedRules> {
  const { prepareRules } = await import("../../scan/prepare.js");
  return prepareRules(rules, words);
}

/** How many rules are built in. */
export async function countRules(built: Uint8Array | undefined): Promise<number> {
  return (built && countPrepared(built)) ?? (await loadRules()).length;
}
