import type { PolicyChange, Remark } from "./document.js";
import type { ConfigFact } from "./facts.js";
import { createRemark } from "./remark.js";

const path = ".secrets/config.yaml";

// The values that each rule may have, strictest first. Whatever else stands below `secrets` decides where values come from or go.
const strictness: Readonly<Record<string, readonly string[]>> = {
  "secrets.audit.access": ["sealed", "local", "off"],
  "secrets.audit.required": ["true", "false"],
  "secrets.enableAuditLog": ["true", "false"],
  "secrets.expired": ["refuse", "warn"],
  "secrets.onUnavailable": ["fail", "next"],
};
const rules = ["secrets.accessControl", "scan"];

/**
 * What a change of the config means. Its values are not shown: one may be a secret in the wrong place. `besides` says that
 * secrets change too, and a weaker rule beside them is a way round it.
 */
export function describeConfig(
  config: ConfigFact | undefined,
  besides: boolean,
): { readonly changes: readonly PolicyChange[]; readonly remarks: readonly Remark[] } {
  if (config === undefined) return { changes: [], remarks: [] };
  const { base, head } = config;
  if (head === undefined)
    return {
      changes: [{ area: "config", what: "the config cannot be read" }],
      remarks: [createRemark("config-changed", "the config cannot be read: defaults hold", { path })],
    };
  const keys = [...new Set([...base.keys(), ...head.keys()])].toSorted().flatMap((key) => {
    const [from, to] = [base.get(key), head.get(key)];
    return from === to ? [] : [{ key, from, to }];
  });
  return {
    changes: keys.map(({ key, from, to }) => ({ area: "config", what: `${key} ${verbOf(from, to)}` })),
    remarks: keys.map(({ key, from, to }) => judgeKey(key, from, to, besides)),
  };
}

function verbOf(from: string | undefined, to: string | undefined): string {
  if (from === undefined) return "is set";
  return to === undefined ? "is taken away" : "is changed";
}

function judgeKey(key: string, from: string | undefined, to: string | undefined, besides: boolean): Remark {
  const order = strictness[key];
  if (order !== undefined) {
    const rank = (value: string | undefined): number => order.indexOf(value ?? "");
    const isWeaker = to === undefined || rank(to) < 0 || rank(to) > rank(from);
    if (!isWeaker) return createRemark("config-changed", `${key} is stricter`, { path });
    return besides
      ? createRemark("policy-weakened", `${key} is weaker in the same change`, {
          path,
          hint: "make it a change of its own",
        })
      : createRemark("policy-loosened", `${key} is weaker`, { path });
  }
  if (rules.some((rule) => key === rule || key.startsWith(`${rule}.`)))
    return createRemark("config-changed", `${key} ${verbOf(from, to)}`, { path });
  return createRemark("config-destination", `${key} ${verbOf(from, to)}: it decides where values come from or go`, {
    path,
  });
}
