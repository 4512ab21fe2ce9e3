/** What the store holds of custom key stores. Those of an account and Region are few, and stand in one record. */
import type { ConnectionErrorCodeType, ConnectionStateType } from "./types.ts";

export interface KeyStoresRecord {
  readonly stores: readonly KeyStoreRecord[];
}

interface CommonRecord {
  /** `cks-` and 17 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly connectionState: ConnectionStateType;
  /** Why the last attempt to connect failed; only in the state FAILED. */
  readonly connectionErrorCode?: ConnectionErrorCodeType;
  /** Counts connections and changes of settings, so that a login made under former ones is not used. */
  readonly generation: number;
  /** How many KMS keys are in it. */
  readonly keys: number;
  /** Names the password or the proxy's secret access key (secrets.ts). */
  readonly secretId: string;
}

export interface CloudHsmRecord extends CommonRecord {
  readonly type: "AWS_CLOUDHSM";
  readonly clusterId: string;
  readonly trustAnchorCertificate: string;
}

export interface XksRecord extends CommonRecord {
  readonly type: "EXTERNAL_KEY_STORE";
  readonly connectivity: "PUBLIC_ENDPOINT" | "VPC_ENDPOINT_SERVICE";
  /** `https://` and a host name. */
  readonly uriEndpoint: string;
  /** Ends in `/kms/xks/v1`. */
  readonly uriPath: string;
  readonly accessKeyId: string;
  readonly vpcEndpointServiceName?: string;
  readonly vpcEndpointServiceOwner?: string;
}

export type KeyStoreRecord = CloudHsmRecord | XksRecord;
