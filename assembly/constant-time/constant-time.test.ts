/** The shipped modules have no secret-dependent time, and the checker sees it where it is. */
import { createCipheriv } from "node:crypto";
import { describe, expect, test } from "vitest";
import { compile } from "./compile.ts";
import { Machine } from "./machine.ts";
import { readModule } from "./module.ts";
import { checkGcm, SHIPPED } from "./report.ts";

test.each(SHIPPED)(
  "$name: no branch, select, address or variable-time instruction depends on a secret, in any instruction there is",
  ({ check }) => {
    const { findings, unreached, instructions } = check();
    expect(findings).toEqual([]);
    expect(unreached).toEqual([]);
    expect(instructions).toBeGreaterThan(500);
  },
  60_000,
);

describe("the checker", () => {
  test("catches AES with a table that is indexed by secrets, which computes the right thing", async () => {
    const bytes = await compile("constant-time/control/t-table.ts");
    const machine = new Machine(readModule(bytes));
    machine.call("prepare");
    expect(machine.findings.size).toBe(0);
    machine.hide(machine.global("KEY"), 16);
    machine.hide(machine.global("BUFFER"), 16);
    machine.call("encrypt");
    expect([...new Set([...machine.findings.values()].map(({ what }) => what))]).toEqual(["address"]);

    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
    const { memory, KEY, BUFFER, prepare, encrypt } = exports as unknown as {
      memory: WebAssembly.Memory;
      KEY: WebAssembly.Global<"i32">;
      BUFFER: WebAssembly.Global<"i32">;
      prepare(): void;
      encrypt(): void;
    };
    const key = Uint8Array.from({ length: 16 }, (_, index) => index * 7);
    const block = Uint8Array.from({ length: 16 }, (_, index) => index * 13);
    prepare();
    new Uint8Array(memory.buffer).set(key, KEY.value);
    new Uint8Array(memory.buffer).set(block, BUFFER.value);
    encrypt();
    const expected = createCipheriv("aes-128-ecb", key, null).update(block);
    expect(Buffer.from(memory.buffer, BUFFER.value, 16)).toEqual(expected);
  });

  test.each([
    ["branches", "branch"],
    ["loops", "branch"],
    ["selects", "select"],
    ["loads", "address"],
    ["stores", "address"],
    ["divides", "variable-time instruction"],
    ["hides", "address"],
  ])("catches a function that %s by a secret", async (name, what) => {
    const machine = new Machine(readModule(await compile("constant-time/control/mutants.ts")));
    machine.hide(machine.global("KEY"), 16);
    machine.call(name);
    const [finding] = machine.findings.values();
    // The compiler may make a select of a branch, and the other way round.
    const expected = what === "branch" || what === "select" ? ["branch", "select"] : [what];
    expect(expected).toContain(finding?.what);
  });

  test("finds nothing where a secret only masks, and nothing where the key is public", async () => {
    const module = readModule(await compile("constant-time/control/mutants.ts"));
    const machine = new Machine(module);
    for (const name of ["branches", "selects", "loads"]) machine.call(name);
    machine.hide(machine.global("KEY"), 16);
    machine.call("masks");
    expect(machine.findings.size).toBe(0);
  });

  test("catches a comparison of tags in the real module that ends at the first difference", async () => {
    const mutant = await compile("src/gcm.ts", ["simd"], (file, text) => {
      if (!file.endsWith("gcm.ts")) return text;
      const changed = text.replace(
        "difference |= load<u8>(received + i) ^ load<u8>(TAG + i);",
        "if (load<u8>(received + i) != load<u8>(TAG + i)) return 1;",
      );
      expect(changed).not.toBe(text);
      return changed;
    });
    const { findings } = checkGcm(mutant);
    expect(findings.map(({ what }) => what)).toContain("branch");
  }, 60_000);

  test("says which instructions no run came to", async () => {
    const mutant = await compile("src/gcm.ts", ["simd"], (file, text) =>
      file.endsWith("gcm.ts")
        ? text.replace(
            "export function begin(context: usize): void {",
            "export function begin(context: usize): void {\n  if (context == 3) store<u8>(context, load<u8>(9));",
          )
        : text,
    );
    expect(checkGcm(mutant).unreached.length).toBeGreaterThan(0);
  }, 60_000);
});
