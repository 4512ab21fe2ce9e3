/** Laws that hold of any policies and any request, and the second evaluator's word on them. */
import { decide } from "@kmslite/policy";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Answers, type Asked, answers, prepare, questionOf } from "./compare.ts";
import type { Json, World } from "./naive-evaluator.ts";
import { questions, worlds } from "./random-worlds.ts";

const RUNS = { numRuns: 2_000 };

const ask = (world: World, asked: Asked): Answers => answers(prepare(world), asked);
const allowed = (world: World, asked: Asked): boolean => ask(world, asked).ours;
const statementsOf = (policy: Json): readonly Json[] => policy["Statement"] as readonly Json[];

/** The world with each of its policies changed. */
function mapPolicies(world: World, change: (policy: Json) => Json): World {
  const { keyPolicy, boundary, sessionPolicies } = world;
  return {
    ...world,
    identityPolicies: world.identityPolicies.map(change),
    ...(keyPolicy === undefined ? {} : { keyPolicy: change(keyPolicy) }),
    ...(boundary === undefined ? {} : { boundary: change(boundary) }),
    ...(sessionPolicies === undefined ? {} : { sessionPolicies: sessionPolicies.map(change) }),
  };
}

test("two evaluators agree on policies at random", () => {
  fc.assert(
    fc.property(worlds, questions, (world, asked) => {
      const { ours, naive } = ask(world, asked);
      expect(ours).toBe(naive);
    }),
    { numRuns: 6_000 },
  );
});

test("another Deny never allows, in whatever policy it is", () => {
  fc.assert(
    fc.property(worlds, worlds, questions, fc.nat(), (world, other, asked, place) => {
      const documents = [
        ...(other.keyPolicy === undefined ? [] : [other.keyPolicy]),
        ...other.identityPolicies,
      ];
      const denies = documents.flatMap(statementsOf).filter(({ Effect }) => Effect === "Deny");
      let at = 0;
      const more = mapPolicies(world, (policy) => {
        if (at++ !== place % 4) return policy;
        const isKeyPolicy = policy === world.keyPolicy;
        const fitting = denies.map(({ Principal, NotPrincipal, ...rest }) =>
          isKeyPolicy ? { Principal: "*", ...rest } : { Action: "*", Resource: "*", ...rest },
        );
        const whole = fitting.map(({ Action, NotAction, Resource, NotResource, ...rest }: Json) => ({
          ...rest,
          ...(NotAction === undefined ? { Action } : { NotAction }),
          ...(NotResource === undefined ? { Resource } : { NotResource }),
        }));
        return { ...policy, Statement: [...statementsOf(policy), ...whole] };
      });
      if (allowed(more, asked)) expect(allowed(world, asked)).toBe(true);
    }),
    RUNS,
  );
});

test("an Allow less never allows, in whatever policy it was", () => {
  fc.assert(
    fc.property(worlds, questions, fc.nat(), (world, asked, choice) => {
      let at = 0;
      const less = mapPolicies(world, (policy) => {
        const kept = statementsOf(policy).filter(({ Effect }) => Effect !== "Allow" || at++ !== choice % 6);
        // A document without statements is none; one about nothing we ask for says as little.
        const nothing = {
          ...statementsOf(policy)[0],
          Effect: "Allow",
          NotAction: undefined,
          Action: "sts:None",
        };
        return { ...policy, Statement: kept.length === 0 ? [nothing] : kept };
      });
      if (allowed(less, asked)) expect(allowed(world, asked)).toBe(true);
    }),
    RUNS,
  );
});

test("the order of statements, of documents, and of what elements list means nothing", () => {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn).reverse();
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, inner]) => [name, turn(inner)])
        .reverse(),
    );
  };
  fc.assert(
    fc.property(worlds, questions, (world, asked) => {
      const turned = mapPolicies(
        {
          ...world,
          identityPolicies: world.identityPolicies.toReversed(),
          ...(world.sessionPolicies === undefined
            ? {}
            : { sessionPolicies: world.sessionPolicies.toReversed() }),
        },
        (policy) => turn(policy) as Json,
      );
      expect(allowed(turned, asked)).toBe(allowed(world, asked));
    }),
    RUNS,
  );
});

test("an error inside of a decision never allows", () => {
  fc.assert(
    fc.property(worlds, questions, fc.integer({ min: 1, max: 12 }), (world, asked, failing) => {
      const { request, policies } = questionOf(prepare(world), asked);
      const { allowed: rightly } = decide(request, policies);
      let reads = 0;
      const context = {
        get: (key: string) => {
          if (++reads === failing) throw new Error("The context could not be read");
          return request.context.get(key);
        },
      } as typeof request.context;
      let wrongly = false;
      try {
        wrongly = decide({ ...request, context }, policies).allowed;
      } catch (error) {
        expect((error as Error).message).toBe("The context could not be read");
        return;
      }
      expect(wrongly).toBe(rightly);
    }),
    RUNS,
  );
});
