/** A KMS inside a Durable Object: opened when the object wakes, and served until it sleeps. */
import type { Store } from "@kmslite/store";
import { type DurableObjectStorage, durableObjectStore } from "@kmslite/store/durable-object";
import type { FetchHandlerOptions, Kms } from "../kms.ts";

/** A KMS, and who may call it. */
export interface OpenedForServing extends FetchHandlerOptions {
  readonly kms: Kms;
}

/** As much of a Durable Object's state (`ctx`) as is needed. */
export interface KmsObjectState {
  readonly storage: DurableObjectStorage & { setAlarm(time: number): Promise<void> };
  blockConcurrencyWhile<T>(work: () => Promise<T>): Promise<T>;
}

/** What the platform calls. */
export interface KmsObject {
  fetch(request: Request): Promise<Response>;
  alarm(): Promise<void>;
}

/** Days matter to rotations and deletions, so an hour is early enough; every call of an operation does what is due too. */
const INTERVAL = 3_600_000;

/**
 * The class of a Durable Object that serves a KMS. Declare it with SQLite storage.
 *
 * @param open makes the KMS of an object from the Worker's environment; called each time that the object wakes
 */
export function kmsObject<Env>(
  open: (env: Env, store: Store) => Promise<OpenedForServing>,
): new (
  state: KmsObjectState,
  env: Env,
) => KmsObject {
  return class {
    readonly #state: KmsObjectState;
    readonly #opened: Promise<{ kms: Kms; handle: (request: Request) => Promise<Response> }>;

    constructor(state: KmsObjectState, env: Env) {
      this.#state = state;
      // If it fails the platform lets the object go, and the next request begins anew.
      this.#opened = state.blockConcurrencyWhile(async () => {
        const { kms, ...options } = await open(env, durableObjectStore(state.storage));
        await state.storage.setAlarm(Date.now() + INTERVAL);
        return { kms, handle: kms.fetchHandler(options) };
      });
    }

    async fetch(request: Request): Promise<Response> {
      return (await this.#opened).handle(request);
    }

    async alarm(): Promise<void> {
      const { kms } = await this.#opened;
      try {
        await kms.runDueWork();
      } finally {
        await this.#state.storage.setAlarm(Date.now() + INTERVAL);
      }
    }
  };
}
