import { checkHealth, type ProviderHealth } from "../../app/chain/health.js";
import { showInstant } from "../../core/instant.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { runDeps } from "../run-deps.js";
import { jsonTime } from "../show-time.js";

export class HealthCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Asks all providers at once whether they answer, and shows them in the order in which they are asked for a secret. Exit status\n" +
      "6 when one of them is down. What else deserves a look is said on stderr: what expired or will, reads not sealed, hooks that\n" +
      "are missing. JSON: providers (provider, status, priority, checked, latencyMs, message), chain, notes.",
    examples: [
      ["Is everything there?", "secrets health"],
      ["For a monitor", "secrets health --json"],
      ["Only by the exit status", "secrets health --quiet >/dev/null"],
    ],
    exits: [6],
  };

  override async run(context: RunContext): Promise<number> {
    const { providers, notes } = await checkHealth(runDeps(context));
    const chain = providers.map(({ provider }) => provider);
    const down = providers.filter(({ isUp }) => !isUp);
    if (context.json) context.out.json({ providers: providers.map(jsonOf), chain, notes });
    else {
      context.out.answer("Secret Provider Health:", "");
      context.out.table(
        ["Provider", "Status", "Priority", "Last Check", "Latency"],
        providers.map(({ provider, isUp, priority, checked, latencyMs }) => [
          provider,
          isUp ? "✓ OK" : "✗ down",
          String(priority),
          showInstant(checked),
          `${latencyMs} ms`,
        ]),
      );
      const verdict =
        down.length === 0
          ? "All providers operational"
          : `Not operational: ${down.map(({ provider }) => provider).join(", ")}`;
      context.out.answer("", verdict, `Fallback chain: ${chain.join(" → ")}`);
      for (const { provider, message, hint } of down) {
        context.out.note(`${provider}: ${message}`);
        if (hint !== undefined) context.out.note(`hint: ${hint}`);
      }
      for (const note of notes) context.out.note(note);
    }
    return down.length === 0 ? 0 : 6;
  }
}

function jsonOf({ provider, isUp, priority, checked, latencyMs, message }: ProviderHealth): unknown {
  return { provider, status: isUp ? "ok" : "down", priority, checked: jsonTime(checked), latencyMs, message };
}
