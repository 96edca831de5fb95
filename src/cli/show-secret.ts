import type { GetResult } from "../app/get-secret.js";
import { encodeBase64, findUtf8 } from "../core/bytes.js";
import { escapeLines, escapeText, maskValue } from "../core/display.js";
import { showInstant, type Instant } from "../core/instant.js";
import type { RunContext } from "./command.js";
import { showList } from "./show-provider.js";
import { jsonTime, showMoment } from "./show-time.js";

/** The block of `get` on stdout, with the value masked unless it is asked for in full. */
export function showSecret(context: RunContext, secret: GetResult, showFull: boolean): void {
  const { out } = context;
  const number = String(secret.version ?? (secret.vid || "-"));
  out.facts([
    ["Secret", secret.name],
    ["Provider", secret.provider],
    ["Version", secret.state === "current" ? number : `${number} (${secret.state})`],
  ]);
  if (showFull) showValue(context, secret.value);
  else out.facts([["Value", maskValue(findUtf8(secret.value))]]);
  out.facts([
    ["Created", secret.created === undefined ? "-" : showInstant(secret.created)],
    ["Updated", secret.updated === undefined ? "-" : showInstant(secret.updated)],
    ["Scope", secret.scope ?? "-"],
    ["Tags", showList(secret.tags)],
    ...endFact(secret.expires, context.now()),
    ...(secret.cachedAt === undefined ? [] : [["Cached", showMoment(secret.cachedAt, context.now())] as const]),
  ]);
}

// A value is as untrusted as any text: whoever wrote it may aim at the reader's terminal. Its bytes are for --raw and --out.
function showValue({ out }: RunContext, value: Uint8Array): void {
  const text = findUtf8(value);
  if (text === undefined) {
    out.facts([["Value (base64)", encodeBase64(value)]]);
    return;
  }
  if (text === "") out.facts([["Value", "(empty)"]]);
  else if (text.includes("\n")) out.answer("Value:", ...text.split("\n").map((line) => `  ${escapeText(line)}`));
  else out.facts([["Value", text]]);
  if (escapeLines(text) !== text)
    out.note("characters that a terminal would obey are shown as \\u{…}; --raw gives the value as it is");
}

function endFact(expires: Instant | undefined, now: Instant): readonly (readonly [string, string])[] {
  return expires === undefined ? [] : [["Expires", showMoment(expires, now)]];
}

/** The answer of `get --json`. The value is part of it only when asked for, as text, or in base64 where it is no UTF-8. */
export function secretJson(secret: GetResult, showFull: boolean): Readonly<Record<string, unknown>> {
  return {
    name: secret.name,
    provider: secret.provider,
    version: secret.version ?? null,
    vid: secret.vid || null,
    state: secret.state,
    created: jsonTime(secret.created),
    updated: jsonTime(secret.updated),
    scope: secret.scope ?? null,
    tags: secret.tags,
    expires: jsonTime(secret.expires),
    ...(secret.cachedAt === undefined ? {} : { cachedAt: jsonTime(secret.cachedAt) }),
    ...(showFull ? valueJson(secret.value) : {}),
  };
}

function valueJson(value: Uint8Array): { readonly encoding: "utf8" | "base64"; readonly value: string } {
  const text = findUtf8(value);
  return text === undefined ? { encoding: "base64", value: encodeBase64(value) } : { encoding: "utf8", value: text };
}
