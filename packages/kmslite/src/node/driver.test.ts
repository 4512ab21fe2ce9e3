import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { loadDriver } from "./driver.ts";

/** A package in CommonJS whose native part was never built, as `pkcs11js` is where build scripts are not allowed. */
function unbuiltPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-driver-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "native"));
  writeFileSync(join(folder, "native", "package.json"), '{ "name": "native", "main": "index.js" }');
  writeFileSync(join(folder, "native", "index.js"), 'require("./build/Release/native.node");');
  return pathToFileURL(join(folder, "native", "index.js")).href;
}

test("a package that is not installed is named, and how to install it", async () => {
  const missing = "a-package-that-nobody-has";
  await expect(loadDriver(missing, () => import(missing))).rejects.toMatchObject({
    name: "SetupError",
    code: "DriverMissing",
    message: expect.stringContaining(`npm install ${missing}`),
  });
});

test("a package that is installed and not built is named, and how to build it", async () => {
  const url = unbuiltPackage();
  await expect(loadDriver("native", () => import(/* @vite-ignore */ url))).rejects.toMatchObject({
    name: "SetupError",
    code: "DriverMissing",
    message: expect.stringContaining("npm rebuild native"),
  });
});

test("whatever else a package throws is its own", async () => {
  const failure = new Error("broken");
  await expect(loadDriver("broken", () => Promise.reject(failure))).rejects.toBe(failure);
});
