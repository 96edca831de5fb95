import type { SegmentClass } from "../core/event.js";
import type { SecretName } from "../core/name.js";

/** Where things stand below the work tree (docs/format.md, Layout). Paths are relative and use `/`. */
export const secretsFolder = ".secrets";
export const storeFolder = ".secrets/store";
export const trustFolder = ".secrets/trust";
const wrappedFolder = ".secrets/wrapped";
export const configFile = ".secrets/config.yaml";
export const attributesFile = ".gitattributes";
export const secretSuffix = ".secret";

export function secretPath(name: SecretName): string {
  return `${storeFolder}/${name}${secretSuffix}`;
}

export function journalFolder(of: SegmentClass): string {
  return `.secrets/journal/${of}`;
}

export function rootPath(n: number): string {
  return `${trustFolder}/${rootNumber(n)}.root`;
}

export function rootSignaturePath(n: number, keyId: string): string {
  return `${trustFolder}/${rootNumber(n)}/${keyId}.sig`;
}

function rootNumber(n: number): string {
  return String(n).padStart(4, "0");
}

export function wrappedPath(member: string, digest: string): string {
  return `${wrappedFolder}/${member}-${digest.slice(0, 32)}.age`;
}

/** A wrapped identity is one scrypt stanza and one line. */
export const maxWrapped = 16 * 1024;
