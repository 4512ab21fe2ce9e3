/** How a custom key store is connected: whether it works, and if not, why. */
import type { Call } from "../call.ts";
import { XksFailure } from "../xks/failure.ts";
import { assertHealthy } from "../xks/requests.ts";
import { KeyStoreConnections, requestMetadata } from "./connections.ts";
import { connectionErrorCode } from "./hsm-failure.ts";
import type { CloudHsmRecord, KeyStoreRecord, XksRecord } from "./records.ts";
import { endpointServiceStatus } from "./requirements.ts";
import type { ConnectionErrorCodeType } from "./types.ts";

/** Why the key store can't be connected; `undefined` if it can. A cluster is logged in to afterwards. */
export function connectionFailure(
  call: Call,
  store: KeyStoreRecord,
): Promise<ConnectionErrorCodeType | undefined> {
  return store.type === "AWS_CLOUDHSM" ? clusterFailure(call, store) : proxyFailure(call, store);
}

async function clusterFailure(
  call: Call,
  store: CloudHsmRecord,
): Promise<ConnectionErrorCodeType | undefined> {
  if (call.runtime.keyStores.hsmCluster?.(store.clusterId) === undefined) return "CLUSTER_NOT_FOUND";
  try {
    await KeyStoreConnections.of(call.runtime).session(call.caller, store);
    return undefined;
  } catch (error) {
    return connectionErrorCode(error);
  }
}

async function proxyFailure(call: Call, store: XksRecord): Promise<ConnectionErrorCodeType | undefined> {
  if (store.connectivity === "VPC_ENDPOINT_SERVICE") {
    const status = await endpointServiceStatus(call, call.caller, store);
    if (status === "NotFound") return "XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND";
    if (status === "InvalidConfiguration") return "XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION";
  }
  try {
    await KeyStoreConnections.of(call.runtime).withProxy(call.caller, store, (proxy) =>
      assertHealthy(proxy, requestMetadata(call)),
    );
    return undefined;
  } catch (error) {
    return error instanceof XksFailure ? error.connectionErrorCode : "INTERNAL_ERROR";
  }
}
