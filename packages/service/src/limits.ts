/** Limits that are the operator's to set. Defaults are those of AWS KMS where it has one. */
export interface Limits {
  /** RotateKeyOnDemand calls in the life of a key. */
  readonly onDemandRotationsPerKey: number;
  readonly aliasesPerKey: number;
  readonly tagsPerKey: number;
  readonly grantsPerKey: number;
  /** Customer managed keys of an account in a Region. */
  readonly keysPerRegion: number;
  /** Of an account in a Region, of both types together. */
  readonly customKeyStores: number;
}

export const AWS_LIMITS: Limits = {
  onDemandRotationsPerKey: 25,
  aliasesPerKey: 50,
  tagsPerKey: 50,
  grantsPerKey: 50_000,
  keysPerRegion: 100_000,
  customKeyStores: 10,
};
