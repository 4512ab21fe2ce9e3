/**
 * Resident memory while a long stream is sealed and opened again: `pnpm stream-memory --gib 4 --engine wasm-simd`.
 *
 * The ciphertext is compared with that of `node:crypto`, and the plaintext that comes out with the one that went in. Exits with
 * 1 if they differ, or if resident memory grew by 64 MiB or more.
 */
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import {
  type AeadKey,
  type SyncEngine,
  sealingStream,
  typescriptEngine,
  unverifiedOpeningStream,
  wasmEngine,
} from "@kmslite/aead";

const MIB = 2 ** 20;
/** Most bytes that resident memory may grow by. */
const BOUND = 64 * MIB;
/** Not a multiple of the block: what is kept back between two chunks takes part. */
const CHUNK = 65_521;

const { values } = parseArgs({
  options: { gib: { type: "string", default: "4" }, engine: { type: "string" } },
});
const total = Number(values.gib) * 2 ** 30;
if (!(total > 0)) throw new RangeError(`--gib takes a number above 0; got ${values.gib}`);

const engine = engineNamed(values.engine);
const [keyBytes, iv] = [randomBytes(32), randomBytes(12)];
const key = engine.key(keyBytes);

const before = process.memoryUsage.rss();
let most = before;
await through(key, total, () => {
  most = Math.max(most, process.memoryUsage.rss());
});
key.close();

const growth = most - before;
console.log(
  `${engine.name}: sealed and opened ${total} bytes; resident memory ${mib(before)} MiB before, ${mib(most)} MiB at most: ` +
    `${mib(growth)} MiB of growth`,
);
if (growth >= BOUND) {
  console.error(`resident memory was to grow by less than ${mib(BOUND)} MiB`);
  process.exitCode = 1;
}

async function through(key: AeadKey, length: number, watch: () => void): Promise<void> {
  const plaintextIn = createHash("sha256");
  const plaintextOut = createHash("sha256");
  const ciphertext = createHash("sha256");
  const expected = createHash("sha256");
  const cipher = createCipheriv("aes-256-gcm", keyBytes, iv);
  const chunk = randomBytes(CHUNK);
  let produced = 0;
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      chunk.writeDoubleLE(produced);
      const next = new Uint8Array(chunk.subarray(0, Math.min(CHUNK, length - produced)));
      produced += next.length;
      plaintextIn.update(next);
      expected.update(cipher.update(next));
      controller.enqueue(next);
      if (produced === length) controller.close();
    },
  });
  const watched = new TransformStream<Uint8Array, Uint8Array>({
    transform: (sealed, controller) => {
      ciphertext.update(sealed);
      controller.enqueue(sealed);
    },
  });
  const opened = source
    .pipeThrough(sealingStream(key, iv))
    .pipeThrough(watched)
    .pipeThrough(unverifiedOpeningStream(key, iv));
  let chunks = 0;
  for await (const part of opened) {
    plaintextOut.update(part);
    if (chunks++ % 100 === 0) watch();
  }
  cipher.final();
  expected.update(cipher.getAuthTag());
  if (plaintextIn.digest("hex") !== plaintextOut.digest("hex")) throw new Error("the plaintext differs");
  if (ciphertext.digest("hex") !== expected.digest("hex"))
    throw new Error("the ciphertext is not that of node:crypto");
}

function engineNamed(name: string | undefined): SyncEngine {
  if (name === "typescript") return typescriptEngine();
  return wasmEngine(name === undefined ? {} : { name: name as "wasm-simd" });
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
