import type { CharSet } from "./char-set.js";

/** A place between two characters that must be of a kind. */
export type Place = "text-start" | "text-end" | "line-start" | "line-end" | "word-edge" | "no-word-edge";

/** A parsed regular expression. An empty `all` matches the empty text. */
export type RegexNode =
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "all"; readonly items: readonly RegexNode[] }
  | { readonly kind: "any"; readonly items: readonly RegexNode[] }
  | {
      readonly kind: "repeat";
      readonly item: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly kind: "group"; readonly item: RegexNode }
  | { readonly kind: "place"; readonly place: Place };

/** What is wrong with a regular expression, for people; it never repeats more than a few of its characters. */
export interface RegexProblem {
  readonly problem: string;
}
