/** An expanded key and its end: most messages are short and write little of the place that there is for it. */
import { CONTEXT_SLICED, CONTEXT_SLICES, CONTEXT_TABLES } from "../memory-map";
import { wipePowers } from "./ghash";

/** Wipes as much of a context as was ever written: how much that is depends on the lengths of its messages. */
export function wipeContext(context: usize): void {
  const written = load<u32>(context + CONTEXT_SLICED) != 0 ? CONTEXT_TABLES : CONTEXT_SLICES;
  wipePowers(context);
  for (let at: usize = 0; at < written; at += 16) v128.store(context + at, i64x2.splat(0));
}
