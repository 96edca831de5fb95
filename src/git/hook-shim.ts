/** The hooks of a clone, in the order in which git may call them. */
export const clientHooks = ["pre-commit", "commit-msg", "pre-push", "post-merge", "post-checkout"] as const;
/** The hooks of the repository that is pushed to. */
export const serverHooks = ["pre-receive"] as const;

export type ClientHook = (typeof clientHooks)[number];
export type HookName = ClientHook | (typeof serverHooks)[number];

/** What the hook that was there before is called while ours is installed: `pre-commit.before-gitseal`. */
export const beforeSuffix = ".before-gitseal";

const firstLines = /^#!\/bin\/sh\n# gitseal hook /;

/** True for a shim of this or of any other version of gitseal. */
export function isShim(text: string): boolean {
  return firstLines.test(text);
}

/**
 * The whole text of a hook. The files in `hooks/` are exactly these. It is POSIX sh and starts one git besides the command, so that
 * it also says something where Node is missing. The program that installed it comes first (git config gitseal.node and
 * gitseal.command): what a branch brings in node_modules is only asked when nothing else is there.
 */
export function renderShim(hook: HookName): string {
  const isNote = hook === "post-merge" || hook === "post-checkout";
  const hasInput = hook === "pre-push" || hook === "pre-receive";
  const parts = [head(hook, isNote), isNote ? earlierNote : hasInput ? earlierWithInput : earlier, finder];
  return [...parts, isNote ? runNote : run, missing].join("\n");
}

function head(hook: HookName, isNote: boolean): string {
  return `#!/bin/sh
# gitseal hook ${hook}: made by \`secrets hooks install\`, taken away by \`secrets hooks uninstall\`; do not edit.
# Runs the hook that was here before, then the command, which only checks and never writes. docs/hooks.md says more.
hook=${hook}
policy=${isNote ? "warn" : "block"} # when the command is missing, unless git config gitseal.missing says warn or block
before=$0${beforeSuffix}
`;
}

const earlier = `if [ -x "$before" ]; then
  "$before" "$@" || exit
fi
`;

// Both read what git says on the standard input.
const earlierWithInput = `if [ -x "$before" ]; then
  lines=$(cat)
  printf '%s' "\${lines:+$lines
}" | "$before" "$@" || exit
  exec <<EOF
$lines
EOF
fi
`;

// What such a hook answers is what git switch or git merge answers, so it stays that of the earlier hook.
const earlierNote = `status=0
if [ -x "$before" ]; then
  "$before" "$@"
  status=$?
fi
`;

const finder = `# $found: a program of PATH, else of the folders that the bare PATH of a graphical client does not name; the last one counts.
find_program() {
  found=$(command -v "$1") && return
  found=
  for folder in /usr/bin /usr/local/bin /opt/homebrew/bin /home/linuxbrew/.linuxbrew/bin \\
    "\${NVM_DIR:-$HOME/.nvm}"/versions/node/*/bin "$HOME/.nodenv/shims" "$HOME/.asdf/shims" \\
    "$HOME/.local/share/mise/shims" "$HOME/.local/share/fnm/aliases/default/bin" "\${VOLTA_HOME:-$HOME/.volta}/bin" \\
    "$HOME/.npm-global/bin" "$HOME/.local/bin"; do
    if [ -f "$folder/$1" ] && [ -x "$folder/$1" ]; then found=$folder/$1; fi
  done
  [ -n "$found" ]
}

node= command= missing= found=
while read -r key value; do
  case $key in
    gitseal.node) node=$value ;;
    gitseal.command) command=$value ;;
    gitseal.missing) missing=$value ;;
  esac
done <<EOF
$(git config --get-regexp '^gitseal\\.(node|command|missing)$')
EOF

if ! [ -f "$node" ] || ! [ -x "$node" ]; then
  if find_program node; then node=$found; else node=; fi
fi
if ! [ -f "$command" ]; then
  command=
  if find_program gitseal; then PATH=\${node%/*}:$PATH; fi
fi
`;

// What was found may be a script of a package manager, which is started as it is; it then looks for node itself.
const run = `if [ -n "$node" ]; then
  if [ -n "$command" ]; then exec "$node" "$command" hooks run "$hook" -- "$@"; fi
  if [ -n "$found" ]; then exec "$found" hooks run "$hook" -- "$@"; fi
fi
`;

const runNote = `if [ -n "$node" ] && [ -n "$command$found" ]; then
  if [ -n "$command" ]; then "$node" "$command" hooks run "$hook" -- "$@"; else "$found" hooks run "$hook" -- "$@"; fi
  exit "$status"
fi
`;

const missing = `what=gitseal
if [ -z "$node" ]; then what=Node; fi
echo "gitseal: $hook checked nothing: $what was not found" >&2
echo "gitseal: install it (npm install --global gitseal), then run: secrets hooks install" >&2
if [ "\${missing:-$policy}" = warn ]; then exit "\${status:-0}"; fi
echo "gitseal: to go on without it: git config gitseal.missing warn" >&2
exit 1
`;
