/** Environment variables as a caller has them; values may hold secrets, so this never reaches a child unscrubbed. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a git child gets: made by {@link scrubEnvironment} and `findRepository`, never by spreading a process environment. */
export type GitEnvironment = Readonly<Record<string, string>>;

// An allow list: git may start helpers (a transport, a credential helper), and none of them has any business with
// CLAUDE_SECRETS_MASTER_KEY or with a variable that a user rendered secrets into.
const own = "PATH HOME USER LOGNAME XDG_CONFIG_HOME XDG_RUNTIME_DIR TMPDIR TMP TEMP TZ LD_LIBRARY_PATH";
const windows =
  "SYSTEMROOT WINDIR COMSPEC PATHEXT USERPROFILE HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES";
// A partial clone fetches missing objects, which needs the user's own way to the server.
const transport =
  "SSH_AUTH_SOCK GIT_SSH GIT_SSH_COMMAND HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR GIT_SSL_CAINFO";
// Where the user's own configuration lies (safe.directory among it). A repository cannot set these.
const config =
  "GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_NOSYSTEM GIT_CONFIG_PARAMETERS GIT_CONFIG_COUNT GIT_EXEC_PATH";
const kept = new Set([own, windows, transport, config].flatMap((names) => names.split(" ")));

const keptPattern = /^GIT_CONFIG_(?:KEY|VALUE)_\d+$/;

/**
 * The variables that git needs and nothing else. Variables that name a repository, an index or an object store are
 * dropped: `findRepository` puts back, as absolute paths, those that belong to the repository it found.
 */
export function scrubEnvironment(env: Environment): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    const upper = name.toUpperCase(); // Windows spells it Path, and proxies are spelled in lower case.
    if (kept.has(upper) || keptPattern.test(upper)) out[name] = value;
  }
  return out;
}
