import { diffStore, type StoreDiff } from "../../app/diff-store.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { optionalArgument } from "../options.js";
import { runDeps } from "../run-deps.js";
import { changeJson, changeLines, memberLine } from "../show-change.js";

export class DiffCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "What two revisions of the store have differently, from signed metadata: versions, states, expiry, readers, metadata and\n" +
      "members. A..B compares two commits, A...B compares B with their common ancestor, A compares a commit with what is staged,\n" +
      "nothing compares HEAD with what is staged. No identity is needed, no value is opened, and exit status 0 does not say that a\n" +
      "change is allowed: secrets verify does. JSON: from, to, secrets (name, kind, words, added, dropped, marks, moves,\n" +
      "current, meta, rekeyed, readers, or problem), members, roots, config, segments.",
    examples: [
      ["What the next commit changes", "secrets diff"],
      ["What the last commit changed", "secrets diff HEAD~1..HEAD"],
      ["For a script", "secrets diff HEAD~1..HEAD --json | jq -r '.secrets[].name'"],
    ],
    exits: [5, 6, 8],
  };

  range = optionalArgument({ name: "range" });

  override run(context: RunContext): Promise<number> {
    const diff = diffStore(runDeps(context), { range: this.range });
    if (context.json) context.out.json(jsonOf(diff));
    else context.out.answer(...linesOf(diff));
    return Promise.resolve(0);
  }
}

function linesOf(diff: StoreDiff): readonly string[] {
  const { secrets, members, roots, isConfigChanged, segments, nameOf } = diff;
  const lines = [
    ...secrets.filter(({ change }) => change?.kind !== "same").flatMap((one) => changeLines(one, nameOf)),
    ...(members.length > 0 || roots[0] !== roots[1]
      ? [`members: trust root ${roots[0]} → ${roots[1]}`, ...members.map((member) => `  ${memberLine(member)}`)]
      : []),
    ...(isConfigChanged ? ["config.yaml: changed"] : []),
    ...(segments.lost.length > 0
      ? [
          "journal: segments were changed or are gone, which must never be; to bring them back: secrets recover",
          ...segments.lost.map((path) => `  ${path}`),
        ]
      : []),
  ];
  return lines.length === 0 ? ["No secret, member or setting differs"] : lines;
}

function jsonOf({ from, to, secrets, members, roots, isConfigChanged, segments, nameOf }: StoreDiff): unknown {
  return {
    from: from ?? null,
    to: to ?? null,
    secrets: secrets.filter(({ change }) => change?.kind !== "same").map((one) => changeJson(one, nameOf)),
    members: members.map(({ id, before, after }) => ({ id, before: before ?? null, after: after ?? null })),
    roots: { before: roots[0], after: roots[1] },
    config: isConfigChanged,
    segments,
  };
}
