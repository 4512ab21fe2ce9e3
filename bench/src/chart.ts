/** Charts of a report: throughput over message size, one panel for each direction and use of keys, an SVG drawn without a browser. */
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { type Measurement, type Report, reached } from "./report.ts";

echarts.use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const WIDTH = 1200;
const PANEL_HEIGHT = 420;
const LEGEND_HEIGHT = 70;

/**
 * The chart of every `aead.<direction>.<size>-<use>` measurement in a report.
 *
 * @returns an SVG document
 * @throws if the report holds none
 */
export function svgOf({ machine, suites }: Report): string {
  const results = suites.flatMap((suite) => suite.results);
  const panels = panelsOf(results);
  if (panels.length === 0) throw new Error("There is nothing to draw: the chart is of the suite aead");
  const rows = Math.ceil(panels.length / 2);
  const columns = Math.min(panels.length, 2);
  const chart = echarts.init(null, null, {
    renderer: "svg",
    ssr: true,
    width: WIDTH,
    height: LEGEND_HEIGHT + rows * PANEL_HEIGHT,
  });
  const place = (index: number) => ({
    left: `${(index % 2) * (100 / columns) + 6}%`,
    top: LEGEND_HEIGHT + Math.floor(index / 2) * PANEL_HEIGHT + 40,
    width: `${100 / columns - 9}%`,
    height: PANEL_HEIGHT - 110,
  });
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    legend: { top: 30, data: [...new Set(panels.flatMap((panel) => [...panel.lines.keys()]))] },
    title: [
      { text: `AES-256-GCM, MB/s by message size (${machine["runtime"]})`, left: "center", top: 0 },
      ...panels.map(({ title }, index) => ({
        text: title,
        textStyle: { fontSize: 14 },
        left: place(index).left,
        top: place(index).top - 35,
      })),
    ],
    grid: panels.map((_panel, index) => place(index)),
    // Sizes stand side by side, each by its name: they are few, and no power of ten.
    xAxis: panels.map(({ sizes }, gridIndex) => ({
      gridIndex,
      type: "category" as const,
      boundaryGap: false,
      data: [...sizes],
      axisLabel: { interval: 0, fontSize: 11 },
    })),
    yAxis: panels.map((_panel, gridIndex) => ({ gridIndex, type: "log" as const })),
    series: panels.flatMap(({ lines }, index) =>
      [...lines].map(([name, points]) => ({
        type: "line" as const,
        name,
        xAxisIndex: index,
        yAxisIndex: index,
        symbolSize: 5,
        data: [...points],
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** The chart as a page of its own, with the ratios under it. */
export function htmlOf(report: Report): string {
  const rows = report.suites
    .flatMap((suite) => suite.ratios)
    .map(
      (ratio) =>
        `<tr><td>${ratio.id}</td><td>${ratio.value.toFixed(2)}</td>` +
        `<td>${ratio.better === "higher" ? "≥" : "≤"} ${ratio.aim}</td><td>${reached(ratio) ? "reached" : "missed"}</td></tr>`,
    );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>KMSLite benchmarks</title>
<style>body { font-family: sans-serif; max-width: 1200px; margin: 2em auto } td, th { padding: 0.2em 1em; text-align: left }</style>
<h1>KMSLite benchmarks</h1>
${svgOf(report)}
<table><tr><th>ratio</th><th>value</th><th>aim</th><th></th></tr>
${rows.join("\n")}
</table>
</html>
`;
}

interface Panel {
  readonly title: string;
  /** Message sizes by their names, from small to large. */
  readonly sizes: readonly string[];
  /** Points of size and MB/s, by engine. */
  readonly lines: ReadonlyMap<string, readonly (readonly [string, number])[]>;
}

function panelsOf(results: readonly Measurement[]): readonly Panel[] {
  const panels = new Map<string, { sizes: Set<string>; lines: Map<string, [string, number][]> }>();
  for (const { id, engine, mb_per_s } of results.toSorted((a, b) => a.bytes - b.bytes)) {
    const cell = /^aead\.(seal|open)\.(\w+)-(fresh|reused)$/.exec(id);
    if (cell === null) continue;
    const [, direction, size, keyUse] = cell as unknown as [string, string, string, string];
    const title = `${direction}, ${keyUse === "fresh" ? "each message under a fresh key" : "key reused"}`;
    const panel = panels.get(title) ?? {
      sizes: new Set<string>(),
      lines: new Map<string, [string, number][]>(),
    };
    panels.set(title, panel);
    panel.sizes.add(size);
    panel.lines.set(engine, [...(panel.lines.get(engine) ?? []), [size, mb_per_s]]);
  }
  return [...panels].map(([title, { sizes, lines }]) => ({ title, sizes: [...sizes], lines }));
}
