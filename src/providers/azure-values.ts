import { decodeBase64, encodeBase64, findUtf8 } from "../core/bytes.js";
import { fail } from "../core/errors.js";
import { isScope, type Scope } from "../core/member.js";
import type { SecretName } from "../core/name.js";

// Limits of the service (Azure Key Vault, about secrets).
const maxAzureValue = 25_000;
const maxAzureTags = 15;
const maxAzureTag = 256;

/** What marks a value that is no UTF-8 text, and so stands in the vault in base64. */
const base64Type = "application/vnd.gitseal.base64";

export interface AzureValue {
  readonly text: string;
  readonly contentType: string | undefined;
}

/** Bytes as a vault takes them. Throws `value/too-large` or `value/invalid`, before anything is sent. */
export function encodeAzureValue(name: SecretName, bytes: Uint8Array): AzureValue {
  if (bytes.byteLength === 0) fail("value/invalid", `Azure Key Vault takes no empty value for ${name}`);
  const utf8 = findUtf8(bytes);
  const text = utf8 ?? encodeBase64(bytes);
  const length = Buffer.byteLength(text);
  if (length > maxAzureValue)
    fail(
      "value/too-large",
      `the value of ${name} has ${length} bytes${utf8 === undefined ? " in base64" : ""}; Azure Key Vault takes ${maxAzureValue}`,
      {
        hint: "keep it with --provider local",
      },
    );
  return { text, contentType: utf8 === undefined ? base64Type : undefined };
}

export function decodeAzureValue(text: string, contentType: string | undefined): Uint8Array {
  return contentType === base64Type ? decodeBase64(text, "provider/malformed") : Buffer.from(text, "utf8");
}

type AzureTags = Readonly<Record<string, string>>;

const scopeTag = "gitseal-scope";
const wordsTag = "gitseal-tags";
const numberTag = "gitseal-number";

/** Scope and tags as a vault keeps them, beside the tags of others. Throws `value/invalid` for more than a vault takes. */
export function encodeAzureTags(
  name: SecretName,
  before: AzureTags,
  {
    scope,
    tags,
    number,
  }: { readonly scope: Scope | undefined; readonly tags: readonly string[]; readonly number: string | undefined },
): AzureTags {
  const others = Object.entries(before).filter(([key]) => !isOwn(key));
  const own = [
    ...(scope === undefined ? [] : [[scopeTag, scope] as const]),
    ...(number === undefined ? [] : [[numberTag, number] as const]),
    ...packWords(tags),
  ];
  if (others.length + own.length > maxAzureTags)
    fail(
      "value/invalid",
      `${name} would have ${others.length + own.length} tags in Azure Key Vault, which takes ${maxAzureTags}`,
      {
        hint: "use fewer or shorter tags",
      },
    );
  return Object.fromEntries([...others, ...own]);
}

function isOwn(key: string): boolean {
  return key === scopeTag || key === numberTag || key.startsWith(wordsTag);
}

/** The number that a version of ours was stored with. Others may copy it, so it only orders what the vault's clock does not. */
export function numberTagOf(tags: AzureTags): string | undefined {
  return tags[numberTag];
}

// A word is up to 63 characters, so each always fits.
function packWords(words: readonly string[]): readonly (readonly [string, string])[] {
  const packs: string[] = [];
  for (const word of words) {
    const last = packs.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= maxAzureTag) packs[packs.length - 1] = `${last},${word}`;
    else packs.push(word);
  }
  return packs.map((pack, at) => [at === 0 ? wordsTag : `${wordsTag}-${at + 1}`, pack] as const);
}

/** The other way. Tags of others are shown as `key=value`. */
export function decodeAzureTags(tags: AzureTags): {
  readonly scope: Scope | undefined;
  readonly tags: readonly string[];
} {
  const scope = tags[scopeTag];
  const words = Object.entries(tags).flatMap(([key, value]) => {
    if (key === scopeTag || key === numberTag) return [];
    if (key.startsWith(wordsTag)) return value.split(",").filter((word) => word !== "");
    return [value === "" ? key : `${key}=${value}`];
  });
  return { scope: scope !== undefined && isScope(scope) ? scope : undefined, tags: words.toSorted() };
}

/** The tags that are ours, for keeping them with a new version. */
export function ownWords(tags: AzureTags): readonly string[] {
  return decodeAzureTags(Object.fromEntries(Object.entries(tags).filter(([key]) => key.startsWith(wordsTag)))).tags;
}
