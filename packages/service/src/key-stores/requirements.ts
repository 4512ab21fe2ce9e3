/** What a custom key store must be before it is made or changed: its parameters, its cluster, its proxy, and that both are its own. */
import type { Place } from "../arn.ts";
import type { Call } from "../call.ts";
import { KmsError, type KmsErrorName } from "../errors.ts";
import { XksFailure } from "../xks/failure.ts";
import { assertHealthy } from "../xks/requests.ts";
import { KeyStoreConnections, requestMetadata } from "./connections.ts";
import { clusterRefusal } from "./hsm-failure.ts";
import { type HsmCluster, HsmError } from "./ports.ts";
import type { CloudHsmRecord, KeyStoreRecord, XksRecord } from "./records.ts";

/** @throws {KmsError} ValidationException that names the parameters that do not go with the type of the key store */
export function refuseParameters(type: string, given: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(given).filter((name) => given[name] !== undefined);
  if (names.length === 0) return;
  throw new KmsError(
    "ValidationException",
    `${names.join(", ")} can not be used with a custom key store of type ${type}.`,
  );
}

/** @throws {KmsError} ValidationException if the parameter is missing */
export function requiredParameter<Value>(value: Value | undefined, name: string, where: string): Value {
  if (value !== undefined) return value;
  throw new KmsError("ValidationException", `${name} is required ${where}.`);
}

/** @throws {KmsError} CustomKeyStoreNameInUseException */
export function assertNameFree(others: readonly KeyStoreRecord[], name: string): void {
  if (others.some((store) => store.name === name)) {
    throw new KmsError(
      "CustomKeyStoreNameInUseException",
      `A custom key store with the name ${name} already exists in this account and Region.`,
    );
  }
}

/** A cluster of which a key store can be made. */
export async function usableCluster(call: Call, clusterId: string): Promise<HsmCluster> {
  const cluster = call.runtime.keyStores.hsmCluster?.(clusterId);
  if (cluster === undefined) {
    throw new KmsError("CloudHsmClusterNotFoundException", `CloudHSM cluster ${clusterId} is not found.`);
  }
  try {
    await cluster.check();
  } catch (error) {
    throw clusterRefusal(error) ?? unreachable(error);
  }
  return cluster;
}

/** A cluster that can't be reached, or fails, is none that can be used now; whatever else was thrown is our own fault. */
function unreachable(error: unknown): unknown {
  if (!(error instanceof HsmError)) return error;
  const message = "The CloudHSM cluster can not be reached.";
  return new KmsError("CloudHsmClusterNotActiveException", message, { cause: error });
}

/** @throws {KmsError} CloudHsmClusterInUseException for the same cluster, and for one with the same trust anchor */
export function assertClusterFree(
  others: readonly KeyStoreRecord[],
  clusterId: string,
  trustAnchorCertificate: string,
): void {
  const inUse = others.some(
    (store): store is CloudHsmRecord =>
      store.type === "AWS_CLOUDHSM" &&
      (store.clusterId === clusterId ||
        sameCertificate(store.trustAnchorCertificate, trustAnchorCertificate)),
  );
  if (inUse) {
    throw new KmsError(
      "CloudHsmClusterInUseException",
      `CloudHSM cluster ${clusterId}, or one with the same cluster certificate, is associated with another custom key store.`,
    );
  }
}

/** Whether two texts are the same PEM certificate: lines may end differently, and there may be space around it. */
export function sameCertificate(left: string, right: string): boolean {
  const normal = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, "\n");
  return normal(left) === normal(right);
}

type ProxyPlace = Pick<XksRecord, "connectivity" | "uriEndpoint" | "uriPath" | "vpcEndpointServiceName">;

/**
 * @throws {KmsError} XksProxyUriInUseException, XksProxyUriEndpointInUseException (a private DNS name serves one key store alone)
 *   or XksProxyVpcEndpointServiceInUseException
 */
export function assertProxyFree(others: readonly KeyStoreRecord[], proxy: ProxyPlace): void {
  const inUse = (name: KmsErrorName, what: string) =>
    new KmsError(name, `The ${what} is associated with another external key store in this Region.`);
  for (const other of others) {
    if (other.type !== "EXTERNAL_KEY_STORE") continue;
    const sameEndpoint = sameHost(other.uriEndpoint, proxy.uriEndpoint);
    if (sameEndpoint && other.uriPath === proxy.uriPath)
      throw inUse("XksProxyUriInUseException", "proxy URI");
    const isPrivate = [other.connectivity, proxy.connectivity].includes("VPC_ENDPOINT_SERVICE");
    if (sameEndpoint && isPrivate) throw inUse("XksProxyUriEndpointInUseException", "proxy URI endpoint");
    const service = proxy.vpcEndpointServiceName;
    if (service !== undefined && other.vpcEndpointServiceName === service) {
      throw inUse("XksProxyVpcEndpointServiceInUseException", "VPC endpoint service");
    }
  }
}

/** Host names do not differ by case. */
function sameHost(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/**
 * That the proxy answers to these settings: of a public endpoint it is asked, a VPC endpoint service is looked up.
 *
 * @param secretAccessKey UTF-8; the caller's to wipe
 */
export async function assertProxy(
  call: Call,
  settings: Pick<
    XksRecord,
    | "connectivity"
    | "uriEndpoint"
    | "uriPath"
    | "accessKeyId"
    | "vpcEndpointServiceName"
    | "vpcEndpointServiceOwner"
  >,
  secretAccessKey: Uint8Array,
): Promise<void> {
  if (settings.connectivity === "VPC_ENDPOINT_SERVICE") {
    await assertEndpointService(call, settings);
    return;
  }
  const proxy = KeyStoreConnections.of(call.runtime).proxy(call.caller.region, settings, secretAccessKey);
  try {
    await assertHealthy(proxy, requestMetadata(call));
  } catch (error) {
    throw error instanceof XksFailure ? error.asKmsError("ofStore") : error;
  }
}

async function assertEndpointService(
  call: Call,
  settings: Pick<XksRecord, "vpcEndpointServiceName" | "vpcEndpointServiceOwner">,
): Promise<void> {
  const status = await endpointServiceStatus(call, call.caller, settings);
  if (status === "Valid") return;
  if (status === "NotFound") {
    throw new KmsError(
      "XksProxyVpcEndpointServiceNotFoundException",
      `The VPC endpoint service ${settings.vpcEndpointServiceName ?? ""} is not found.`,
    );
  }
  throw new KmsError(
    "XksProxyVpcEndpointServiceInvalidConfigurationException",
    `The VPC endpoint service ${settings.vpcEndpointServiceName ?? ""} does not meet the requirements of an external key store.`,
  );
}

/** What is known of a key store's VPC endpoint service. */
export function endpointServiceStatus(
  call: Call,
  place: Place,
  settings: Pick<XksRecord, "vpcEndpointServiceName" | "vpcEndpointServiceOwner">,
): Promise<"Valid" | "NotFound" | "InvalidConfiguration"> {
  const look = call.runtime.keyStores.vpcEndpointService ?? (async () => "NotFound" as const);
  return look(settings.vpcEndpointServiceName ?? "", settings.vpcEndpointServiceOwner ?? place.accountId);
}
