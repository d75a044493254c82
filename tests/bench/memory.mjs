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
 * What the pages of a browser have computed so far, in milliseconds, and what they take now, in MiB, garbage collected.
 * @param {import("@playwright/test").Browser} browser
 * @param {import("@playwright/test").Page} page
 */
export async function taken(browser, page) {
  await (await page.context().newCDPSession(page)).send("HeapProfiler.collectGarbage");
  const processes = await ofPages(await browser.newBrowserCDPSession());
  const sum = (of) => processes.reduce((sum, one) => sum + of(one), 0);
  return { cpu: sum(({ cpuTime }) => cpuTime * 1_000), memory: sum(({ id }) => read(id, "VmRSS")) };
}
