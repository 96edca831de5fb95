/** A small generator of numbers that is the same for the same seed (mulberry32). */
export interface Dice {
  readonly below: (limit: number) => number;
  readonly pick: <T>(list: readonly [T, ...T[]]) => T;
  readonly text: (alphabet: string, length: number) => string;
  readonly bytes: (length: number) => Buffer;
}

export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (list) => list[below(list.length)] ?? list[0],
    text: (alphabet, length) => Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join(""),
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  };
}

const alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const base64Signs = `${alnum}+/`;
const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join("");
const letters = ["ä", "ö", "ß", "é", "ø", "λ", "ж", "ש", "あ", "漢", "🔑", "€", "x"] as const;

type Make = (dice: Dice) => Buffer;

function textOf(make: (dice: Dice) => string): Make {
  return (dice) => Buffer.from(make(dice), "utf8");
}

function visible(dice: Dice, length: number): string {
  return `${dice.text(alnum, 1)}${dice.text(printable, length - 2)}${dice.text(alnum, 1)}`;
}

function pem(dice: Dice, width: number, newline: string): string {
  const label = ["PRIVATE", "KEY"].join(" ");
  const lines = Array.from({ length: 2 + dice.below(25) }, () => dice.text(base64Signs, width));
  lines.push(dice.text(base64Signs, 16 + dice.below(width - 16)));
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join(newline);
}

/** The kinds of values that a store holds. */
export const valueKinds: Readonly<Record<string, Make>> = {
  alnum: textOf((dice) => dice.text(alnum, 8 + dice.below(33))),
  printable: textOf((dice) => visible(dice, 8 + dice.below(60))),
  quotes: textOf((dice) => `${dice.text(alnum, 3)}${dice.text(`'"\\$%&<>+ /=\``, 6)}${dice.text(alnum, 4)}`),
  letters: textOf((dice) => [...dice.text(alnum, 8)].map((one) => one + dice.pick(letters)).join("")),
  latin: textOf((dice) => `${dice.text("äöüÄÖÜßéèàç", 5)}${dice.text(alnum, 6)}`),
  hex: textOf((dice) => dice.bytes(16 + dice.below(17)).toString("hex")),
  base64: textOf((dice) => dice.bytes(16 + dice.below(32)).toString("base64")),
  url: textOf((dice) => `postgres://app:${dice.text(alnum, 12)}@db.internal:5432/app?sslmode=require&x=1`),
  token: textOf((dice) => [40, 200, 43].map((length) => dice.text(`${alnum}-_`, length)).join(".")),
  long: textOf((dice) => dice.text(alnum, 100 + dice.below(1900))),
  pem: textOf((dice) => pem(dice, dice.pick([64, 70, 76]), dice.pick(["\n", "\r\n"]))),
  lines: textOf((dice) => [24, 6, 6].map((least) => visible(dice, least + dice.below(30))).join("\n")),
  binary: (dice) => dice.bytes(8 + dice.below(60)),
  key: (dice) => dice.bytes(200 + dice.below(1000)),
};

type Encode = (value: Buffer, dice: Dice) => Buffer;

function viaText(encode: (text: string, dice: Dice) => string): Encode {
  return (value, dice) => Buffer.from(encode(value.toString("utf8"), dice), "utf8");
}

function viaBytes(encode: (byte: number) => string): Encode {
  return (value) => Buffer.from([...value].map(encode).join(""), "latin1");
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function wrap(text: string, width: number, newline: string): string {
  return text.replaceAll(new RegExp(`.{${width}}(?=.)`, "g"), (line) => line + newline);
}

function base64(value: Buffer, dice: Dice, width: number): Buffer {
  const whole = Buffer.concat([dice.bytes(dice.below(40)), value, dice.bytes(dice.below(40))]);
  const text = whole.toString(dice.pick(["base64", "base64url"]));
  const ended = dice.below(2) === 0 ? text : text.replace(/=+$/, "");
  return Buffer.from(wrap(ended, width, dice.pick(["\n", "\r\n", "\n    ", "\n\t"])), "latin1");
}

function isPlain(byte: number): boolean {
  return alnum.includes(String.fromCharCode(byte));
}

function escapeUnits(text: string, all: boolean): string {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
    .map((unit) =>
      !all && unit < 128 && isPlain(unit)
        ? String.fromCharCode(unit)
        : String.raw`\u${unit.toString(16).padStart(4, "0")}`,
    )
    .join("");
}

function escapeShell(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9_\n]/g, (sign) => (sign.charCodeAt(0) < 128 ? `\\${sign}` : sign))
    .replaceAll("\n", () => String.raw`$'\n'`);
}

function entity(sign: string): string {
  return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }[sign] ?? sign;
}

