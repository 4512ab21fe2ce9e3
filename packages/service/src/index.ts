/** The AWS KMS API as a library: {@link Service} runs operations, {@link kmsMethods} gives them the SDK's face. */
export { type KmsArn, keyArn, type Place, parseArn, partitionOf } from "./arn.ts";
export type { Caller, Identity, RequestSource } from "./caller.ts";
export type { Diagnosis } from "./doctor/diagnose.ts";
export type { CheckId, Finding, Severity } from "./doctor/finding.ts";
export * from "./errors.ts";
export * from "./kms.ts";
export { AWS_LIMITS, type Limits } from "./limits.ts";
export type { Operation } from "./operation.ts";
export { type AnyOperation, loadOperations, operationNamed } from "./operations/find.ts";
export type { Operations } from "./operations/index.ts";
export type { RequestQuotas } from "./quotas/request-quotas.ts";
export type { Seed, SeedAlias, Seeded, SeedKey } from "./seed/seed.ts";
export { Service, type ServiceOptions } from "./service.ts";
export type { KeySpec, KeyUsageType } from "./shapes/key-types.ts";
export type * from "./shapes/shape.ts";
export type * from "./types.ts";
