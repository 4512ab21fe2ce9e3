/** Values that mean something to the service under test: what it answered lately, by the member that takes it. */
import type { Random } from "../soak/random.ts";

/** Which members of requests take what a member of an answer held. */
const TAKEN_BY: Readonly<Record<string, readonly string[]>> = {
  Arn: ["KeyId", "TargetKeyId", "DestinationKeyId", "SourceKeyId"],
  CiphertextBlob: ["CiphertextBlob"],
  GrantId: ["GrantId"],
  GrantToken: ["GrantToken", "GrantTokens"],
  ImportToken: ["ImportToken"],
  KeyId: ["KeyId", "TargetKeyId", "DestinationKeyId", "SourceKeyId"],
  CustomKeyStoreId: ["CustomKeyStoreId"],
  Mac: ["Mac"],
  NextMarker: ["Marker"],
  PublicKey: ["PublicKey"],
  Signature: ["Signature"],
};

/** Values kept for a member; the oldest go first. */
const KEPT = 24;

export class Pool {
  readonly #planted = new Map<string, readonly string[]>();
  readonly #values = new Map<string, unknown[]>([
    ["AliasName", ["alias/app", "alias/b", "alias/aws/s3", "alias/"]],
    [
      "GranteePrincipal",
      ["arn:aws:iam::111122223333:role/app", "arn:aws:iam::444455556666:root", "s3.amazonaws.com"],
    ],
    ["RetiringPrincipal", ["arn:aws:iam::111122223333:role/app"]],
    [
      "KeyId",
      [
        "alias/app",
        "arn:aws:kms:us-east-1:111122223333:alias/app",
        "arn:aws:kms:us-east-1:444455556666:key/x",
      ],
    ],
    ["ReplicaRegion", ["eu-west-1", "us-east-1"]],
    ["PrimaryRegion", ["eu-west-1", "us-east-1"]],
    [
      "Policy",
      [
        '{"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}}',
        "{}",
        "[",
        '{"Statement":[[]]}',
      ],
    ],
    ["PolicyName", ["default"]],
  ]);

  /** Keeps a value for good. */
  plant(member: string, value: string): void {
    this.#planted.set(member, [...(this.#planted.get(member) ?? []), value]);
  }

  /** Keeps what an answer holds, nested structures and lists too. */
  learn(answer: unknown): void {
    if (Array.isArray(answer)) for (const item of answer.slice(0, 3)) this.learn(item);
    else if (typeof answer === "object" && answer !== null && !(answer instanceof Uint8Array)) {
      for (const [name, value] of Object.entries(answer)) {
        for (const member of TAKEN_BY[name] ?? []) this.#keep(member, value);
        this.learn(value);
      }
    }
  }

  /** A value for a member, if there is one. */
  valueFor(member: string, random: Random): unknown {
    const values = [...(this.#planted.get(member) ?? []), ...(this.#values.get(member) ?? [])];
    return values[random.below(values.length)];
  }

  #keep(member: string, value: unknown): void {
    if (typeof value !== "string" && !(value instanceof Uint8Array)) return;
    const values = this.#values.get(member) ?? [];
    values.push(value);
    if (values.length > KEPT) values.shift();
    this.#values.set(member, values);
  }
}
