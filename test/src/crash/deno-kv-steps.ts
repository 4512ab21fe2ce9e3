/**
 * A process of Deno on databases of Deno KV: `prepare <path>` writes what the commit is made from, `commit <path>` makes it and says so,
 * `show <path>…` tells what each holds, as JSON.
 */
import { type DenoKv, denoKvStore } from "@kmslite/store/deno-kv";
import { found, MUTATION, writeBefore } from "./mutation.ts";

interface DenoGlobal {
  readonly args: readonly string[];
  openKv(path: string): Promise<DenoKv>;
}

const deno = (globalThis as unknown as { readonly Deno: DenoGlobal }).Deno;
const [step, ...paths] = deno.args;
const states: string[] = [];
for (const path of paths) {
  const store = denoKvStore(await deno.openKv(path));
  if (step === "prepare") await writeBefore(store);
  else if (step === "commit") states.push(String(await store.commit(MUTATION)));
  else states.push(await found(store));
  if (step === "commit") console.log("acknowledged", ...states);
  await store.close();
}
if (step === "show") console.log(JSON.stringify(states));
