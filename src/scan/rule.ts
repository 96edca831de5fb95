/** How sure a match is, most sure first. `known`: a value of the store. `checked`: a checksum or inner structure holds. */
export const certainties = ["known", "checked", "format", "context", "likely", "possible"] as const;
export type Certainty = (typeof certainties)[number];

/** block: the commit, push or job fails. warn: it is shown. */
export type ScanSeverity = "block" | "warn";

/** What a rule says of one candidate: not a secret, or one, with the certainty that it deserves. */
export type Verdict =
  | { readonly kind: "no" }
  | { readonly kind: "yes"; readonly certainty: Certainty; readonly severity: ScanSeverity };

/** What a check may look at beside the candidate. All of it is untrusted text, one Latin-1 character a byte. */
export interface Surroundings {
  /** At most 200 bytes before the match, and behind it. */
  readonly before: string;
  readonly after: string;
  readonly path: string | undefined;
}

/** A text that begins with a literal and says by itself what it is. */
export interface TokenMatcher {
  readonly kind: "token";
  /** The literal beginnings, case-sensitive, 3 bytes or more of printable ASCII each. */
  readonly starts: readonly string[];
  /**
   * Source of a regular expression, tried once at a start, without flags (prefix `(?i)` is not supported), over at most 4,096
   * bytes. No nested quantifiers: it must run in linear time. A group named `secret` is the secret, else the whole match.
   * Every match holds a run of 16 or more of `[A-Za-z0-9_-]` that begins at most 64 bytes behind the start.
   */
  readonly pattern: string;
  /** True when the start may follow a letter or digit; the scanner otherwise demands a boundary before and behind. */
  readonly inside?: true;
}

/** A literal that stands before a secret of any length: `-----BEGIN`, `://`, a function's name. */
export interface AnchorMatcher {
  readonly kind: "anchor";
  /** 3 bytes or more each, lower case; found in any case. */
  readonly anchors: readonly string[];
  /** As of a token, tried where the anchor is; `reach` bytes before it are looked at too, as in `reach: 24` for `scheme` in `scheme://`. */
  readonly pattern: string;
  readonly reach?: number;
  readonly ignoreCase?: true;
}

/** A body that is a secret only near words that say so. */
export interface ContextMatcher {
  readonly kind: "context";
  /** Lower case, 3 letters or more; found in any case and as part of longer words. */
  readonly words: readonly string[];
  /** Source of a regular expression for the body, bounded by the scanner at both ends. Linear, as of a token. */
  readonly body: string;
  /** Further words of which one must stand in the same 200 bytes. */
  readonly also?: readonly string[];
  /** How many bytes behind a word the body may begin, 100 when left out; over at most 3 line ends. */
  readonly within?: number;
}

export type Matcher = TokenMatcher | AnchorMatcher | ContextMatcher;

export interface Example {
  /** Built from parts when it is asked for, so that no source file holds what looks like a key. */
  readonly text: () => string;
  readonly path?: string;
}

/** One kind of credential, with all that is known of it: the matcher, what it grants, and what it must and must not find. */
export interface Rule {
  /** `vendor/kind` in kebab-case; never renamed, because ignores and people's searches name it. */
  readonly id: string;
  readonly vendor: string;
  /** "GitHub personal access token" */
  readonly title: string;
  /** What somebody who has it can do, one line: "acts as the user on all repositories it was given" */
  readonly grants: string;
  /** Where to revoke it, as words, without a link. */
  readonly revoke: string;
  readonly certainty: Certainty;
  readonly severity: ScanSeverity;
  readonly matcher: Matcher;
  /** Looks closer at what the matcher found; left out, every match is one with the rule's certainty and severity. */
  readonly check?: (secret: string, around: Surroundings) => Verdict;
  /** Texts in which exactly this rule finds one secret. */
  readonly hits: readonly Example[];
  /** Texts that come close, and in which this rule finds nothing. */
  readonly nearMisses: readonly Example[];
}
