/** Entry of a browser: the page runs the suite itself, and asks a dedicated worker and a service worker to do the same. */
import { browserRootKey, indexedDbStore, memoryStore } from "kmslite/browser";
import { passkey } from "../behaviours/passkey.ts";
import { type Answer, attempt, type Platform, type Question } from "../behaviours/platform.ts";
import { answer } from "../behaviours/suite.ts";

/** Where the bundle runs: each context keeps databases of its own. */
const context =
  "document" in globalThis ? "page" : "registration" in globalThis ? "service worker" : "dedicated worker";

const platform: Platform = {
  stores: [
    {
      name: "memory",
      create: async () => {
        const store = memoryStore();
        return { open: async () => store, dispose: async () => {} };
      },
    },
    {
      name: "IndexedDB",
      create: async () => {
        const name = crypto.randomUUID();
        return { open: () => indexedDbStore({ name }), dispose: () => deleted(name) };
      },
      lasting: () => indexedDbStore({ name: `lasting in ${context}` }),
    },
  ],
  rootKey: () => browserRootKey({ name: `root key of ${context}` }),
};

function deleted(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

declare global {
  /** For the driver: asks one of the contexts. In JSON, because drivers lose objects that occur twice. */
  var ask: ((question: string, where: string) => Promise<string>) | undefined;
}

/** What a worker is sent: the question, and where to answer. */
async function whenAsked(data: Question, port: MessagePort | undefined): Promise<void> {
  port?.postMessage(await answer(platform, data));
}

if (context === "page") {
  globalThis.ask = async (text, where) => {
    const question = JSON.parse(text) as Question;
    if (question.phase === "passkey")
      return JSON.stringify({
        outcomes: [await attempt("root key from a passkey", () => passkey(platform))],
      });
    if (where === "page") return JSON.stringify(await answer(platform, question));
    const { port1, port2 } = new MessageChannel();
    const answered = new Promise<Answer>((resolve) => {
      port1.onmessage = ({ data }) => resolve(data as Answer);
    });
    (where === "dedicated worker" ? dedicatedWorker() : await serviceWorker()).postMessage(question, [port2]);
    return JSON.stringify(await answered);
  };
} else {
  globalThis.addEventListener("message", (event) => {
    const { data, ports, waitUntil } = event as MessageEvent<Question> & {
      readonly waitUntil?: (work: Promise<void>) => void;
    };
    const answering = whenAsked(data, ports[0]);
    // A service worker that nobody waits for is ended after half a minute.
    waitUntil?.call(event, answering);
  });
}

function dedicatedWorker(): Worker {
  return new Worker("/bundle.js", { type: "module" });
}

async function serviceWorker(): Promise<ServiceWorker> {
  await navigator.serviceWorker.register("/bundle.js", { type: "module" });
  const { active } = await navigator.serviceWorker.ready;
  if (active === null) throw new Error("the service worker is not active");
  return active;
}
