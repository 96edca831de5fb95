import { fail } from "../../core/errors.js";
import type { ClientHook } from "../../git/hook-shim.js";

const begin = "# gitseal: begin (secrets hooks uninstall takes these lines away)";
const end = "# gitseal: end";

/** The lines of a shell script that call the command. Whatever reads git's lines behind them gets them too. */
export function shellLines(hook: ClientHook, command: string): string {
  const call = `${command} hooks run ${hook} -- "$@"`;
  const lines =
    hook === "pre-push"
      ? [
          "gitseal_lines=$(cat)",
          `printf '%s\\n' "$gitseal_lines" | ${call} || exit`,
          "exec <<GITSEAL",
          "$gitseal_lines",
          "GITSEAL",
        ]
      : [`${call} || ${hook.startsWith("post-") ? ":" : "exit"}`];
  return `${[begin, ...lines, end].join("\n")}\n`;
}

/** A script with our lines before its own, but behind its first line and what older huskies start with. */
export function addToScript(text: string | undefined, hook: ClientHook, command: string): string {
  const lines = shellLines(hook, command);
  if (text === undefined || text === "") return `#!/bin/sh\n${lines}`;
  const header = /^(?:#!.*\n)?(?:\s*\. .*husky\.sh.*\n)?/.exec(text)?.[0] ?? "";
  return `${header}${lines}${text.slice(header.length)}`;
}

/** The script without our lines; undefined when it is nothing but what we made. */
export function removeFromScript(text: string): string | undefined {
  const from = text.indexOf(begin);
  const to = text.indexOf(`${end}\n`, from);
  if (from < 0 || to < 0) return text;
  const rest = text.slice(0, from) + text.slice(to + end.length + 1);
  return rest === "#!/bin/sh\n" ? undefined : rest;
}

type Json = Readonly<Record<string, unknown>>;
const key = "simple-git-hooks";

/** package.json with our command before the ones that are there. Throws `config/invalid`. */
export function addToPackage(text: string, hooks: readonly ClientHook[], command: string): string {
  return editPackage(text, (old) => {
    const added = hooks.map((hook) => [hook, packageCommand(hook, command, asText(old[hook]))] as const);
    return { ...old, ...Object.fromEntries(added) };
  });
}

/** package.json without our commands. */
export function removeFromPackage(text: string, hooks: readonly ClientHook[]): string {
  return editPackage(text, (old) =>
    Object.fromEntries(
      Object.entries(old).flatMap(([hook, value]) => {
        const name = hooks.find((one) => one === hook);
        const left = name === undefined ? value : stripCommand(name, asText(value));
        return left === undefined || left === "" ? [] : [[hook, left] as const];
      }),
    ),
  );
}

/** The command of one hook in `simple-git-hooks`; git's lines reach both. */
export function packageCommand(hook: ClientHook, command: string, theirs = ""): string {
  const isNote = hook.startsWith("post-");
  const call = `${command} hooks run ${hook} -- "$@"${isNote ? orNot : ""}`;
  if (theirs === "") return call;
  if (hook === "pre-push")
    return `lines=$(cat); printf '%s\\n' "$lines" | ${call} && printf '%s\\n' "$lines" | { ${theirs}; }`;
  return isNote ? `${call}; ${theirs}` : `${call} && ${theirs}`;
}

/** What only has something to say must not fail a checkout where the command is missing. */
export const orNot = " || true";

function stripCommand(hook: ClientHook, text: string): string {
  const call = `hooks run ${hook} -- "$@"`;
  const at = text.indexOf(call);
  if (at < 0) return text;
  const rest = text.slice(at + call.length);
  if (hook === "pre-push") return /^ && printf '%s\\n' "\$lines" \| \{ ([\s\S]*); \}$/.exec(rest)?.[1] ?? "";
  return rest.replace(orNot, "").replace(/^(?: &&|;) /, "");
}

function editPackage(text: string, change: (old: Json) => Json): string {
  const whole = parseJson(text);
  const old = whole[key];
  const indent = /^[\t ]+(?=")/m.exec(text)?.[0] ?? "  ";
  const next = { ...whole, [key]: change(typeof old === "object" && old !== null ? (old as Json) : {}) };
  return `${JSON.stringify(next, null, indent)}${text.endsWith("\n") ? "\n" : ""}`;
}

/** An untrusted package.json. Throws `config/invalid`. */
export function parseJson(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  } catch {
    // Said below.
  }
  return fail("config/invalid", "package.json is not a JSON object");
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
