/** The one suite: asked of every runtime in the same words. */
import { storeConformance } from "@kmslite/store/conformance";
import { makeArtifact, openArtifact } from "./artifact.ts";
import { survived, writeUntilKilled } from "./crash.ts";
import { ENGINES, engine } from "./engines.ts";
import { operations } from "./operations.ts";
import { type Answer, attempt, type Outcome, type Platform, type Question } from "./platform.ts";
import { recipient } from "./recipient.ts";
import { passphrase } from "./root-keys.ts";
import { sdk } from "./sdk.ts";
import { makeLasting, openLasting, rotation } from "./service.ts";
import { share, shared } from "./sharing.ts";

export async function answer(platform: Platform, question: Question): Promise<Answer> {
  if (question.phase === "first") return first(platform, question.runtime);
  if (question.phase === "restarted") return { outcomes: await restarted(platform, question) };
  const lasting = platform.stores.filter((store) => store.lasting !== undefined);
  if (question.phase === "sharing") {
    const outcomes = lasting.map((store) =>
      attempt(`${question.who} shares ${store.name}`, () => share(platform, store, question.who)),
    );
    return { outcomes: await Promise.all(outcomes) };
  }
  if (question.phase === "until killed") {
    const writing = lasting.map((store) =>
      writeUntilKilled(store, question.run, async (name) => {
        await fetch(question.tell, { method: "POST", body: JSON.stringify([store.name, name]) });
      }),
    );
    await Promise.all(writing);
  }
  throw new TypeError(`Question: the suite does not know ${question.phase}`);
}

async function first(platform: Platform, runtime: string): Promise<Answer> {
  const outcomes: Outcome[] = [];
  for (const name of ENGINES) outcomes.push(await attempt(`engine ${name}`, () => engine(platform, name)));
  outcomes.push(await attempt("every operation", () => operations(platform)));
  outcomes.push(await attempt("official SDK in the process", () => sdk()));
  outcomes.push(await attempt("rotation with old blobs", () => rotation(platform)));
  outcomes.push(await attempt("answer for an enclave", () => recipient(platform)));
  outcomes.push(await attempt("root key from a passphrase", () => passphrase(platform)));
  for (const store of platform.stores) {
    outcomes.push(await attempt(`store ${store.name}`, () => conformance(store)));
    if (store.lasting !== undefined)
      outcomes.push(await attempt(`kept in ${store.name}`, () => makeLasting(platform, store)));
  }
  return { outcomes, artifact: await makeArtifact(platform, runtime) };
}

async function restarted(
  platform: Platform,
  { artifacts, writers, acknowledged }: Extract<Question, { phase: "restarted" }>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const store of platform.stores.filter(({ lasting }) => lasting !== undefined)) {
    const { name } = store;
    outcomes.push(await attempt(`found in ${name} after a restart`, () => openLasting(platform, store)));
    if (writers.length > 0)
      outcomes.push(await attempt(`${name} shared: no lost update`, () => shared(platform, store, writers)));
    if (acknowledged !== undefined)
      outcomes.push(
        await attempt(`${name} killed: all or nothing`, () => survived(store, acknowledged[name] ?? [])),
      );
  }
  for (const artifact of artifacts)
    outcomes.push(await attempt(`blobs of ${artifact.runtime}`, () => openArtifact(platform, artifact)));
  return outcomes;
}

async function conformance(store: Platform["stores"][number]): Promise<string> {
  const cases = storeConformance({ create: () => store.create(), persistent: store.name !== "memory" });
  // One after the other: a platform with one storage empties it between them.
  for (const { run } of cases) await run();
  return `${cases.length} cases`;
}
