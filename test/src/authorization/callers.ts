/** A service with a key for every operation, and callers of several accounts. */
import { type Caller, type Identity, loadOperations, type Service } from "@kmslite/service";
import { type Bench, openBench } from "../conformance/kms/key-in-state.ts";

export const ACCOUNT = "111122223333";
export const OTHER_ACCOUNT = "444455556666";

/** A user of an account; with identity policies if statements are given. */
export function user(name: string, accountId: string, ...statements: readonly object[]): Caller {
  const identity: Identity = {
    policies: statements.map((Statement) => JSON.stringify({ Version: "2012-10-17", Statement })),
  };
  return {
    accountId,
    region: "us-east-1",
    principal: `arn:aws:iam::${accountId}:user/${name}`,
    ...(statements.length === 0 ? {} : { identity }),
  };
}

export const EVERYTHING = { Effect: "Allow", Action: "kms:*", Resource: "*" };

export interface SharedBench extends Bench {
  readonly service: Service;
}

export async function openSharedBench(): Promise<SharedBench> {
  const opened: Service[] = [];
  const bench = await openBench((service, caller) => {
    opened.push(service);
    return (operation, input) => service.call(operation, input, caller) as ReturnType<Bench["call"]>;
  });
  return { ...bench, service: opened[0] as Service };
}

/** The names of all operations of the registry. */
export async function allOperations(): Promise<readonly string[]> {
  return (await loadOperations()).map(({ name }) => name).sort();
}
