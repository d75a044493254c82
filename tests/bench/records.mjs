// A browser with thousands of finished restores: how long the start takes, the list, and a key in its search; and what a poll of a running one writes.

import { App } from "../e2e/support/app.mjs";
import { numbered, plantBefore, savedRestores } from "../e2e/support/records.mjs";
import { accessToken } from "../e2e/support/token.mjs";
import { withSimulator } from "./arm.mjs";
import { example, many, pass } from "./hour.mjs";
import { fresh } from "./pages.mjs";

const RESTORES = [0, 1_000, 10_000];
/** Among so many restores one runs, whose polls are counted for so many seconds of the page's time. */
const AMONG = 1_000;
const POLLED = 600;

/** In the page, before anything of it runs: when the program has drawn its first page. */
function watch() {
  globalThis.begun = bench.until(() => document.querySelector("main h1"));
}

/** In the page: counts the records that the database is given, and the transactions. */
function count() {
  globalThis.written = { records: 0, transactions: new Set() };
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...given) {
    written.records += 1;
    written.transactions.add(this.transaction);
    return put.apply(this, given);
  };
}

/** In the page: from a key in the search to the frame that shows what was found. */
async function key() {
  const field = document.querySelector("input[type=search]");
  const rows = () => document.querySelector("caption").textContent;
  const before = rows();
  const at = performance.now();
  field.value = "7";
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  return (await bench.until(() => rows() !== before)) - at;
}

/** A finished restore: the one that is at work when the example is made, followed to its end. */
const finished = (connected, arm) => connected(async (app, page) => {
  await app.openFirstVm();
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  const goes = (mode) => fetch(`${arm.origin}/_sim/progress?mode=${mode}`, { method: "POST" });
  await goes("at-once");
  await app.start();
  const state = await app.follow({ timeout: 60_000 });
  await goes("timetable");
  if (state !== "Completed") throw new Error(`The restore stands at “${state}”`);
  return (await savedRestores(page))[0];
});

const named = (restore, nth) => ({ ...restore, id: numbered(10_000_000 + nth), vm: `web-${nth}` });

/** @param {{runs: number, tell: (line: string) => void}} options */
export async function records({ runs, tell }) {
  return withSimulator(["--progress", "timetable", "--retry-after", "5"], async (connected, arm, site) => {
    const over = await finished(connected, arm);
    await fetch(`${arm.origin}/_sim/reset`, { method: "POST" });
    const running = await example(connected, arm);
    const all = RESTORES.map((restores) => ({ restores, runs: [] }));
    for (let run = 0; run < runs; run += 1) {
      for (const { restores, runs } of all) {
        const saved = Array.from({ length: restores }, (_, nth) => named(over, nth));
        runs.push(await fresh(async (page) => {
          await plantBefore(page, saved);
          await page.addInitScript(watch);
          await page.goto(site.url);
          await page.evaluate(() => globalThis.begun);
          // The records are there now. What counts is a start that finds them.
          await page.reload();
          const started = await page.evaluate(() => globalThis.begun);
          const app = new App(page, site.url);
          await app.connect(accessToken());
          const at = await page.evaluate(() => performance.now());
          await page.getByRole("link", { name: "Restores" }).click();
          await app.heading("Restores").waitFor();
          const shown = (await page.evaluate(() => bench.until(() => document.querySelector("table, .vmr-empty")))) - at;
          return { started, shown, key: restores > 0 ? await page.evaluate(key) : null };
        }));
        const { started, shown } = runs.at(-1);
        tell(`records, ${restores} restores, run ${run + 1}: started ${started.toFixed(0)} ms, list ${shown.toFixed(0)} ms`);
      }
    }
    const { saved, jobs } = many(running, 1);
    const polls = await fresh(async (page) => {
      await page.clock.install();
      await plantBefore(page, [...saved, ...Array.from({ length: AMONG - 1 }, (_, nth) => named(over, nth))]);
      await page.addInitScript(count);
      let reads = 0;
      await page.route(/\/backupJobs\//, (route) => {
        reads += 1;
        return route.fulfill({ json: jobs[0], headers: { "Access-Control-Allow-Origin": "*" } });
      });
      const app = new App(page, site.url);
      await app.open();
      await app.connect(accessToken());
      await page.getByRole("link", { name: "Restores" }).click();
      await app.heading("Restores").waitFor();
      const pending = new Set();
      await pass(page, 60, pending);
      const told = () => page.evaluate(() => ({ records: written.records, transactions: written.transactions.size }));
      const [before, read] = [await told(), reads];
      await pass(page, POLLED, pending);
      const after = await told();
      return { among: AMONG, reads: reads - read, records: after.records - before.records, transactions: after.transactions - before.transactions };
    });
    tell(`records: ${polls.reads} polls of one restore among ${AMONG} wrote ${polls.records} records in ${polls.transactions} transactions`);
    return { sizes: all, polls };
  });
}
