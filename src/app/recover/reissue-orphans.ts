import { SecretsError } from "../../core/errors.js";
import type { Fold } from "../../core/fold.js";
import type { SecretName } from "../../core/name.js";
import { encodeSecretFile } from "../../core/secret-file.js";
import { listSecretNames, readSecretFile } from "../../store/secrets.js";
import type { Plan, Moment } from "../change.js";
import { target } from "../draft.js";
import { readJournal } from "../audit/journal-read.js";
import { checkSecret, type LoadedSecret } from "../load-secret.js";
import { countUnknown, presentOf, rebuildSecret, type Sources } from "./mend-secrets.js";
import { reissueSecret } from "./reissue-secret.js";
import type { Restored } from "./restore-drafts.js";

const reason = "reissue of records without an event";

/**
 * Plans to do again what stands in files of secrets and in no event: a segment that was lost before anybody had it. Each file goes back
 * to the records that the journal holds, and what the others came to is added by new ones.
 */
export function planOrphans(
  moment: Moment,
  sources: Sources,
): Plan<readonly Pick<Restored, "name" | "did" | "left">[]> {
  const { session } = moment;
  const { fold } = readJournal(session, session.chain);
  const done = listSecretNames(session.disk, session.workTree).flatMap((name) => {
    const bytes = readSecretFile(session.disk, session.workTree, name);
    const unknown = bytes && countUnknown(bytes, fold);
    return bytes && unknown !== undefined && unknown > 0 ? [tryAgain(moment, { name, bytes, fold, sources })] : [];
  });
  return {
    drafts: done.flatMap(({ drafts }) => drafts),
    files: done.flatMap(({ files }) => files),
    result: done.map(({ name, did, left }) => ({ name, did, left })),
  };
}

interface Orphaned {
  readonly name: SecretName;
  readonly bytes: Uint8Array;
  readonly fold: Fold;
  readonly sources: Sources;
}

type Redone = Restored & Pick<Required<Plan<undefined>>, "files">;

// A conflict is said and leaves the others alone; who cannot open a value learns that nothing was done.
function tryAgain(moment: Moment, orphaned: Orphaned): Redone {
  try {
    return doAgain(moment, orphaned);
  } catch (cause) {
    if (!(cause instanceof SecretsError) || cause.code !== "secret/conflict") throw cause;
    return { name: orphaned.name, drafts: [], files: [], did: [], left: [cause.message] };
  }
}

function doAgain(moment: Moment, { name, bytes, fold, sources }: Orphaned): Redone {
  const there = checkSecret(moment.session, name, bytes);
  const [held, ...others] = presentOf(fold, name);
  if (!held)
    return {
      ...overFile(reissueSecret(moment, { name, base: undefined, there, now: undefined, reason }), bytes),
      files: [],
    };
  const [sid, records] = held;
  if (others.length > 0 || sid !== there.sid)
    return { name, drafts: [], files: [], did: [], left: [`two secrets hold the name: secrets resolve ${name}`] };
  const { file, added } = rebuildSecret(moment, { name, bytes, records, sources });
  if (added.length > 0)
    return { name, drafts: [], files: [], did: [], left: [`two branches met on it: secrets resolve ${name}`] };
  const journalled = checkSecret(moment.session, name, Buffer.from(encodeSecretFile(file), "utf8"));
  // It is compared with what the journal holds, and written over what is there.
  const now: LoadedSecret = { ...journalled, bytes };
  const restored = reissueSecret(moment, { name, base: now, there, now, reason });
  const isDone = restored.drafts.length > 0;
  return {
    ...restored,
    did: isDone ? restored.did : ["back to what the journal holds"],
    files: isDone ? [] : [target(name, bytes, file)],
  };
}

// A secret that is created anew, in the place of a file that is there.
function overFile(restored: Restored, bytes: Uint8Array): Restored {
  const drafts = restored.drafts.map((draft) =>
    draft.file ? { ...draft, file: { ...draft.file, before: bytes } } : draft,
  );
  return { ...restored, drafts };
}
