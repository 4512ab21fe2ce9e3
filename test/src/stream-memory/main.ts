/**
 * Resident memory while long messages are sealed and opened: `pnpm stream-memory --gib 4 --engine wasm-simd`.
 *
 * First in chunks that are written where the caller says, then through the Web stream, whose chunks are garbage for the runtime
 * to collect when it likes; how much it lets lie shows a stream that only passes its chunks on. The chunks' plaintext is
 * compared with what went in, the Web stream's ciphertext with that of `node:crypto`. Exits with 1 if they differ, or if
 * resident memory grew by 64 MiB or more where nothing is left to be collected.
 */
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { loadEngine, sealingStream } from "@kmslite/aead";

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

const engine = await loadEngine(values.engine as "wasm-simd" | undefined);
const [keyBytes, iv] = [randomBytes(32), randomBytes(12)];
const chunk = randomBytes(CHUNK);
const key = engine.key(keyBytes);
if ((await growth("sealed and opened in chunks", sealAndOpenChunks)) >= BOUND) {
  console.error(`resident memory was to grow by less than ${mib(BOUND)} MiB`);
  process.exitCode = 1;
}
await growth("passed on by a Web stream that does nothing", passOn);
await growth("sealed by the Web stream", sealStream);
key.close();

/** Runs what calls its argument now and then, and sees how far resident memory grows. */
async function growth(what: string, work: (look: () => void) => void | Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  await work(() => {
    most = Math.max(most, process.memoryUsage.rss());
  });
  console.log(
    `${engine.name}: ${total} bytes ${what}: ${mib(before)} MiB resident before, ${mib(most)} MiB at most, ` +
      `${mib(most - before)} MiB of growth`,
  );
  return most - before;
}

async function passOn(look: () => void): Promise<void> {
  await consume(source().pipeThrough(new TransformStream()), look, () => {});
}

async function sealStream(look: () => void): Promise<void> {
  const ciphertext = createHash("sha256");
  await consume(source().pipeThrough(sealingStream(key, iv)), look, (part) => ciphertext.update(part));
  // Afterwards, since every update of node:crypto's makes a new buffer.
  const cipher = createCipheriv("aes-256-gcm", keyBytes, iv);
  const expected = createHash("sha256");
  for (const text of texts()) expected.update(cipher.update(text));
  expected.update(cipher.final()).update(cipher.getAuthTag());
  if (ciphertext.digest("hex") !== expected.digest("hex"))
    throw new Error("the ciphertext is not that of node:crypto");
}

function source(): ReadableStream<Uint8Array> {
  const chunks = texts();
  return new ReadableStream({
    pull: (controller) => {
      const { value, done } = chunks.next();
      // A copy, as a file's stream would make: others are still on their way.
      if (done === true) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
  });
}

async function consume(
  stream: ReadableStream<Uint8Array>,
  look: () => void,
  take: (part: Uint8Array) => void,
): Promise<void> {
  let count = 0;
  for await (const part of stream) {
    take(part);
    if (count++ % 100 === 0) look();
  }
}

function sealAndOpenChunks(look: () => void): void {
  const sealer = key.sealer(iv);
  const opener = key.unverifiedOpener(iv);
  const [sealed, opened] = [new Uint8Array(CHUNK + 15), new Uint8Array(CHUNK + 31)];
  const [plaintextIn, plaintextOut] = [createHash("sha256"), createHash("sha256")];
  let count = 0;
  for (const text of texts()) {
    plaintextIn.update(text);
    plaintextOut.update(opener.updateUnverified(sealer.update(text, sealed), opened));
    if (count++ % 100 === 0) look();
  }
  plaintextOut.update(opener.updateUnverified(sealer.finish())).update(opener.finish());
  if (plaintextIn.digest("hex") !== plaintextOut.digest("hex")) throw new Error("the plaintext differs");
}

/** The whole plaintext, in one buffer that is used again. */
function* texts(): Generator<Uint8Array, undefined> {
  for (let offset = 0; offset < total; offset += CHUNK) {
    chunk.writeDoubleLE(offset);
    yield chunk.subarray(0, Math.min(CHUNK, total - offset));
  }
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
