/**
 * Between a client and a PostgreSQL: passes messages on one by one, in both directions, and breaks the connection off in front of the
 * Nth, or in the middle of it. From then on nobody is let through.
 *
 * PostgreSQL documentation, "Message Formats": a type of one byte, but for the client's first message, and a length of four.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface MessageCutter {
  /** Where clients find it. */
  readonly url: string;
  /** Whether it came to the message in front of which it breaks off. */
  readonly cut: boolean;
  stop(): Promise<void>;
}

export interface Cut {
  /** The message, from 1, counted over both directions. */
  readonly message: number;
  /** Whether half of it is passed on. */
  readonly half: boolean;
}

const SOCKET = ".s.PGSQL.5432";

/** @param direct URL of a PostgreSQL on a Unix socket */
export async function startMessageCutter(
  direct: string,
  application: string,
  { message, half }: Cut,
): Promise<MessageCutter> {
  const behind = new URL(direct.replace("@/", "@localhost/")).searchParams.get("host") ?? "";
  const folder = mkdtempSync(join(tmpdir(), "kmslite-cutter-"));
  let passed = 0;
  let cut = false;
  const server = createServer((client) => {
    if (cut) {
      client.destroy();
      return;
    }
    const database = connect(join(behind, SOCKET));
    const breakOff = (): void => {
      client.destroy();
      database.destroy();
    };
    const pass = (to: Socket) => (bytes: Buffer) => {
      if (cut) return;
      passed++;
      if (passed < message) {
        to.write(bytes);
        return;
      }
      cut = true;
      if (half) to.write(bytes.subarray(0, bytes.length >> 1), breakOff);
      else breakOff();
    };
    client.on("data", inMessages(true, pass(database)));
    database.on("data", inMessages(false, pass(client)));
    for (const socket of [client, database]) {
      socket.on("error", breakOff);
      socket.on("close", breakOff);
    }
  });
  server.listen(join(folder, SOCKET));
  await once(server, "listening");
  const query = new URLSearchParams({ host: folder, application_name: application });
  return {
    url: `postgresql://kmslite@/postgres?${query}`,
    get cut() {
      return cut;
    },
    stop: async () => {
      server.close();
      await once(server, "close");
      rmSync(folder, { recursive: true });
    },
  };
}

/** Calls `take` with each message of a stream that arrives in pieces. */
function inMessages(fromClient: boolean, take: (message: Buffer) => void): (piece: Buffer) => void {
  let rest = Buffer.alloc(0);
  let typed = !fromClient;
  return (piece) => {
    rest = Buffer.concat([rest, piece]);
    for (;;) {
      const type = typed ? 1 : 0;
      if (rest.length < type + 4) return;
      const length = type + rest.readInt32BE(type);
      if (rest.length < length) return;
      take(rest.subarray(0, length));
      rest = rest.subarray(length);
      typed = true;
    }
  };
}
