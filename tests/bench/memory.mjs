// How much memory a page's process takes. WebAssembly's is not in the heap of JavaScript, so that the process alone compares clients.

import { readFileSync, writeFileSync } from "node:fs";

const read = (pid, what) => Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

/**
 * Begins to watch the pages' processes of a browser.
 * @param {import("@playwright/test").Browser} browser
 * @returns {Promise<() => number>} tells by how many MiB the process that grew most has grown at its peak
 */
export async function watchMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const pids = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  pids.forEach((pid) => writeFileSync(`/proc/${pid}/clear_refs`, "5")); // the peak is counted anew from here on
  const before = pids.map((pid) => read(pid, "VmRSS"));
  return () => Math.max(...pids.map((pid, nth) => read(pid, "VmHWM") - before[nth]));
}
