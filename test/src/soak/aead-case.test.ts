import { typescriptEngine, wasmEngine } from "@kmslite/aead";
import { expect, test } from "vitest";
import { checkCase, Mismatch } from "./aead-case.ts";

test("a correct engine passes its cases", () => {
  const engine = wasmEngine();
  for (let number = 0; number < 200; number++) checkCase(engine, 1, number);
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
  expect(() => checkCase(wrong, 1, 5)).toThrow(Mismatch);
});

test("an engine that accepts a flipped bit is a mismatch", () => {
  const right = typescriptEngine();
  let opened: Uint8Array = new Uint8Array();
  let calls = 0;
  const lax = {
    ...right,
    open: (...message: Parameters<typeof right.open>) => {
      if (calls++ === 0) opened = right.open(...message);
      return opened;
    },
  };
  expect(() => checkCase(lax, 1, 5)).toThrow("a flipped bit was accepted");
});
