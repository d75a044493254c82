// A recovery plan of a thousand machines: its settings until the request of each is worked out, its review, and its board while restores run.

import { importPlan, planFile } from "../e2e/support/plans.mjs";
import { App } from "../e2e/support/app.mjs";
import { accessToken } from "../e2e/support/token.mjs";
import { withSimulator } from "./arm.mjs";
import { fresh } from "./pages.mjs";

const MACHINES = 1_000;
/** The tenant and the resource groups of the simulator's vault with a thousand machines. */
const TENANT = "8b51d7c2-02fe-4a9d-b1c6-64d2ab9f2002";
const GROUPS = "/subscriptions/a27e4b90-3d1f-4f58-9c0e-0fab1ca00001/resourceGroups";
/** For so many milliseconds the board is watched while restores are started and followed. */
const WATCHED = 10_000;

/** A machine of that vault, as a plan names it. */
function machine(_, nth) {
  const name = `fleet-${String(nth).padStart(4, "0")}`;
  const id = `iaasvmcontainerv2;rg-fleet;${name}`;
  const vault = `${GROUPS}/rg-fabrikam-backup/providers/Microsoft.RecoveryServices/vaults/fabrikam-vault-fleet`;
  return { item: `${vault}/backupFabrics/Azure/protectionContainers/IaasVMContainer;${id}/protectedItems/VM;${id}`, name };
}

/** In the page: when the settings tell that no machine is being read any more, for how many a restore can start, and the longest task until then. */
async function settled(begun) {
  const lead = () => document.querySelector("main .vmr-lead")?.textContent ?? "";
  const all = await bench.until(() => / VMs: /.test(lead()) && !lead().includes("loading"));
  return { all: all - begun, longest: await bench.longest(begun, all), ready: Number(lead().match(/(\d+) ready/)?.[1] ?? 0) };
}

/** Clicks; tells how long it takes until the page under this heading has its rows painted, and the longest task meanwhile. */
const opened = (button, heading) => button.evaluate(async (button, heading) => {
  const begun = performance.now();
  button.click();
  const there = () => document.querySelector("main h1")?.textContent.startsWith(heading) && document.querySelector("main tbody > tr[aria-rowindex]");
  const painted = await bench.until(there);
  return { painted: painted - begun, longest: await bench.longest(begun, painted) };
}, heading);

/** @param {{runs: number, tell: (line: string) => void}} options */
export async function plans({ runs, tell }) {
  const all = [];
  for (let run = 0; run < runs; run += 1) {
    const { settings, review, board, running } = await withSimulator(["--progress", "timetable"], (_, arm, site) => fresh(async (page) => {
      const app = new App(page, site.url);
      await app.open();
      await app.connect(accessToken({ tid: TENANT }));
      const begun = await page.evaluate(() => performance.now());
      const mapping = { scenario: "restore-disks", stagingAccounts: [`${GROUPS}/rg-fabrikam/providers/Microsoft.Storage/storageAccounts/fabrikamstage`] };
      await importPlan(app, page, planFile([Array.from({ length: MACHINES }, machine)], { cloud: "Test" }, mapping));
      const settings = await page.evaluate(settled, begun);
      const review = await opened(page.getByRole("link", { name: /^Review [\d,]+$/ }), "Review");
      const board = await opened(page.getByRole("button", { name: /^Start [\d,]+ restores$/ }), "rg-app");
      const running = await page.evaluate(async (time) => {
        const begun = performance.now();
        await new Promise((over) => setTimeout(over, time));
        return bench.longest(begun, begun + time);
      }, WATCHED);
      return { settings, review, board, running };
    }));
    all.push({ settings, review, board, running });
    tell(`plan, run ${run + 1}: ${settings.ready} of ${MACHINES} ready after ${settings.all.toFixed(0)} ms, longest task ${settings.longest.toFixed(0)} ms; review ${review.painted.toFixed(0)} ms, longest task ${review.longest.toFixed(0)} ms; board ${board.painted.toFixed(0)} ms, longest task ${board.longest.toFixed(0)} ms, then ${running.toFixed(0)} ms`);
  }
  return { machines: MACHINES, runs: all };
}
