import { describe, expect, test } from "vitest";
import { portablePeers } from "./matrix.ts";
import { makeMessages } from "./messages.ts";
import { preparedPeer } from "./operation-runs.ts";
import type { AeadPeer } from "./peer.ts";
import { nodeCryptoPeer } from "./peers/node-crypto.ts";
import { parseSpeed } from "./peers/openssl.ts";

const peers = [...(await portablePeers()), nodeCryptoPeer];

describe("contestants", () => {
  for (const direction of ["seal", "open"] as const) {
    for (const keyUse of ["fresh", "reused"] as const) {
      test(`all ${direction} alike under keys that are ${keyUse}`, async () => {
        for (const bytes of [16, 1000]) {
          const task = { bytes, direction, keyUse };
          const messages = await makeMessages(task);
          expect(new Set(messages.map(({ key }) => key.join())).size).toBe(keyUse === "fresh" ? 64 : 1);
          for (const peer of peers) {
            const prepared = await preparedPeer(peer, task, messages);
            expect(prepared.operations, peer.engine).toBeGreaterThanOrEqual(1);
          }
        }
      });
    }
  }

  test("one that computes wrongly is not measured", async () => {
    const task = { bytes: 32, direction: "seal", keyUse: "fresh" } as const;
    const wrong: AeadPeer = {
      engine: "wrong",
      prepare: () => ({ run: () => new Uint8Array(48), read: (result) => result as Uint8Array }),
    };
    await expect(preparedPeer(wrong, task, await makeMessages(task))).rejects.toThrow("computes wrongly");
  });
});

describe("the output of openssl speed", () => {
  test("bytes a second are read from its machine-readable line", () => {
    const output =
      "+H:1048576\n+F:25:AES-256-GCM:285975272.73+DT:AES-256-GCM:1:1048576\n+R:270:AES-256-GCM:0.990000\n";
    expect(parseSpeed(output)).toBe(285975272.73);
    expect(parseSpeed("+F:22:aes-256-gcm:1000")).toBe(1000);
  });

  test("output without a figure is refused", () => {
    expect(() => parseSpeed("speed: unknown algorithm")).toThrow("no figure");
  });
});
