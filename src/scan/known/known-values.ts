import type { Match } from "../match.js";
import { backslashes } from "./backslashes.js";
import { createDraft, deriveText, sourceEnd, sourceStart, type DerivedText, type Notation } from "./derived-text.js";
import { entities } from "./entities.js";
import { formsOf, type Form } from "./forms.js";
import { isGuessable } from "./guessable.js";
import { lineBreaks } from "./line-breaks.js";
import { percents } from "./percents.js";
import { trimValue } from "./pieces.js";
import { searchText } from "./search.js";
import { buildSeedTable, type SeedTable } from "./seed-table.js";
import { settleSpans, type Span } from "./spans.js";

/** The values of a store, ready to be looked for. Plain data: it can be sent to a thread. Holds the values. */
export interface KnownValues {
  /** How many different values are looked for. */
  readonly values: number;
  /** Secrets with a value that is too short or too easily guessed to be looked for; sorted. */
  readonly tooShort: readonly string[];
  /** The secrets, and the lists of encodings, that `facts` names by their places. */
  readonly names: readonly string[];
  readonly vias: readonly (readonly string[])[];
  /** Of each form: its secret, its encodings, and 1 when the value is found in parts. */
  readonly facts: Int32Array;
  /** How many bytes round an escape can belong to what is looked for. */
  readonly reach: number;
  readonly table: SeedTable;
}

const factFields = 3;

/** Whether a value can be looked for: it is long enough, and nothing that texts hold by themselves. */
export function isFindable(value: Uint8Array): boolean {
  return !isGuessable(trimValue(value));
}

/** Prepares values for {@link findKnownValues}. A value that several secrets have goes by the name that comes first. */
export function buildKnownValues(
  values: readonly { readonly name: string; readonly value: Uint8Array }[],
): KnownValues {
  const tooShort = new Set<string>();
  const byText = new Map<string, { name: string; value: Uint8Array }>();
  for (const { name, value: whole } of values.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const value = trimValue(whole);
    const key = Buffer.from(value.buffer, value.byteOffset, value.length).toString("latin1");
    if (!isFindable(value)) tooShort.add(name);
    else if (!byText.has(key)) byText.set(key, { name, value });
  }
  const forms: Form[] = [];
  const facts: number[] = [];
  const names = createIndex();
  const vias = createIndex();
  for (const { name, value } of byText.values())
    for (const form of formsOf(value)) {
      forms.push(form);
      facts.push(names.placeOf(name), vias.placeOf(form.via.join(" ")), form.pieces.length > 1 ? 1 : 0);
    }
  return {
    values: byText.size,
    tooShort: [...tooShort].toSorted(),
    names: names.all(),
    vias: vias.all().map((via) => (via === "" ? [] : via.split(" "))),
    facts: Int32Array.from(facts),
    reach: reachOf(forms),
    table: buildSeedTable(forms),
  };
}

function createIndex(): { readonly placeOf: (text: string) => number; readonly all: () => readonly string[] } {
  const places = new Map<string, number>();
  return {
    placeOf: (text) => {
      const place = places.get(text) ?? places.size;
      places.set(text, place);
      return place;
    },
    all: () => [...places.keys()],
  };
}

function reachOf(forms: readonly Form[]): number {
  let most = 0;
  for (const { pieces } of forms) for (const { start, end } of pieces) most = Math.max(most, end - start);
  return most;
}

// One for a text without its escapes, one for that without its line breaks.
const drafts = { escapes: createDraft(), lines: createDraft() };

const notations: readonly Notation[] = [backslashes, percents, entities];

/** The places of a text that hold a value of the store, in any encoding that forms.ts and the notations know; sorted, without overlaps. */
export function findKnownValues(known: KnownValues, bytes: Buffer): readonly Match[] {
  if (known.values === 0) return [];
  const spans: Span[] = [];
  searchWith(known, { bytes, length: bytes.length, via: [], layers: [] }, spans);
  for (const notation of notations) {
    const derived = deriveText(drafts.escapes, bytes, bytes.length, notation, known.reach);
    if (derived) searchWith(known, { ...derived, via: [notation.via], layers: [derived] }, spans);
  }
  return settleSpans(spans).map(({ name, start, end, via }) => ({
    rule: "store/value",
    certainty: "known",
    severity: "block",
    start,
    end,
    secret: "",
    name,
    via,
  }));
}

interface Layered {
  readonly bytes: Buffer;
  readonly length: number;
  readonly via: readonly string[];
  /** What was taken off, innermost first. */
  readonly layers: readonly DerivedText[];
}

/** Searches a text as it is, and with the lines of its base64 and hex joined. */
function searchWith(known: KnownValues, text: Layered, spans: Span[]): void {
  collect(known, text, spans);
  const joined = deriveText(drafts.lines, text.bytes, text.length, lineBreaks, known.reach);
  if (!joined) return;
  const via = [...text.via, lineBreaks.via];
  collect(known, { ...joined, via, layers: [joined, ...text.layers] }, spans);
}

function collect(known: KnownValues, { bytes, length, via, layers }: Layered, spans: Span[]): void {
  for (const { form, start, end } of searchText(known.table, bytes, length)) {
    const fact = form * factFields;
    const name = known.names[known.facts[fact] ?? 0] ?? "";
    const encodings = known.vias[known.facts[fact + 1] ?? 0] ?? [];
    const inParts = known.facts[fact + 2] === 1;
    const isBase64 = encodings[0]?.startsWith("base64") === true;
    const from = layers.reduce((at, layer) => sourceStart(layer, at), isBase64 ? before(bytes, start) : start);
    const to = layers.reduce((at, layer) => sourceEnd(layer, at), isBase64 ? behind(bytes, end, length) : end);
    spans.push({ name, inParts, start: from, end: to, via: [...via, ...encodings] });
  }
}

// The characters at the ends of a value's base64 hold bits of the value and of its neighbours.
function before(bytes: Uint8Array, start: number): number {
  return start > 0 && isBase64Byte(bytes[start - 1]) ? start - 1 : start;
}

function behind(bytes: Uint8Array, end: number, length: number): number {
  let at = end < length && isBase64Byte(bytes[end]) ? end + 1 : end;
  while (at < Math.min(length, end + 3) && bytes[at] === 0x3d) at++;
  return at;
}

function isBase64Byte(byte: number | undefined): boolean {
  return byte !== undefined && /[A-Za-z0-9+/_-]/.test(String.fromCharCode(byte));
}
