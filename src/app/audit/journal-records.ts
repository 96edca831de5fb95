import type { FoldedRecord } from "../../core/fold.js";
import type { SecretName } from "../../core/name.js";
import { readJournal } from "./journal-read.js";
import type { Session } from "../session.js";

/** The records of a name that the journal still holds, whatever its file says; reads the whole change journal. */
export function presentRecords(session: Session, name: SecretName): readonly FoldedRecord[] {
  const { fold } = readJournal(session, session.chain);
  return (fold.sidsOf.get(name) ?? [])
    .flatMap((sid) => fold.present.get(sid) ?? [])
    .filter((record) => record.name === name);
}
