// The list of a large tenant's machines: until its first rows, until all, and from a key in its search to the painted rows; beside it the SDK, which has to
// ask each vault, and a page that only repeats the field's text.

import { accessToken } from "../e2e/support/token.mjs";
import { App } from "../e2e/support/app.mjs";
import { withSimulator } from "./arm.mjs";
import { watchMemory } from "./memory.mjs";
import { fresh } from "./pages.mjs";
import { sdkScript } from "./peer.mjs";

const TEXT = "orders-web-0";
const PAUSE = 150;

/** In the page, before anything of it runs: when the first row and the last one have been painted, and what Azure was asked for. */
function watch() {
  const count = () => document.querySelector("#machine-count")?.textContent ?? "";
  globalThis.rows = {
    first: bench.until(() => document.querySelector("tbody > tr[aria-rowindex]")),
    all: bench.until(() => /^[\d,]+ VMs$/.test(count())),
  };
  globalThis.machines = () => Number(count().replace(/\D/g, ""));
}

/** In the page: how many requests began before a moment. A preflight is none of its own here. */
const asked = ([origin, before]) =>
  performance.getEntriesByType("resource").filter(({ name, startTime }) => name.startsWith(origin) && startTime < before).length;

/**
 * In the page: from each key in the field with the focus to the picture in which what it found stands still. Without a list that is the next picture.
 */
function record() {
  const keys = [];
  const picture = () => new Promise((made) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => made(performance.now());
    port2.postMessage(0);
  }));
  let key;
  const shown = async (at) => {
    const painted = (await picture()) - at.begun;
    at.painted = Math.max(at.painted, painted);
  };
  addEventListener("keydown", ({ timeStamp }) => {
    keys.push((key = { begun: timeStamp, painted: 0 }));
    void shown(key);
  }, true);
  for (const part of document.querySelectorAll("main table, #machine-count")) {
    new MutationObserver(() => key && void shown(key)).observe(part, { subtree: true, childList: true, characterData: true, attributes: true });
  }
  globalThis.typed = () => keys.map(({ painted }) => painted);
}

/** Types and takes back a name; what the page's main thread computed for each key, too. The time of day goes on meanwhile, whoever uses the cores. */
async function typed(page) {
  await page.evaluate(record);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const computed = async () => (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value * 1_000;
  const [from, before] = [await page.evaluate(() => performance.now()), await computed()];
  const keys = [...TEXT, ...[...TEXT].map(() => "Backspace")];
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(PAUSE);
  }
  const each = (await computed() - before) / keys.length;
  return page.evaluate(async ([from, computed]) => ({ painted: globalThis.typed(), computed, longest: await bench.longest(from, performance.now()) }), [from, each]);
}

/** In the page: all protected items of all vaults by the SDK, vault after vault. */
async function bySdk([endpoint, token]) {
  const begun = performance.now();
  const get = async (path) => (await (await fetch(`${endpoint}${path}`, { headers: { Authorization: `Bearer ${token}` } })).json()).value;
  let machines = 0;
  let first;
  for (const { subscriptionId } of await get("/subscriptions?api-version=2022-12-01")) {
    for (const { id } of await get(`/subscriptions/${subscriptionId}/providers/Microsoft.RecoveryServices/vaults?api-version=2024-04-01`)) {
      // One vault of this tenant may not be read, and one region does not answer: somebody's own loop passes over them, as the page's lists do.
      machines += await globalThis.sdk.items(id, { endpoint, token }).catch((error) => {
        if (error.statusCode !== 403 && error.statusCode !== 503) throw error;
        return 0;
      });
      if (machines) first ??= performance.now() - begun;
    }
  }
  return { first, all: performance.now() - begun, machines };
}

/** @param {{runs: number, tell: (line: string) => void}} options */
export async function fleet({ runs, tell }) {
  return withSimulator(["--tenant", "large"], async (_, arm, site) => {
    const script = await sdkScript();
    const all = [];
    for (let run = 0; run < runs; run += 1) {
      const product = await fresh(async (page, browser) => {
        const app = new App(page, site.url);
        await app.open();
        const grown = await watchMemory(browser);
        await page.evaluate(watch);
        const begun = await page.evaluate(() => performance.now());
        await app.connect(accessToken());
        await app.machinesRead();
        const [first, last] = await page.evaluate(() => Promise.all([globalThis.rows.first, globalThis.rows.all]));
        const requests = (before) => page.evaluate(asked, [arm.origin, before]);
        const list = {
          machines: await page.evaluate(() => globalThis.machines()),
          first: first - begun, all: last - begun, requests: await requests(last), longest: await page.evaluate((from) => bench.longest(from, performance.now()), begun),
        };
        await app.search().focus();
        return { list, keys: await typed(page), memory: grown() };
      });
      const floor = await fresh(async (page) => {
        await page.goto(`${site.origin}/blank`);
        await page.evaluate(() => document.body.appendChild(document.createElement("input")).focus());
        return typed(page);
      });
      const sdk = await fresh(async (page, browser) => {
        await page.goto(`${site.origin}/blank`);
        await page.addScriptTag({ content: script });
        await page.evaluate(() => performance.setResourceTimingBufferSize(5_000));
        const grown = await watchMemory(browser);
        const told = await page.evaluate(bySdk, [arm.origin, accessToken()]);
        return { ...told, requests: await page.evaluate(asked, [arm.origin, Infinity]), memory: grown() };
      });
      all.push({ product, floor, sdk });
      const at = (keys, share) => keys.toSorted((a, b) => a - b)[Math.floor(keys.length * share)].toFixed(1);
      const { list, keys } = product;
      tell(`fleet, run ${run + 1}: ${list.machines} machines, first row ${list.first.toFixed(0)} ms, all ${list.all.toFixed(0)} ms by ${list.requests} requests, longest task ${list.longest.toFixed(0)} ms (SDK: ${sdk.machines}, ${sdk.all.toFixed(0)} ms by ${sdk.requests}); key painted ${at(keys.painted, 0.5)} ms, 95 %: ${at(keys.painted, 0.95)} ms (bare page: ${at(floor.painted, 0.5)}, ${at(floor.painted, 0.95)} ms), ${keys.computed.toFixed(1)} ms computed (bare page: ${floor.computed.toFixed(1)} ms), longest task ${keys.longest.toFixed(0)} ms; ${product.memory.toFixed(0)} MiB`);
    }
    return { runs: all };
  });
}
