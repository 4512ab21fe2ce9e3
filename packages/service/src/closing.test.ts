/** A service that is closed while calls are in progress: nothing is done under what is left of a key that was wiped. */
import { expect, test } from "vitest";
import { open } from "../test-support/open.ts";

test("a MAC is made by the key or not at all, whenever the service is closed", async () => {
  for (let ticks = 0; ticks < 20; ticks++) {
    const { kms, service } = await open({ keyCacheMs: 60_000 });
    const { KeyMetadata } = await kms.createKey({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
    const KeyId = KeyMetadata?.KeyId;
    const mac = async () => {
      const request = { KeyId, Message: new Uint8Array(3), MacAlgorithm: "HMAC_SHA_256" as const };
      return (await kms.generateMac(request)).Mac;
    };
    const expected = await mac();
    await service.runDueWork();
    const closeLater = async () => {
      for (let tick = 0; tick < ticks; tick++) await null;
      await service.close();
    };
    const closing = closeLater();
    const results: Promise<Uint8Array | undefined>[] = [];
    for (let call = 0; call < 40; call++) {
      results.push(mac().catch(() => expected));
      await null;
    }
    for (const result of await Promise.all(results)) expect(result).toEqual(expected);
    await closing;
  }
});
