// How much an operator has to do: clicks and keys of whole tasks, with a limit for each. A choice in a list counts as two clicks.

import { expect, test } from "../support/fixtures.mjs";

/** Counts what is done with mouse and keyboard. */
class Effort {
  clicks = 0;
  keys = 0;

  constructor(page) {
    this.page = page;
  }

  async click(control) {
    await control.click();
    this.clicks += 1;
  }

  /** Types into a field, which is clicked first unless it has the focus. */
  async type(field, text) {
    if (!(await field.evaluate((it) => it === document.activeElement))) await this.click(field);
    await this.page.keyboard.type(text);
    this.keys += text.length;
  }

  async choose(app, label, fits) {
    await app.pick(label, fits, { allowed: true });
    this.clicks += 2;
  }

  /** Finds a machine by its name, and opens its newest recovery point. */
  async openPoint(app, vm) {
    await this.type(this.page.getByRole("searchbox").or(this.page.getByRole("textbox", { name: /Search/ })).first(), vm);
    await this.click(this.page.getByRole("link", { name: vm, exact: true }).first());
    await app.heading(/^Choose a recovery point/).waitFor();
    await this.click(this.page.getByRole("table", { name: "Recovery points" }).getByRole("link").first());
    await app.heading("Restore settings").waitFor();
  }

  async scenario(name) {
    await this.click(this.page.getByRole("radio", { name, exact: true }));
  }

  /** Goes on as soon as the form has what it asked Azure for, and starts. */
  async start(app) {
    await this.page.waitForLoadState("networkidle");
    await this.click(this.page.getByRole("link", { name: "Review", exact: true }).or(app.button("Review")).first());
    await app.heading("Review and start").waitFor();
    await expect(app.button("Start restore")).toBeEnabled();
    await this.click(app.button("Start restore"));
    await app.heading(/^Restore of /).waitFor();
  }

  /** Fails above the limits. */
  within(clicks, keys) {
    test.info().annotations.push({ type: "effort", description: `${this.clicks} clicks, ${this.keys} keys` });
    expect(this.clicks, "clicks").toBeLessThanOrEqual(clicks);
    expect(this.keys, "keys").toBeLessThanOrEqual(keys);
  }
}

/** Restores another machine of the region first, so that its staging account has been used. */
async function restoreBefore(app, page) {
  await app.openVm("web-02");
  await app.openFirstPoint();
  await app.fill({ scenario: "disks" });
  await app.pick("Staging storage account", (_, text) => text.includes("contosostageweu"));
  await app.review();
  await app.start();
  await page.getByRole("link", { name: "Virtual machines" }).click();
  await app.heading("Choose a virtual machine").waitFor();
}

test("a machine is restored as a new one in its network with 6 clicks and 12 keys", async ({ app, page }) => {
  await app.startDemo();
  await restoreBefore(app, page);
  const effort = new Effort(page);
  await effort.openPoint(app, "app-linux-01");
  await effort.scenario("Create a new virtual machine");
  await expect(page.getByRole("textbox", { name: "New virtual machine name" })).toHaveValue("app-linux-01-restored");
  await effort.start(app);
  effort.within(6, 12);
  await expect(page.getByRole("main")).toContainText(
    "Creates the VM app-linux-01-restored in rg-app on the network vnet-prod-weu, subnet app,",
  );
});

test("one disk of a machine is restored with 7 clicks and 6 keys", async ({ app, page }) => {
  await app.startDemo();
  await restoreBefore(app, page);
  const effort = new Effort(page);
  await effort.openPoint(app, "web-01");
  await effort.scenario("Restore selected disks");
  await effort.click(page.getByRole("checkbox", { name: /^LUN 1\b/ }));
  await effort.start(app);
  effort.within(7, 6);
});

test("a machine is restored in the secondary region with 8 clicks", async ({ app, page }) => {
  await app.button("Try the region-outage scenario").click();
  await app.heading("Choose a virtual machine").waitFor();
  const effort = new Effort(page);
  await effort.click(page.getByRole("link", { name: /^Restore in (the )?secondary region/ }).first());
  await app.heading("Restore in the secondary region").waitFor();
  await effort.click(page.getByRole("link", { name: "shop-db-01", exact: true }));
  await app.heading(/^Choose a recovery point/).waitFor();
  await effort.click(page.getByRole("table", { name: "Recovery points" }).getByRole("link").first());
  await app.heading("Restore settings").waitFor();
  await effort.scenario("Restore disks");
  await effort.choose(app, "Target resource group", (_, text) => text.includes("rg-test-restore"));
  await effort.start(app);
  effort.within(8, 0);
});

test("a restore that has ended says with 1 click what was made and what to do next", async ({ app, page }) => {
  await app.startDemo();
  await app.openVm("web-01");
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  await app.start();
  await page.getByRole("link", { name: "Restores" }).click();
  const row = page.getByRole("table", { name: "Restores" }).getByRole("row").filter({ hasText: "web-01" });
  await expect(row).toContainText("Completed", { timeout: 120_000 });
  const effort = new Effort(page);
  await effort.click(row.getByRole("link"));
  await expect(page.getByRole("table", { name: "Restored disks" })).toContainText(/GiB/);
  await expect(page.getByRole("button", { name: /^Copy ID of web-01-/ }).first()).toBeVisible();
  for (const name of ["Created resources", "Next steps", "Check the result"]) {
    await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
  }
  effort.within(1, 0);
});
