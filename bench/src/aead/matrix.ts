/**
 * The matrix of the suite `aead`: message sizes × key fresh or reused × seal or open, every peer in every cell.
 *
 * Portable: it runs as it is in a browser page.
 */
import { type ForeignPeer, measure, speedup } from "../measure.ts";
import type { Measurement, Progress, Ratio } from "../report.ts";
import { makeMessages } from "./messages.ts";
import { preparedPeer } from "./operation-runs.ts";
import type { AeadPeer, Task } from "./peer.ts";
import { asmcryptoPeer } from "./peers/asmcrypto.ts";
import { forgePeer } from "./peers/forge.ts";
import { ENGINES, kmslitePeers, outputOf, outputPeer } from "./peers/kmslite.ts";
import { noblePeer } from "./peers/noble.ts";
import { webCryptoPeer } from "./peers/web-crypto.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const SIZES = [16, 32, 64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, MIB, 16 * MIB];

/** The cells that the aims are about; a quick run measures no others. */
const AIMED: readonly Task[] = [
  { bytes: 32, direction: "seal", keyUse: "fresh" },
  { bytes: KIB, direction: "seal", keyUse: "reused" },
  { bytes: MIB, direction: "seal", keyUse: "reused" },
];

/** The contestants that every runtime has. */
export async function portablePeers(): Promise<readonly AeadPeer[]> {
  return [
    ...(await kmslitePeers()),
    await outputPeer(),
    noblePeer,
    webCryptoPeer(1),
    webCryptoPeer(64),
    forgePeer,
    asmcryptoPeer,
  ];
}

/** How to run the matrix. */
export interface MatrixOptions {
  readonly quick: boolean;
  readonly progress: Progress;
  readonly peers: readonly AeadPeer[];
  /** A peer that another program times, for cells that seal with a reused key. */
  readonly foreign?: (bytes: number) => Promise<ForeignPeer | undefined>;
}

export async function runMatrix(options: MatrixOptions): Promise<readonly Measurement[]> {
  const tasks = options.quick ? AIMED : everyTask();
  const results: Measurement[] = [];
  for (const [index, task] of tasks.entries()) {
    options.progress(`${index + 1}/${tasks.length} ${cellId(task)}`);
    const messages = await makeMessages(task);
    const peers = [];
    for (const peer of options.peers.filter(({ mostBytes = task.bytes }) => task.bytes <= mostBytes))
      peers.push(await preparedPeer(peer, task, messages));
    const sealsReused = task.direction === "seal" && task.keyUse === "reused";
    const foreign = sealsReused ? await options.foreign?.(task.bytes) : undefined;
    const subject = {
      id: cellId(task),
      bytes: task.bytes,
      rounds: options.quick ? 5 : 7,
      time: options.quick ? 30 : 60,
    };
    const outcome = await measure(subject, foreign === undefined ? peers : [...peers, foreign]);
    results.push(...outcome.measurements);
  }
  return results;
}

/**
 * The ratios that have an aim, from the cells that they are about; one whose peer is not here is left out. They are those of the
 * fastest kind of engine that the runtime supports.
 */
export function aimedRatios(results: readonly Measurement[]): readonly Ratio[] {
  const engine = ENGINES.find((name) => results.some((result) => result.engine === name)) ?? "typescript";
  const against = (id: string, cell: string, ours: string, theirs: string, aim: number): Ratio => ({
    id: `aead.${id}`,
    engine: ours,
    against: theirs,
    value: speedup(
      results.filter((result) => result.id === cell),
      ours,
      theirs,
    ),
    aim,
    better: "higher",
  });
  const [small, medium, large] = AIMED.map(cellId) as [string, string, string];
  return [
    against("1MiB.vs-noble", large, engine, "noble", 7),
    against("1MiB.vs-openssl-software", large, outputOf(engine), "openssl-software", 1.4),
    against("32B-fresh.vs-noble", small, engine, "noble", 15),
    against("32B-fresh.vs-webcrypto", small, engine, "webcrypto", 30),
    against("32B-fresh.vs-node", small, engine, "node:crypto", 3),
    against("1KiB-reused.vs-webcrypto", medium, engine, "webcrypto", 6),
    against("ts-1MiB.vs-noble", large, "typescript", "noble", 1),
  ].filter(({ value }) => !Number.isNaN(value));
}

/** Such as `aead.seal.1KiB-reused`. */
function cellId({ bytes, direction, keyUse }: Task): string {
  return `aead.${direction}.${formatBytes(bytes)}-${keyUse}`;
}

function formatBytes(bytes: number): string {
  if (bytes >= MIB) return `${bytes / MIB}MiB`;
  return bytes >= KIB ? `${bytes / KIB}KiB` : `${bytes}B`;
}

function everyTask(): readonly Task[] {
  return SIZES.flatMap((bytes) =>
    (["seal", "open"] as const).flatMap((direction) =>
      (["fresh", "reused"] as const).map((keyUse) => ({ bytes, direction, keyUse })),
    ),
  );
}
