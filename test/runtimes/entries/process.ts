/**
 * Entry of runtimes that are processes: `<program> bundle.mjs <folder> <question.json> <answer.json>`. The folder outlives the
 * process.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memoryStore, rootKeyFromText, type Store } from "kmslite";
import { type DenoKv, denoKvStore } from "kmslite/deno";
import type { Platform, PlatformStore } from "../behaviours/platform.ts";
import { answer } from "../behaviours/suite.ts";

interface DenoGlobal {
  openKv(path: string): Promise<DenoKv>;
}

const [folder, questionFile, answerFile] = process.argv.slice(2) as [string, string, string];
const deno = (globalThis as { readonly Deno?: DenoGlobal }).Deno;

const memory: PlatformStore = {
  name: "memory",
  create: async () => {
    const store = memoryStore();
    return { open: async () => store, dispose: async () => {} };
  },
};

/** Only where the runtime has `node:sqlite`. */
async function sqlite(): Promise<PlatformStore[]> {
  try {
    await import("node:sqlite");
  } catch {
    return [];
  }
  const { sqliteStore } = await import("kmslite/node");
  const at = async (name: string): Promise<Store> => sqliteStore({ path: join(folder, name) });
  return [
    {
      name: "SQLite",
      create: async () => {
        const name = `${crypto.randomUUID()}.sqlite`;
        return { open: () => at(name), dispose: async () => {} };
      },
      lasting: () => at("lasting.sqlite"),
    },
  ];
}

function kv(openKv: DenoGlobal["openKv"]): PlatformStore {
  const at = async (name: string): Promise<Store> => denoKvStore(await openKv(join(folder, name)));
  return {
    name: "Deno KV",
    create: async () => {
      const name = `${crypto.randomUUID()}.kv`;
      return { open: () => at(name), dispose: async () => {} };
    },
    lasting: () => at("lasting.kv"),
  };
}

const platform: Platform = {
  stores: [memory, ...(await sqlite()), ...(deno === undefined ? [] : [kv((path) => deno.openKv(path))])],
  rootKey: async () => rootKeyFromText("11".repeat(32)),
};
const question = JSON.parse(readFileSync(questionFile, "utf8"));
writeFileSync(answerFile, JSON.stringify(await answer(platform, question)));
// Pools of connections that a driver may keep are no reason to stay.
process.exit(0);