/** Ways to write any bytes. */
export const byteEncodings: Readonly<Record<string, Encode>> = {
  plain: (value) => value,
  base64: (value, dice) => base64(value, dice, 1_000_000),
  "base64 at 64": (value, dice) => base64(value, dice, 64),
  "base64 at 76": (value, dice) => base64(value, dice, 76),
  "base64 at any width": (value, dice) => base64(value, dice, 8 + dice.below(120)),
  hex: (value) => Buffer.from(value.toString("hex"), "latin1"),
  HEX: (value) => Buffer.from(value.toString("hex").toUpperCase(), "latin1"),
  "hex in lines": (value, dice) => Buffer.from(wrap(value.toString("hex"), 8 + dice.below(80), "\n"), "latin1"),
  "hex with colons": viaBytesJoined(":", hexOf),
  "numbers with commas": viaBytesJoined(",", String),
  "percent, all": viaBytes((byte) => `%${hexOf(byte)}`),
  "percent, all, upper case": viaBytes((byte) => `%${hexOf(byte).toUpperCase()}`),
  "percent, what must be": viaBytes((byte) =>
    isPlain(byte) ? String.fromCharCode(byte) : `%${hexOf(byte).toUpperCase()}`,
  ),
  "C hex, all": viaBytes((byte) => String.raw`\x${hexOf(byte)}`),
  "C octal, all": viaBytes((byte) => `\\${byte.toString(8).padStart(3, "0")}`),
  "C octal, what must be": viaBytes((byte) =>
    isPlain(byte) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`,
  ),
};

function viaBytesJoined(sign: string, show: (byte: number) => string): Encode {
  return (value) => Buffer.from([...value].map(show).join(sign), "latin1");
}

/** Ways to write text. */
export const textEncodings: Readonly<Record<string, Encode>> = {
  "percent of a browser": viaText(encodeURIComponent),
  "percent of a form": viaText((text) => new URLSearchParams([["a", text]]).toString().slice(2)),
  JSON: viaText((text) => JSON.stringify(text).slice(1, -1)),
  "JSON with escaped slashes": viaText((text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replaceAll("/", String.raw`\/`),
  ),
  "JSON, all": viaText((text) => escapeUnits(text, true)),
  "JSON, ASCII": viaText((text) => escapeUnits(text, false)),
  "JavaScript braces": viaText((text) =>
    [...text].map((sign) => String.raw`\u{${sign.codePointAt(0)?.toString(16)}}`).join(""),
  ),
  "HTML names": viaText((text) => text.replaceAll(/[&<>"']/g, entity)),
  "HTML decimal": viaText((text) => [...text].map((sign) => `&#${sign.codePointAt(0)};`).join("")),
  "HTML hex": viaText((text) => [...text].map((sign) => `&#x${sign.codePointAt(0)?.toString(16)};`).join("")),
  "shell quotes": viaText((text) => text.replaceAll("'", String.raw`'\''`)),
  "shell dollar quotes": viaText((text) =>
    text
      .replaceAll(/['\\]/g, (sign) => `\\${sign}`)
      .replaceAll("\n", String.raw`\n`)
      .replaceAll("\r", String.raw`\r`),
  ),
  "shell double quotes": viaText((text) => text.replaceAll(/["$`\\]/g, (sign) => `\\${sign}`)),
  "shell backslashes": viaText((text) => escapeShell(text)),
  "UTF-16LE": (value) => Buffer.from(value.toString("utf8"), "utf16le"),
  "UTF-16BE": (value) => Buffer.from(value.toString("utf8"), "utf16le").swap16(),
  "other line ends": viaText((text) =>
    text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text.replaceAll("\n", "\r\n"),
  ),
  "indented lines": viaText((text) => text.replaceAll("\n", "\n      ")),
};

const binaryKinds = new Set(["binary", "key"]);

export interface KnownCase {
  readonly kind: string;
  readonly encoding: string;
  readonly value: Buffer;
  /** A text that holds the encoded value between `start` and `end`, at any alignment in memory. */
  readonly text: Buffer;
  readonly start: number;
  readonly end: number;
}

/** One value in one encoding somewhere in a text; `seed` decides on all of it. */
export function createCase(seed: number): KnownCase {
  const dice = createDice(seed);
  const kinds = Object.keys(valueKinds) as [string];
  const kind = dice.pick(kinds);
  const value = valueKinds[kind]?.(dice) ?? Buffer.alloc(0);
  const encodings = binaryKinds.has(kind) ? byteEncodings : { ...byteEncodings, ...textEncodings };
  const encoding = dice.pick(Object.keys(encodings) as [string]);
  const encoded = encodings[encoding]?.(value, dice) ?? Buffer.alloc(0);
  const fill = (): string => dice.text(`${printable.replace("\\", "")}\n`, dice.below(300));
  const before = Buffer.from(`${fill()}${dice.pick(["\n", " ", '"', "'", "=", "("])}`, "latin1");
  const behind = Buffer.from(`${dice.pick(["\n", " ", '"', "'", ";", ")"])}${fill()}`, "latin1");
  const start = before.length;
  const text = shifted(Buffer.concat([before, encoded, behind]), dice.below(8));
  return { kind, encoding, value, text, start, end: start + encoded.length };
}

function shifted(bytes: Buffer, by: number): Buffer {
  return Buffer.concat([Buffer.alloc(by), bytes]).subarray(by);
}
