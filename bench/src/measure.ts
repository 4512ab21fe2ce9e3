/**
 * Measures peers against each other: every peer in every round, so that what slows the machine slows them all.
 *
 * In a round each peer is run once by tinybench, in turn; a peer's figure of the round is the median of its samples, and its
 * result the median over the rounds. A ratio is the ratio of two such results, so that it can be recomputed from the JSON.
 * Nothing here needs Node.js: the same code measures in a browser page.
 */
import { Bench } from "tinybench";
import type { Measurement } from "./report.ts";

/** One contestant: what it is called, and one operation of it. */
export interface Peer {
  readonly engine: string;
  readonly run: () => unknown;
  /** Operations that one `run` does; 1 unless given. */
  readonly operations?: number;
  /** Milliseconds that one `run` takes, about, if that is known: slow ones are then repeated less. */
  readonly milliseconds?: number;
}

/** A contestant that is timed by another program. */
export interface ForeignPeer {
  readonly engine: string;
  /** @returns nanoseconds per operation, once per round */
  readonly sample: () => Promise<number>;
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

export async function measure(subject: Subject, peers: readonly (Peer | ForeignPeer)[]): Promise<Outcome> {
  const times = new Map<string, number[]>(peers.map((peer) => [peer.engine, []]));
  for (let round = 0; round < (subject.rounds ?? 7); round++) {
    // The peers take turns in beginning a round, so that none always runs behind the same neighbour.
    const begin = round % peers.length;
    for (const peer of [...peers.slice(begin), ...peers.slice(0, begin)]) {
      times.get(peer.engine)?.push("sample" in peer ? await peer.sample() : await timeOf(subject, peer));
    }
  }
  const measurements = peers.map((peer) =>
    measurement(subject, peer.engine, median(times.get(peer.engine) ?? [])),
  );
  return { measurements, speedup: (fast, slow) => speedup(measurements, fast, slow) };
}

/** The figures of one time: nanoseconds per operation. */
export function measurement(subject: Subject, engine: string, nanoseconds: number): Measurement {
  return {
    id: subject.id,
    engine,
    bytes: subject.bytes,
    median_ns: nanoseconds,
    ops_per_s: 1e9 / nanoseconds,
    mb_per_s: (subject.bytes * 1e3) / nanoseconds,
  };
}

/** How many times faster one engine is than another, in measurements of one subject; NaN if one of them is missing. */
export function speedup(measurements: readonly Measurement[], fast: string, slow: string): number {
  const time = (engine: string) =>
    measurements.find((found) => found.engine === engine)?.median_ns ?? Number.NaN;
  return time(slow) / time(fast);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** A run that takes this many milliseconds has been warmed up by whoever found that out. */
const SLOW = 25;

/** One peer's figure of a round: nanoseconds per operation, the median of its samples. */
async function timeOf(subject: Subject, peer: Peer): Promise<number> {
  const slow = (peer.milliseconds ?? 0) >= SLOW;
  const bench = new Bench({
    time: subject.time ?? 60,
    iterations: slow ? 1 : 4,
    warmup: !slow,
    warmupTime: 20,
    warmupIterations: 4,
  });
  bench.add(peer.engine, peer.run);
  const [task] = await bench.run();
  if (task === undefined || !("latency" in task.result))
    throw new Error(`${subject.id}: ${peer.engine} failed`);
  return (task.result.latency.p50 * 1e6) / (peer.operations ?? 1);
}
