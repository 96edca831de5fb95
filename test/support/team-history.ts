import { digestOfCut } from "../../src/core/verify-trust.js";
import { parseSegment } from "../../src/core/segment.js";
import {
  addReads,
  addRoot,
  changeMeta,
  createSecret,
  deleteSecret,
  getSecret,
  makeStore,
  markVersion,
  rekeySecret,
  rotateSecret,
  startOfTime,
  type TestStore,
} from "./core-fixture.js";
import { makePerson, sealForShow, type Person } from "./core-people.js";
import type { GitRepo } from "./git-fixture.js";

/** Numbers that look random and are the same at every run (mulberry32). */
export interface Dice {
  /** From 0 to below `count`. */
  readonly below: (count: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
}

export function makeDice(seed: number): Dice {
  let state = seed >>> 0;
  const below = (count: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
  const pick = <T>(list: readonly T[]): T => {
    const found = list[below(list.length)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  };
  return { below, pick };
}

/** One commit of the history that is being made. Parents are places in the list of commits. */
export interface MadeCommit {
  readonly parents: readonly number[];
  readonly store: TestStore;
  readonly message: string;
}

export const admin = makePerson("alice");
export const maintainer = makePerson("bob", { role: "maintain" });
export const writer = makePerson("wendy", { role: "write" });
/** May write what begins with `team/`, and nothing else. */
export const teamWriter = makePerson("dora", { role: "write", names: ["team/**"] });
export const reader = makePerson("rita", { role: "read" });
const everybody = [admin, maintainer, writer, teamWriter, reader];

export function copyStore(store: TestStore): TestStore {
  return {
    ...store,
    files: new Map(store.files),
    roots: [...store.roots],
    secrets: new Map(store.secrets),
    ends: new Map(store.ends),
  };
}

export interface Team {
  readonly commits: readonly MadeCommit[];
  /** Place of the last commit of main. */
  readonly main: number;
  /** The clock at the end. */
  readonly tick: number;
}

interface World {
  readonly dice: Dice;
  readonly commits: MadeCommit[];
  /** The clock of all clones, so that no two moments are alike. */
  tick: number;
  main: number;
  names: number;
}

/**
 * A history of so many commits by five clones of members with different roles: each works on a branch while another one does, and
 * branches come to main by merge, by a pull the other way round, by squash and by rebase.
 */
export function makeTeamHistory(count: number, seed: number): Team {
  const store = makeStore(everybody, { seal: sealForShow });
  const minutesToNow = Math.floor((Date.now() - startOfTime) / 60_000);
  store.tick = minutesToNow - 20 * count;
  createSecret(store, admin, "team/first");
  createSecret(store, maintainer, "shared/first");
  const world: World = {
    dice: makeDice(seed),
    commits: [{ parents: [], store, message: "found the store" }],
    tick: store.tick,
    main: 0,
    names: 0,
  };
  while (world.commits.length < count) playRound(world);
  return { commits: world.commits, main: world.main, tick: world.tick };
}

function storeAt({ commits }: World, at: number): TestStore {
  const commit = commits[at];
  if (!commit) throw new Error("no such commit");
  return commit.store;
}

function add(world: World, parents: readonly number[], store: TestStore, message: string): number {
  return world.commits.push({ parents, store, message }) - 1;
}

function playRound(world: World): void {
  const { dice } = world;
  if (dice.below(40) === 0) return changeMembers(world);
  const from = world.main;
  const first = dice.pick(everybody);
  const second = dice.pick(everybody.filter((person) => person !== first));
  const taken = new Set<string>();
  const branches = [first, second].map((person) => makeBranch(world, person, from, taken));
  for (const branch of branches) if (branch.length > 0) land(world, from, branch);
}

/** Places of the commits that a person makes on a branch from there. */
function makeBranch(world: World, person: Person, from: number, taken: Set<string>): readonly number[] {
  const places: number[] = [];
  const commits = 1 + world.dice.below(3);
  for (let at = 0, before = from; at < commits; at++) {
    const store = copyStore(storeAt(world, before));
    store.tick = world.tick;
    const done = act(world, store, person, taken);
    world.tick = store.tick;
    if (done === undefined) continue;
    before = add(world, [before], store, `${person.member.id}: ${done}`);
    places.push(before);
  }
  return places;
}

/** A commit that one of the members might honestly make next. */
export function actHonestly(team: Team, at: number, dice: Dice): MadeCommit {
  const before = team.commits[at]?.store;
  if (!before) throw new Error("no such commit");
  const store = copyStore(before);
  store.tick = team.tick;
  const world: World = { dice, commits: [], tick: team.tick, main: at, names: 10_000 + dice.below(100_000) };
  const members = new Set(store.roots.at(-1)?.root.members.map(({ id }) => id));
  const done = act(world, store, dice.pick(everybody.filter(({ member }) => members.has(member.id))), new Set());
  return { parents: [at], store, message: done ?? "nothing" };
}

/** Does one honest thing to the store, or nothing where the person can do none; says what it was. */
function act(world: World, store: TestStore, person: Person, taken: Set<string>): string | undefined {
  const { dice } = world;
  const all = [...store.secrets.keys()];
  if (person === reader || dice.below(8) === 0) {
    const name = dice.pick(all);
    addReads(store, person, name);
    return `read ${name}`;
  }
  const own = person === teamWriter ? all.filter((name) => name.startsWith("team/")) : all;
  const free = own.filter((name) => !taken.has(name));
  if (free.length === 0 || dice.below(5) === 0) {
    const name = `${person === teamWriter || dice.below(2) === 0 ? "team" : "shared"}/secret-${++world.names}`;
    taken.add(name);
    createSecret(store, person, name);
    return `create ${name}`;
  }
  const name = dice.pick(free);
  taken.add(name);
  return change(dice, store, person, name);
}

function change(dice: Dice, store: TestStore, person: Person, name: string): string {
  const isMaintainer = person === admin || person === maintainer;
  const last = getSecret(store, name).file.groups.at(-1);
  const isRevoked = last?.marks.some(({ mark }) => mark === "revoke") === true;
  const kind = dice.pick(["rotate", "rotate", "rotate", "meta", "meta", "revoke", "delete", "rekey"]);
  if (kind === "meta") changeMeta(store, person, name, { note: `note ${dice.below(1000)}` });
  else if (kind === "revoke" && !isRevoked) markVersion(store, person, name, "revoke");
  else if (kind === "delete" && store.secrets.size > 12) deleteSecret(store, person, name);
  else if (kind === "rekey" && isMaintainer) rekeySecret(store, person, name);
  else {
    rotateSecret(store, person, name);
    return `rotate ${name}`;
  }
  return `${kind} ${name}`;
}

// Alone, because whoever rotates meanwhile would seal to the old list, which is honest and not clean.
function changeMembers(world: World): void {
  const before = storeAt(world, world.main);
  const store = copyStore(before);
  store.tick = world.tick;
  const members = store.roots.at(-1)?.root.members ?? [];
  const isThere = members.some(({ id }) => id.startsWith("temp"));
  const temp = makePerson(`temp-${store.roots.length}`, { role: "write" });
  if (isThere) {
    const gone = members.find(({ id }) => id.startsWith("temp"));
    const cuts = gone ? [cutOf(store, gone.id, gone.key)] : [];
    addRoot(store, everybody, [admin], { cuts });
  } else addRoot(store, [...everybody, temp], [admin]);
  world.main = add(world, [world.main], store, "change the members");
  const rekeyed = copyStore(store);
  for (const name of rekeyed.secrets.keys()) rekeySecret(rekeyed, maintainer, name);
  world.tick = rekeyed.tick;
  world.main = add(world, [world.main], rekeyed, "rekey for them");
  if (isThere) return;
  const work = copyStore(rekeyed);
  rotateSecret(work, temp, world.dice.pick([...work.secrets.keys()]));
  world.tick = work.tick;
  world.main = add(world, [world.main], work, "the new member works");
}

function cutOf(store: TestStore, member: string, key: string): { member: string; count: number; digest: string } {
  const root = store.roots.at(-1);
  const ids = [...store.files].flatMap(([path, bytes]) => {
    if (!path.startsWith(".secrets/journal/change/")) return [];
    const { id, header } = parseSegment(bytes);
    return header.key === makePerson(member).fingerprint ? [id] : [];
  });
  if (!root || key === "") throw new Error("nobody to cut");
  return { member, count: ids.length, digest: digestOfCut(ids) };
}

function land(world: World, from: number, branch: readonly number[]): void {
  const { dice, main } = world;
  const tip = branch.at(-1) ?? from;
  const merged = (): TestStore => mergeStores(storeAt(world, from), storeAt(world, main), storeAt(world, tip), world);
  const how = dice.pick(["merge", "pull", "squash", "rebase"]);
  if (how === "merge") world.main = add(world, [main, tip], merged(), "merge");
  else if (how === "pull") world.main = add(world, [tip, main], merged(), "pull");
  else if (how === "squash") world.main = add(world, [main], merged(), "squash");
  else rebase(world, from, branch);
}

function rebase(world: World, from: number, branch: readonly number[]): void {
  let before = from;
  for (const at of branch) {
    const store = mergeStores(storeAt(world, before), storeAt(world, world.main), storeAt(world, at), world);
    world.main = add(world, [world.main], store, `rebased: ${world.commits[at]?.message ?? ""}`);
    before = at;
  }
}

/** What git makes of two sides that touched no block alike: files, and in a secret's file the metadata and the versions. */
function mergeStores(
  base: TestStore,
  ours: TestStore,
  theirs: TestStore,
  { tick }: { readonly tick: number },
): TestStore {
  const merged = copyStore(ours);
  merged.tick = tick;
  for (const [path, bytes] of theirs.files) if (base.files.get(path) !== bytes) merged.files.set(path, bytes);
  for (const path of base.files.keys()) if (!theirs.files.has(path)) merged.files.delete(path);
  for (const [name, secret] of theirs.secrets) if (base.secrets.get(name) !== secret) merged.secrets.set(name, secret);
  for (const name of base.secrets.keys()) if (!theirs.secrets.has(name)) merged.secrets.delete(name);
  for (const [clone, end] of theirs.ends) if (base.ends.get(clone) !== end) merged.ends.set(clone, end);
  return merged;
}

/** Writes commits with git fast-import, one process for all; answers their ids. Those whose id is given are there already. */
export function importCommits(
  git: GitRepo,
  commits: readonly MadeCommit[],
  known: readonly string[] = [],
): readonly string[] {
  const parts: (string | Uint8Array)[] = [];
  for (let at = known.length; at < commits.length; at++) {
    const commit = commits[at];
    if (!commit) continue;
    const [first, ...others] = commit.parents;
    const nameOf = (place: number): string => known[place] ?? `:${place + 1}`;
    parts.push(
      `commit refs/heads/import\nmark :${at + 1}\ncommitter C <c@example.com> ${1_800_000_000 + at} +0000\n`,
      `data ${Buffer.byteLength(commit.message)}\n${commit.message}\n`,
      ...(first === undefined ? [] : [`from ${nameOf(first)}\n`]),
      ...others.map((place) => `merge ${nameOf(place)}\n`),
    );
    const before =
      first === undefined
        ? new Map<string, Uint8Array>()
        : (commits[first]?.store.files ?? new Map<string, Uint8Array>());
    for (const path of before.keys()) if (!commit.store.files.has(path)) parts.push(`D ${path}\n`);
    for (const [path, bytes] of commit.store.files)
      if (before.get(path) !== bytes) parts.push(`M 100644 inline ${path}\ndata ${bytes.byteLength}\n`, bytes, "\n");
  }
  parts.push("done\n");
  const marks = `${git.dir}/.git/marks`;
  git.run(["update-ref", "-d", "refs/heads/import"]);
  git.run(["fast-import", "--quiet", "--done", "--force", `--export-marks=${marks}`], {
    input: Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "utf8") : part))),
  });
  const made = new Map(
    git
      .read(".git/marks")
      .split("\n")
      .flatMap((line) =>
        line === "" ? [] : [[Number(line.slice(1, line.indexOf(" "))), line.slice(line.indexOf(" ") + 1)] as const],
      ),
  );
  return commits.map((_, at) => known[at] ?? made.get(at + 1) ?? "");
}
