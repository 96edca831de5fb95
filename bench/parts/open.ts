import {
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  verify,
  type KeyObject,
} from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getActor, readKeys, type Actor } from "../../src/app/identity-source.js";
import { loadSecret } from "../../src/app/load-secret.js";
import { openValue } from "../../src/app/seal-value.js";
import { openSession, type Session } from "../../src/app/session.js";
import { createContext } from "../../src/cli/context.js";
import { createDeps } from "../../src/cli/deps.js";
import { dearmorAge } from "../../src/core/age-armor.js";
import { decodeUnpadded, parseAgeHeader } from "../../src/core/age-header.js";
import { openEnvelope } from "../../src/core/envelope.js";
import { fail } from "../../src/core/errors.js";
import { parseSecretName } from "../../src/core/name.js";
import { recordBody, recordText } from "../../src/core/record.js";
import { parseSecretFile, recordsOf } from "../../src/core/secret-file.js";
import { namespaces, openSshsig, type OpenedSignature } from "../../src/core/signature.js";
import { getRoot, getSigner } from "../../src/core/trust-chain.js";
import { openAge } from "../../src/crypto/age-open.js";
import { readSecretFile } from "../../src/store/secrets.js";
import { nameOf, valueOf } from "../data/store.js";
import { timed } from "../measure.js";

interface Opening {
  readonly session: Session;
  readonly actor: Actor;
  readonly names: readonly string[];
}

async function startOpening(workTree: string, identityFile: string, count: number): Promise<Opening> {
  const deps = createDeps({ ...createContext(), cwd: workTree, env: { SECRETS_IDENTITY_FILE: identityFile } });
  const session = openSession(deps, "read");
  const actor = getActor(session, await readKeys(deps, session, session.chain.latest));
  return { session, actor, names: Array.from({ length: count }, (_, at) => nameOf(at)) };
}

/** Opens values as `get` does: every signature that vouches for them, then the seal. */
export async function openSigned(
  workTree: string,
  identityFile: string,
  count: number,
): Promise<Record<string, number>> {
  const { session, actor, names } = await startOpening(workTree, identityFile, count);
  const ms = timed(() => {
    for (const name of names) {
      const secret = loadSecret(session, parseSecretName(name)) ?? fail("secret/not-found", name);
      const [status] = secret.versions;
      check(name, openValue(status?.group.seal ?? fail("version/not-found", name), secret.name, actor, session.chain));
    }
  });
  return { ms };
}

/** Opens values with the signature of each seal, which says who sealed what for whom; the history of a secret is not looked at. */
export async function openSealed(
  workTree: string,
  identityFile: string,
  count: number,
): Promise<Record<string, number>> {
  const { session, actor, names } = await startOpening(workTree, identityFile, count);
  const ms = timed(() => {
    for (const name of names)
      check(name, openValue(sealOf(session, name), parseSecretName(name), actor, session.chain));
  });
  return { ms };
}

/** Opens values without a look at signatures: what plain `age` does too. */
export async function openUnsigned(
  workTree: string,
  identityFile: string,
  count: number,
): Promise<Record<string, number>> {
  const { session, actor, names } = await startOpening(workTree, identityFile, count);
  const ms = timed(() => {
    for (const name of names) {
      const seal = sealOf(session, name);
      const plaintext = openAge(dearmorAge(seal.ct), actor.identity, seal.readers.indexOf(actor.member.id));
      check(name, openEnvelope(plaintext, { by: seal.by, name, sid: seal.sid, vid: seal.vid }));
    }
  });
  return { ms };
}

/** Writes the age files of the values, for `age` to open. */
export async function dumpAgeFiles(
  workTree: string,
  identityFile: string,
  count: number,
  folder: string,
): Promise<Record<string, number>> {
  const { session, names } = await startOpening(workTree, identityFile, count);
  mkdirSync(folder);
  for (const [at, name] of names.entries())
    writeFileSync(join(folder, `${at}.age`), dearmorAge(sealOf(session, name).ct));
  return { files: names.length };
}

