import type { AnchorPlan, ContextPlan, RulePlan, TokenPlan } from "./rule-plan.js";

interface Compiled {
  /** Place of the rule in the scanner's list: where a scan keeps what it remembers of it. */
  readonly index: number;
  readonly regex: RegExp;
  /** The same with places of groups, which costs more: only for what matched. */
  readonly placed: RegExp;
}

export interface CompiledToken extends Compiled, Omit<TokenPlan, "starts"> {
  readonly starts: readonly Uint8Array[];
}

export interface CompiledAnchor extends Compiled, Omit<AnchorPlan, "held"> {
  readonly held: Uint8Array | undefined;
}

export interface CompiledContext extends Compiled, ContextPlan {}

/** A rule that a user does not want finds nothing. */
interface Disabled {
  readonly kind: "disabled";
}

export const disabledRule: Disabled = { kind: "disabled" };

export type CompiledRule = CompiledToken | CompiledAnchor | CompiledContext | Disabled;

/** Throws a SyntaxError for a pattern that is no regular expression. */
export function compilePlan(plan: RulePlan, index: number): CompiledRule {
  const { source, flags } = plan;
  const compiled: Compiled = { index, regex: new RegExp(source, flags), placed: new RegExp(source, `${flags}d`) };
  switch (plan.kind) {
    case "token": {
      const starts = plan.starts.map((start) => Uint8Array.from(Buffer.from(start, "latin1")));
      return { ...plan, ...compiled, starts };
    }
    case "anchor":
      return { ...plan, ...compiled, held: plan.held === undefined ? undefined : Uint8Array.from(plan.held, Number) };
    case "context":
      return { ...plan, ...compiled };
  }
}
