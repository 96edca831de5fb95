import { encodeHex } from "../../core/bytes.js";
import { sha256Hex } from "../../core/digest.js";
import type { SignatureClaim } from "../../core/verify-claim.js";
import { readSealedCache, writeSealedCache } from "../../store/cache.js";
import type { Place } from "../session.js";
import type { Deps } from "../deps.js";

/** Signatures that this clone has found good. An object that was verified once costs no signature when the next tree holds it too. */
export interface KnownClaims {
  /** Whether it was found good before; else it is noted down, to be kept once all were. */
  readonly has: (claim: SignatureClaim) => boolean;
  /** All that was noted down is good. */
  readonly keep: () => void;
  /** Writes what is kept for the next command. */
  readonly save: () => void;
}

const idBytes = 16;
const mostKept = 2_000_000;
const file = "signatures";

/**
 * Opens this clone's memory of good signatures. It lies in the git directory and is bound to this version, and to this folder: one
 * that came from elsewhere, as out of a CI service's shared cache, says nothing (docs/threat-model.md).
 */
export function openKnownClaims(
  deps: Deps,
  { disk, commonDir }: Pick<Place, "disk" | "commonDir">,
  fresh: boolean,
): KnownClaims {
  const head = sha256Hex(`gitseal/signatures/v1\0${deps.version}\0${placeOf({ disk, commonDir })}`);
  const bytes = fresh ? undefined : readSealedCache(disk, commonDir, file);
  const kept = new Set<string>();
  const text = bytes === undefined ? "" : Buffer.from(bytes).toString("latin1");
  if (text.startsWith(head))
    for (let at = head.length; at + idBytes <= text.length; at += idBytes) kept.add(text.slice(at, at + idBytes));
  const before = kept.size;
  let noted: string[] = [];
  return {
    has: (claim) => {
      const id = idOf(claim);
      if (kept.has(id)) return true;
      noted.push(id);
      return false;
    },
    keep: () => {
      for (const id of noted) if (kept.size < mostKept) kept.add(id);
      noted = [];
    },
    save: () => {
      if (kept.size === before) return;
      writeSealedCache(disk, commonDir, file, Buffer.from([head, ...kept].join(""), "latin1"), deps);
    },
  };
}

/** What tells this clone's folder from a copy of it. */
export function placeOf({ disk, commonDir }: Pick<Place, "disk" | "commonDir">): string {
  const { dev, ino } = disk.lstat(commonDir.replace(/\/gitseal$/, ""));
  return `${commonDir}\0${dev}\0${ino}`;
}

const keyTexts = new WeakMap<Uint8Array, string>();

function keyText(raw: Uint8Array): string {
  const text = keyTexts.get(raw) ?? encodeHex(raw);
  keyTexts.set(raw, text);
  return text;
}

// All that a verification goes by, so nothing that was not checked passes for what was.
function idOf({ key, namespace, message, signature }: SignatureClaim): string {
  const text = typeof message === "string" ? message : sha256Hex(message);
  const signed = `${namespace}\0${keyText(key.raw)}\0${signature}\0${typeof message}\0${text}`;
  return Buffer.from(sha256Hex(signed), "hex").toString("latin1", 0, idBytes);
}
