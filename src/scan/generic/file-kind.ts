/**
 * What a file is, as far as it decides how an assignment reads. code: what stands without quotes is a name. data: what
 * stands without quotes is a value. text: both, and prose. noise: machine-made, full of hashes and names.
 */
export type FileKind = "code" | "data" | "text" | "noise";

export interface FileTraits {
  readonly kind: FileKind;
  /** In tests, examples and manuals secrets are more often invented. */
  readonly rehearsal: boolean;
}

const code =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py[wi]?|rb|rake|erb|java|kts?|scala|groovy|gradle|go|rs|c|cc|cpp|cxx|h|hh|hpp|m|mm|swift|cs|vb|fs|php\d?|pl|pm|lua|r|jl|dart|ex|exs|erl|hs|clj[cs]?|ml|el|lisp|d\.ts|sol|zig|nim|ipynb|jsp|aspx?|cshtml|razor)$/i;
const text = /\.(?:md|mdx|markdown|rst|adoc|txt|text|html?|xhtml|tex|org|log|po|pot|srt|csv|tsv|eml|diff|patch)$/i;
const data =
  /\.(?:ya?ml|json[c5]?|toml|ini|cfg|cnf|conf|config|properties|props|env(?:\.[\w-]+)*|xml|plist|tf|tfvars|hcl|sh|bash|zsh|fish|ksh|ps1|psm1|bat|cmd|sql|service|dockerfile|netrc|npmrc|pypirc|credentials?|secrets?|settings|reg|htaccess|jsonl|ldif|pgpass|s3cfg)$|(?:^|\/)(?:\.env[\w.-]*|\.?netrc|Dockerfile|Makefile|config|\.[a-z_]+(?:rc|profile|aliases|login|config)?)$/i;
const noise =
  /\.(?:lock|svg|map|min\.js|min\.css|css|s[ac]ss|less|snap|sum|pb\.go|pot?|xlf|xliff|arb|strings|resx|ics|ttf|woff2?|geojson|wasm|har)$|(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|go\.sum|Cargo\.lock|composer\.lock|Gemfile\.lock|poetry\.lock|Pipfile\.lock)$|(?:^|\/)(?:i18n|l10n|locales?|lang|translations?|LC_MESSAGES|dict|dictionaries|wordlists?)\//i;
const rehearsal =
  /(?:^|[/._-])(?:tests?|testing|testdata|specs?|mocks?|fixtures?|examples?|samples?|demos?|docs?|documentation|tutorials?|__tests__|e2e|benchmarks?|man)(?:[/._-]|$)|\.(?:md|mdx|rst|adoc|markdown)$/i;

const installed =
  /(?:^|\/)(?:node_modules|bower_components|(?:site|dist)-packages|\.yarn\/(?:releases|cache|plugins|sdks)|\.pnpm-store|vendor\/bundle|usr\/(?:s?bin|lib|lib64|share|include))\/|(?:^|\/)(?:yarn-\d[\w.-]*\.c?js|\.pnp\.(?:loader\.m|c)?js|mvnw|gradlew)$/;

let lastPath: string | undefined;
let lastTraits: FileTraits = { kind: "text", rehearsal: false };

function kindOf(path: string): FileKind {
  if (noise.test(path)) return "noise";
  if (code.test(path)) return "code";
  if (text.test(path)) return "text";
  return data.test(path) ? "data" : "text";
}

/** True for a copy of a program or package that others published, with the keys that they made for tests and manuals. */
export function isInstalled(path: string): boolean {
  return installed.test(path);
}

/** Remembers the last answer: a text is asked about at each of its words. */
export function traitsOf(path: string | undefined): FileTraits {
  if (path === undefined) return { kind: "text", rehearsal: false };
  if (path === lastPath) return lastTraits;
  lastPath = path;
  lastTraits = { kind: kindOf(path), rehearsal: rehearsal.test(path) };
  return lastTraits;
}
