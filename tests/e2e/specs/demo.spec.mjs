// The demo, from the first page to the restored machine: by keyboard alone, and with a look at every page.

import { App } from "../support/app.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { arrowTo, choose, press, tabTo } from "../support/keyboard.mjs";

test("disks are restored by keyboard alone", async ({ app, page, accessible }) => {
  await press(app.button("Start the demo"));
  await expect(app.search()).toBeFocused();
  await accessible();

  await press(page.getByRole("table", { name: "Protected virtual machines" }).getByRole("link").first());
  await expect(app.heading(/^Choose a recovery point/)).toBeFocused();
  await accessible();

  await press(page.getByRole("table", { name: "Recovery points" }).getByRole("link").first());
  await expect(app.heading("Restore settings")).toBeFocused();
  await accessible();

  await arrowTo(page.getByRole("group", { name: "What to restore" }), "Restore disks");
  await arrowTo(page.getByRole("group", { name: "Restore disks as" }), "Managed disks in a resource group");
  await choose(page.getByRole("combobox", { name: "Target resource group" }), () => true);
  await choose(page.getByRole("combobox", { name: "Staging storage account" }), (text) => !text.includes(" — "));
  await press(app.button("Review").or(page.getByRole("link", { name: "Review", exact: true })).first());
  await expect(app.heading("Review and start")).toBeFocused();
  await accessible();

  await press(app.button("Start restore"));
  await expect(app.heading(/^Restore of /)).toBeFocused();
  await accessible();
  await tabTo(app.button("Cancel the job").or(page.getByRole("link", { name: "Restores" })).first());
  expect(await app.follow()).toBe("Completed");
  await accessible();
});

test("says so when the simulator cannot be loaded, and can be tried again", async ({ app, page, found, accessible }) => {
  // The page itself asks twice.
  await page.route("**/arm-sim-page-*_bg.wasm*", (route) => route.fulfill({ status: 503, body: "" }), { times: 2 });
  await app.button("Start the demo").click();
  await expect(page.getByText("Couldn't load the demo")).toBeVisible();
  await accessible();
  found.length = 0; // the browser tells the console as well
  await app.startDemo();
});

test("runs in one tab at a time", async ({ app, page, site, context, accessible }) => {
  await app.startDemo();
  const second = new App(await context.newPage(), site.url);
  await second.open();
  await second.button("Start the demo").click();
  await expect(second.page.getByText("The demo is open in another tab.")).toBeVisible();
  await accessible();
  await page.close();
  // The browser takes a moment to see that the other tab is gone; a person presses the button again.
  await expect(async () => {
    await second.pressIfThere("Start the demo");
    await expect(second.heading("Choose a virtual machine")).toBeVisible({ timeout: 3_000 });
  }).toPass();
});

test("asks nobody but itself", async ({ app, page, site }) => {
  const asked = new Set();
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await app.startDemo();
  await app.openFirstVm();
  expect([...asked].filter((origin) => origin !== site.origin)).toEqual([]);
});

test("the draft survives a reload, and back and forward", async ({ app, page }) => {
  await app.startDemo();
  await app.openFirstVm();
  await app.openFirstPoint();
  await app.proposeDisks();
  const account = page.getByRole("combobox", { name: "Staging storage account" });
  const chosen = await account.inputValue();
  expect(chosen).not.toBe("");
  await page.reload();
  await app.startDemo("Restore settings");
  await expect(account).toHaveValue(chosen);
  await page.goBack();
  await expect(app.heading(/^Choose a recovery point/)).toBeVisible();
  await page.goForward();
  await expect(account).toHaveValue(chosen);
});

test("an unknown link gets a page that says so", async ({ app, page, accessible }) => {
  await app.startDemo();
  await page.evaluate(() => (location.hash = "#/no/such/place"));
  await expect(app.heading("Page not found")).toBeVisible();
  await accessible();
});

for (const [link, heading] of [["Restores", "Restores"], ["Jobs", "Backup jobs"], ["Activity", "Activity"]]) {
  test(`${link} is accessible`, async ({ app, page, accessible }) => {
    await app.startDemo();
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link, exact: true }).click();
    await expect(app.heading(heading)).toBeVisible();
    await accessible();
  });
}
