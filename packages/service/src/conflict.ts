/** Somebody else changed a record that this call had read. The pipeline runs the operation again. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}
