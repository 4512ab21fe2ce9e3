/** The one suite: asked of every runtime in the same words. */
import { storeConformance } from "@kmslite/store/conformance";
import { makeArtifact, openArtifact } from "./artifact.ts";
import { ENGINES, engine } from "./engines.ts";
import { operations } from "./operations.ts";
import { type Answer, attempt, type Outcome, type Platform, type Question } from "./platform.ts";
import { sdk } from "./sdk.ts";
import { makeLasting, openLasting, rotation } from "./service.ts";

export async function answer(platform: Platform, question: Question): Promise<Answer> {
  return question.phase === "first"
    ? first(platform, question.runtime)
    : { outcomes: await restarted(platform, question.artifacts) };
}

async function first(platform: Platform, runtime: string): Promise<Answer> {
  const outcomes: Outcome[] = [];
  for (const name of ENGINES) outcomes.push(await attempt(`engine ${name}`, () => engine(platform, name)));
  outcomes.push(await attempt("every operation", () => operations(platform)));
  outcomes.push(await attempt("official SDK in the process", () => sdk()));
  outcomes.push(await attempt("rotation with old blobs", () => rotation(platform)));
  for (const store of platform.stores) {
    outcomes.push(await attempt(`store ${store.name}`, () => conformance(store)));
    if (store.lasting !== undefined)
      outcomes.push(await attempt(`kept in ${store.name}`, () => makeLasting(platform, store)));
  }
  return { outcomes, artifact: await makeArtifact(platform, runtime) };
}

async function restarted(
  platform: Platform,
  artifacts: Extract<Question, { phase: "restarted" }>["artifacts"],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const store of platform.stores.filter(({ lasting }) => lasting !== undefined))
    outcomes.push(
      await attempt(`found in ${store.name} after a restart`, () => openLasting(platform, store)),
    );
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
