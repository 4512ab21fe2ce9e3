/**
 * The directory of principals: accounts, users, roles and their access keys, in the store of the keys.
 *
 * What this process changes is seen by it at once; what another one changes, within `keyCacheMs`.
 */
import type { Mutation } from "@kmslite/store/authenticated";
import { partitionOf } from "../arn.ts";
import { under } from "../database/keys.ts";
import { decode, encode, type Row } from "../database/records.ts";
import type { Runtime } from "../runtime.ts";
import { IamError } from "./iam-error.ts";
import { accountPlace } from "./places.ts";
import { RecordCache } from "./record-cache.ts";
import type { AccountRecord } from "./records.ts";
import { AccessKeySecrets } from "./secrets.ts";

const PAGE = 1000;
const MAXIMUM_ATTEMPTS = 64;
/** What a store holds under one key is 128 KiB; the record's tag and link need a little of it. */
const MAXIMUM_PAYLOAD = 130_000;

/** A change that was prepared from what was read: to be applied, or prepared anew if somebody else was quicker. */
export interface Change<Result> {
  readonly mutation: Mutation;
  readonly result: Result;
}

export class Directory {
  readonly runtime: Runtime;
  readonly secrets: AccessKeySecrets;
  /** Of ARNs: `aws`, but for China and GovCloud. */
  readonly partition: string;
  readonly #cache: RecordCache;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
    this.secrets = new AccessKeySecrets(runtime);
    this.partition = partitionOf(runtime.regions?.[0] ?? "us-east-1");
    this.#cache = new RecordCache(runtime);
    runtime.beforeClose(async () => this.secrets.close());
  }

  /** A record as it stands now. */
  async read<Value>(place: string): Promise<Row<Value> | undefined> {
    const record = await this.runtime.database.records.get(place);
    return record === undefined ? undefined : decode<Value>(record);
  }

  /** A record as it was lately. */
  recall<Value>(place: string): Promise<Value | undefined> {
    return this.#cache.get(place);
  }

  /** All records under a prefix, in the order of their keys. */
  async list<Value>(prefix: string): Promise<Value[]> {
    const { start, end } = under(prefix);
    const values: Value[] = [];
    for (let from = start; ; ) {
      const page = await this.runtime.database.records.list({ start: from, end, limit: PAGE });
      values.push(...page.map((record) => decode<Value>(record).value));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return values;
      from = `${last.key}!`;
    }
  }

  /** Prepares a change and applies it in one commit; again from the start if what it was prepared from has changed. */
  async change<Result>(prepare: () => Promise<Change<Result>>): Promise<Result> {
    for (let attempt = 1; attempt <= MAXIMUM_ATTEMPTS; attempt++) {
      const { mutation, result } = await prepare();
      const touched = [
        ...(mutation.removals ?? []),
        ...(mutation.updates ?? []).map(({ record }) => record),
        ...(mutation.inserts ?? []),
      ].map(({ key }) => key);
      let applied: boolean;
      try {
        applied = await this.runtime.commit(mutation);
      } finally {
        for (const place of touched) this.#cache.forget(place);
      }
      if (applied) return result;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** attempt, 50)));
    }
    throw new IamError("ServiceFailure", "The entity is being changed by many others; try again");
  }

  /** What makes an account known, if it is not yet. */
  async accountMutation(accountId: string): Promise<Mutation> {
    const place = accountPlace(accountId);
    if ((await this.read<AccountRecord>(place)) !== undefined) return {};
    const account: AccountRecord = { accountId, createdAt: this.runtime.clock(), accessKeys: [] };
    return { inserts: [{ key: place, payload: encode(account) }] };
  }
}

/** @throws {IamError} LimitExceeded if an entity's policies, tags and description are too large together */
export function encodeEntity(entity: object): Uint8Array {
  const payload = encode(entity);
  if (payload.length <= MAXIMUM_PAYLOAD) return payload;
  throw new IamError(
    "LimitExceeded",
    "The policies, tags and description of the entity are too large together",
  );
}
