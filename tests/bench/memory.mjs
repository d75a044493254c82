// What a page's processes take. WebAssembly's memory is not in the heap of JavaScript, so that the process alone compares clients.

import { readFileSync, writeFileSync } from "node:fs";

const read = (pid, what) => Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

/** The processes that a browser has for pages. */
async function ofPages(session) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.filter(({ type }) => type === "renderer");
}

/**
 * Begins to watch the pages' processes of a browser.
 * @param {import("@playwright/test").Browser} browser
 * @returns {Promise<() => number>} tells by how many MiB the process that grew most has grown at its peak
 */
export async function watchMemory(browser) {
  const pids = (await ofPages(await browser.newBrowserCDPSession())).map(({ id }) => id);
  pids.forEach((pid) => writeFileSync(`/proc/${pid}/clear_refs`, "5")); // the peak is counted anew from here on
  const before = pids.map((pid) => read(pid, "VmRSS"));
  return () => Math.max(...pids.map((pid, nth) => read(pid, "VmHWM") - before[nth]));
}

/**
 * What the pages of a browser have computed so far, in milliseconds, and what a page holds now, garbage collected: its heap and WebAssembly's
 * memory, in MiB. The process would not tell: the tools that watch it keep every answer there.
 * @param {import("@playwright/test").Browser} browser
 * @param {import("@playwright/test").Page} page opened by `fresh`
 */
export async function taken(browser, page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const memory = (usedSize + (await page.evaluate(() => bench.wasm()))) / 2 ** 20;
  const processes = await ofPages(await browser.newBrowserCDPSession());
  return { cpu: processes.reduce((sum, { cpuTime }) => sum + cpuTime * 1_000, 0), memory };
}
