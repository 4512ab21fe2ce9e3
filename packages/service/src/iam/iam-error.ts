/** Errors of the directory, by the names that IAM and STS give them. */

const STATUS = {
  AccessDenied: 403,
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  LimitExceeded: 409,
  MalformedPolicyDocument: 400,
  NoSuchEntity: 404,
  PackedPolicyTooLarge: 400,
  ServiceFailure: 500,
  ValidationError: 400,
} as const;

export type IamErrorName = keyof typeof STATUS;

/** What a refused call of the directory throws; the message holds no secret. */
export class IamError extends Error {
  override readonly name: IamErrorName;
  readonly $fault: "client" | "server";
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(name: IamErrorName, message: string) {
    super(message);
    this.name = name;
    this.$fault = name === "ServiceFailure" ? "server" : "client";
    this.$metadata = { httpStatusCode: STATUS[name] };
  }
}

export function invalid(message: string): IamError {
  return new IamError("ValidationError", message);
}
