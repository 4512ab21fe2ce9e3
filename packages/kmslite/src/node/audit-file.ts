/**
 * Audit events as a file of JSON lines: appended and synced to the disk before a call is answered, and begun anew when it has become
 * large. The full one is renamed to `<path>.<time>-<number>`; removing old ones is left to whoever keeps them.
 */
import type { AuditSink } from "@kmslite/service";

export interface AuditFileOptions {
  /** The file; made, with mode 0600, if there is none. */
  readonly path: string;
  /** Bytes after which a new file is begun; 64 MiB unless given. */
  readonly maximumBytes?: number;
}

const DEFAULT_MAXIMUM_BYTES = 67_108_864;
const LINE_FEED = 0x0a;

/**
 * For `createKms({ audit })`. One process writes a file: several need one each.
 *
 * @throws {RangeError} if `maximumBytes` is no positive whole number
 */
export function auditFile({ path, maximumBytes = DEFAULT_MAXIMUM_BYTES }: AuditFileOptions): AuditSink {
  if (!(Number.isSafeInteger(maximumBytes) && maximumBytes > 0))
    throw new RangeError(`maximumBytes: expected a positive whole number, got ${maximumBytes}`);
  const fs = process.getBuiltinModule("node:fs");
  let file: { readonly descriptor: number; size: number } | undefined;
  let rotations = 0;
  const open = () => {
    const descriptor = fs.openSync(path, "a+", 0o600);
    const { size } = fs.fstatSync(descriptor);
    return { descriptor, size: size + endLine(fs, descriptor, size) };
  };
  return async (events) => {
    // What this turn of the event loop still brings is synced to the disk together, behind this.
    await new Promise((resolve) => setImmediate(resolve));
    file ??= open();
    if (file.size >= maximumBytes) {
      fs.closeSync(file.descriptor);
      file = undefined;
      const time = new Date().toISOString().replaceAll(/[-:.]/g, "");
      fs.renameSync(path, `${path}.${time}-${++rotations}`);
      file = open();
    }
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    try {
      for (let written = 0; written < bytes.length; ) {
        written += fs.writeSync(file.descriptor, bytes, written);
      }
      fs.fdatasyncSync(file.descriptor);
      file.size += bytes.length;
    } catch (error) {
      // What is there of it is not known: the next write looks again.
      const { descriptor } = file;
      file = undefined;
      fs.closeSync(descriptor);
      throw error;
    }
  };
}

/** Ends a line that a crash, or a full disk, cut short, so that the next event has a line of its own. */
function endLine(fs: typeof import("node:fs"), descriptor: number, size: number): number {
  if (size === 0) return 0;
  const last = new Uint8Array(1);
  fs.readSync(descriptor, last, 0, 1, size - 1);
  return last[0] === LINE_FEED ? 0 : fs.writeSync(descriptor, "\n");
}
