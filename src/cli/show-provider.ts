const shortNames: Readonly<Record<string, string>> = { "azure-keyvault": "azure-kv", "": "-" };

/** The provider as tables show it: short, and `-` where none answered. */
export function showProvider(provider: string): string {
  return shortNames[provider] ?? provider;
}

/** A list in one cell, `-` when it is empty. */
export function showList(items: readonly string[]): string {
  return items.length === 0 ? "-" : items.join(", ");
}

/** `1 read`, `2 reads`. */
export function showCount(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
