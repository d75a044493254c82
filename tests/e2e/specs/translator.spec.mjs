// A browser that translates the page takes its text nodes away. The page goes on, and nothing on it is old.

import { App } from "../support/app.mjs";
import { configFor } from "../support/config.mjs";
import { expect, test as base } from "../support/fixtures.mjs";
import { guard } from "../support/guard.mjs";
import { modulePortal } from "../support/portal.mjs";
import { serve } from "../support/site.mjs";
import { accessToken } from "../support/token.mjs";
import { translate, translation } from "../support/translator.mjs";

/** From the list of virtual machines to the end of a restore, with a look at what changes. */
async function restore(app, page) {
  const search = page.getByRole("searchbox", { name: "Search virtual machines" });
  await search.fill("shop");
  await search.fill("");
  await app.openFirstVm();
  await app.openFirstPoint();
  await app.proposeDisks();
  // Each change of a choice changes the preview, reasons and notes.
  await page.getByRole("radio", { name: "Create a new virtual machine", exact: true }).check();
  await page.getByRole("radio", { name: "Replace existing disks", exact: true }).check();
  await app.proposeDisks();
  const group = page.getByRole("combobox", { name: "Target resource group" });
  const options = await group.locator("option:not([disabled])").evaluateAll((all) => all.map(({ value }) => value).filter(Boolean));
  for (const value of options.slice(0, 3)) {
    await group.selectOption(value);
    await expect(group).toHaveValue(value);
  }
  await app.review();
  await app.start();
  expect(await app.follow()).toBe("Completed");
  const { translated, stale } = await translation(page);
  expect(translated, "texts that were translated").toBeGreaterThan(200);
  expect(stale, "what the page wrote where nobody sees it").toEqual([]);
}

base("a restore is made in a page that is being translated", async ({ page, site, found }) => {
  await translate(page);
  const app = new App(page, site.url, found);
  await app.open();
  await app.startDemo();
  await restore(app, page);
  await page.getByRole("link", { name: "Restores", exact: true }).click();
  await expect(page.getByRole("table", { name: "Restores" }).getByText("Completed", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Jobs", exact: true }).click();
  await app.heading("Backup jobs").waitFor();
  expect((await translation(page)).stale).toEqual([]);
});

const test = base.extend({
  simulatorArgs: [["--progress", "per-read:3", "--retry-after", "1", "--expose", "all"], { option: true }],
});

test("a restore is made in a module of a page that is being translated", async ({ page, context, arm }) => {
  const site = await serve({ config: configFor(arm.origin), headers: { "Access-Control-Allow-Origin": "*" } });
  const portal = await serve({ pages: { "/": modulePortal(site.url, { scopes: [`${arm.origin}/user_impersonation`] }) } });
  const found = await guard(context, { origins: [site.origin, arm.origin, portal.origin] });
  await translate(page);
  await page.addInitScript((token) => (globalThis.token = token), accessToken());
  await page.goto(portal.url);
  await page.waitForFunction(() => globalThis.ready);
  await page.evaluate(async () => (globalThis.app = await globalThis.show("one")));
  const app = new App(page, portal.url, found);
  await app.heading("Choose a virtual machine").waitFor();
  await restore(app, page);
  expect(found).toEqual([]);
  await site.close();
  await portal.close();
});
