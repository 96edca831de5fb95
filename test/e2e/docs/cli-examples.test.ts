import { describe, expect, test } from "vitest";
import { fences } from "../../unit/docs/pages.js";
import { copyScene, makeScene, runScript, type Scene } from "./scene.js";

// A store in which everything is that the examples name; bob's card is at hand, as a newcomer would have sent it.
const founding = `
git init --quiet --initial-branch main .
secrets init --member alice
for name in api-key-stripe api-key database-password db-password old-api-key obsolete-token ci/deploy; do
  secrets set "$name" --generate --tags production
done
for version in 1 2 3; do secrets set api-token --generate --expires 20d; done
for name in api-key-stripe api-key; do secrets rotate "$name" --generate; done
printf %s "from a file" >new.key
mkdir src
printf 'text\\n%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 | tee src/pay.ts >.env
SECRETS_IDENTITY_FILE="$HOME/bob.id" secrets init >/dev/null 2>&1
SECRETS_IDENTITY_FILE="$HOME/bob.id" secrets member show --json >bob.json
node -p 'JSON.parse(require("fs").readFileSync("bob.json")).card' >bob.pub
mkdir -p "$HOME/zsh" "$HOME/.config/fish/completions"
git add --all
git commit --quiet --message "Found the store"
git switch --quiet --create topic
secrets rotate api-token --generate
git commit --quiet --message "Rotate on a branch"
git switch --quiet main
secrets rotate api-token --generate
git commit --quiet --message "Rotate on main"
git merge --quiet topic || secrets resolve api-token --take ours
git commit --quiet --message "Merge both"
secrets get api-token
`;

const blocks = fences("docs/cli.md", "sh").map((lines) => lines.filter((line) => !line.startsWith("#") && line !== ""));

/** These ask a question, which nobody can answer without a terminal. */
const asking = new Set(["secrets set api-key-github", "secrets rotate api-token", "secrets delete old-api-key"]);

/** Here is no finding: nothing to adopt, and what is ignored is not used. Nor is there a remote to compare with. */
function expectedStatus(line: string): number {
  if (line.startsWith("secrets adopt ")) return 3;
  if (line === "secrets scan --audit-ignores") return 1;
  if (line === "secrets review") return 8;
  return asking.has(line) ? 2 : 0;
}

function asks(output: string): boolean {
  return /there is no terminal|nobody can be asked/i.test(output);
}

function makeStore(): Scene {
  const scene = makeScene("examples");
  const { status, output } = runScript("bash", founding, scene);
  if (status !== 0) throw new Error(`the store of the examples could not be made:\n${output}`);
  return scene;
}

const store = makeStore();

// In bash an array begins with 0, in zsh with 1.
function literal(line: string): string {
  return `fpath=(- "$HOME/zsh"); ${line}`;
}

describe("the examples in the help of the commands", () => {
  test("are many", () => {
    expect(blocks.flat().length).toBeGreaterThan(40);
  });

  test.each(blocks.map((lines, at) => ({ first: lines[0] ?? "", lines, at })))(
    "$first and what follows it work as they stand",
    ({ lines, at }) => {
      const scene = copyScene(store, `example-${at}`);
      if (lines.some((line) => line.includes("show bob")))
        runScript("bash", 'secrets member add bob "$(cat bob.pub)"', scene);
      for (const line of lines) {
        const { status, output } = runScript("bash", literal(line), scene);
        expect({ line, status, output }).toEqual({ line, status: expectedStatus(line), output });
        expect(asks(output)).toBe(asking.has(line));
      }
    },
  );
});
