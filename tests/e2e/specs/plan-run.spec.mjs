// A recovery plan whose page is closed: no machine is restored twice, and none is forgotten. A rehearsal, and a plan in other hands.

import { App } from "../support/app.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { STAGING, accepted, importPlan, machine, network, planFile } from "../support/plans.mjs";
import { accessToken } from "../support/token.mjs";

const FIRST = [machine("web-01", "rg-web"), machine("web-02", "rg-web")];
const SECOND = [machine("sql-02", "rg-sql")];
const DISKS = { scenario: "restore-disks", stagingAccounts: [STAGING] };

test.use({ simulatorArgs: ["--progress", "at-once", "--retry-after", "1"] });

/** Enters a token in a tab that asks for one. */
async function connect(app, claims) {
  await app.page.getByRole("textbox", { name: "Access token" }).fill(accessToken(claims));
  await app.button("Connect").click();
}

/** A plan of two machines and, when the operator says so, a third, in front of its review. */
async function reviewed(app, page, arm, decided = {}) {
  await app.connect(accessToken());
  await importPlan(app, page, planFile([FIRST, SECOND], { cloud: "Test", ...decided }, DISKS));
  await app.heading("rg-app").waitFor();
  await page.getByRole("link", { name: "Review 3", exact: true }).click();
  await app.heading("Review rg-app").waitFor();
}

const start = (page) => page.getByRole("button", { name: /^Start \d restores?$/ });
const board = (page) => page.getByRole("heading", { name: "Report" });