function sealOf(session: Session, name: string): ReturnType<typeof parseSecretFile>["groups"][number]["seal"] {
  const bytes = readSecretFile(session.disk, session.workTree, parseSecretName(name)) ?? fail("secret/not-found", name);
  return parseSecretFile(bytes).groups[0]?.seal ?? fail("version/not-found", name);
}

function check(name: string, value: Uint8Array): void {
  if (Buffer.from(value).toString("utf8") !== valueOf(name)) fail("secret/corrupt", `another value for ${name}`);
}

/** All that the opening of one value cannot do without, its inputs ready: nothing is read, parsed, encoded or compared. */
interface Bare {
  readonly proofs: readonly (OpenedSignature & { readonly key: KeyObject })[];
  readonly share: Uint8Array;
  readonly body: Uint8Array;
  readonly macInput: Uint8Array;
  readonly nonce: Uint8Array;
  readonly payload: Uint8Array;
}

/** The bare primitives of {@link openSigned}, with and without the Ed25519 signatures. */
export async function openBare(workTree: string, identityFile: string, count: number): Promise<Record<string, number>> {
  const { session, actor, names } = await startOpening(workTree, identityFile, count);
  const { identity } = actor;
  if (identity.kind !== "x25519") fail("identity/unfit", "the benchmark wants an X25519 identity");
  const bares = names.map((name) => bareOf(session, actor, name));
  const unsigned = timed(() => {
    for (const bare of bares) openOne(bare, identity.privateKey, identity.publicKey);
  });
  const signatures = timed(() => {
    for (const { proofs } of bares)
      for (const { data, proof, key } of proofs)
        if (!verify(null, data, key, proof)) fail("signature/invalid", "a signature does not hold");
  });
  return { unsigned, signed: unsigned + signatures };
}

function bareOf(session: Session, actor: Actor, name: string): Bare {
  const bytes = readSecretFile(session.disk, session.workTree, parseSecretName(name)) ?? fail("secret/not-found", name);
  const records = recordsOf(parseSecretFile(bytes));
  const proofs = records.map((record) => {
    const { verifyKey } = getSigner(getRoot(session.chain, record.trust), record.by);
    const message = Buffer.from(recordText(recordBody(record)), "utf8");
    return { ...openSshsig(record.sig, verifyKey, namespaces.record, message), key: verifyKey.publicKey };
  });
  const seal = records.find((record) => record.kind === "seal") ?? fail("version/not-found", name);
  const sealed = dearmorAge(seal.ct);
  const { stanzas, headerEnd, macInput } = parseAgeHeader(sealed);
  const stanza = stanzas[seal.readers.indexOf(actor.member.id)];
  return {
    proofs,
    share: decodeUnpadded(stanza?.args[0] ?? ""),
    body: stanza?.body ?? new Uint8Array(),
    macInput,
    nonce: sealed.subarray(headerEnd, headerEnd + 16),
    payload: sealed.subarray(headerEnd + 16),
  };
}

function openOne(bare: Bare, privateKey: KeyObject, publicBytes: Uint8Array): void {
  const publicKey = createPublicKey({
    key: { kty: "OKP", crv: "X25519", x: Buffer.from(bare.share).toString("base64url") },
    format: "jwk",
  });
  const shared = diffieHellman({ privateKey, publicKey });
  const wrap = derive(shared, Buffer.concat([bare.share, publicBytes]), "age-encryption.org/v1/X25519");
  const fileKey = decipher(wrap, new Uint8Array(12), bare.body);
  createHmac("sha256", derive(fileKey, "", "header"))
    .update(bare.macInput)
    .digest();
  const last = new Uint8Array(12);
  last[11] = 1;
  decipher(derive(fileKey, bare.nonce, "payload"), last, bare.payload);
  createHash("sha256").update(bare.payload).digest();
}

function derive(secret: Uint8Array, salt: Uint8Array | string, info: string): Uint8Array {
  const key = createHmac("sha256", salt).update(secret).digest();
  return createHmac("sha256", key).update(`${info}\x01`).digest();
}

function decipher(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  const one = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  one.setAuthTag(sealed.subarray(-16));
  const plaintext = one.update(sealed.subarray(0, -16));
  one.final();
  return plaintext;
}
