// One of several processes that change the same store. Bundled by its test. It says on stdout what it is about to do and what
// was acknowledged, and may kill itself with SIGKILL in front of one of its writes.
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { changeMeta } from "../../src/app/change-meta.js";
import { deleteSecret } from "../../src/app/delete-secret.js";
import type { Deps } from "../../src/app/deps.js";
import { getSecret } from "../../src/app/get-secret.js";
import { rotateSecret } from "../../src/app/rotate-secret.js";
import { setSecret } from "../../src/app/set-secret.js";
import { createContext } from "../../src/cli/context.js";
import { createDeps } from "../../src/cli/deps.js";
import { SecretsError } from "../../src/core/errors.js";
import { nodeDisk, type Disk } from "../../src/store/disk.js";
import { sleepBlocking } from "../../src/store/lock.js";
import { changing, faultDisk } from "./fault-disk.js";

const [who = "", times = "0", dieAt = "0", seed = "1", start = "0"] = process.argv.slice(2);

function dyingDisk(number: number): Disk {
  let changes = 0;
  return faultDisk(nodeDisk, ({ method }) => {
    if (changing.has(method)) changes += 1;
    if (changes === number && changing.has(method)) {
      process.kill(process.pid, "SIGKILL");
      sleepBlocking(60_000);
    }
    return "pass";
  });
}

let state = Number(seed);
function pick(count: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return (state >> 8) % count;
}

const say = (fact: object): void => void writeSync(1, `${JSON.stringify(fact)}\n`);

/** What this process knows of its own secrets: undefined = none. */
const values = new Map<string, string>();

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");

interface Step {
  readonly name: string;
  /** The value that the secret has when the step is acknowledged. */
  readonly value: string | undefined;
  readonly run: (deps: Deps) => Promise<{ readonly paths?: readonly string[] }>;
}

function nextStep(index: number): Step {
  const fresh = `${who}-${index}`;
  const kind = pick(10);
  if (kind === 0)
    return {
      name: "shared/all",
      value: fresh,
      run: async (deps) => await setSecret(deps, { name: "shared/all", value: bytes(fresh) }),
    };
  const name = `${who}/s${pick(3)}`;
  const value = values.get(name);
  if (value === undefined || kind < 4)
    return { name, value: fresh, run: async (deps) => await setSecret(deps, { name, value: bytes(fresh) }) };
  if (kind < 6)
    return {
      name,
      value: fresh,
      run: async (deps) => await rotateSecret(deps, { name, value: bytes(fresh), expireOld: kind === 4 }),
    };
  if (kind === 6) return { name, value, run: async (deps) => await changeMeta(deps, { name, note: fresh }) };
  if (kind === 7) return { name, value: undefined, run: async (deps) => await deleteSecret(deps, { name }) };
  return {
    name,
    value,
    run: async (deps) => {
      const found = Buffer.from((await getSecret(deps, { name })).value).toString("utf8");
      if (found !== value) throw new Error(`${name} is ${found} and should be ${value}`);
      return {};
    },
  };
}

/** Waits for its turn as often as it must: to be told that others are busy is no loss. */
async function persist(step: Step, deps: Deps): Promise<{ readonly paths?: readonly string[] }> {
  for (;;) {
    try {
      return await step.run(deps);
    } catch (error) {
      if (!(error instanceof SecretsError && error.code === "lock/busy")) throw error;
    }
  }
}

async function main(): Promise<void> {
  const disk = dyingDisk(Number(dieAt));
  const deps: Deps = {
    ...createDeps({
      ...createContext(),
      now: () => Number(start) + Math.floor(performance.now()),
      randomBytes: (count) => randomBytes(count),
    }),
    disk,
  };
  for (let index = 0; index < Number(times); index += 1) {
    const step = nextStep(index);
    say({ begun: step.name, value: step.value ?? null });
    const { paths = [] } = await persist(step, deps);
    values.set(step.name, step.value ?? "");
    if (step.value === undefined) values.delete(step.name);
    say({ done: step.name, value: step.value ?? null, paths });
  }
}

await main();
