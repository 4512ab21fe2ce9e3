/**
 * Looks through a store for known mistakes: every key of every account and Region, each by every check.
 *
 * It reads, and changes nothing. What it tells is for whoever runs the KMS: it names keys and principals of all accounts.
 */
import { PolicyError, parsePolicy } from "@kmslite/policy";
import { type AuthenticRecord, endOf, reaches } from "@kmslite/store/authenticated";
import { keyArn, type Place } from "../arn.ts";
import { grantKey, keyAliasKey, keyKey, under } from "../database/keys.ts";
import { decode, type GrantRecord, type KeyRecord } from "../database/records.ts";
import { defaultKeyPolicy } from "../default-key-policy.ts";
import { unknownPrincipals } from "../policies/unknown-principals.ts";
import type { Runtime } from "../runtime.ts";
import { readUsage } from "../usage/usage-records.ts";
import type { KeyCheck, Patient } from "./check.ts";
import { expiringMaterial } from "./checks/expiring-material.ts";
import { grantTooWide } from "./checks/grant-too-wide.ts";
import { keyPolicyDeletedPrincipal } from "./checks/key-policy-deleted-principal.ts";
import { keyPolicyEveryone } from "./checks/key-policy-everyone.ts";
import { keyPolicyForeignWildcard } from "./checks/key-policy-foreign-wildcard.ts";
import { keyPolicyInertStatement } from "./checks/key-policy-inert-statement.ts";
import { keyPolicyLocksOut } from "./checks/key-policy-locks-out.ts";
import { keyPolicyUnreadable } from "./checks/key-policy-unreadable.ts";
import { keyPolicyWithoutAccount } from "./checks/key-policy-without-account.ts";
import { noRotation } from "./checks/no-rotation.ts";
import { pendingDeletionInUse } from "./checks/pending-deletion-in-use.ts";
import { quotaAliases } from "./checks/quota-aliases.ts";
import { quotaGrants } from "./checks/quota-grants.ts";
import { quotaPolicySize } from "./checks/quota-policy-size.ts";
import { examineEvents } from "./examine-events.ts";
import type { Finding } from "./finding.ts";
import { examineQuotaOfKeys } from "./quota-keys.ts";

export interface Diagnosis {
  /** How many keys were looked at. */
  readonly keys: number;
  /** How many events of the audit log were looked at; absent if the store has none. */
  readonly events?: number;
  readonly findings: readonly Finding[];
}

const CHECKS: readonly KeyCheck[] = [
  keyPolicyUnreadable,
  keyPolicyLocksOut,
  keyPolicyEveryone,
  keyPolicyWithoutAccount,
  keyPolicyForeignWildcard,
  keyPolicyDeletedPrincipal,
  keyPolicyInertStatement,
  grantTooWide,
  pendingDeletionInUse,
  expiringMaterial,
  noRotation,
  quotaAliases,
  quotaGrants,
  quotaPolicySize,
];

/** @throws {IntegrityError} if the store was tampered with */
export async function diagnose(runtime: Runtime): Promise<Diagnosis> {
  const findings: Finding[] = [];
  const places = new Map<string, { readonly place: Place; keys: number }>();
  let keys = 0;
  for await (const key of everyKey(runtime)) {
    keys++;
    if (key.manager === undefined) {
      const place = `${key.accountId}/${key.region}`;
      const counted = places.get(place) ?? { place: key, keys: 0 };
      counted.keys++;
      places.set(place, counted);
    }
    findings.push(...examine(await patientOf(runtime, key)));
  }
  const quotas = [...places.values()].flatMap(({ place, keys: count }) =>
    examineQuotaOfKeys(place, count, runtime.limits),
  );
  const examined = await examineEvents(runtime);
  if (examined === undefined) return { keys, findings: [...findings, ...quotas] };
  return { keys, events: examined.events, findings: [...findings, ...quotas, ...examined.findings] };
}

function examine(patient: Patient): Finding[] {
  const { manager } = patient.key;
  return CHECKS.filter(({ managedToo }) => manager === undefined || managedToo === true).flatMap(
    ({ id, severity, look }) =>
      look(patient).map((symptom) => ({ id, severity, resource: patient.arn, ...symptom })),
  );
}

/** Accounts are digits; what stands before them is the table's own first record. */
const EVERY_ACCOUNT = { start: "account-key/0", end: endOf("account-key/") };

async function* everyKey(runtime: Runtime): AsyncGenerator<KeyRecord> {
  for await (const place of recordsIn(runtime, EVERY_ACCOUNT)) {
    const [, , region = "", keyId = ""] = place.key.split("/");
    const record = await runtime.database.records.get(keyKey(region, keyId));
    // It may have been deleted meanwhile.
    if (record !== undefined) yield decode<KeyRecord>(record).value;
  }
}

async function patientOf(runtime: Runtime, key: KeyRecord): Promise<Patient> {
  const { region, keyId } = key;
  const noted = runtime.lastUsage.recall(region, keyId);
  const stored = await readUsage(runtime.database.records, region, keyId);
  const lastUse = noted !== undefined && noted.at >= (stored?.at ?? 0) ? noted : stored;
  const grants: GrantRecord[] = [];
  for await (const record of recordsIn(runtime, under(grantKey(region, keyId, ""))))
    grants.push(decode<GrantRecord>(record).value);
  let aliases = 0;
  for await (const _ of recordsIn(runtime, under(keyAliasKey(region, keyId, "alias/")))) aliases++;
  const policyText = key.policy ?? defaultKeyPolicy(key);
  const read = policyOf(policyText);
  return {
    key,
    arn: keyArn(key, keyId),
    policyText,
    ...read,
    unknownPrincipals: read.policy === undefined ? [] : await unknownPrincipals(runtime, read.policy),
    grants,
    aliases,
    ...(lastUse === undefined ? {} : { lastUse }),
    limits: runtime.limits,
    now: runtime.clock(),
  };
}

function policyOf(text: string): Pick<Patient, "policy" | "policyError"> {
  try {
    return { policy: parsePolicy(text, "resource") };
  } catch (error) {
    if (error instanceof PolicyError) return { policyError: error.message };
    throw error;
  }
}

/** The records of a range, page by page. */
async function* recordsIn(
  runtime: Runtime,
  { start, end }: ReturnType<typeof under>,
): AsyncGenerator<AuthenticRecord> {
  for (let from = start; ; ) {
    const page = await runtime.database.records.list({ start: from, end, limit: 1000 });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || reaches(last.next, end)) return;
    from = last.next;
  }
}
