import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { openStore, type ChangeVerdict, type Finding, type Store, type VerifyInput } from "../../src/index.js";
import { SecretsError } from "../../src/core/errors.js";
import type { Member } from "../../src/core/member.js";
import type { TestStore } from "./core-fixture.js";
import type { Person } from "./core-people.js";
import { makePerson } from "./core-people.js";
import { gitEnvironment, makeRepo, type GitRepo, type RepoShape } from "./git-fixture.js";

/** The people of most scenes; each repository founded here has alice as its first admin. */
export const alice = makePerson("alice");
export const bob = makePerson("bob", { role: "maintain" });
export const wendy = makePerson("wendy", { role: "write" });
export const mallory = makePerson("mallory");

export interface FoundOptions {
  readonly shape?: RepoShape;
  /** Members besides alice, with the role and scopes that they carry. */
  readonly members?: readonly Person[];
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A repository with a store, founded by alice, everything committed on main. */
export async function foundRepo({
  shape = {},
  members = [],
  secrets: values = {},
}: FoundOptions = {}): Promise<GitRepo> {
  const git = makeRepo(shape);
  const store = storeOf(git, alice);
  await store.init({ member: "alice" });
  for (const { member } of members) await store.addMember(invite(member));
  for (const [name, value] of Object.entries(values)) await store.set(name, value);
  git.commit("found the store");
  return git;
}

/** What alice hands in to add one more reader. */
export function makeCarol(): Parameters<Store["addMember"]>[0] {
  return invite(makePerson("carol", { role: "read" }).member);
}

function invite(member: Member): Parameters<Store["addMember"]>[0] {
  return {
    id: member.id,
    card: `${member.recipient}/${member.key}`,
    kind: member.kind,
    role: member.role,
    scopes: member.scopes.join(","),
    names: member.names.join(","),
  };
}

/** The store of a work tree as this person uses it. */
export function storeOf(
  git: GitRepo,
  person: Person,
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>>; readonly accessor?: string } = {},
): Store {
  const env = { ...git.env, SECRETS_IDENTITY: person.identityText ?? "", ...options.env };
  return openStore({
    cwd: options.cwd ?? git.dir,
    env,
    ...(options.accessor === undefined ? {} : { accessor: options.accessor }),
  });
}

/** Writes a store made in memory into a repository of its own and commits it. */
export function plant(store: TestStore, shape: RepoShape = {}): GitRepo {
  const git = makeRepo(shape);
  replant(git, store);
  return git;
}

/** Makes the work tree's store that of memory and commits it: what a person with a text editor could push. */
export function replant(git: GitRepo, store: TestStore, message = "plant"): string {
  git.remove(".secrets");
  return git.commit(message, Object.fromEntries(store.files));
}

export interface Judged {
  readonly exit: number;
  readonly findings: readonly Finding[];
  /** Codes of errors and policy findings, sorted, each once. */
  readonly bad: readonly string[];
  /** Codes of warnings and notes. */
  readonly mild: readonly string[];
}

/** What the verifier, who holds no key, says of the index (or a revision). */
export async function judge(
  git: GitRepo,
  input: VerifyInput & { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<Judged> {
  const { env, cwd, ...wanted } = input;
  return sortOut(await openStore({ cwd: cwd ?? git.dir, env: { ...git.env, ...env } }).verify(wanted));
}

/** What the verifier says of a change, by the base's members. */
export async function judgeChange(
  git: GitRepo,
  base: string,
  head: string,
  history = false,
): Promise<ChangeVerdict & Pick<Judged, "bad" | "mild">> {
  const verdict = await openStore({ cwd: git.dir, env: git.env }).verifyChange({ base, head, history });
  const { bad, mild } = sortOut(verdict);
  return { ...verdict, bad, mild };
}

function sortOut({ exit, findings }: Pick<Judged, "exit" | "findings">): Judged {
  const codes = (severities: readonly string[]): readonly string[] =>
    [...new Set(findings.filter(({ severity }) => severities.includes(severity)).map(({ code }) => code))].toSorted();
  return { exit, findings, bad: codes(["error", "policy"]), mild: codes(["warning", "note"]) };
}

/** Valid in every way that a tree can be: the findings are in the message when it is not. */
export async function expectClean(git: GitRepo, input: VerifyInput = {}): Promise<void> {
  const { exit, findings } = await judge(git, input);
  expect(findings.filter(({ severity }) => severity === "error" || severity === "policy")).toEqual([]);
  expect(exit).toBe(0);
}

/** An integrity error, with this finding among others; its message names the file and says something that a person can do. */
export async function expectBroken(git: GitRepo, code: string, input: VerifyInput = {}): Promise<Finding> {
  const { exit, findings, bad } = await judge(git, input);
  expect(bad).toContain(code);
  expect(exit).toBe(5);
  const found = findings.find((finding) => finding.code === code);
  if (found === undefined) throw new Error("unreachable");
  return found;
}

/** The error that a use-case throws; a result is a failure. */
export async function errorOf(act: Promise<unknown>): Promise<SecretsError> {
  const settled = await act.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (settled instanceof SecretsError) return settled;
  if (settled !== undefined) throw new Error("expected a SecretsError", { cause: settled });
  throw new Error("expected an error and got a result");
}

export async function valueOf(store: Store, name: string, version?: string): Promise<string> {
  const { value } = await store.get(name, { version });
  return Buffer.from(value).toString("utf8");
}

const command = fileURLToPath(new URL("../../bundle-test/secrets.js", import.meta.url));

export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command, without a terminal. */
export function secrets(
  git: GitRepo,
  person: Person | undefined,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
  program = command,
): Answer {
  const env = {
    ...gitEnvironment(),
    ...(person ? { SECRETS_IDENTITY: person.identityText ?? "" } : {}),
    ...options.env,
  };
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [program, ...args], {
    cwd: options.cwd ?? git.dir,
    env,
    input: options.input ?? "",
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  return { status: status ?? -1, stdout, stderr };
}

/** Paths of the tree below a folder, as the work tree has them staged. */
export function listed(git: GitRepo, folder: string): readonly string[] {
  return git
    .run(["ls-files", "-z", "--", folder])
    .split("\0")
    .filter((path) => path !== "");
}

/** Paths with an unresolved conflict. */
export function unmerged(git: GitRepo): readonly string[] {
  return [
    ...new Set(
      git
        .run(["diff", "--name-only", "--diff-filter=U", "-z"])
        .split("\0")
        .filter((path) => path !== ""),
    ),
  ];
}

export const secretFile = (name: string): string => `.secrets/store/${name}.secret`;