/** Goes on with the plan in a tab until all of it is restored. */
async function finish(app, page, words = "3 restored") {
  const goOn = page.getByRole("link", { name: "Review what's left" }).or(app.button("Continue")).or(start(page)).or(page.getByRole("button", { name: "Start now: Group 2" }));
  const done = page.getByText(words, { exact: true });
  await expect(async () => {
    if (await done.first().isVisible()) return;
    const next = goOn.first();
    if (await next.isVisible() && await next.isEnabled()) await next.click({ timeout: 1_000 });
    await expect(done.first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 120_000, intervals: [200] });
}

/** Opens the plan in a new tab, as after a closed one. */
async function reopened(context, site, place) {
  const app = new App(await context.newPage(), site.url);
  await app.open(place);
  await connect(app);
  return app;
}

/** Closes the tab at a stage of the first restore, and says how many requests have left. */
const STAGES = {
  "while it is being saved": async (page, arm) => {
    // The transaction stays open, so that nothing of it is committed.
    const saves = page.evaluate(
      () =>
        new Promise((saved) => {
          const { put } = IDBObjectStore.prototype;
          IDBObjectStore.prototype.put = function (...given) {
            const keep = () => this.get("").addEventListener("success", keep);
            keep();
            saved();
            return put.apply(this, given);
          };
        }),
    );
    await start(page).click();
    await saves;
    expect(await accepted(arm)).toEqual([]);
  },
  // No route holds the request: Chromium sends a held one anew when its tab closes.
  "while its request is sent": async (page) => {
    const leaves = page.evaluate(
      () =>
        new Promise((left) => {
          const { fetch } = globalThis;
          globalThis.fetch = (request, ...given) => {
            if (!/\/restore\?/.test(request.url)) return fetch(request, ...given);
            left();
            return new Promise(() => {});
          };
        }),
    );
    await start(page).click();
    await leaves;
  },
  // Azure has it; no tab will ever hear so.
  "after its request has arrived and before the answer": async (page, arm) => {
    await page.evaluate(() => {
      const { fetch } = globalThis;
      globalThis.fetch = (request, ...given) => {
        const answer = fetch(request, ...given);
        return /\/restore\?/.test(request.url) ? new Promise(() => {}) : answer;
      };
    });
    await start(page).click();
    await expect.poll(() => accepted(arm)).toEqual([1]);
  },
  "while it waits between groups": async (page, arm) => {
    await start(page).click();
    await expect(page.getByText(/^2 restored/).first()).toBeVisible();
    expect(await accepted(arm)).toEqual([1, 1]);
  },
};

for (const [stage, kill] of Object.entries(STAGES)) {
  test(`a tab that is closed ${stage} leaves a plan that restores each machine once`, async ({ app, page, arm, site, context }) => {
    await reviewed(app, page, arm);
    const place = new URL(page.url()).hash.replace("/review", "/board");
    await kill(page, arm);
    await page.close();
    const again = await reopened(context, site, place);
    const halted = again.heading("rg-app").or(again.heading("Recovery plan"));
    await halted.waitFor();
    // What was not saved was not started either, and is reviewed again.
    if (stage === "while it is being saved") await again.page.goto(`${site.url}${place.replace("/board", "/review")}`);
    if (stage === "while its request is sent") {
      // For some minutes nobody knows whether that request has arrived. It is searched for, and not sent once more.
      await expect(again.page.getByRole("row", { name: /^web-01/ })).toContainText("Checking whether Azure received the request");
      expect(await accepted(arm)).toEqual([]);
    } else {
      await finish(again, again.page);
      expect(await accepted(arm)).toEqual([1, 1, 1]);
    }
  });
}

test("a halt in one of two tabs is seen in the other, and after a reload the plan goes on", async ({ app, page, arm, site, context, accessible }) => {
  await reviewed(app, page, arm);
  const place = new URL(page.url()).hash.replace("/review", "/board");
  await start(page).click();
  await expect(page.getByText(/^2 restored/).first()).toBeVisible();
  const other = await reopened(context, site, place);
  await expect(other.page.getByText("Another tab runs this plan.")).toBeVisible();
  const halted = (tab) => tab.getByText("You halted this plan.");
  await expect(halted(page)).toHaveCount(0);
  await other.button("Halt").click();
  await expect(halted(other.page)).toBeVisible();
  await expect(halted(page)).toBeVisible();
  await accessible();
  // The group gets its turn, and its machine waits for the plan to go on.
  await page.getByRole("button", { name: "Start now: Group 2" }).click();
  await expect(page.getByRole("button", { name: "Start now: Group 2" })).toHaveCount(0);
  await expect(other.page.getByRole("button", { name: "Start now: Group 2" })).toHaveCount(0);
  await other.page.close();
  await page.reload();
  await connect(app);
  await expect(halted(page)).toBeVisible();
  expect(await accepted(arm)).toEqual([1, 1]);
  await finish(app, page);
  expect(await accepted(arm)).toEqual([1, 1, 1]);
});

test("a rehearsal stays out of the network of the originals, and lists what to delete", async ({ app, page, arm, accessible }, info) => {
  const look = (name) => page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
  await app.connect(accessToken());
  const mapped = { ...DISKS, scenario: "another-vm", namePattern: "{name}-rehearsal" };
  await importPlan(app, page, planFile([FIRST], { cloud: "Test" }, mapped));
  await app.heading("rg-app").waitFor();
  await page.getByRole("link", { name: "Review 2", exact: true }).waitFor();
  await page.getByRole("checkbox", { name: "Rehearse this plan" }).check();
  await expect(page.getByRole("heading", { name: "Isolation" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Review 0", exact: true })).toBeVisible();
  await expect(page.getByRole("checkbox", { name: "Rehearse in vnet-prod-weu all the same" })).toBeVisible();
  await accessible();
  await look("not-isolated");
  await page.setViewportSize({ width: 375, height: 800 });
  await look("not-isolated-375");
  await page.setViewportSize({ width: 1440, height: 900 });
  await app.pickId("Virtual network", network("vnet-rehearsal-weu"));
  await expect(page.getByText("No connection found")).toBeVisible();
  await page.getByRole("link", { name: "Review 2", exact: true }).click();
  await start(page).click();
  const made = page.getByRole("table", { name: "Made by the rehearsal" });
  await expect(made.getByRole("rowheader", { name: /^web-01-rehearsal/ }).first()).toBeVisible();
  await page.getByText("Delete with the Azure CLI").click();
  await expect(page.getByText(/az vm delete --ids \S+web-02-rehearsal/).first()).toBeVisible();
  await accessible();
  await look("clean-up");
  await page.setViewportSize({ width: 375, height: 800 });
  await look("clean-up-375");
});

test("a second pair of eyes opens the plan with another account and sees the same requests", async ({ app, page, arm, site, browser }) => {
  await reviewed(app, page, arm);
  const [file] = await Promise.all([page.waitForEvent("download"), app.button("Save plan as file").click()]);
  const text = (await (await file.createReadStream()).toArray()).join("");
  const other = new App(await (await browser.newContext()).newPage(), site.url);
  await other.open();
  await connect(other, { upn: "second@example.com", name: "Second" });
  await other.heading("Choose a virtual machine").waitFor();
  await importPlan(other, other.page, text);
  await other.heading("rg-app").waitFor();
  await expect(other.page.getByRole("link", { name: "Review 3", exact: true })).toBeVisible();
  await expect(other.page.getByText(/^3 of 3 VMs have the request that operator@example.com .*saved on/).first()).toBeVisible();
  await other.page.context().close();
  expect(await accepted(arm)).toEqual([]);
});
