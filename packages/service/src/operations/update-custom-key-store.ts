import type { Mutation } from "@kmslite/store/authenticated";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { Call } from "../call.ts";
import { KmsError } from "../errors.ts";
import { KeyStoreConnections } from "../key-stores/connections.ts";
import type { CloudHsmRecord, KeyStoreRecord, XksRecord } from "../key-stores/records.ts";
import { KeyStores } from "../key-stores/registry.ts";
import {
  assertNameFree,
  assertProxy,
  assertProxyFree,
  refuseParameters,
  requiredParameter,
  sameCertificate,
  usableCluster,
} from "../key-stores/requirements.ts";
import { dropSecret, keepSecret } from "../key-stores/secrets.ts";
import { assertConnectionState } from "../key-stores/state.ts";
import {
  cloudHsmClusterId,
  customKeyStoreName,
  keyStorePassword,
  type XksProxySettings,
  xksProxyMembers,
} from "../key-stores/types.ts";
import { together } from "../mutations.ts";
import { type Operation, operation } from "../operation.ts";
import { customKeyStoreId } from "../shapes/common.ts";
import { optional, required, type Validated } from "../shapes/shape.ts";

export interface UpdateCustomKeyStoreRequest extends XksProxySettings {
  CustomKeyStoreId: string | undefined;
  NewCustomKeyStoreName?: string | undefined;
  KeyStorePassword?: string | undefined;
  CloudHsmClusterId?: string | undefined;
}

type Input = Validated<UpdateCustomKeyStoreRequest>;

/** A key store's new record, and its new secret if that changed. */
interface Changed {
  readonly store: KeyStoreRecord;
  readonly secret?: string | undefined;
}

/**
 * Changes a custom key store. What says where it is needs it to be disconnected; its name, and the path and the credential of a
 * proxy, may change while it is connected too, so that credentials are rotated without a break.
 */
export const updateCustomKeyStore: Operation<UpdateCustomKeyStoreRequest, object> = operation(
  "UpdateCustomKeyStore",
  {
    input: {
      CustomKeyStoreId: required(customKeyStoreId),
      NewCustomKeyStoreName: optional(customKeyStoreName),
      KeyStorePassword: optional(keyStorePassword),
      CloudHsmClusterId: optional(cloudHsmClusterId),
      ...xksProxyMembers,
    },
    run: async (call, input) => {
      const { runtime, caller } = call;
      const { CustomKeyStoreId, NewCustomKeyStoreName: name, ...settings } = input;
      if (name === undefined && Object.values(settings).every((value) => value === undefined)) {
        throw new KmsError("ValidationException", "You must specify at least one property to update.");
      }
      const stores = await KeyStores.read(runtime, caller);
      const found = stores.withId(CustomKeyStoreId);
      const others = stores.all.filter((store) => store !== found);
      if (name !== undefined) {
        assertConnectionState(found, ["CONNECTED", "DISCONNECTED"]);
        assertNameFree(others, name);
      }
      const { store, secret } =
        found.type === "AWS_CLOUDHSM"
          ? await changedCluster(call, found, input)
          : await changedProxy(call, found, input, others);
      const kept = await withSecret(call, { ...store, name: name ?? store.name }, secret);
      await call.commit(together(stores.put(kept.store), kept.mutation));
      return {};
    },
  },
);

async function changedCluster(call: Call, store: CloudHsmRecord, input: Input): Promise<Changed> {
  const { CloudHsmClusterId: clusterId, KeyStorePassword: secret } = input;
  refuseParameters("AWS_CLOUDHSM", proxySettings(input));
  if (clusterId === undefined && secret === undefined) return { store };
  assertConnectionState(store, ["DISCONNECTED"]);
  if (clusterId === undefined) return { store, secret };
  const cluster = await usableCluster(call, clusterId);
  if (!sameCertificate(cluster.trustAnchorCertificate, store.trustAnchorCertificate)) {
    throw new KmsError(
      "CloudHsmClusterNotRelatedException",
      `CloudHSM cluster ${clusterId} has another cluster certificate than the cluster of this custom key store.`,
    );
  }
  return { store: { ...store, clusterId }, secret };
}

