export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

// Works with the bash 3.2 of macOS too: no mapfile, and compopt may be missing.
const bash = `# bash completion of secrets; load it with: source <(secrets completion bash)
_secrets_complete() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ':files' ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]#=}")
      return 0
    fi
    COMPREPLY+=("$line")
  done < <(command "\${COMP_WORDS[0]}" __complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  return 0
}
complete -F _secrets_complete secrets gitseal
`;

const zsh = `#compdef secrets gitseal
# zsh completion of secrets; load it with: source <(secrets completion zsh)
_secrets_complete() {
  local line
  local -a lines described
  lines=("\${(@f)$(command "\${words[1]}" __complete zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $lines[1] == ':files' ]]; then
    _files
    return
  fi
  for line in $lines; do
    if [[ $line == *$'\\t'* ]]; then
      described+=("\${line%%$'\\t'*}:\${line#*$'\\t'}")
    else
      described+=("$line")
    fi
  done
  _describe secrets described
}
if [[ $funcstack[1] == _secrets ]]; then
  _secrets_complete "$@"
else
  compdef _secrets_complete secrets gitseal
fi
`;

const fish = `# fish completion of secrets; load it with: secrets completion fish | source
function __secrets_complete
    set -l typed (commandline -opc) (commandline -ct)
    set -l lines (command $typed[1] __complete fish -- $typed[2..-1] 2>/dev/null)
    if test "$lines[1]" = ':files'
        __fish_complete_path (commandline -ct)
        return
    end
    printf '%s\\n' $lines
end
complete -c secrets -f -a '(__secrets_complete)'
complete -c gitseal -f -a '(__secrets_complete)'
`;

export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
