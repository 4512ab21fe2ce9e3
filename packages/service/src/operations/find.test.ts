import { describe, expect, test, vi } from "vitest";
import { loadOperations, methodNames, operationNamed } from "./find.ts";
import { core, onDemand } from "./index.ts";

describe("the registry of operations", () => {
  test("finds the symmetric core without waiting", () => {
    for (const operation of Object.values(core)) expect(operationNamed(operation.name)).toBe(operation);
  });

  test("loads the others when they are first asked for, and finds them without waiting from then on", async () => {
    const loading = operationNamed("ListKeys");
    expect(loading).toBeInstanceOf(Promise);
    const operation = await loading;
    expect(operation?.name).toBe("ListKeys");
    expect(operationNamed("ListKeys")).toBe(operation);
  });

  test("tries again what could not be loaded", async () => {
    const module = await onDemand.listAliases();
    const listAliases = vi.fn().mockRejectedValueOnce(new TypeError("no network")).mockResolvedValue(module);
    vi.resetModules();
    vi.doMock("./index.ts", () => ({ core, onDemand: { listAliases } }));
    const fresh = await import("./find.ts");
    await expect(fresh.operationNamed("ListAliases")).rejects.toMatchObject({
      name: "KMSInternalException",
      message: "The operation ListAliases could not be loaded",
    });
    expect(await fresh.operationNamed("ListAliases")).toBe(module.listAliases);
    expect(fresh.operationNamed("ListAliases")).toBe(module.listAliases);
    expect(listAliases).toHaveBeenCalledTimes(2);
    vi.doUnmock("./index.ts");
  });

  test("knows no other name", () => {
    for (const name of ["", "listKeys", "constructor", "__proto__"])
      expect(operationNamed(name)).toBeUndefined();
  });

  test("loads all of them at once", async () => {
    expect((await loadOperations()).length).toBe(methodNames.length);
    for (const { name } of await loadOperations()) expect(operationNamed(name)).not.toBeInstanceOf(Promise);
  });
});
