import type { SegmentClass } from "./event.js";
import { isMemberId } from "./member.js";
import { isSecretName, type SecretName } from "./name.js";
import { maxSecretFile } from "./secret-file.js";
import { maxSegment } from "./segment.js";
import { maxRootFile } from "./trust-root.js";

/** What a path below `.secrets/` is for (docs/format.md, Layout). The set is closed: any other path is an error. */
export type Area =
  | { readonly area: "config" }
  | { readonly area: "root"; readonly n: number }
  | { readonly area: "root-signature"; readonly n: number; readonly keyId: string }
  | { readonly area: "wrapped"; readonly member: string; readonly h32: string }
  | { readonly area: "secret"; readonly name: SecretName }
  | { readonly area: "segment"; readonly class: SegmentClass; readonly h32: string }
  | { readonly area: "archive"; readonly h32: string }
  | { readonly area: "ignore" };

/** The most bytes that are read of a file in each area. */
export const maxBytesOf: Readonly<Record<Area["area"], number>> = {
  config: 256 * 1024,
  root: maxRootFile,
  "root-signature": 4096,
  wrapped: 16 * 1024,
  secret: maxSecretFile,
  segment: maxSegment,
  archive: 64 * 1024 * 1024,
  ignore: 64 * 1024,
};

const rootShape = /^trust\/([0-9]{4})\.root$/;
const signatureShape = /^trust\/([0-9]{4})\/([0-9a-f]{64})\.sig$/;
const wrappedShape = /^wrapped\/([a-z0-9-]+)-([0-9a-f]{32})\.age$/;
const secretShape = /^store\/(.+)\.secret$/;
const segmentShape =
  /^journal\/(change|access)\/([0-9]{4})\/([0-9]{2})\/([0-9]{2})\/\2\3\4T[0-9]{9}Z-([0-9a-f]{32})\.jsonl$/;
const archiveShape = /^journal\/archive\/[0-9]{4}-(?:0[1-9]|1[0-2])-([0-9a-f]{32})\.jsonl\.gz$/;
const ignoreShape = /^scan-ignore\/[0-9a-z][0-9a-z-]{0,127}\.yaml$/;

/**
 * False for paths that neither are below `.secrets/` nor, under whatever spelling a file system or a program takes for another one, may
 * pass for that folder or for `.gitattributes`. A true answer says nothing: `verify` judges.
 */
export function mayBeOurs(path: string): boolean {
  return /^(?:\.?\W*(?:sec|git)|[^/]*[^\x20-\x7e])/i.test(path);
}

/** The area of a path that is relative to the top of the work tree, or undefined when nothing of that path may be there. */
export function classifyPath(path: string): Area | undefined {
  if (!path.startsWith(".secrets/")) return undefined;
  const rest = path.slice(".secrets/".length);
  if (rest === "config.yaml") return { area: "config" };
  if (ignoreShape.test(rest)) return { area: "ignore" };
  return classifySecret(rest) ?? classifyJournal(rest) ?? classifyTrust(rest);
}

function classifySecret(rest: string): Area | undefined {
  const name = secretShape.exec(rest)?.[1];
  return name !== undefined && isSecretName(name) ? { area: "secret", name } : undefined;
}

function classifyJournal(rest: string): Area | undefined {
  const [, folder, , , , h32] = segmentShape.exec(rest) ?? [];
  if (h32 !== undefined) return { area: "segment", class: folder === "change" ? "change" : "access", h32 };
  const archive = archiveShape.exec(rest)?.[1];
  return archive === undefined ? undefined : { area: "archive", h32: archive };
}

function classifyTrust(rest: string): Area | undefined {
  const root = rootShape.exec(rest)?.[1];
  if (root !== undefined) return root === "0000" ? undefined : { area: "root", n: Number(root) };
  const [, n, keyId] = signatureShape.exec(rest) ?? [];
  if (n !== undefined && keyId !== undefined)
    return n === "0000" ? undefined : { area: "root-signature", n: Number(n), keyId };
  const [, member, h32] = wrappedShape.exec(rest) ?? [];
  return member !== undefined && h32 !== undefined && isMemberId(member) ? { area: "wrapped", member, h32 } : undefined;
}
