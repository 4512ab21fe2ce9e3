/** Amazon Resource Names of keys and aliases. */

/** `arn:<partition>:kms:<region>:<account>:<resource>`, taken apart. */
export interface KmsArn {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** `key/<key id>` or `alias/<name>`. */
  readonly resource: string;
}

/** Where something lives: the account that owns it and the Region. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

const ARN = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):([0-9]{12}):((?:key|alias)\/.+)$/;

/** The parts of an ARN, or `undefined` if it is none of KMS. */
export function parseArn(text: string): KmsArn | undefined {
  const match = ARN.exec(text);
  if (match === null) return undefined;
  const [, partition = "", region = "", accountId = "", resource = ""] = match;
  return { partition, region, accountId, resource };
}

/** The ARN of a KMS key. */
export function keyArn(place: Place, keyId: string): string {
  return `arn:${partitionOf(place.region)}:kms:${place.region}:${place.accountId}:key/${keyId}`;
}

/** The ARN of an alias; `name` includes `alias/`. */
export function aliasArn(place: Place, name: string): string {
  return `arn:${partitionOf(place.region)}:kms:${place.region}:${place.accountId}:${name}`;
}

/** The ARN of a key without its Region: what ciphertext is bound to, so that replicas agree. */
export function keyResourceId(place: Place, keyId: string): string {
  return `arn:${partitionOf(place.region)}:kms::${place.accountId}:key/${keyId}`;
}

/** The partition of a Region: `aws` but for China and GovCloud. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
