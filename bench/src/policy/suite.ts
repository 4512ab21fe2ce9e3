/** The suite `policy`: decisions, under a key policy as people write them and under the slowest that may be written. */
import { type Caller, decide, type Policies, parsePolicy, type Request } from "@kmslite/policy";
import { measure } from "../measure.ts";
import type { Suite } from "../report.ts";
import { ACCOUNT, KEY_ARN, typicalKeyPolicy, USER, worstKeyPolicy } from "./documents.ts";

/** Decisions in one run: a single one is too short for the clock. */
const BATCH = 1_000;

const caller: Caller = { type: "User", accountId: ACCOUNT, arn: USER };

export const policySuite: Suite = {
  name: "policy",
  run: async (progress) => {
    progress("decisions under a key policy of 5 statements");
    const typical = policiesOf(typicalKeyPolicy);
    const ordinary = requestOf("orders");
    expectAllowed(ordinary, typical);
    const decisions = await measure({ id: "policy.decide", bytes: 0 }, [
      {
        engine: "typical",
        operations: BATCH,
        run: () => {
          for (let count = 0; count < BATCH; count++) decide(ordinary, typical);
        },
      },
    ]);
    progress("decisions under 32 KiB of wildcards");
    const worst = policiesOf(worstKeyPolicy());
    const long = requestOf("a".repeat(256));
    expectAllowed(long, worst);
    const worstDecisions = await measure({ id: "policy.decide-worst", bytes: 0 }, [
      { engine: "worst", run: () => decide(long, worst) },
    ]);
    const [fast, slow] = [decisions.measurements[0], worstDecisions.measurements[0]];
    return {
      name: "policy",
      results: [...decisions.measurements, ...worstDecisions.measurements],
      ratios: [
        {
          id: "policy.decisions-per-second",
          value: fast?.ops_per_s ?? Number.NaN,
          aim: 500_000,
          better: "higher",
        },
        {
          id: "policy.worst-document-ms",
          value: (slow?.median_ns ?? Number.NaN) / 1e6,
          aim: 1,
          better: "lower",
        },
      ],
    };
  },
};

function policiesOf(text: string): Policies {
  return { key: { accountId: ACCOUNT, policy: parsePolicy(text, "resource") }, identity: [] };
}

function requestOf(department: string): Request {
  const context = new Map([
    ["kms:encryptioncontext:department", [department]],
    ["kms:encryptioncontextkeys", ["department"]],
    ["kms:calleraccount", [ACCOUNT]],
    ["aws:principalarn", [USER]],
    ["aws:securetransport", ["true"]],
  ]);
  return { caller, action: "kms:Decrypt", resource: KEY_ARN, context };
}

/** A decision that went wrong early would be a fast one. */
function expectAllowed(request: Request, policies: Policies): void {
  const { allowed, reason } = decide(request, policies);
  if (!allowed) throw new Error(`Expected the policy to allow the request, and got ${reason}`);
}
