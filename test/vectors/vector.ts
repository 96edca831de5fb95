/** One file that a reader must take, or must refuse for the reasons that `codes` names. */
export interface Vector {
  /** Relative to test/vectors. */
  readonly file: string;
  readonly as: "secret" | "segment" | "root";
  /** The rule of docs/format.md or docs/journal.md that it is about. */
  readonly rule: string;
  /** For a secret its name, for a segment its path, as the tree has it. */
  readonly at: string;
  /** What a verifier must find, sorted; of a root what its parser throws. Empty for what must be taken. */
  readonly codes: readonly string[];
}

/** What all vectors are judged under. */
export interface VectorIndex {
  readonly repo: string;
  /** The time of the judgement. */
  readonly now: string;
  /** The trust roots in force, with the signature files beside them. */
  readonly roots: readonly { readonly n: number; readonly file: string; readonly signatures: readonly string[] }[];
  readonly vectors: readonly Vector[];
}

export interface Made {
  readonly vector: Vector;
  readonly bytes: Uint8Array;
}
