// The list of machines: one search over every subscription, kept in the address, of which only the rows in sight are drawn; and what it says where
// Azure Resource Graph is of no use.

import { expect, test } from "../support/fixtures.mjs";
import { accessToken } from "../support/token.mjs";

const count = (page) => page.locator("#machine-count");
const table = (page) => page.getByRole("table", { name: "Protected virtual machines" });
const rows = (page) => table(page).locator("tbody tr[aria-rowindex]");
const links = (page) => table(page).getByRole("link");

/** Opens a filter and checks or unchecks a value. */
async function filter(page, name, value) {
  const chip = page.locator("details").filter({ has: page.locator("summary", { hasText: `${name}:` }) });
  if ((await chip.getAttribute("open")) === null) await chip.locator("summary").click();
  await chip.getByRole("checkbox", { name: value }).first().click();
  await page.keyboard.press("Escape");
  await expect(chip.locator("summary")).toBeFocused();
}

test("a machine is found by its name with one search, and the whole row leads to it", async ({ app, page, accessible }) => {
  await app.startDemo();
  await expect(app.search()).toBeFocused();
  await page.keyboard.type("app-linux-01");
  await expect(count(page)).toHaveText(/^1 of [\d,]+ VMs$/);
  await expect(page.getByRole("status").filter({ hasText: /^1 of [\d,]+ VMs$/ })).toHaveCount(1);
  await accessible();
  // No link stands where the vault is written.
  const { x, y, width, height } = await rows(page).first().getByRole("cell").nth(2).boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  await expect(app.heading("Choose a recovery point for app-linux-01")).toBeVisible();
});

