/** Runs of the HMAC module that reach every instruction of it. Keys and all input are secret; lengths and addresses are public. */
import { Machine } from "./machine.ts";
import type { Module } from "./module.ts";

/** The machine after all runs, with what it found. */
export function runHmac(module: Module): Machine {
  const machine = new Machine(module);
  const [INPUT, PREPARED] = ["INPUT", "PREPARED"].map((name) => machine.global(name)) as [number, number];
  const capacity = machine.global("CAPACITY");
  const input = (): void => machine.hide(INPUT, capacity);
  for (const length of [1, 32, 64]) {
    input();
    machine.call("prepareKey", length);
    machine.call("wipe", length);
  }
  for (const [begin, finish] of [
    ["beginHash", "finishHash"],
    ["beginMac", "finishMac"],
  ] as const) {
    for (const length of [0, 55, 56, 64, 200]) {
      input();
      machine.hide(PREPARED, 64);
      machine.call(begin);
      machine.call("absorb", 128);
      input();
      machine.call(finish, length, 128 + length);
      machine.call("wipe", length);
    }
  }
  for (const length of [55, 100]) {
    input();
    machine.hide(PREPARED, 64);
    machine.call("deriveBlocks", length, 3);
    machine.call("wipe", length);
  }
  return machine;
}
