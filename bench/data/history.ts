import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createSecret, makeStore, rotateSecret, type TestStore } from "../../test/support/core-fixture.js";
import { makePerson, sealForShow, type Person } from "../../test/support/core-people.js";
import { git, type BenchRepository } from "./repository.js";
import { nameOf } from "./store.js";

/** What decides a history: every tenth commit is made beside main, and comes to it by a merge. */
export interface HistoryShape {
  readonly commits: number;
  readonly secrets: number;
  readonly readers: number;
}

const generation = 1;

export function placeOfHistory({ commits, secrets, readers }: HistoryShape): BenchRepository {
  const folder = join(tmpdir(), `gitseal-bench-history-${generation}`, `${commits}-${secrets}-r${readers}`);
  return { folder, workTree: join(folder, "repo"), identityFile: join(folder, "identity") };
}

/** Makes a repository of so many commits unless an earlier run did: each makes a secret or rotates one. */
export function makeHistory(shape: HistoryShape): BenchRepository {
  const place = placeOfHistory(shape);
  if (existsSync(place.folder)) return place;
  const top = dirname(place.folder);
  mkdirSync(top, { recursive: true });
  const draft = mkdtempSync(join(top, "draft-"));
  try {
    const roles = ["admin", "write"] as const;
    const people = Array.from({ length: shape.readers }, (_, at) =>
      makePerson(`member-${at}`, { role: roles[at] ?? "read" }),
    );
    writeFileSync(join(draft, "identity"), `${people[0]?.identityText ?? ""}\n`, { mode: 0o600 });
    writeHistory(join(draft, "repo"), shape, people);
    renameSync(draft, place.folder);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    throw cause;
  }
  return place;
}

type Part = string | Uint8Array;

function writeHistory(workTree: string, { commits, secrets }: HistoryShape, people: readonly Person[]): void {
  const [founder, second = founder] = people;
  if (!founder || !second) throw new Error("a store needs a reader");
  const store = makeStore(people, { seal: sealForShow, label: "history" });
  const parts: Part[] = [];
  const place = (
    mark: number,
    branch: string,
    parents: readonly string[],
    files: ReadonlyMap<string, Uint8Array>,
  ): void => {
    parts.push(
      `commit refs/heads/${branch}\nmark :${mark}\ncommitter Bench <bench@example.invalid> ${1_767_225_600 + mark} +0000\ndata 4\nwork\n`,
      ...parents,
    );
    for (const [path, bytes] of files) parts.push(`M 100644 inline ${path}\ndata ${bytes.byteLength}\n`, bytes, "\n");
  };
  for (let at = 0, mark = 0; mark < commits; at++) {
    const step: TestStore = { ...store, files: at === 0 ? store.files : new Map<string, Uint8Array>() };
    const name = nameOf(at % secrets);
    const person = at % 3 === 0 ? second : founder;
    if (store.secrets.has(name)) rotateSecret(step, person, name);
    else createSecret(step, person, name);
    store.tick = step.tick;
    const isSide = at % 9 === 8 && mark + 2 <= commits;
    const before = mark === 0 ? [] : [`from :${mark}\n`];
    place(++mark, isSide ? "side" : "main", before, step.files);
    // Main did not move meanwhile, so the merge has the side's tree.
    if (isSide) place(++mark, "main", [`from :${mark - 2}\n`, `merge :${mark - 1}\n`], step.files);
  }
  mkdirSync(workTree);
  git(workTree, ["init", "--quiet", "--initial-branch=main"]);
  const bytes = parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part));
  git(workTree, ["fast-import", "--quiet"], Buffer.concat(bytes));
  git(workTree, ["reset", "--quiet", "--hard", "main"]);
}
