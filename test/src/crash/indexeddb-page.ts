/**
 * What the page of the IndexedDB crash test runs, and its workers. A worker makes the commit, and stands still at its Nth step: a request
 * that is about to be made, one that has succeeded, or the completed transaction. Then the page terminates it.
 */
import { indexedDbStore } from "@kmslite/store/indexeddb";
import { type Found, found, MUTATION, writeBefore } from "./mutation.ts";

/** Where a worker was when it was terminated, and what the database holds then. */
export interface WorkerEnd {
  /** False if it never came to that step: it had acknowledged the commit before. */
  readonly cut: boolean;
  readonly acknowledged: boolean;
  readonly state: Found;
}

declare global {
  var commitUntilStep: ((step: number) => Promise<WorkerEnd>) | undefined;
}

if ("document" in globalThis) globalThis.commitUntilStep = terminatedAt;
else
  addEventListener("message", (event: MessageEvent<{ name: string; step: number }>) => void work(event.data));

async function terminatedAt(step: number): Promise<WorkerEnd> {
  const name = `step-${step}`;
  const before = await indexedDbStore({ name });
  await writeBefore(before);
  await before.close();
  const worker = new Worker("/bundle.js", { type: "module" });
  const told = await new Promise<unknown>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage({ name, step });
  });
  worker.terminate();
  // Waits for the terminated worker's transaction, as every transaction on the same records does.
  const after = await indexedDbStore({ name });
  const state = await found(after);
  await after.close();
  return { cut: told === "standing still", acknowledged: told === true, state };
}

async function work({ name, step }: { readonly name: string; readonly step: number }): Promise<void> {
  const store = await indexedDbStore({ name });
  standStillAt(step);
  postMessage(await store.commit(MUTATION));
}

function standStillAt(last: number): void {
  let steps = 0;
  const step = (): void => {
    steps++;
    if (steps !== last) return;
    postMessage("standing still");
    // For ever: nothing wakes it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
  const requests = IDBObjectStore.prototype;
  for (const name of ["get", "put", "delete"] as const) {
    const make = requests[name] as (...parameters: unknown[]) => IDBRequest;
    Object.defineProperty(requests, name, {
      value(this: IDBObjectStore, ...parameters: unknown[]): IDBRequest {
        step();
        const request = make.apply(this, parameters);
        request.addEventListener("success", step);
        return request;
      },
    });
  }
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...parameters) {
    const transaction = begin.apply(this, parameters);
    transaction.addEventListener("complete", step);
    return transaction;
  };
}
