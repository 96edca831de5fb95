import type { ListedFile } from "../../core/verify-form.js";

/** A file as a tree or index lists it, with the id by which its bytes are read. */
export interface TreeFile extends ListedFile {
  readonly oid: string;
}

export type TreeBytes =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "too-large" }
  | { readonly kind: "missing" };

/** What is judged: objects and not the work tree, so that filters, hidden flags and editors cannot come between. */
export interface TreeSource {
  /** Everything below `.secrets/`, all stages. */
  readonly files: readonly TreeFile[];
  readonly rootNames: readonly { readonly name: string; readonly folder: boolean }[];
  /** The root `.gitattributes`; undefined when there is none. */
  readonly attributes: Uint8Array | undefined;
  /** The bytes of each, in order and as many at once as there are; larger ones are not read. Who keeps bytes copies them. */
  readonly read: (oids: readonly string[], maxBytes: number) => AsyncIterable<readonly TreeBytes[]>;
}
