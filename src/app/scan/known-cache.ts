import { SecretsError } from "../../core/errors.js";
import { openAge } from "../../crypto/age-open.js";
import { sealAge } from "../../crypto/age-seal.js";
import { identityRecipient } from "../../crypto/identity.js";
import { decodeKnownValues, encodeKnownValues } from "../../scan/known/known-bytes.js";
import type { KnownValues } from "../../scan/known/known-values.js";
import { readSealedCache, writeSealedCache } from "../../store/cache.js";
import type { Actor } from "../identity-source.js";
import type { Session } from "../session.js";

/** What was opened of one secret's file. Holds values. */
export interface OpenedSecret {
  readonly name: string;
  /** Changes with every write of the file: size, time and inode. */
  readonly stat: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** Base64 of each value that may still be in use. */
  readonly values: readonly string[];
  /** Versions that may still be in use and are not sealed to the caller. */
  readonly closed: number;
  /** True when the file, or a value in it, could not be read. */
  readonly broken: boolean;
}

export interface KnownCache {
  readonly secrets: readonly OpenedSecret[];
  readonly known: KnownValues;
}

/** What must be the same for the cache to be of any use. */
interface Head {
  readonly v: 1;
  /** Of this tool: another one may look for other forms. */
  readonly tool: string;
  readonly member: string;
  /** The latest trust root, which decides what a member may read. */
  readonly root: string;
  readonly secrets: readonly OpenedSecret[];
}

const name = "known-values";
const leadSize = 4;

/**
 * What the last scan of this clone kept, or undefined. The file is sealed to the caller: whatever does not open, is of
 * somebody else, of another version of this tool or cut off is a miss.
 */
export function readKnownCache(session: Session, actor: Actor): KnownCache | undefined {
  const sealed = readSealedCache(session.disk, session.commonDir, name);
  const opened = sealed && tryOpen(sealed, actor);
  if (opened === undefined) return undefined;
  try {
    return parseCache(session, actor, opened);
  } finally {
    opened.fill(0);
  }
}

function tryOpen(sealed: Uint8Array, actor: Actor): Uint8Array | undefined {
  try {
    return openAge(sealed, actor.identity, 0);
  } catch (error) {
    if (error instanceof SecretsError) return undefined;
    throw error;
  }
}

function parseCache(session: Session, actor: Actor, opened: Uint8Array): KnownCache | undefined {
  if (opened.length < leadSize) return undefined;
  const length = Buffer.from(opened.buffer, opened.byteOffset, opened.length).readUInt32LE();
  if (leadSize + length > opened.length) return undefined;
  const text = Buffer.from(opened.buffer, opened.byteOffset + leadSize, length).toString("utf8");
  const head = JSON.parse(text) as Head;
  const { v, tool, member, root } = headOf(session, actor, []);
  if (head.v !== v || head.tool !== tool || head.member !== member || head.root !== root) return undefined;
  const known = decodeKnownValues(opened.subarray(leadSize + length));
  return known && { secrets: head.secrets, known };
}

/** Keeps what was opened for the next scan, sealed to the caller alone. */
export function writeKnownCache(session: Session, actor: Actor, { secrets, known }: KnownCache): void {
  const head = Buffer.from(JSON.stringify(headOf(session, actor, secrets)), "utf8");
  const lead = Buffer.alloc(leadSize);
  lead.writeUInt32LE(head.length);
  const plain = Buffer.concat([lead, head, encodeKnownValues(known)]);
  const sealed = sealAge(plain, [identityRecipient(actor.identity)]);
  plain.fill(0);
  writeSealedCache(session.disk, session.commonDir, name, sealed, session.deps);
}

function headOf(session: Session, actor: Actor, secrets: readonly OpenedSecret[]): Head {
  return {
    v: 1,
    tool: session.deps.version,
    member: actor.member.id,
    root: session.chain.latest.ref,
    secrets,
  };
}
