/** Makes runs of an operation that are long enough for the clock. */
import type { Peer } from "../measure.ts";
import type { AeadPeer, Message, Operation, Task } from "./peer.ts";

/**
 * A browser's clock is as coarse as 5 µs in an isolated page, and 100 µs in others: a run of this many milliseconds is told
 * to 0.5 per cent in the one.
 */
const RUN_MILLISECONDS = 1;

/**
 * Prepares a peer for a task, and checks that it computes what it should on every message.
 *
 * @throws if it does not: a wrong engine is not measured
 */
export async function preparedPeer(peer: AeadPeer, task: Task, messages: readonly Message[]): Promise<Peer> {
  const operation = await peer.prepare(task, messages);
  for (const [i, message] of messages.entries()) {
    const result = operation.read(await operation.run(i));
    const expected = task.direction === "seal" ? message.sealed : message.plaintext;
    if (!sameBytes(result, expected))
      throw new Error(`${peer.engine} computes wrongly: ${task.direction} ${task.bytes} B`);
  }
  let times = 1;
  for (;;) {
    const run = repeated(operation, times);
    const begin = performance.now();
    await run();
    const milliseconds = performance.now() - begin;
    if (milliseconds >= RUN_MILLISECONDS) {
      return { engine: peer.engine, run, operations: times * (operation.inFlight ?? 1), milliseconds };
    }
    times *= 2;
  }
}

/** One function that does an operation `times` times, each on the next message. */
function repeated({ run, inFlight }: Operation, times: number): () => unknown {
  let next = 0;
  if (inFlight === undefined) {
    return () => {
      let result: unknown;
      for (let i = 0; i < times; i++) result = run(next++);
      return result;
    };
  }
  if (inFlight === 1) {
    return async () => {
      for (let i = 0; i < times; i++) await run(next++);
    };
  }
  return async () => {
    for (let i = 0; i < times; i++) {
      await Promise.all(Array.from({ length: inFlight }, () => run(next++)));
    }
  };
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
