/**
 * Runs of a GCM module that reach every instruction of it: all key lengths, messages from nothing to several pieces, whole and
 * in pieces, IVs of both kinds. Key, text, AAD and tag are secret; lengths, addresses and the IV are public.
 */
import { Machine } from "./machine.ts";
import type { Module } from "./module.ts";

const LENGTHS = [
  0, 1, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 127, 128, 129, 255, 256, 257, 500, 1024, 4096, 4097, 9000,
];

/** The machine after all runs, with what it found. */
export function runGcm(module: Module): Machine {
  const machine = new Machine(module);
  const [KEY, IV, TAG, BUFFER, CONTEXT] = ["KEY", "IV", "TAG", "BUFFER", "CONTEXT"].map((name) =>
    machine.global(name),
  ) as [number, number, number, number, number];
  const capacity = machine.global("CAPACITY");
  const inputs = (): void => {
    machine.hide(KEY, 32);
    machine.reveal(IV, 16);
    machine.hide(TAG, 16);
    machine.hide(BUFFER, capacity + 64);
  };
  const whole = (keyLength: number, aad: number, text: number): void => {
    for (const direction of ["seal", "open"]) {
      inputs();
      machine.call(direction, CONTEXT, keyLength, aad, text, ...(direction === "open" ? [16] : []));
      if (keyLength === 0) machine.call("wipeMessage");
      else machine.call("wipeFreshKey", CONTEXT);
    }
    machine.call("wipe", CONTEXT, machine.global("CONTEXT_SIZE"));
  };
  const inPieces = (longIv: boolean, text: number): void => {
    for (const direction of ["sealPiece", "openPiece"]) {
      inputs();
      if (longIv) {
        machine.call("beginLongIv");
        machine.call("hash", CONTEXT, 60);
        machine.call("endLongIv", CONTEXT, 60);
      } else machine.call("begin", CONTEXT);
      inputs();
      machine.call("hash", CONTEXT, 33);
      inputs();
      machine.call(direction, CONTEXT, text & ~15);
      inputs();
      machine.call(direction, CONTEXT, text & 15);
      if (direction === "sealPiece") machine.call("finish", CONTEXT, 33, text);
      else machine.call("verify", CONTEXT, 33, text, 12);
      machine.call("wipeMessage");
    }
  };

  machine.call("heapStart");
  for (const keyLength of [16, 24, 32]) for (const text of LENGTHS) whole(keyLength, 0, text);
  for (const aad of [1, 16, 100, 5000]) for (const text of [0, 20, 300, 5000]) whole(32, aad, text);
  for (const prepared of [false, true]) {
    inputs();
    machine.call("expandKey", CONTEXT, 32);
    if (prepared) machine.call("prepare", CONTEXT);
    for (const text of LENGTHS) {
      inPieces(false, text);
      inPieces(true, text);
      whole(0, 20, text);
      inputs();
      machine.call("expandKey", CONTEXT, 32);
      if (prepared) machine.call("prepare", CONTEXT);
    }
  }
  return machine;
}
