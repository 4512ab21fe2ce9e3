/** Every action, every kind of caller, every shape of policies, with and without grants, in one account and across two. */
import { expect, test } from "vitest";
import { type Action, actionsOfKms } from "./actions.ts";
import { AWAY, type CallerKind, callerKinds, HOME } from "./callers.ts";
import { answers, prepare } from "./compare.ts";
import type { Json } from "./naive-evaluator.ts";
import { KEY_ID, shapesFor } from "./policy-shapes.ts";

const CRYPTOGRAPHIC = /^(?:Encrypt|Decrypt|GenerateDataKey|ReEncrypt|CreateGrant)/;

/** The operations that a grant can have: AWS KMS API Reference, CreateGrant. */
const GRANTED = [
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
  "Sign",
  "Verify",
  "GetPublicKey",
  "CreateGrant",
  "RetireGrant",
  "DescribeKey",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "GenerateMac",
  "VerifyMac",
  "DeriveSharedSecret",
];

test("two evaluators agree on every cell", { timeout: 600_000 }, async () => {
  const { actions, source } = await actionsOfKms();
  const differences: string[] = [];
  let cells = 0;
  let allowed = 0;
  const shapes = new Set<string>();
  for (const caller of callerKinds) {
    for (const keyAccount of [HOME, AWAY]) {
      for (const shape of shapesFor(caller, keyAccount)) {
        if (shape.operator === true && keyAccount !== HOME) continue;
        shapes.add(shape.title);
        const { who } = caller;
        const boundary = who.kind === "user" || who.kind === "role session" ? shape.boundary : undefined;
        const session = who.kind === "role session" ? shape.session : undefined;
        const attached = {
          ...optional("boundary", boundary ?? caller.boundary),
          ...optional("sessionPolicies", session ?? caller.session),
        };
        const prepared = prepare({
          keyAccount,
          keyPolicy: shape.key,
          identityPolicies: "account" in who ? shape.identity : [],
          ...attached,
          grants: [],
          usableFromOtherAccounts: false,
        });
        for (const action of actions) {
          for (const [kind, grants] of Object.entries(grantsFor(caller, shape.operator === true))) {
            for (const { about, resource, withKey } of resourcesOf(action, keyAccount)) {
              const asked = {
                who,
                action: `kms:${action.name}`,
                ...optional("resource", resource),
                values: valuesOf(caller, action),
                grants,
                usableFromOtherAccounts: action.acrossAccounts,
              };
              const { ours, naive } = answers(withKey ? prepared : prepared.withoutKey, asked);
              cells++;
              if (ours) allowed++;
              if (ours !== naive)
                differences.push(
                  `${action.name} on ${about} by ${caller.title}, key of ${keyAccount}, ${shape.title}, ${kind}: ` +
                    `${ours ? "allowed" : "denied"}, and ${naive ? "allowed" : "denied"} by the second evaluator`,
                );
            }
          }
        }
      }
    }
  }
  console.log(
    `policy matrix: ${cells} cells, ${allowed} allowed: ${actions.length} actions (${source}), ` +
      `${callerKinds.length} kinds of caller, ${shapes.size} shapes, 4 kinds of grant, 2 accounts`,
  );
  expect(differences.slice(0, 10)).toEqual([]);
  expect(actions.length).toBeGreaterThanOrEqual(56);
  // A matrix in which nearly everything is the same proves little.
  expect(allowed / cells).toBeGreaterThan(0.2);
  expect(allowed / cells).toBeLessThan(0.8);
});

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [N in Name]: Value });
}

/** A shape of one operator is about the operator: it is tried without grants. */
function grantsFor({ who }: CallerKind, onlyWithout: boolean): Readonly<Record<string, readonly Json[]>> {
  if (onlyWithout) return { "no grant": [] };
  const grantee = who.role ?? who.arn ?? who.service ?? "arn:aws:iam::111122223333:user/zoe";
  const grant = { GranteePrincipal: grantee, Operations: GRANTED };
  return {
    "no grant": [],
    "a grant": [grant],
    "a grant that is constrained": [
      { ...grant, Constraints: { EncryptionContextSubset: { department: "orders" } } },
      {
        ...grant,
        GranteePrincipal: who.arn ?? grantee,
        Constraints: { EncryptionContextEquals: { a: "b" } },
      },
    ],
    "a grant to another": [{ ...grant, GranteePrincipal: `${grantee}2` }],
  };
}

/** What an action asks about: the key, the alias with the key, or nothing in particular. */
function resourcesOf(action: Action, keyAccount: string) {
  const place = `arn:aws:kms:us-east-1:${keyAccount}`;
  const onKey = { about: "the key", resource: `${place}:key/${KEY_ID}`, withKey: true };
  const onAlias = { about: "the alias", resource: `${place}:alias/orders`, withKey: false };
  const onNothing = { about: "nothing", resource: undefined, withKey: false };
  if (!action.onKey) return [onNothing];
  return action.onAlias ? [onAlias, onKey] : [onKey];
}

/** Condition keys of a request, as AWS spells them: some come with the caller, some with the action. */
const remembered = new Map<string, Record<string, readonly string[]>>();

function valuesOf(caller: CallerKind, action: Action): Record<string, readonly string[]> {
  const name = `${caller.title} ${action.name}`;
  const values = remembered.get(name) ?? makeValues(caller, action);
  remembered.set(name, values);
  return values;
}

function makeValues({ values, who }: CallerKind, { name }: Action): Record<string, readonly string[]> {
  const busy = name.length % 2 === 0;
  return {
    ...values,
    "aws:CurrentTime": ["2026-01-01T12:00:00Z"],
    "aws:SecureTransport": ["true"],
    "kms:ResourceAliases": busy ? ["alias/orders", "alias/o"] : [],
    "kms:ExampleNumbers": busy ? ["90", "365"] : ["365"],
    "kms:ExampleDates": busy ? ["2026-01-01", "1767268800"] : ["2026-01-01T12:00:00+00:00"],
    "kms:ExampleTruths": busy ? ["true", "false"] : ["TRUE"],
    "kms:ExampleDigests": busy ? ["AQID", "AAAA"] : [],
    "kms:ExampleAddresses": busy ? ["10.1.2.3", "192.168.0.1"] : ["2001:db8::1"],
    "kms:ExampleArns": [`arn:aws:iam::${HOME}:user/a:b`, ...(busy ? ["no ARN"] : [])],
    ...(who.kind === "service" ? {} : { "aws:SourceIp": [busy ? "10.1.2.3" : "192.168.0.1"] }),
    ...(name.startsWith("Re") || name.startsWith("List")
      ? { "kms:ViaService": ["s3.us-east-1.amazonaws.com"], "kms:ExampleDigest": ["AQID"] }
      : {}),
    ...(CRYPTOGRAPHIC.test(name)
      ? {
          "kms:EncryptionContext:department": [busy ? "orders" : "billing"],
          "kms:EncryptionContextKeys": busy ? ["department"] : ["department", "a"],
          ...(busy ? {} : { "kms:EncryptionContext:a": ["b"] }),
        }
      : {}),
    ...(name === "CreateGrant" ? { "kms:GrantOperations": ["Decrypt", "Encrypt"] } : {}),
    ...(name === "EnableKeyRotation" ? { "kms:RotationPeriodInDays": ["365"] } : {}),
    ...(name === "ImportKeyMaterial" ? { "kms:ValidTo": ["2026-01-01T00:00:00Z"] } : {}),
  };
}
