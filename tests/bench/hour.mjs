// An hour of following restores, in the page's own time: what the page's process computes for it, how often Azure is asked, and whether the
// page holds more after it. The simulator makes one restore and its job; the others are that one once more each, and the list has a job for each.

import { App, IN_PROGRESS } from "../e2e/support/app.mjs";
import { numbered, plantBefore, savedRestores } from "../e2e/support/records.mjs";
import { accessToken } from "../e2e/support/token.mjs";
import { withSimulator } from "./arm.mjs";
import { taken } from "./memory.mjs";
import { fresh } from "./pages.mjs";

const RESTORES = [1, 100, 1_000];
/** So many jobs stand in one page of a list. */
const BY = 200;
/** How long the page goes on before it is measured, and then, in steps of so long; in seconds of its time. */
const WARMING = 600;
const HOUR = 3_600;
const STEP = 30;
/** So late may an answer be shown, in milliseconds of the page's time. */
const SHOWN = 100;

/** A restore whose job is in progress, as the page remembers it, and the job as Azure lists it. */
export const example = (connected, arm) => connected(async (app, page) => {
  await app.openFirstVm();
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  await app.start();
  await fetch(`${arm.origin}/_sim/advance?seconds=30`, { method: "POST" });
  const state = await app.follow({ timeout: 30_000, enough: async () => (await app.state()) === IN_PROGRESS });
  if (state !== IN_PROGRESS) throw new Error(`The restore stands at “${state}”`);
  const [restore] = await savedRestores(page);
  const { id, vault, version } = restore;
  const answer = await fetch(`${arm.origin}${vault}/backupJobs?api-version=${version}`, { headers: { Authorization: `Bearer ${accessToken()}` } });
  const job = (await answer.json()).value.find(({ properties }) => properties.activityId === id);
  return { restore, job };
});

/** So many restores like `restore`, and their jobs. */
export function many({ restore, job }, restores) {
  const like = (it, nth) => JSON.parse(JSON.stringify(it).replaceAll(restore.id, numbered(2 * nth)).replaceAll(job.name, numbered(2 * nth + 1)));
  const all = (it) => Array.from({ length: restores }, (_, nth) => like(it, nth));
  return { saved: all(restore), jobs: all(job) };
}

/** Answers the vault's list of jobs with these; each page of it is a read. */
function lists(page, jobs) {
  let reads = 0;
  const answer = (route) => {
    reads += 1;
    const url = new URL(route.request().url());
    const from = Number(url.searchParams.get("$skipToken") ?? 0);
    url.searchParams.set("$skipToken", from + BY);
    const value = jobs.slice(from, from + BY);
    return route.fulfill({ json: { value, ...(from + BY < jobs.length && { nextLink: url.href }) }, headers: { "Access-Control-Allow-Origin": "*" } });
  };
  return page.route(/\/backupJobs\?/, answer).then(() => () => reads);
}

/** Lets so many seconds of the page's time pass; answers come while it stands still. */
export async function pass(page, seconds, pending) {
  for (let passed = 0; passed < seconds; passed += STEP) {
    await page.clock.runFor(STEP * 1_000);
    while (pending.size > 0) {
      await Promise.all(pending);
      await page.clock.runFor(SHOWN);
    }
  }
}

/** @param {{runs: number, tell: (line: string) => void}} options */
export async function hours({ runs, tell }) {
  return withSimulator(["--progress", "timetable", "--retry-after", "5"], async (connected, arm, site) => {
    const one = await example(connected, arm);
    const all = RESTORES.map((restores) => ({ restores, runs: [] }));
    for (let run = 0; run < runs; run += 1) {
      for (const { restores, runs } of all) {
        const { saved, jobs } = many(one, restores);
        runs.push(await fresh(async (page, browser) => {
          await page.clock.install();
          await plantBefore(page, saved);
          const pending = new Set();
          page.on("request", (request) => {
            const answered = request.response().then((answer) => answer?.finished(), () => undefined).finally(() => pending.delete(answered));
            pending.add(answered);
          });
          const reads = await lists(page, jobs);
          const app = new App(page, site.url);
          await app.open();
          await app.connect(accessToken());
          await page.getByRole("link", { name: "Restores" }).click();
          await app.heading("Restores").waitFor();
          await pass(page, WARMING, pending);
          const [before, read] = [await taken(browser, page), reads()];
          await pass(page, HOUR, pending);
          const after = await taken(browser, page);
          return { cpu: after.cpu - before.cpu, grown: after.memory - before.memory, reads: reads() - read };
        }));
        const { cpu, grown, reads } = runs.at(-1);
        tell(`an hour of ${restores} restores, run ${run + 1}: ${Math.round(cpu)} ms, ${reads} reads, ${grown.toFixed(1)} MiB more`);
      }
    }
    return all;
  });
}