test("search, filters and order are in the address: Back, a reload and a link keep them", async ({ app, page, accessible }) => {
  await app.startDemo();
  await app.machinesRead();
  const entries = await page.evaluate(() => history.length);
  await app.search().fill("web");
  await filter(page, "Region", /^westeurope/);
  await filter(page, "Health", /^Healthy/);
  await table(page).getByRole("button", { name: "Latest recovery point" }).click();
  await expect(table(page).getByRole("columnheader", { name: "Latest recovery point" })).toHaveAttribute("aria-sort", "descending");
  await expect(page).toHaveURL(/#\/vms\?search=web&region=westeurope&health=passed&sort=-latest$/);
  expect(await page.evaluate(() => history.length), "entries of the history").toBe(entries);
  await accessible();
  const [address, said] = [page.url(), await count(page).innerText()];
  const name = await links(page).nth(2).innerText();

  await links(page).nth(2).click();
  await expect(app.heading(`Choose a recovery point for ${name}`)).toBeVisible();
  await page.goBack();
  await expect(links(page).nth(2)).toBeFocused();
  await expect(links(page).nth(2)).toHaveText(name);
  expect(page.url()).toBe(address);
  await expect(app.search()).toHaveValue("web");
  await page.reload();
  await app.startDemo();
  await expect(count(page)).toHaveText(said);
  await expect(links(page).nth(2)).toHaveText(name);

  await page.getByRole("button", { name: "Remove filter Region: westeurope" }).click();
  await expect(page).toHaveURL(/\?search=web&health=passed&sort=-latest$/);
  await app.search().fill("nowhere to be found");
  await expect(page.getByText("No VMs match your search")).toBeVisible();
  await accessible();
  await app.button("Clear filters").first().click();
  await expect(page).toHaveURL(/\?search=nowhere[^&]*&sort=-latest$/);
});

test("on a phone the filters are one button, and the first machine is in sight", async ({ app, page, accessible }, info) => {
  await page.setViewportSize({ width: 375, height: 667 });
  await app.startDemo();
  await app.machinesRead();
  await expect(links(page).first()).toBeInViewport({ ratio: 1 });
  await page.screenshot({ path: info.outputPath("folded.png") });
  const filters = page.getByRole("button", { name: "Filters", exact: true });
  const group = page.getByRole("group", { name: "Filters" });
  await expect(filters).toHaveAttribute("aria-expanded", "false");
  await expect(group).toBeHidden();
  await filters.press("Enter");
  await filter(page, "Region", /^westeurope/);
  await filter(page, "Health", /^Healthy/);
  await accessible();
  await page.screenshot({ path: info.outputPath("open.png") });
  const folded = page.getByRole("button", { name: "Filters (2)" });
  await folded.click();
  await expect(group).toBeHidden();
  await page.getByRole("combobox", { name: "Sort" }).selectOption("Latest recovery point, most recent first");
  await expect(page).toHaveURL(/#\/vms\?region=westeurope&health=passed&sort=-latest$/);
  await app.search().fill("app");
  await expect(page).toHaveURL(/\?search=app&region=westeurope&health=passed&sort=-latest$/);
  await accessible();
  await folded.click();
  // What removes a filter goes with it.
  await page.getByRole("button", { name: "Remove filter Region: westeurope" }).press("Enter");
  await expect(group).toBeFocused();
  await group.getByRole("button", { name: "Clear filters" }).press("Enter");
  await expect(group).toBeFocused();
  await expect(page).toHaveURL(/\?search=app&sort=-latest$/);
});

/** The bar of the selected machines. */
const bar = (page) => page.getByRole("group", { name: "Selected virtual machines" });
const box = (page, name) => table(page).getByRole("checkbox", { name: `Select ${name}`, exact: true });
const all = (page) => table(page).getByRole("checkbox", { name: "Select all" });

test("machines are selected by mouse and keyboard, stay selected under another search, and are restored together", async ({ app, page, accessible }, info) => {
  await app.startDemo();
  await app.machinesRead();
  await app.search().fill("app-linux");
  await expect(count(page)).toHaveText(/^\d+ of /);
  const names = await links(page).allInnerTexts();
  expect(names.length).toBeGreaterThan(3);

  // The row leads to the machine; its checkbox does not. Space selects, Enter on the name would open.
  await box(page, names[1]).click();
  await expect(bar(page)).toContainText("1 selected");
  await expect(bar(page).getByRole("link", { name: `Restore ${names[1]}…` })).toHaveAttribute("href", await links(page).nth(1).getAttribute("href"));
  expect(await all(page).evaluate((it) => it.indeterminate)).toBe(true);
  await box(page, names[3]).click({ modifiers: ["Shift"] });
  await expect(bar(page)).toContainText("3 selected");
  await expect(page.getByRole("status").filter({ hasText: /^3 selected$/ })).toHaveCount(1);
  await page.keyboard.press("Space");
  await expect(bar(page)).toContainText("2 selected");
  await expect(box(page, names[3])).toBeFocused();
  await accessible();

  await app.search().fill(names[0]);
  await expect(bar(page)).toContainText("2 of them not shown by this search");
  await app.search().fill("app-linux");
  await bar(page).getByRole("button", { name: /^Select all \d+ that match$/ }).click();
  const found = Number(/^\d+/.exec(await count(page).innerText())[0]);
  const together = bar(page).getByRole("button", { name: `Restore ${found} VMs together…` });
  await expect(together).toBeFocused();
  await expect(all(page)).toBeChecked();
  expect(await all(page).evaluate((it) => it.indeterminate)).toBe(false);
  await expect(together).toBeInViewport();
  await page.screenshot({ path: info.outputPath("selected.png") });
  await page.setViewportSize({ width: 375, height: 812 });
  await expect(together).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
  await accessible();
  await page.screenshot({ path: info.outputPath("selected-375.png") });
  await page.setViewportSize({ width: 1280, height: 800 });
  // No head is cut off.
  const cut = await table(page).getByRole("columnheader").evaluateAll((heads) => heads.filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.innerText));
  expect(cut).toEqual([]);

  // Another page and back: still selected.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Restores", exact: true }).click();
  await page.goBack();
  await expect(together).toBeVisible();
  await bar(page).getByRole("button", { name: "Clear" }).click();
  await expect(bar(page)).toHaveCount(0);
  await expect(all(page)).toBeFocused();

  // All of the tenant are more than a plan has room for.
  await app.search().fill("");
  await all(page).click();
  await expect(bar(page)).toContainText("A recovery plan has room for 1,000 VMs");
  await expect(all(page)).not.toBeChecked();
  await accessible();
  await app.search().fill("app-linux");
  await all(page).check();
  await together.click();
  await app.heading(new RegExp(` and ${found - 1} more$`)).waitFor();
});

test("the focus stays with its machine, and on its control, when the list is put in another order", async ({ app, page }) => {
  await app.startDemo();
  await app.machinesRead();
  await app.search().fill("app-linux");
  await expect(count(page)).toHaveText(/^\d+ of /);
  const names = await links(page).allInnerTexts();
  const place = () => page.evaluate(() => document.activeElement.closest("[aria-rowindex]")?.getAttribute("aria-rowindex"));
  for (const control of [links(page).filter({ hasText: new RegExp(`^${names[0]}$`) }), box(page, names[0])]) {
    await control.focus();
    const before = await place();
    // As a screen reader presses it: the focus stays where it is.
    await table(page).getByRole("button", { name: "Virtual machine" }).evaluate((it) => it.click());
    await expect.poll(place).not.toBe(before);
    await expect(control).toBeFocused();
  }
});

test.describe("a tenant of ten thousand machines", () => {
  test.use({ simulatorArgs: ["--tenant", "large"] });

  test("takes twelve requests, and only the rows in sight are drawn", async ({ app, page, arm, accessible }) => {
    const asked = [];
    page.on("request", (request) => request.url().startsWith(arm.origin) && request.method() !== "OPTIONS" && asked.push(request.url()));
    await app.connect(accessToken());
    await app.machinesRead();
    expect(asked.length).toBeLessThanOrEqual(12);
    await expect(count(page)).toHaveText(/^1\d,\d{3} VMs$/);
    expect(await rows(page).count()).toBeLessThan(80);
    await accessible();
    // The row with the focus stays while the list is scrolled, and the keyboard goes on from it.
    await links(page).nth(1).focus();
    const name = await links(page).nth(1).innerText();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
    const middle = rows(page).filter({ has: page.locator("xpath=self::*[@aria-rowindex > 3000]") });
    await expect(middle.first()).toBeVisible();
    expect(await page.evaluate(() => document.activeElement.innerText)).toBe(name);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement.closest("[aria-rowindex]") !== null)).toBe(true);
    expect(await rows(page).count()).toBeLessThan(80);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const all = Number(await table(page).getAttribute("aria-rowcount"));
    await expect(table(page).locator(`tr[aria-rowindex="${all}"]`)).toBeInViewport();
  });

  test("is one list of cards on a phone", async ({ app, page, accessible }) => {
    await page.setViewportSize({ width: 375, height: 812 });
    await app.connect(accessToken());
    await app.machinesRead();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(375);
    await accessible();
    await page.evaluate(() => scrollTo(0, 200_000));
    await expect.poll(() => rows(page).first().getAttribute("aria-rowindex").then(Number)).toBeGreaterThan(500);
    const heights = await rows(page).evaluateAll((all) => [...new Set(all.map((row) => row.offsetHeight))]);
    expect(heights, "all cards have one height").toHaveLength(1);
  });
});

