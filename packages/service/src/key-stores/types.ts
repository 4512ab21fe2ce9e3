/** Shapes of custom key stores that several operations share, with the constraints of AWS's API model (2014-11-01). */
import { type MembersOf, oneOf, optional, required, type Shape, structure, text } from "../shapes/shape.ts";

export type CustomKeyStoreType = "AWS_CLOUDHSM" | "EXTERNAL_KEY_STORE";
export type XksProxyConnectivityType = "PUBLIC_ENDPOINT" | "VPC_ENDPOINT_SERVICE";
export type ConnectionStateType = "CONNECTED" | "CONNECTING" | "FAILED" | "DISCONNECTED" | "DISCONNECTING";
export type ConnectionErrorCodeType =
  | "INVALID_CREDENTIALS"
  | "CLUSTER_NOT_FOUND"
  | "NETWORK_ERRORS"
  | "INTERNAL_ERROR"
  | "INSUFFICIENT_CLOUDHSM_HSMS"
  | "USER_LOCKED_OUT"
  | "USER_NOT_FOUND"
  | "USER_LOGGED_IN"
  | "SUBNET_NOT_FOUND"
  | "INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET"
  | "XKS_PROXY_ACCESS_DENIED"
  | "XKS_PROXY_NOT_REACHABLE"
  | "XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND"
  | "XKS_PROXY_INVALID_RESPONSE"
  | "XKS_PROXY_INVALID_CONFIGURATION"
  | "XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION"
  | "XKS_PROXY_TIMED_OUT"
  | "XKS_PROXY_INVALID_TLS_CONFIGURATION";

/** What the KMS signs its requests to a proxy with. */
export interface XksProxyAuthenticationCredentialType {
  AccessKeyId: string | undefined;
  RawSecretAccessKey: string | undefined;
}

/** What DescribeCustomKeyStores tells of a proxy. */
export interface XksProxyConfigurationType {
  Connectivity?: XksProxyConnectivityType | undefined;
  AccessKeyId?: string | undefined;
  UriEndpoint?: string | undefined;
  UriPath?: string | undefined;
  VpcEndpointServiceName?: string | undefined;
  VpcEndpointServiceOwner?: string | undefined;
}

export const customKeyStoreName: Shape<string> = text({ minimum: 1, maximum: 256 });
export const customKeyStoreType: Shape<CustomKeyStoreType> = oneOf(["AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"]);
export const cloudHsmClusterId: Shape<string> = text({
  minimum: 19,
  maximum: 24,
  pattern: "cluster-[2-7a-zA-Z]{11,16}",
});
export const trustAnchorCertificate: Shape<string> = text({ minimum: 1, maximum: 5000 });
export const keyStorePassword: Shape<string> = text({ minimum: 7, maximum: 32, sensitive: true });
const xksProxyCredential: Shape<XksProxyAuthenticationCredentialType> =
  structure<XksProxyAuthenticationCredentialType>({
    AccessKeyId: required(text({ minimum: 20, maximum: 30, pattern: "^[A-Z2-7]+$", sensitive: true })),
    RawSecretAccessKey: required(
      text({ minimum: 43, maximum: 64, pattern: "^[a-zA-Z0-9\\/+=]+$", sensitive: true }),
    ),
  });

/** The settings of an external key store's proxy. */
export interface XksProxySettings {
  XksProxyUriEndpoint?: string | undefined;
  XksProxyUriPath?: string | undefined;
  XksProxyVpcEndpointServiceName?: string | undefined;
  XksProxyVpcEndpointServiceOwner?: string | undefined;
  XksProxyAuthenticationCredential?: XksProxyAuthenticationCredentialType | undefined;
  XksProxyConnectivity?: XksProxyConnectivityType | undefined;
}

export const xksProxyMembers: MembersOf<XksProxySettings> = {
  XksProxyUriEndpoint: optional(text({ minimum: 10, maximum: 128, pattern: "^https://[a-zA-Z0-9.-]+$" })),
  XksProxyUriPath: optional(
    text({
      minimum: 10,
      maximum: 128,
      pattern: "^(/[a-zA-Z0-9\\/_-]+/kms/xks/v\\d{1,2})$|^(/kms/xks/v\\d{1,2})$",
    }),
  ),
  XksProxyVpcEndpointServiceName: optional(
    text({
      minimum: 20,
      maximum: 64,
      pattern: "^(com|eu)\\.amazonaws\\.vpce\\.([a-z]+-){2,3}\\d+\\.vpce-svc-[0-9a-z]+$",
    }),
  ),
  XksProxyVpcEndpointServiceOwner: optional(text({ minimum: 12, maximum: 12, pattern: "[0-9]{12}" })),
  XksProxyAuthenticationCredential: optional(xksProxyCredential),
  XksProxyConnectivity: optional(oneOf(["PUBLIC_ENDPOINT", "VPC_ENDPOINT_SERVICE"])),
};
