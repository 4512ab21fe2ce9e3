import { KmsError } from "../errors.ts";
import type { KeyStoreRecord } from "../key-stores/records.ts";
import { KeyStores } from "../key-stores/registry.ts";
import {
  type ConnectionErrorCodeType,
  type ConnectionStateType,
  type CustomKeyStoreType,
  customKeyStoreName,
  type XksProxyConfigurationType,
} from "../key-stores/types.ts";
import { type Operation, operation } from "../operation.ts";
import { type PageResponse, pageOfItems } from "../pagination.ts";
import { customKeyStoreId, limit, marker } from "../shapes/common.ts";
import { optional } from "../shapes/shape.ts";

export interface DescribeCustomKeyStoresRequest {
  CustomKeyStoreId?: string | undefined;
  CustomKeyStoreName?: string | undefined;
  Limit?: number | undefined;
  Marker?: string | undefined;
}

export interface CustomKeyStoresListEntry {
  CustomKeyStoreId?: string | undefined;
  CustomKeyStoreName?: string | undefined;
  CloudHsmClusterId?: string | undefined;
  TrustAnchorCertificate?: string | undefined;
  ConnectionState?: ConnectionStateType | undefined;
  ConnectionErrorCode?: ConnectionErrorCodeType | undefined;
  CreationDate?: Date | undefined;
  CustomKeyStoreType?: CustomKeyStoreType | undefined;
  XksProxyConfiguration?: XksProxyConfigurationType | undefined;
}

export interface DescribeCustomKeyStoresResponse extends PageResponse {
  CustomKeyStores?: CustomKeyStoresListEntry[] | undefined;
}

/** Tells what custom key stores there are, or of one of them. Secrets are never told. */
export const describeCustomKeyStores: Operation<
  DescribeCustomKeyStoresRequest,
  DescribeCustomKeyStoresResponse
> = operation("DescribeCustomKeyStores", {
  input: {
    CustomKeyStoreId: optional(customKeyStoreId),
    CustomKeyStoreName: optional(customKeyStoreName),
    Limit: optional(limit),
    Marker: optional(marker),
  },
  run: async (call, input) => {
    const { CustomKeyStoreId: id, CustomKeyStoreName: name } = input;
    if (id !== undefined && name !== undefined) {
      throw new KmsError(
        "ValidationException",
        "CustomKeyStoreId and CustomKeyStoreName can not be used together.",
      );
    }
    const stores = await KeyStores.read(call.runtime, call.caller);
    const named = id !== undefined ? [stores.withId(id)] : name !== undefined && [stores.withName(name)];
    const { items, page } = pageOfItems("key-stores", named || stores.all, (store) => store.id, input);
    return { CustomKeyStores: items.map(entryOf), ...page };
  },
});

function entryOf(store: KeyStoreRecord): CustomKeyStoresListEntry {
  return {
    CustomKeyStoreId: store.id,
    CustomKeyStoreName: store.name,
    ConnectionState: store.connectionState,
    ...(store.connectionErrorCode === undefined ? {} : { ConnectionErrorCode: store.connectionErrorCode }),
    CreationDate: new Date(store.createdAt),
    CustomKeyStoreType: store.type,
    ...(store.type === "AWS_CLOUDHSM"
      ? { CloudHsmClusterId: store.clusterId, TrustAnchorCertificate: store.trustAnchorCertificate }
      : {
          XksProxyConfiguration: {
            Connectivity: store.connectivity,
            AccessKeyId: store.accessKeyId,
            UriEndpoint: store.uriEndpoint,
            UriPath: store.uriPath,
            ...(store.vpcEndpointServiceName === undefined
              ? {}
              : {
                  VpcEndpointServiceName: store.vpcEndpointServiceName,
                  VpcEndpointServiceOwner: store.vpcEndpointServiceOwner,
                }),
          },
        }),
  };
}
