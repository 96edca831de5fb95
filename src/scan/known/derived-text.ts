/** What stands for a place in a text: bytes `start` to `end` of the text read as `size` bytes of {@link Notation.read}'s output. */
export interface Escape {
  start: number;
  end: number;
  size: number;
  readonly bytes: Uint8Array;
}

/** A way to write bytes as other bytes, with a sign that all of its escapes hold. */
export interface Notation {
  readonly via: string;
  readonly marker: number;
  /** Fills in the escape whose marker is at `at`, or returns false when it is none. */
  readonly read: (bytes: Uint8Array, at: number, length: number, escape: Escape) => boolean;
  /** Only what is joined by escapes and these characters is looked at; all characters when left out. */
  readonly run?: Uint8Array;
}

/** The parts of a text that have escapes, with the escapes resolved, NULs between them, and the way back to the text. */
export interface DerivedText {
  readonly bytes: Buffer;
  readonly length: number;
  /** Pairs: a place here, and the place in the text. Between two pairs the bytes are the same, or are one escape. */
  readonly points: Int32Array;
  readonly pointCount: number;
}

/** Memory for one derived text at a time: most texts are small, and making it anew would cost more than searching it. */
export interface Draft {
  bytes: Buffer;
  length: number;
  points: Int32Array;
  pointCount: number;
  readonly escape: Escape;
}

const smallDraft = 1 << 16;
const largestKept = 1 << 22;

export function createDraft(): Draft {
  return {
    bytes: Buffer.allocUnsafe(smallDraft),
    length: 0,
    points: new Int32Array(smallDraft >> 4),
    pointCount: 0,
    escape: { start: 0, end: 0, size: 0, bytes: new Uint8Array(8) },
  };
}

function clearDraft(draft: Draft): void {
  if (draft.bytes.length > largestKept) draft.bytes = Buffer.allocUnsafe(smallDraft);
  if (draft.points.length > largestKept) draft.points = new Int32Array(smallDraft >> 4);
  draft.length = 0;
  draft.pointCount = 0;
}

/**
 * Undefined when the text has no escape of this notation. `reach` bytes round each escape are taken along. The answer is the
 * draft: it holds until the next call with it.
 */
export function deriveText(
  draft: Draft,
  bytes: Buffer,
  length: number,
  notation: Notation,
  reach: number,
): DerivedText | undefined {
  const { escape } = draft;
  clearDraft(draft);
  // The text up to here is copied, or is too far from any escape.
  let done = 0;
  let limit = 0;
  for (let at = bytes.indexOf(notation.marker); at !== -1 && at < length;) {
    if (notation.read(bytes, at, length, escape) && escape.start >= done) {
      const left = leftEnd(bytes, escape.start, Math.max(done, escape.start - reach), notation.run);
      if (draft.pointCount > 0 && left <= limit) copy(draft, bytes, done, escape.start);
      else {
        if (draft.pointCount > 0) closePart(draft, bytes, done, limit);
        addPoint(draft, left);
        copy(draft, bytes, left, escape.start);
      }
      addEscape(draft, escape);
      done = escape.end;
      limit = rightEnd(bytes, done, Math.min(length, done + reach), notation.run);
      at = bytes.indexOf(notation.marker, done);
    } else at = bytes.indexOf(notation.marker, at + 1);
  }
  if (draft.pointCount === 0) return undefined;
  closePart(draft, bytes, done, limit);
  return draft;
}

function leftEnd(bytes: Uint8Array, from: number, limit: number, run: Uint8Array | undefined): number {
  if (!run) return limit;
  let at = from;
  while (at > limit && run[bytes[at - 1] ?? 0] === 1) at--;
  return at;
}

function rightEnd(bytes: Uint8Array, from: number, limit: number, run: Uint8Array | undefined): number {
  if (!run) return limit;
  let at = from;
  while (at < limit && run[bytes[at] ?? 0] === 1) at++;
  return at;
}

function reserve(draft: Draft, more: number): void {
  if (draft.length + more > draft.bytes.length) {
    const larger = Buffer.allocUnsafe(2 * (draft.bytes.length + more));
    draft.bytes.copy(larger, 0, 0, draft.length);
    draft.bytes = larger;
  }
  if (2 * draft.pointCount + 8 > draft.points.length) {
    const larger = new Int32Array(2 * draft.points.length);
    larger.set(draft.points);
    draft.points = larger;
  }
}

function addPoint(draft: Draft, source: number): void {
  reserve(draft, 0);
  draft.points[2 * draft.pointCount] = draft.length;
  draft.points[2 * draft.pointCount + 1] = source;
  draft.pointCount++;
}

function copy(draft: Draft, bytes: Buffer, start: number, end: number): void {
  const size = end - start;
  reserve(draft, size);
  if (size > 24) bytes.copy(draft.bytes, draft.length, start, end);
  else for (let i = 0; i < size; i++) draft.bytes[draft.length + i] = bytes[start + i] ?? 0;
  draft.length += size;
}

function addEscape(draft: Draft, escape: Escape): void {
  addPoint(draft, escape.start);
  reserve(draft, escape.size);
  for (let i = 0; i < escape.size; i++) draft.bytes[draft.length + i] = escape.bytes[i] ?? 0;
  draft.length += escape.size;
  addPoint(draft, escape.end);
}

function closePart(draft: Draft, bytes: Buffer, done: number, limit: number): void {
  copy(draft, bytes, done, limit);
  addPoint(draft, limit);
  reserve(draft, 1);
  draft.bytes[draft.length] = 0;
  draft.length++;
  addPoint(draft, limit);
}

/** Where the byte at `at` of the derived text begins in the text. */
export function sourceStart(derived: DerivedText, at: number): number {
  const { points } = derived;
  const i = 2 * findPoint(derived, at);
  return isCopied(points, i) ? (points[i + 1] ?? 0) + at - (points[i] ?? 0) : (points[i + 1] ?? 0);
}

/** Where the bytes before `end` of the derived text end in the text. */
export function sourceEnd(derived: DerivedText, end: number): number {
  const { points } = derived;
  const i = 2 * findPoint(derived, end - 1);
  return isCopied(points, i) ? (points[i + 1] ?? 0) + end - (points[i] ?? 0) : (points[i + 3] ?? 0);
}

// An escape is always longer in the text than what it stands for.
function isCopied(points: Int32Array, i: number): boolean {
  return (points[i + 2] ?? 0) - (points[i] ?? 0) === (points[i + 3] ?? 0) - (points[i + 1] ?? 0);
}

/** The last point at or before `at`. */
function findPoint({ points, pointCount }: DerivedText, at: number): number {
  let low = 0;
  let high = pointCount - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((points[2 * middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
