/** The documents of a decision one by one, each with what people call it. */
import type { Policies, PolicyOutcome } from "../decide.ts";
import type { PolicyDocument } from "../document.ts";

/** Names of the policies, where they have any, and what else an explanation can tell. */
export interface ExplainOptions {
  readonly identity?: readonly string[];
  readonly boundary?: string;
  readonly session?: readonly string[];
  /** Whether the action can be allowed by a grant; it is said then that one would do. */
  readonly grantable?: boolean;
}

export interface NamedPolicy {
  readonly policy: PolicyOutcome["policy"];
  readonly policyName: string;
  readonly document: PolicyDocument;
}

/** Every document, in the order in which a decision lists them. */
export function namedPolicies(policies: Policies, options: ExplainOptions): NamedPolicy[] {
  const { key, identity, boundary, session = [] } = policies;
  const several = (kind: "identity" | "session", documents: readonly PolicyDocument[]): NamedPolicy[] =>
    documents.map((document, index) => {
      const numbered = documents.length > 1 ? `${kind} policy ${index + 1}` : `${kind} policy`;
      const given = options[kind]?.[index];
      return {
        policy: kind,
        policyName: given === undefined ? numbered : `${kind} policy ${given}`,
        document,
      };
    });
  const boundaryName = options.boundary === undefined ? "" : ` ${options.boundary}`;
  return [
    ...(key === undefined
      ? []
      : [{ policy: "key" as const, policyName: "key policy", document: key.policy }]),
    ...several("identity", identity),
    ...(boundary === undefined
      ? []
      : [
          {
            policy: "boundary" as const,
            policyName: `permissions boundary${boundaryName}`,
            document: boundary,
          },
        ]),
    ...several("session", session),
  ];
}
