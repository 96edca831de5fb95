import { dearmorAge, armorAge } from "../core/age-armor.js";
import { sha256Hex } from "../core/digest.js";
import { encodeEnvelope, openEnvelope, type Binding } from "../core/envelope.js";
import { fail, SecretsError } from "../core/errors.js";
import { covers, type Scope } from "../core/member.js";
import type { SecretName } from "../core/name.js";
import { readersOf } from "../core/readers.js";
import type { Seal } from "../core/record.js";
import { signRecord, verifyRecord } from "../core/record-signature.js";
import { openAge } from "../crypto/age-open.js";
import { sealAge } from "../crypto/age-seal.js";
import { parseRecipient } from "../crypto/recipient.js";
import type { ChainedRoot, TrustChain } from "../core/trust-chain.js";
import type { Actor } from "./identity-source.js";

export interface SealInput {
  readonly name: SecretName;
  readonly sid: string;
  readonly vid: string;
  readonly scope: Scope;
  readonly at: string;
}

/** Seals a value for everybody who may read it under `root`. Throws `value/too-large`, or `policy/denied` when nobody may. */
export function sealValue(value: Uint8Array, input: SealInput, actor: Actor, root: ChainedRoot): Seal {
  const readers = readersOf(root.root, input.scope, input.name);
  if (readers.length === 0)
    fail("policy/denied", `no member may read the scope ${input.scope}; nobody could ever open the value`);
  const binding: Binding = { by: actor.fingerprint, name: input.name, sid: input.sid, vid: input.vid };
  const sealed = sealAge(
    encodeEnvelope(binding, value),
    readers.map(({ recipient }) => parseRecipient(recipient)),
  );
  return signRecord(
    {
      v: 1,
      kind: "seal",
      sid: input.sid,
      vid: input.vid,
      scope: input.scope,
      readers: readers.map(({ id }) => id),
      trust: root.ref,
      by: actor.fingerprint,
      at: input.at,
      "ct-digest": sha256Hex(sealed),
      ct: armorAge(sealed),
    },
    actor.signing,
  );
}

/**
 * Opens the value of a seal: signature, digest, age, then the inner binding, in this order.
 * Throws `secret/corrupt`, `secret/binding`, `age/*`, or `identity/unfit` with the readers' names.
 */
export function openValue(seal: Seal, name: SecretName, actor: Actor, chain: TrustChain): Uint8Array {
  const { member } = verifyRecord(seal, chain);
  if (!covers(member, seal.scope, name))
    fail("secret/corrupt", `a seal of ${name} is signed by ${member.id}, whose scopes do not cover it`);
  const sealed = dearmorAge(seal.ct);
  if (sha256Hex(sealed) !== seal["ct-digest"])
    fail("secret/corrupt", `the sealed bytes of ${name} are not the signed ones`, { hint: "run: secrets verify" });
  const place = seal.readers.indexOf(actor.member.id);
  if (place < 0) failNotReader(seal, name, actor);
  return openEnvelope(openSealed(sealed, name, actor, place), { by: seal.by, name, sid: seal.sid, vid: seal.vid });
}

function openSealed(sealed: Uint8Array, name: SecretName, actor: Actor, place: number): Uint8Array {
  try {
    return openAge(sealed, actor.identity, place);
  } catch (cause) {
    if (cause instanceof SecretsError && cause.code === "identity/unfit")
      fail("secret/corrupt", `${name} names you as a reader, but was not sealed to your key`, {
        hint: `tell its writer; a maintainer can mend it with: secrets rekey ${name}`,
        cause,
      });
    throw cause;
  }
}

function failNotReader(seal: Seal, name: SecretName, actor: Actor): never {
  return fail(
    "identity/unfit",
    `cannot open ${name}: you are ${actor.member.id}; its readers are ${seal.readers.join(", ")}`,
    {
      hint: `ask one of them who maintains the store to run: secrets rekey ${name}`,
    },
  );
}
