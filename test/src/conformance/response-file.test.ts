import { expect, test } from "vitest";
import { parseResponseFile } from "./response-file.ts";

const TEXT = `# CAVS
[Keylen = 128]
[Taglen = 96]

Count = 0
Key = 00
Tag =

Count = 1
Key = 01
FAIL

[Keylen = 256]

Count = 0
Key = 02
`;

test("a case has the parameters of its own section, empty values, and FAIL as a name", () => {
  expect(parseResponseFile(TEXT, "Count")).toEqual([
    { section: { Keylen: "128", Taglen: "96" }, fields: { Count: "0", Key: "00", Tag: "" } },
    { section: { Keylen: "128", Taglen: "96" }, fields: { Count: "1", Key: "01", FAIL: "" } },
    { section: { Keylen: "256" }, fields: { Count: "0", Key: "02" } },
  ]);
});
