// The commands whose every call fails in turn, each with what can be seen of it afterwards.
import { addMember, listMembers } from "../../src/app/members.js";
import { readAudit } from "../../src/app/audit/audit-log.js";
import { changeMeta } from "../../src/app/change-meta.js";
import { deleteSecret } from "../../src/app/delete-secret.js";
import type { Deps } from "../../src/app/deps.js";
import { getSecret } from "../../src/app/get-secret.js";
import { initStore } from "../../src/app/init-store.js";
import { listSecrets } from "../../src/app/list-secrets.js";
import { rotateSecret } from "../../src/app/rotate-secret.js";
import { sealAudit } from "../../src/app/audit/seal-audit.js";
import { setSecret } from "../../src/app/set-secret.js";
import { generateIdentity } from "../../src/crypto/identity.js";
import { keysOf, publicCard } from "../../src/app/identity-source.js";
import { randomBytes } from "node:crypto";
import { bytes, depsOf, emptyWorld, madeWorld, outcomeOf, type World } from "./fault-commands.js";

export interface Operation {
  readonly name: string;
  readonly start: () => Promise<World> | World;
  readonly run: (deps: Deps) => Promise<unknown>;
  /** The same as a command line, with what it reads. */
  readonly argv: readonly string[];
  readonly stdin?: string;
  /** Whether the change is there, seen by a healthy process. */
  readonly isMade: (world: World) => Promise<boolean> | boolean;
  /** Another changing command, as a person would type it next. */
  readonly next: (world: World, deps: Deps) => Promise<unknown>;
}

async function valueOf(world: World, name: string): Promise<string | undefined> {
  const outcome = await outcomeOf(async () => await getSecret(depsOf(world), { name }));
  return outcome.kind === "done" ? Buffer.from(outcome.value.value).toString("utf8") : undefined;
}

let notes = 0;
export const touchOther = async (_: World, deps: Deps): Promise<unknown> => {
  notes += 1;
  return await changeMeta(deps, { name: "app/other", note: `note ${notes}` });
};

async function withRead(): Promise<World> {
  const world = await madeWorld();
  await getSecret(depsOf(world), { name: "app/token" });
  return world;
}

// How often the journal shows the read of `withRead`, sealed or not, and whether it is sealed.
function readsOf(world: World): { readonly times: number; readonly sealed: boolean } {
  const { entries } = readAudit(depsOf(world), { name: "app/token" });
  const reads = entries.filter(({ action }) => action === "get");
  return { times: reads.length, sealed: reads.some(({ isSealed }) => isSealed) };
}

const newcomer = publicCard(keysOf(generateIdentity((count) => randomBytes(count)).identity, "test"));

/** `get` changes nothing that is committed and is judged by its own test. */
export const operations: readonly Operation[] = [
  {
    name: "init",
    start: emptyWorld,
    run: async (deps) => await initStore(deps, { member: "ada" }),
    argv: ["init", "--member", "ada"],
    isMade: async (world) => (await listMembers(depsOf(world))).members.some(({ id }) => id === "ada"),
    next: async (_, deps) => {
      // The first may find the change that was cut off and finish it: then there is a store already, as it says.
      const again = await outcomeOf(async () => await initStore(deps, { member: "eve" }));
      if (again.kind === "failed") await initStore(deps, { member: "eve" });
      return await setSecret(deps, { name: "app/other", value: bytes("other") });
    },
  },
  {
    name: "set of a new secret",
    start: madeWorld,
    run: async (deps) => await setSecret(deps, { name: "app/fresh", value: bytes("new"), tags: "a,b" }),
    argv: ["set", "app/fresh", "-", "--tags", "a,b"],
    stdin: "new",
    isMade: async (world) => (await valueOf(world, "app/fresh")) === "new",
    next: touchOther,
  },
  {
    name: "set of a secret that exists",
    start: madeWorld,
    run: async (deps) => await setSecret(deps, { name: "app/token", value: bytes("new") }),
    argv: ["set", "app/token", "-"],
    stdin: "new",
    isMade: async (world) => (await valueOf(world, "app/token")) === "new",
    next: touchOther,
  },
  {
    name: "rotate",
    start: madeWorld,
    run: async (deps) => await rotateSecret(deps, { name: "app/token", value: bytes("new"), reason: "test" }),
    argv: ["rotate", "app/token", "-", "--reason", "test"],
    stdin: "new",
    isMade: async (world) => (await valueOf(world, "app/token")) === "new",
    next: touchOther,
  },
  {
    name: "delete",
    start: madeWorld,
    run: async (deps) => await deleteSecret(deps, { name: "app/token" }),
    argv: ["delete", "app/token", "--confirm"],
    isMade: async (world) => !(await listSecrets(depsOf(world), {})).entries.some(({ name }) => name === "app/token"),
    next: touchOther,
  },
  {
    name: "meta",
    start: madeWorld,
    run: async (deps) => await changeMeta(deps, { name: "app/token", tags: "fresh" }),
    argv: ["meta", "app/token", "--tags", "fresh"],
    isMade: async (world) => (await getSecret(depsOf(world), { name: "app/token" })).tags.includes("fresh"),
    next: touchOther,
  },
  {
    name: "member add",
    start: madeWorld,
    run: async (deps) => await addMember(deps, { id: "bob", card: newcomer }),
    argv: ["member", "add", "bob", newcomer],
    isMade: async (world) => (await listMembers(depsOf(world))).members.some(({ id }) => id === "bob"),
    next: touchOther,
  },
  {
    name: "audit seal",
    start: withRead,
    run: async (deps) => await sealAudit(deps, {}),
    argv: ["audit", "seal"],
    isMade: (world) => {
      const { times, sealed } = readsOf(world);
      if (times !== 1) throw new Error(`the read is there ${times} times`);
      return sealed;
    },
    next: touchOther,
  },
];
