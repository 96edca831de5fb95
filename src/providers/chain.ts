import type { SecretName } from "../core/name.js";
import type { Answer, FoundSecret, Provider } from "./provider.js";

/** What one provider said, for who wants to know where a value comes from. Never a value. */
export interface ChainStep {
  readonly provider: string;
  readonly answer: "found" | "absent" | "unavailable" | "denied" | "not-asked";
  readonly message: string;
}

type Asked = Pick<Provider, "id" | "get" | "getVersion">;

export interface ChainAnswer {
  /** Of the provider that decided; the last one's when all were absent. */
  readonly answer: Answer<FoundSecret>;
  /** Who decided. */
  readonly provider: string;
  readonly steps: readonly ChainStep[];
}

/**
 * Asks providers in order until one decides. Absent falls through, unless the provider knows the name; denied stops; unavailable
 * stops too, unless `onUnavailable` is `next`, and then `onSkipped` is told.
 */
export async function askChain(
  providers: readonly Asked[],
  name: SecretName,
  options: {
    readonly version: string | undefined;
    readonly onUnavailable: "fail" | "next";
    readonly onSkipped: (provider: Asked, message: string) => void;
    /** Told each step as it is made, so that it is known also when a later one throws. */
    readonly onStep?: ((step: ChainStep) => void) | undefined;
  },
): Promise<ChainAnswer | undefined> {
  const steps: ChainStep[] = [];
  const add = (step: ChainStep): void => {
    steps.push(step);
    options.onStep?.(step);
  };
  let last: ChainAnswer | undefined;
  for (const [at, provider] of providers.entries()) {
    const { version } = options;
    const answer = await (version === undefined ? provider.get(name) : provider.getVersion(name, version));
    add({ provider: provider.id, answer: answer.kind, message: messageOf(answer) });
    const canSkip = answer.kind === "unavailable" && options.onUnavailable === "next";
    if ((answer.kind === "absent" && !answer.isKnown) || canSkip) {
      if (answer.kind === "unavailable") options.onSkipped(provider, answer.error.message);
      // That all others had nothing says nothing while one could not answer.
      if (last?.answer.kind !== "unavailable") last = { answer, provider: provider.id, steps };
      continue;
    }
    for (const { id } of providers.slice(at + 1)) add({ provider: id, answer: "not-asked", message: "" });
    return { answer, provider: provider.id, steps };
  }
  return last;
}

function messageOf(answer: Answer<FoundSecret>): string {
  if (answer.kind !== "found") return answer.error.message;
  const { version, revision } = answer.value;
  return `version ${version ?? revision}`;
}
