import { expect, test } from "vitest";
import { storeError, whenFree } from "./failure.ts";

test.each([
  ["with its code", { errcode: 5 }],
  // Deno 2.9, of exec.
  ["with SQLite's words alone", {}],
])("a busy database is tried again, whether the runtime tells it %s", async (_, told) => {
  let attempts = 0;
  const busy = Object.assign(new Error("database is locked"), { code: "ERR_SQLITE_ERROR", ...told });
  const attempt = () => {
    attempts++;
    if (attempts < 3) throw busy;
    return "done";
  };
  expect(await whenFree(1000, attempt)).toBe("done");
  expect(storeError("a.sqlite", busy).message).toContain("is busy");
});