async function changedProxy(
  call: Call,
  store: XksRecord,
  input: Input,
  others: readonly KeyStoreRecord[],
): Promise<Changed> {
  const { KeyStorePassword, CloudHsmClusterId } = input;
  refuseParameters("EXTERNAL_KEY_STORE", { KeyStorePassword, CloudHsmClusterId });
  const { XksProxyUriPath, XksProxyAuthenticationCredential, ...whereItIs } = proxySettings(input);
  const moves = Object.values(whereItIs).some((value) => value !== undefined);
  if (!moves && XksProxyUriPath === undefined && XksProxyAuthenticationCredential === undefined)
    return { store };
  assertConnectionState(store, moves ? ["DISCONNECTED"] : ["CONNECTED", "DISCONNECTED"]);
  const changed: XksRecord = {
    ...movedProxy(store, input, call.caller.accountId),
    ...(XksProxyUriPath === undefined ? {} : { uriPath: XksProxyUriPath }),
    ...(XksProxyAuthenticationCredential === undefined
      ? {}
      : { accessKeyId: XksProxyAuthenticationCredential.AccessKeyId ?? "" }),
  };
  assertProxyFree(others, changed);
  const secret = XksProxyAuthenticationCredential?.RawSecretAccessKey;
  if (secret === undefined) {
    await KeyStoreConnections.of(call.runtime).withProxy(call.caller, store, ({ credential }) =>
      assertProxy(call, changed, credential.secretAccessKey),
    );
    return { store: changed };
  }
  const secretAccessKey = utf8ToBytes(secret);
  try {
    await assertProxy(call, changed, secretAccessKey);
  } finally {
    secretAccessKey.fill(0);
  }
  return { store: changed, secret };
}

/** The record with the settings that say where the proxy is; a change of connectivity takes an endpoint of the new kind. */
function movedProxy(store: XksRecord, input: Input, accountId: string): XksRecord {
  const connectivity = input.XksProxyConnectivity ?? store.connectivity;
  const where = `to change the connectivity to ${connectivity}`;
  const changes = connectivity !== store.connectivity;
  const uriEndpoint = changes
    ? requiredParameter(input.XksProxyUriEndpoint, "XksProxyUriEndpoint", where)
    : (input.XksProxyUriEndpoint ?? store.uriEndpoint);
  const { vpcEndpointServiceName: formerName, vpcEndpointServiceOwner: formerOwner, ...rest } = store;
  const { XksProxyVpcEndpointServiceName: name, XksProxyVpcEndpointServiceOwner: owner } = input;
  if (connectivity === "PUBLIC_ENDPOINT") {
    refuseParameters("EXTERNAL_KEY_STORE with connectivity PUBLIC_ENDPOINT", {
      XksProxyVpcEndpointServiceName: name,
      XksProxyVpcEndpointServiceOwner: owner,
    });
    return { ...rest, connectivity, uriEndpoint };
  }
  return {
    ...rest,
    connectivity,
    uriEndpoint,
    vpcEndpointServiceName: requiredParameter(name ?? formerName, "XksProxyVpcEndpointServiceName", where),
    vpcEndpointServiceOwner: owner ?? formerOwner ?? accountId,
  };
}

/** The settings of a proxy among the parameters. */
function proxySettings(input: Input): XksProxySettings & Readonly<Record<string, unknown>> {
  const { XksProxyUriEndpoint, XksProxyUriPath, XksProxyVpcEndpointServiceName } = input;
  const { XksProxyVpcEndpointServiceOwner, XksProxyAuthenticationCredential, XksProxyConnectivity } = input;
  return {
    XksProxyUriEndpoint,
    XksProxyUriPath,
    XksProxyVpcEndpointServiceName,
    XksProxyVpcEndpointServiceOwner,
    XksProxyAuthenticationCredential,
    XksProxyConnectivity,
  };
}

/** Keeps a new secret in the place of the former one. */
async function withSecret(
  { runtime, caller }: Call,
  store: KeyStoreRecord,
  secret: string | undefined,
): Promise<{ readonly store: KeyStoreRecord; readonly mutation: Mutation }> {
  if (secret === undefined) return { store, mutation: {} };
  const { secretId, mutation } = keepSecret(runtime, caller, store.id, secret);
  const dropped = await dropSecret(runtime, caller, store.id, store.secretId);
  return { store: { ...store, secretId }, mutation: together(mutation, dropped) };
}
