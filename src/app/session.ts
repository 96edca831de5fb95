import { sameBytes } from "../core/bytes.js";
import { fail, SecretsError } from "../core/errors.js";
import { verifyTrustChain, type RootFiles, type TrustChain } from "../core/trust-chain.js";
import { findRepository, type Repository } from "../git/repository.js";
import type { Disk } from "../store/disk.js";
import { comparePin, readPin, writePin } from "../store/pin.js";
import { readTrustRoots } from "../store/trust.js";
import { diskOf, type Deps } from "./deps.js";

/** A repository with a work tree, and where gitseal keeps its own local files in it. */
export interface Place {
  readonly repo: Repository;
  readonly disk: Disk;
  readonly workTree: string;
  /** `<git common dir>/gitseal`: lock, clone.json, spool, pin.json, cache. */
  readonly commonDir: string;
  /** `<git dir>/gitseal`: the write-ahead log of this work tree. */
  readonly gitDir: string;
}

/** A place whose trust roots were verified and compared with what this clone has seen. */
export interface Session extends Place {
  readonly deps: Deps;
  readonly chain: TrustChain;
}

/** Throws `config/not-a-repository` or `config/bare-repository`. */
export function findPlace(deps: Deps): Place {
  const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
  if (repo.workTree === undefined)
    fail("config/bare-repository", "this is a bare repository: it has no work tree that could hold .secrets/", {
      hint: "only verify works here: secrets verify <rev>",
    });
  return {
    repo,
    disk: diskOf(deps),
    workTree: repo.workTree,
    commonDir: `${repo.commonDir}/gitseal`,
    gitDir: `${repo.gitDir}/gitseal`,
  };
}

/**
 * Opens the store that `deps.cwd` is in: verifies the trust roots and compares them with the pin. With `change`, an
 * older checkout is refused. Throws `config/not-initialised`, `trust/*` or `store/unsafe-file`.
 */
export function openSession(deps: Deps, purpose: "read" | "change"): Session {
  const place = findPlace(deps);
  return { ...place, deps, chain: readChain(deps, place, purpose) };
}

/** The verified chain of the work tree as it is now; read again under the lock by changing commands. */
export function readChain(deps: Deps, place: Place, purpose: "read" | "change"): TrustChain {
  const files = readTrustRoots(place.disk, place.workTree);
  if (files.length === 0)
    fail("config/not-initialised", "this repository holds no secrets yet", { hint: "run: secrets init" });
  const chain = verifyOnce(files);
  checkExpected(deps.env["SECRETS_TRUST"], chain);
  const pin = readPin(place.disk, place.commonDir);
  const verdict = comparePin(
    pin,
    chain.roots.map(({ ref }) => ref),
  );
  if (verdict === "older") refuseOlder(deps, purpose);
  if (verdict === "first" || verdict === "newer") rememberChain(deps, place, chain);
  return chain;
}

let last: { readonly files: readonly RootFiles[]; readonly chain: TrustChain } | undefined;

// A change reads the roots again under the lock; what was verified a moment ago and has the same bytes is not verified again.
function verifyOnce(files: readonly RootFiles[]): TrustChain {
  if (!last || !areSame(last.files, files)) last = { files, chain: verifyTrustChain(files) };
  return last.chain;
}

function areSame(a: readonly RootFiles[], b: readonly RootFiles[]): boolean {
  const [left, right] = [partsOf(a), partsOf(b)];
  return left.length === right.length && left.every((part, at) => sameBytes(part, right[at] ?? new Uint8Array()));
}

function partsOf(files: readonly RootFiles[]): readonly Uint8Array[] {
  return files.flatMap(({ n, bytes, signatures }) => [
    Buffer.from(`${n} ${signatures.map(({ keyId }) => keyId).join(" ")}`),
    bytes,
    ...signatures.map((signature) => signature.bytes),
  ]);
}

// Continuous integration has no memory of its own, so it is told a root that must occur.
function checkExpected(expected: string | undefined, chain: TrustChain): void {
  if (expected === undefined || expected === "") return;
  if (!chain.roots.some(({ id, ref }) => id === expected || ref === expected))
    fail("trust/pinned", "the trust root named by SECRETS_TRUST does not occur in this repository", {
      hint: "compare it with: secrets member list --json",
    });
}

function refuseOlder(deps: Deps, purpose: "read" | "change"): void {
  const message = "this checkout has an older list of members than this clone has seen";
  const hint =
    "merge the branch that has it; if a change of members was undone on purpose, remove gitseal/pin.json from the git directory";
  if (purpose === "change") fail("trust/pinned", message, { hint });
  deps.warn(message, hint);
}

function rememberChain(deps: Deps, place: Place, chain: TrustChain): void {
  try {
    const before = readPin(place.disk, place.commonDir);
    const roots = chain.roots.map(({ ref }) => ref);
    writePin(place.disk, place.commonDir, { ...before, repo: chain.repo, roots }, deps);
  } catch (cause) {
    // A reader may have a read-only clone; it compares again the next time.
    if (!(cause instanceof SecretsError && cause.code === "io/failed")) throw cause;
  }
}
