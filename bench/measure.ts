/** The middle of some numbers; of an even count the lower of the two. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/** Milliseconds of each job, one number a round. */
export type Samples<Name extends string> = Readonly<Record<Name, readonly number[]>>;

export interface Plan<Name extends string> {
  readonly rounds: number;
  /** Rounds before those that count: caches of the operating system fill. */
  readonly warmups: number;
  /** Each answers how many milliseconds it took in this round. */
  readonly jobs: Readonly<Record<Name, (round: number) => number>>;
}

/**
 * Runs all jobs in turn, round after round, so that what else the machine does meets all of them alike. Every other round goes
 * backwards: what one job leaves behind, in caches or in the clock of the processor, then helps another one too.
 */
export function interleave<Name extends string>({ rounds, warmups, jobs }: Plan<Name>): Samples<Name> {
  const names = Object.keys(jobs) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < warmups + rounds; round++)
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const took = jobs[name](round);
      if (round >= warmups) samples[name].push(took);
    }
  return samples;
}

/** The median of the ratios within each round: both numbers of a ratio saw the same load. */
export function medianRatio(above: readonly number[], below: readonly number[]): number {
  return median(above.map((number, round) => number / (below[round] ?? Number.NaN)));
}

/** How long a piece of work took, in milliseconds. */
export function timed(work: () => unknown): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** How much processor time a piece of work took, in milliseconds: for work of seconds, beside which others run. */
export function busy(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
