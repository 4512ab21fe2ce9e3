/**
 * Measures peers against each other: every peer in every round, so that what slows the machine slows them all.
 *
 * A round is one run of tinybench over all peers in turn; a peer's time is the median over its rounds, and a ratio is the
 * median of the ratios within each round.
 */
import { Bench } from "tinybench";
import type { Measurement } from "./report.ts";

/** One contestant: what it is called, and one operation of it. */
export interface Peer {
  readonly engine: string;
  readonly run: () => unknown;
  /** Operations that one `run` does; 1 unless given. */
  readonly operations?: number;
}

/** What all peers of a measurement have in common. */
export interface Subject {
  readonly id: string;
  readonly bytes: number;
  /** Rounds; 7 unless given. */
  readonly rounds?: number;
  /** Milliseconds per peer and round; 60 unless given. */
  readonly time?: number;
}

/** The outcome, and the ratio of two peers by their engines' names. */
export interface Outcome {
  readonly measurements: readonly Measurement[];
  /** How many times faster `fast` is than `slow`. */
  speedup(fast: string, slow: string): number;
}

export async function measure(subject: Subject, peers: readonly Peer[]): Promise<Outcome> {
  const rounds: Map<string, number>[] = [];
  for (let round = 0; round < (subject.rounds ?? 7); round++)
    rounds.push(await oneRound(subject, peers, round));
  const measurements = peers.map((peer) => {
    const nanoseconds = median(rounds.map((times) => timeOf(times, peer.engine)));
    return {
      id: subject.id,
      engine: peer.engine,
      bytes: subject.bytes,
      median_ns: nanoseconds,
      ops_per_s: 1e9 / nanoseconds,
      mb_per_s: (subject.bytes * 1e3) / nanoseconds,
    };
  });
  const speedup = (fast: string, slow: string) =>
    median(rounds.map((times) => timeOf(times, slow) / timeOf(times, fast)));
  return { measurements, speedup };
}

/** The peers take turns in beginning a round, so that none always runs behind the same neighbour. */
async function oneRound(
  subject: Subject,
  peers: readonly Peer[],
  round: number,
): Promise<Map<string, number>> {
  const begin = round % peers.length;
  const bench = new Bench({ time: subject.time ?? 60, warmupTime: 20, warmupIterations: 4, iterations: 4 });
  for (const peer of [...peers.slice(begin), ...peers.slice(0, begin)]) bench.add(peer.engine, peer.run);
  const times = new Map<string, number>();
  for (const task of await bench.run()) {
    const { result } = task;
    if (!("latency" in result)) throw new Error(`${subject.id}: ${task.name} failed`);
    const operations = peers.find((peer) => peer.engine === task.name)?.operations ?? 1;
    times.set(task.name, (result.latency.p50 * 1e6) / operations);
  }
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

function timeOf(times: ReadonlyMap<string, number>, engine: string): number {
  return times.get(engine) ?? Number.NaN;
}
