/**
 * What an operation is: its input rules, its key-state rule and its effect. What all operations share (validation,
 * resolving the key, conflicts, errors) is done around them.
 */
import { type AtOnce, whenThere } from "./at-once.ts";
import type { Call } from "./call.ts";
import type { KeyRecord, KeyState, Row } from "./database/records.ts";
import { assertOrigin, assertRotatable, assertState, assertUsage } from "./key-state.ts";
import type { KeyUsageType, OriginType } from "./shapes/key-types.ts";
import type { MembersOf, StructureShape, Validated } from "./shapes/shape.ts";

/** One operation of the API. `Request` and `Response` have the shapes of the official SDK. */
export interface Operation<Request, Response> {
  readonly name: string;
  readonly input: StructureShape;
  /** For the compiler only: ties the operation to its types. */
  readonly types?: { readonly request: Request; readonly response: Response };
  /** Acts on a validated request. May run again from the start when somebody else changed what it read. */
  run(call: Call, input: Validated<Request>): AtOnce<Response>;
}

interface Definition<Request, Response> {
  readonly input: MembersOf<NoInfer<Request>>;
  readonly run: (call: Call, input: Validated<NoInfer<Request>>) => AtOnce<Response>;
}

/** An operation on no key: the policies of the caller's account decide. */
export function operation<Request, Response>(
  name: string,
  definition: Definition<Request, Response>,
): Operation<Request, Response> {
  return operationOnKeys(name, {
    input: definition.input,
    run: async (call, input) => {
      await call.authorize(name);
      return definition.run(call, input);
    },
  });
}

/** An operation that resolves its keys itself, which asks for the permission on each of them. */
export function operationOnKeys<Request, Response>(
  name: string,
  { input, run }: Definition<Request, Response>,
): Operation<Request, Response> {
  return { name, input: { kind: "structure", members: input }, run };
}

/** An operation on the KMS key that its KeyId names. */
export function keyOperation<Request extends { KeyId: string | undefined }, Response>(
  name: string,
  definition: {
    readonly input: MembersOf<NoInfer<Request>>;
    /** Key states in which the operation is allowed. */
    readonly allowedIn: readonly KeyState[];
    /** Origins of key material for which the operation exists; any unless given. */
    readonly origins?: readonly OriginType[];
    /** Whether the operation is about rotation, which only keys for symmetric encryption have. */
    readonly rotation?: boolean;
    /** What the key must be for, if the operation is a use of it. */
    readonly usage?: KeyUsageType;
    /** Whether an alias may stand for the key; only cryptographic operations and DescribeKey allow it. */
    readonly alias?: boolean;
    /** Whether the operation uses the key and changes nothing: then the key may be as the cache knows it. */
    readonly cryptographic?: boolean;
    readonly run: (call: Call, input: Validated<NoInfer<Request>>, key: Row<KeyRecord>) => AtOnce<Response>;
  },
): Operation<Request, Response> {
  return operationOnKeys<Request, Response>(name, {
    input: definition.input,
    run: (call, input) => {
      const lately = definition.cryptographic ?? false;
      const resolution = { alias: definition.alias ?? lately, lately };
      return whenThere(call.resolveKey(input.KeyId as string, resolution), (key) => {
        if (definition.rotation === true) assertRotatable(key.value);
        if (definition.origins !== undefined) assertOrigin(key.value, definition.origins);
        assertState(key.value, definition.allowedIn);
        if (definition.usage !== undefined) assertUsage(key.value, definition.usage, name);
        return definition.run(call, input, key);
      });
    },
  });
}
