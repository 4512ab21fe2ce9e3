/**
 * Entry of Vercel's edge runtime: a function that answers requests. Compiling WebAssembly from bytes is forbidden here; whoever
 * deploys a function hands the modules in.
 */
import { memoryStore, rootKeyFromText } from "kmslite";
import type { Platform } from "../behaviours/platform.ts";
import { answer } from "../behaviours/suite.ts";

declare global {
  /** Set by the driver. */
  var modules: NonNullable<Platform["modules"]>;
}

const platform: Platform = {
  stores: [
    {
      name: "memory",
      create: async () => {
        const store = memoryStore();
        return { open: async () => store, dispose: async () => {} };
      },
    },
  ],
  rootKey: async () => rootKeyFromText("33".repeat(32)),
  modules: globalThis.modules,
};

interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

addEventListener("fetch", (event) => {
  const { request, respondWith } = event as FetchEvent;
  respondWith.call(
    event,
    request.json().then(async (question) => Response.json(await answer(platform, question))),
  );
});
