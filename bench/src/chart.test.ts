import { expect, test } from "vitest";
import { htmlOf, svgOf } from "./chart.ts";
import { measurement } from "./measure.ts";
import type { Report } from "./report.ts";

const report: Report = {
  machine: { runtime: "node 26" },
  suites: [
    {
      name: "aead",
      results: ["fresh", "reused"].flatMap((use) =>
        [16, 1024].flatMap((bytes) =>
          ["noble", "typescript"].map((engine) =>
            measurement(
              { id: `aead.seal.${bytes === 16 ? "16B" : "1KiB"}-${use}`, bytes },
              engine,
              bytes * 10,
            ),
          ),
        ),
      ),
      ratios: [{ id: "aead.1MiB.vs-noble", value: 8.04, aim: 7, better: "higher" }],
    },
  ],
};

test("a chart is an SVG that names every engine and every panel", () => {
  const svg = svgOf(report);
  expect(svg).toMatch(/^<svg .*<\/svg>\s*$/s);
  for (const text of ["noble", "typescript", "node 26", "seal, key reused", "under a fresh key"]) {
    expect(svg).toContain(text);
  }
});

test("a page holds the chart and the ratios with their aims", () => {
  const html = htmlOf(report);
  expect(html).toContain("<svg ");
  expect(html).toContain("<td>aead.1MiB.vs-noble</td><td>8.04</td><td>≥ 7</td><td>reached</td>");
});

test("a report without the suite aead has no chart", () => {
  expect(() => svgOf({ machine: {}, suites: [] })).toThrow("nothing to draw");
});
