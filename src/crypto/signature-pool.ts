import { Worker } from "node:worker_threads";
import { encodeHex } from "../core/bytes.js";
import { SecretsError } from "../core/errors.js";
import type { Finding, Report } from "../core/finding.js";
import { openSshsig } from "../core/signature.js";
import { isGenuine, type SignatureClaim } from "../core/verify-claim.js";

/** Where claims go; nothing is known of them before `finish` has settled. */
export interface SignaturePool {
  readonly claim: (claim: SignatureClaim) => void;
  /** Settles when the threads have little left to do. Whoever claims without it lets the waiting claims pile up in memory. */
  readonly keepPace: () => Promise<void>;
  /** Reports every claim that does not hold. Call it once, also after a failure: it ends the threads. */
  readonly finish: () => Promise<void>;
}

// Starting a thread takes as long as a hundred signatures: few claims are checked on the spot.
const worthThreads = 2000;
const batchSize = 1024;
// Batches that a thread may have before it: one under way, and one so that it need not wait for the next.
const mostWaiting = 2;

/** A pool of at most `threads` threads; with one, or for few claims, none is started. The findings are the same either way. */
export function openSignaturePool(threads: number, report: Report): SignaturePool {
  let waiting: SignatureClaim[] = [];
  let crew: Crew | undefined;
  const flush = (least: number): void => {
    while (crew && waiting.length >= least && waiting.length > 0) {
      crew.send(waiting.slice(0, batchSize));
      waiting = waiting.slice(batchSize);
    }
  };
  return {
    claim: (claim) => {
      if (threads < 2) {
        if (!isGenuine(claim)) report(claim.finding());
        return;
      }
      waiting.push(claim);
      if (waiting.length >= worthThreads) crew ??= startCrew(threads, report);
      flush(batchSize);
    },
    keepPace: async () => await crew?.catchUp(mostWaiting),
    finish: async () => {
      flush(1);
      for (const claim of waiting) if (!isGenuine(claim)) report(claim.finding());
      waiting = [];
      await crew?.end();
    },
  };
}

interface Crew {
  readonly send: (batch: readonly SignatureClaim[]) => void;
  /** Settles when no thread has more batches than `most`, or one has failed. */
  readonly catchUp: (most: number) => Promise<void>;
  readonly end: () => Promise<void>;
}

// The one step that takes time, and nothing else: the form of every signature was judged before. It is text, because a bundle,
// a folder of modules and a test runner each find files of their own in another way, and this needs none.
const workerText = `
const { parentPort } = require("node:worker_threads");
const { createPublicKey, verify } = require("node:crypto");
const keys = new Map();
function keyOf(hex) {
  let key = keys.get(hex);
  if (!key) {
    key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(hex, "hex").toString("base64url") }, format: "jwk" });
    keys.set(hex, key);
  }
  return key;
}
parentPort.on("message", ({ keyList, jobs, bytes }) => {
  const bad = [];
  const all = Buffer.from(bytes);
  for (let at = 0; at < jobs.length; at += 4) {
    const [place, key, from, length] = jobs.subarray(at, at + 4);
    const proof = all.subarray(from, from + 64);
    const data = all.subarray(from + 64, from + 64 + length);
    if (!verify(null, data, keyOf(keyList[key]), proof)) bad.push(place);
  }
  parentPort.postMessage(bad);
});
`;

interface Thread {
  readonly worker: Worker;
  /** Makers of findings of the batches under way, oldest first. */
  readonly pending: (readonly (() => Finding)[])[];
}

function nothing(): void {
  // Nobody waits yet.
}

function startCrew(threads: number, report: Report): Crew {
  let failure: unknown;
  let wake = nothing;
  const crew: readonly Thread[] = Array.from({ length: threads }, () => {
    const thread: Thread = { worker: new Worker(workerText, { eval: true, env: {}, stdin: false }), pending: [] };
    thread.worker.on("message", (bad: readonly number[]) => {
      const findings = thread.pending.shift() ?? [];
      for (const place of bad) {
        const finding = findings[place];
        if (finding) report(finding());
      }
      wake();
    });
    thread.worker.on("error", (cause) => {
      failure ??= cause;
      wake();
    });
    return thread;
  });
  const send = (batch: readonly SignatureClaim[]): void => {
    const least = crew.toSorted((a, b) => a.pending.length - b.pending.length)[0];
    if (!least) return;
    const { message, transfer } = pack(batch, report);
    least.pending.push(batch.map(({ finding }) => finding));
    least.worker.postMessage(message, transfer);
  };
  const catchUp = async (most: number): Promise<void> => {
    while (failure === undefined && crew.some(({ pending }) => pending.length > most))
      await new Promise<void>((settle) => (wake = settle));
  };
  const end = async (): Promise<void> => {
    try {
      await catchUp(0);
    } finally {
      await Promise.all(crew.map(async ({ worker }) => await worker.terminate()));
    }
    // Signatures that were not looked at are not good: a crew that broke down is a failure of the whole run.
    if (failure !== undefined) throw failure instanceof Error ? failure : new Error("a verifying thread failed");
  };
  return { send, catchUp, end };
}

interface Packed {
  readonly message: { readonly keyList: readonly string[]; readonly jobs: Uint32Array; readonly bytes: ArrayBuffer };
  readonly transfer: ArrayBuffer[];
}

/** Opens each signature; what has the wrong form is reported here, the rest goes to the thread as plain bytes. */
function pack(batch: readonly SignatureClaim[], report: Report): Packed {
  const keys = new Map<string, number>();
  const jobs: number[] = [];
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const [place, claim] of batch.entries()) {
    const opened = findOpened(claim);
    if (!opened) {
      report(claim.finding());
      continue;
    }
    const hex = encodeHex(claim.key.raw);
    const key = keys.get(hex) ?? keys.size;
    keys.set(hex, key);
    jobs.push(place, key, from, opened.data.byteLength);
    parts.push(opened.proof, opened.data);
    from += opened.proof.byteLength + opened.data.byteLength;
  }
  const bytes = new ArrayBuffer(from);
  const view = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    view.set(part, at);
    at += part.byteLength;
  }
  return { message: { keyList: [...keys.keys()], jobs: Uint32Array.from(jobs), bytes }, transfer: [bytes] };
}

function findOpened({ signature, key, namespace, message }: SignatureClaim): ReturnType<typeof openSshsig> | undefined {
  try {
    return openSshsig(signature, key, namespace, message);
  } catch (cause) {
    if (cause instanceof SecretsError) return undefined;
    throw cause;
  }
}
