/** Keys that are ready in memory leave it wiped, in whichever way they leave. */
import { expect, test, vi } from "vitest";
import { ReadyKeys } from "./ready-keys.ts";

function key(keyMaterialId: string) {
  return { keyMaterialId, destroy: vi.fn() };
}

test("a key that is held is given again; the second of two that were opened at once is wiped", () => {
  const ready = new ReadyKeys(10);
  const [first, second] = [key("m"), key("m")];
  expect(ready.add("k", first, ready.generation())).toBe(first);
  expect(ready.add("k", second, ready.generation())).toBe(first);
  expect(second.destroy).toHaveBeenCalledOnce();
  expect(ready.get("k", "m")).toBe(first);
  expect(first.destroy).not.toHaveBeenCalled();
});

test("forgotten, the keys of one KMS key are wiped when whoever has them is done with them, and no others", async () => {
  const ready = new ReadyKeys(10);
  const keys = [key("m"), key("n")];
  for (const each of keys) ready.add("k", each, ready.generation());
  const other = ready.add("l", key("m"), ready.generation());
  ready.forgetKey("k");
  expect(ready.get("k", "m")).toBeUndefined();
  for (const each of keys) expect(each.destroy).not.toHaveBeenCalled();
  await vi.waitFor(() => {
    for (const each of keys) expect(each.destroy).toHaveBeenCalledOnce();
  });
  expect(ready.get("l", "m")).toBe(other);
  expect(other.destroy).not.toHaveBeenCalled();
});

test("what was read before a deletion is for one use, and so is what comes after the end", async () => {
  const ready = new ReadyKeys(10);
  const generation = ready.generation();
  ready.forgetKey("k");
  const late = key("m");
  expect(ready.add("k", late, generation)).toBe(late);
  expect(ready.get("k", "m")).toBeUndefined();
  ready.close();
  const last = key("m");
  expect(ready.add("k", last, ready.generation())).toBe(last);
  expect(ready.get("k", "m")).toBeUndefined();
  await vi.waitFor(() => {
    expect(late.destroy).toHaveBeenCalledOnce();
    expect(last.destroy).toHaveBeenCalledOnce();
  });
});

test("no more are held than may be: the first leaves first", async () => {
  const ready = new ReadyKeys(2);
  const keys = [key("a"), key("b"), key("c")];
  for (const each of keys) ready.add(each.keyMaterialId, each, ready.generation());
  expect(ready.get("a", "a")).toBeUndefined();
  await vi.waitFor(() => expect(keys[0]?.destroy).toHaveBeenCalledOnce());
  ready.close();
  expect(keys[1]?.destroy).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(keys[1]?.destroy).toHaveBeenCalledOnce());
  expect(keys[2]?.destroy).toHaveBeenCalledOnce();
});
