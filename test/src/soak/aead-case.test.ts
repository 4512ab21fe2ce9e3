import { type SyncEngine, wasmEngine } from "@kmslite/aead";
import { typescriptEngine } from "@kmslite/aead/typescript";
import { expect, test } from "vitest";
import { checkCase, checkCaseByWebCrypto, checkSplits, Mismatch } from "./aead-case.ts";

test("a correct engine passes its cases", () => {
  const engine = wasmEngine();
  for (let number = 0; number < 200; number++) checkCase(engine, 1n, number);
});

test("a correct engine agrees with Web Crypto, and in every split of a short message", async () => {
  const engine = wasmEngine();
  let checked = 0;
  for (let number = 0; number < 40; number++)
    if (await checkCaseByWebCrypto(engine, 2n ** 63n, number)) checked++;
  expect(checked).toBeGreaterThan(20);
  expect(checkSplits(engine, 3n, 33)).toBe((34 * 35) / 2);
});

test("one wrong bit of one sealed message is a mismatch", () => {
  const right = typescriptEngine();
  const wrong = {
    ...right,
    seal: (...message: Parameters<typeof right.seal>) => {
      const sealed = right.seal(...message);
      sealed[0] = (sealed[0] as number) ^ 1;
      return sealed;
    },
  };
  const number = Array.from({ length: 50 }, (_, each) => each).find((each) => refuses(wrong, each));
  expect(() => checkCase(wrong, 1n, number as number)).toThrow(Mismatch);
  // A case replays.
  expect(() => checkCase(wrong, 1n, number as number)).toThrow(Mismatch);
});

test("an engine that accepts a flipped bit is a mismatch", () => {
  const right = typescriptEngine();
  const lax = {
    ...right,
    open: (...message: Parameters<typeof right.open>) => {
      try {
        return right.open(...message);
      } catch {
        return new Uint8Array();
      }
    },
  };
  for (let number = 0; number < 20; number++)
    expect(() => checkCase(lax, 1n, number)).toThrow("a flipped bit was accepted");
});

/** Whether the engine fails a case; those with a kept key don't ask the engine to seal. */
function refuses(engine: SyncEngine, number: number): boolean {
  try {
    checkCase(engine, 1n, number);
    return false;
  } catch {
    return true;
  }
}
