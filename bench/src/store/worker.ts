/** One process of the suite `store`: a KMS over the store that it is told, which works on command as long as it is told. */
import { createKms, memoryStore } from "kmslite";
import { sqliteStore } from "kmslite/node";
import type { Command, Done, Setting, Task } from "./fleet.ts";

/** Calls of one process that are under way at a time. */
const LANES = 8;

const { kind, at } = JSON.parse(process.argv[2] ?? "") as Setting;
const kms = await createKms({ root: new Uint8Array(32).fill(0x5a), store: await openStore() });
const keys = await Promise.all(Array.from({ length: LANES }, () => kms.createKey({})));
const plaintext = new Uint8Array(32).fill(7);
let numbers = 0;

process.on("message", async (command: Command) => {
  if (command === "stop") {
    await kms.close();
    process.exit();
  }
  const { task, milliseconds } = command;
  const end = performance.now() + milliseconds;
  const counts = await Promise.all(keys.map(({ KeyMetadata }) => work(task, KeyMetadata?.KeyId, end)));
  tell(counts.reduce((sum, count) => sum + count, 0));
});
tell(0);

async function work(task: Task, KeyId: string | undefined, end: number): Promise<number> {
  let count = 0;
  for (; performance.now() < end; count++) {
    if (task === "update") await kms.updateKeyDescription({ KeyId, Description: `text ${++numbers}` });
    else if (task === "describe") await kms.describeKey({ KeyId });
    else await kms.encrypt({ KeyId, Plaintext: plaintext });
  }
  return count;
}

async function openStore() {
  if (kind === "memory") return memoryStore();
  if (kind === "sqlite") return sqliteStore({ path: at });
  const { postgresStore } = await import("@kmslite/store/postgres");
  return postgresStore({ url: at, create: true });
}

function tell(operations: number): void {
  process.send?.({ operations } satisfies Done);
}
