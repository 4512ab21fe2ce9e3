/** Bytes that are not the CBOR or COSE that was expected. */
export class CoseError extends Error {
  override readonly name = "CoseError";
}
