import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Call } from "../call.ts";
import { KmsError } from "../errors.ts";
import type { KeyStoreRecord, XksRecord } from "../key-stores/records.ts";
import { KeyStores } from "../key-stores/registry.ts";
import {
  assertClusterFree,
  assertNameFree,
  assertProxy,
  assertProxyFree,
  refuseParameters,
  requiredParameter,
  sameCertificate,
  usableCluster,
} from "../key-stores/requirements.ts";
import { keepSecret } from "../key-stores/secrets.ts";
import {
  type CustomKeyStoreType,
  cloudHsmClusterId,
  customKeyStoreName,
  customKeyStoreType,
  keyStorePassword,
  trustAnchorCertificate,
  type XksProxySettings,
  xksProxyMembers,
} from "../key-stores/types.ts";
import { together } from "../mutations.ts";
import { type Operation, operation } from "../operation.ts";
import { optional, required, type Validated } from "../shapes/shape.ts";

export interface CreateCustomKeyStoreRequest extends XksProxySettings {
  CustomKeyStoreName: string | undefined;
  CloudHsmClusterId?: string | undefined;
  TrustAnchorCertificate?: string | undefined;
  KeyStorePassword?: string | undefined;
  CustomKeyStoreType?: CustomKeyStoreType | undefined;
}

export interface CreateCustomKeyStoreResponse {
  CustomKeyStoreId?: string | undefined;
}

type Input = Validated<CreateCustomKeyStoreRequest>;

/** A key store's own part of its record, and its secret. */
interface Made {
  readonly part: DistributiveOmit<KeyStoreRecord, keyof Common>;
  readonly secret: string;
}

type Common = Pick<
  KeyStoreRecord,
  "id" | "name" | "createdAt" | "connectionState" | "generation" | "keys" | "secretId"
>;
type DistributiveOmit<Union, Keys extends PropertyKey> = Union extends unknown ? Omit<Union, Keys> : never;

/** Makes a custom key store, which is disconnected at first. */
export const createCustomKeyStore: Operation<CreateCustomKeyStoreRequest, CreateCustomKeyStoreResponse> =
  operation("CreateCustomKeyStore", {
    input: {
      CustomKeyStoreName: required(customKeyStoreName),
      CloudHsmClusterId: optional(cloudHsmClusterId),
      TrustAnchorCertificate: optional(trustAnchorCertificate),
      KeyStorePassword: optional(keyStorePassword),
      CustomKeyStoreType: optional(customKeyStoreType),
      ...xksProxyMembers,
    },
    run: async (call, input) => {
      const { runtime, caller } = call;
      const stores = await KeyStores.read(runtime, caller);
      assertNameFree(stores.all, input.CustomKeyStoreName);
      if (stores.all.length >= runtime.limits.customKeyStores) {
        throw new KmsError(
          "LimitExceededException",
          `The account has reached its limit of ${runtime.limits.customKeyStores} custom key stores in this Region.`,
        );
      }
      const { part, secret } =
        input.CustomKeyStoreType === "EXTERNAL_KEY_STORE"
          ? await externalKeyStore(call, input, stores.all)
          : await cloudHsmKeyStore(call, input, stores.all);
      const id = `cks-${bytesToHex(runtime.database.cryptography.random(9)).slice(0, 17)}`;
      const { secretId, mutation } = keepSecret(runtime, caller, id, secret);
      const store: KeyStoreRecord = {
        id,
        name: input.CustomKeyStoreName,
        createdAt: call.now,
        connectionState: "DISCONNECTED",
        generation: 1,
        keys: 0,
        secretId,
        ...part,
      };
      await call.commit(together(stores.put(store), mutation));
      return { CustomKeyStoreId: id };
    },
  });

async function cloudHsmKeyStore(call: Call, input: Input, others: readonly KeyStoreRecord[]): Promise<Made> {
  const { XksProxyUriEndpoint, XksProxyUriPath, XksProxyVpcEndpointServiceName } = input;
  const { XksProxyVpcEndpointServiceOwner, XksProxyAuthenticationCredential, XksProxyConnectivity } = input;
  refuseParameters("AWS_CLOUDHSM", {
    XksProxyUriEndpoint,
    XksProxyUriPath,
    XksProxyVpcEndpointServiceName,
    XksProxyVpcEndpointServiceOwner,
    XksProxyAuthenticationCredential,
    XksProxyConnectivity,
  });
  const where = "for a custom key store of type AWS_CLOUDHSM";
  const clusterId = requiredParameter(input.CloudHsmClusterId, "CloudHsmClusterId", where);
  const secret = requiredParameter(input.KeyStorePassword, "KeyStorePassword", where);
  const anchor = requiredParameter(input.TrustAnchorCertificate, "TrustAnchorCertificate", where);
  assertClusterFree(others, clusterId, anchor);
  const cluster = await usableCluster(call, clusterId);
  if (!sameCertificate(cluster.trustAnchorCertificate, anchor)) {
    throw new KmsError(
      "IncorrectTrustAnchorException",
      `The trust anchor certificate is not the one that the CloudHSM cluster ${clusterId} was initialized with.`,
    );
  }
  return { part: { type: "AWS_CLOUDHSM", clusterId, trustAnchorCertificate: anchor }, secret };
}

async function externalKeyStore(call: Call, input: Input, others: readonly KeyStoreRecord[]): Promise<Made> {
  const { CloudHsmClusterId, TrustAnchorCertificate, KeyStorePassword } = input;
  refuseParameters("EXTERNAL_KEY_STORE", { CloudHsmClusterId, TrustAnchorCertificate, KeyStorePassword });
  const where = "for a custom key store of type EXTERNAL_KEY_STORE";
  const credential = requiredParameter(
    input.XksProxyAuthenticationCredential,
    "XksProxyAuthenticationCredential",
    where,
  );
  const part: Made["part"] & Pick<XksRecord, "type"> = {
    type: "EXTERNAL_KEY_STORE",
    connectivity: requiredParameter(input.XksProxyConnectivity, "XksProxyConnectivity", where),
    uriEndpoint: requiredParameter(input.XksProxyUriEndpoint, "XksProxyUriEndpoint", where),
    uriPath: requiredParameter(input.XksProxyUriPath, "XksProxyUriPath", where),
    accessKeyId: credential.AccessKeyId ?? "",
    ...endpointServiceOf(input, call.caller.accountId),
  };
  assertProxyFree(others, part);
  const secret = credential.RawSecretAccessKey ?? "";
  const secretAccessKey = utf8ToBytes(secret);
  try {
    await assertProxy(call, part, secretAccessKey);
  } finally {
    secretAccessKey.fill(0);
  }
  return { part, secret };
}

function endpointServiceOf(
  input: Input,
  accountId: string,
): Pick<XksRecord, "vpcEndpointServiceName" | "vpcEndpointServiceOwner"> {
  const { XksProxyVpcEndpointServiceName: name, XksProxyVpcEndpointServiceOwner: owner } = input;
  if (input.XksProxyConnectivity === "PUBLIC_ENDPOINT") {
    refuseParameters("EXTERNAL_KEY_STORE with connectivity PUBLIC_ENDPOINT", {
      XksProxyVpcEndpointServiceName: name,
      XksProxyVpcEndpointServiceOwner: owner,
    });
    return {};
  }
  const where = "for the connectivity VPC_ENDPOINT_SERVICE";
  return {
    vpcEndpointServiceName: requiredParameter(name, "XksProxyVpcEndpointServiceName", where),
    vpcEndpointServiceOwner: owner ?? accountId,
  };
}
