/**
 * AWS managed keys (`alias/aws/s3` and its like): made when a service first names its alias for an account, rotated every
 * year, and nobody's to change (AWS KMS Developer Guide, "AWS managed keys").
 */
import { randomKeyId } from "@kmslite/hierarchy";
import { insertedAlias } from "../aliases.ts";
import { type Place, partitionOf } from "../arn.ts";
import type { Call } from "../call.ts";
import { accountKeyKey, keyKey } from "../database/keys.ts";
import { encodeKey, type KeyRecord } from "../database/records.ts";
import { together } from "../mutations.ts";
import { withFreshMaterial } from "../rotation.ts";
import { DAY, planned, rotationOf } from "../schedule/due-work.ts";

/** AWS managed keys are rotated about once a year. */
const PERIOD_IN_DAYS = 365;

/** Services whose key bears another name than they do: volumes of EC2 are encrypted under `alias/aws/ebs`. */
const OTHER_NAMES: Readonly<Record<string, string>> = { ec2: "ebs" };

/** The alias of the key that a service has in each account: of `s3.us-east-1.amazonaws.com` it is `alias/aws/s3`. */
function aliasOfService(service: string): string {
  const label = service.split(".", 1)[0] ?? "";
  return `alias/aws/${OTHER_NAMES[label] ?? label}`;
}

/**
 * Makes the key of the calling service in the caller's account and Region, if `alias` is the service's own.
 *
 * @returns whether it was made
 */
export async function makeManagedKey(call: Call, alias: string): Promise<boolean> {
  const { service } = call.caller;
  if (service === undefined || alias !== aliasOfService(service)) return false;
  const nextAt = call.now + PERIOD_IN_DAYS * DAY;
  const label = alias.slice("alias/aws/".length);
  const record: KeyRecord = {
    accountId: call.caller.accountId,
    region: call.caller.region,
    keyId: randomKeyId(call.runtime.database.cryptography.random),
    keySpec: "SYMMETRIC_DEFAULT",
    keyUsage: "ENCRYPT_DECRYPT",
    origin: "AWS_KMS",
    state: "Enabled",
    description: `Default key that protects my ${label.toUpperCase()} data when no other key is defined`,
    createdAt: call.now,
    multiRegion: false,
    tags: [],
    policy: policyOf(call.caller, label),
    keyMaterialId: "",
    materialCount: 0,
    onDemandRotations: 0,
    rotation: { periodInDays: PERIOD_IN_DAYS, nextAt, scheduled: true },
    manager: "AWS",
  };
  const { key, mutation } = withFreshMaterial(call.runtime, record, undefined, call.now);
  const named = { name: alias, keyId: key.keyId, createdAt: call.now, updatedAt: call.now };
  await call.commit(
    together(mutation, insertedAlias(call.caller, named), planned(nextAt, rotationOf(key)), {
      inserts: [
        { key: keyKey(key.region, key.keyId), payload: encodeKey(key) },
        { key: accountKeyKey(key, key.keyId), payload: new Uint8Array(0) },
      ],
    }),
  );
  return true;
}

/** Whoever may use the service may use the key, through the service alone; the account may look at it. */
function policyOf({ accountId, region }: Place, label: string): string {
  const service = SERVICES_BY_NAME[label] ?? label;
  const access = {
    Sid: `Allow access through ${label.toUpperCase()} for all principals in the account that are authorized to use ${label.toUpperCase()}`,
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncrypt*",
      "kms:GenerateDataKey*",
      "kms:CreateGrant",
      "kms:DescribeKey",
    ],
    Resource: "*",
    Condition: {
      StringEquals: {
        "kms:ViaService": `${service}.${region}.amazonaws.com`,
        "kms:CallerAccount": accountId,
      },
    },
  };
  const metadata = {
    Sid: "Allow direct access to key metadata to the account",
    Effect: "Allow",
    Principal: { AWS: `arn:${partitionOf(region)}:iam::${accountId}:root` },
    Action: ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
    Resource: "*",
  };
  return JSON.stringify(
    { Version: "2012-10-17", Id: `auto-${label}-1`, Statement: [access, metadata] },
    null,
    2,
  );
}

const SERVICES_BY_NAME: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(OTHER_NAMES).map(([service, name]) => [name, service]),
);
