/** The script of the page: measures in the browser that loaded it, when the driver says so. */
import { aimedRatios, portablePeers, runMatrix } from "../aead/matrix.ts";
import type { Progress, SuiteOptions, SuiteReport } from "../report.ts";
import { runKms } from "./kms.ts";

declare global {
  interface Window {
    /** Set by this page, called by the driver with the name of a suite. */
    runSuite?: (name: string, options: SuiteOptions) => Promise<SuiteReport>;
    /** Set by the driver, called by this page. */
    reportProgress?: Progress;
  }
}

window.runSuite = async (name, options) => {
  const progress: Progress = (line) => {
    document.title = line;
    window.reportProgress?.(line);
  };
  if (name === "kms") return runKms(options, progress);
  const results = await runMatrix({ quick: options.quick, progress, peers: await portablePeers() });
  return { name: "aead", results, ratios: aimedRatios(results) };
};