test.describe("where Resource Graph refuses access", () => {
  test.use({ simulatorArgs: ["--graph", "denied"] });

  test("the vaults' own lists are shown, and the page says so and what is missing", async ({ app, page, accessible }) => {
    test.slow();
    await app.connect(accessToken());
    const note = page.getByRole("note").filter({ hasText: "Showing each vault's list" });
    await expect(note).toContainText("refused access");
    // One of the vaults is in a region that is down, and is asked several times.
    await expect(count(page)).toHaveText(/VMs, may be incomplete$/, { timeout: 90_000 });
    await expect(page.getByRole("region", { name: "Not shown" })).toContainText("fault-vault-denied");
    await accessible();
    await app.search().fill("app-linux-01");
    await expect(count(page)).toHaveText(/^1 of /);
    await links(page).first().click();
    await expect(app.heading("Choose a recovery point for app-linux-01")).toBeVisible();
    await page.goBack();
    await app.button("Refresh").click();
    await expect(links(page).first()).toBeVisible();
    await expect(note).toBeVisible();
  });
});

test.describe("where a vault may not be read", () => {
  test.use({ simulatorArgs: ["--hide-vaults", "contoso-vault-weu"] });

  test("its machines are not listed, and the list does not say that it has all", async ({ app, page }) => {
    await app.connect(accessToken());
    await app.machinesRead();
    await app.search().fill("contoso-vault-weu");
    await expect(page.getByText("No VMs match your search")).toBeVisible();
    await expect(page.getByText("VMs in vaults you don't have access to aren't listed.")).toBeVisible();
  });
});

test("a machine that is gone since it was listed is said to be gone", async ({ app, page, accessible }) => {
  await app.startDemo();
  await app.machinesRead();
  const address = await links(page).first().getAttribute("href");
  await page.evaluate((hash) => (location.hash = hash), address.replace(/[^;]+$/, "gone-since"));
  await expect(page.getByText("This VM is no longer protected here")).toBeVisible();
  await accessible();
  await page.getByRole("link", { name: "Back to virtual machines" }).click();
  await expect(app.search()).toBeVisible();
});
