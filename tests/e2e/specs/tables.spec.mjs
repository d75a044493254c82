// Lists to work with: sorted, filtered and searched, with the address that shows the same rows again; as cards on a phone.

import { expect, test } from "../support/fixtures.mjs";

const table = (page, name) => page.getByRole("table", { name, exact: true });
const rows = (page, name) => table(page, name).getByRole("row").filter({ has: page.getByRole("rowheader") });
const names = (page, name) => table(page, name).getByRole("rowheader").evaluateAll((all) => all.map((it) => it.querySelector("bdi")?.textContent ?? ""));

async function restored(app, vm) {
  await app.openVm(vm);
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  await app.start();
}

test("restores are sorted, filtered and searched, and the address keeps it", async ({ app, page, accessible }) => {
  await app.startDemo();
  for (const vm of ["web-02", "web-01"]) {
    await restored(app, vm);
    await page.getByRole("link", { name: "Virtual machines" }).click();
  }
  await page.getByRole("link", { name: "Restores" }).click();
  await expect(table(page, "Restores").locator("caption")).toContainText(/2: /);
  expect(await names(page, "Restores")).toEqual(["web-01", "web-02"]);
  await expect(page.getByRole("columnheader", { name: "Started" })).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("button", { name: "Source" }).click();
  await page.getByRole("button", { name: "Source" }).click();
  await expect(page.getByRole("columnheader", { name: "Source" })).toHaveAttribute("aria-sort", "descending");
  expect(await names(page, "Restores")).toEqual(["web-02", "web-01"]);
  await expect(page.getByRole("button", { name: "Source" })).toBeFocused();

  await page.getByRole("searchbox", { name: "Search restores" }).pressSequentially("web-01", { delay: 20 });
  await expect(rows(page, "Restores")).toHaveCount(1);
  await expect(page.getByRole("status").filter({ hasText: /^1 of 2 restores$/ })).toHaveCount(1);
  await accessible();
  expect(new URL(page.url()).hash).toBe("#/restores?search=web-01&sort=-source");

  // The whole row leads to the restore; Back shows the same rows.
  const scenario = await rows(page, "Restores").first().getByRole("cell").nth(1).boundingBox();
  await page.mouse.click(scenario.x + scenario.width / 2, scenario.y + scenario.height / 2);
  await app.heading("Restore of web-01").waitFor();
  await page.goBack();
  await expect(rows(page, "Restores")).toHaveCount(1);
  await expect(page.getByRole("searchbox", { name: "Search restores" })).toHaveValue("web-01");
  await page.goBack();
  await app.heading(/^Choose|^Restore$|^Virtual machines/).waitFor();
  await page.goForward();
  await app.button("Clear filters").click();
  await expect(rows(page, "Restores")).toHaveCount(2);
  await expect(page.getByRole("searchbox", { name: "Search restores" })).toBeFocused();
});

test("jobs are filtered by chips that the keyboard opens and closes", async ({ app, page, accessible }) => {
  await app.startDemo();
  await page.getByRole("link", { name: "Jobs", exact: true }).click();
  await app.pick("Vault", (_, text) => text === "contoso-vault-weu");
  const all = Number((await table(page, "Jobs").locator("caption").innerText()).match(/\d+/)[0]);
  const chip = page.locator("summary").filter({ hasText: "Operation:" });
  await chip.focus();
  await page.keyboard.press("Enter");
  const choice = page.getByRole("group", { name: "Operation" }).getByRole("checkbox").first();
  const name = (await page.getByRole("group", { name: "Operation" }).locator("label").first().innerText()).split("\n")[0].trim();
  await accessible();
  await page.keyboard.press("Tab");
  await expect(choice).toBeFocused();
  await page.keyboard.press("Space");
  await expect(choice).toBeFocused();
  await expect(chip).toContainText(name);
  await page.keyboard.press("Escape");
  await expect(choice).toBeHidden();
  await expect(chip).toBeFocused();
  await expect(page.getByRole("status").filter({ hasText: new RegExp(`^\\d+ of ${all} jobs$`) })).toHaveCount(1);
  expect(decodeURIComponent(page.url())).toContain(`operation=${name}`);
  // What takes the focus elsewhere closes the values, too.
  await chip.click();
  await page.getByRole("searchbox", { name: "Search VMs and job IDs" }).click();
  await expect(choice).toBeHidden();
  // The vault and the filter are still there after a look elsewhere.
  await page.getByRole("link", { name: "Restores" }).click();
  await app.heading("Restores").waitFor();
  await page.getByRole("link", { name: "Jobs", exact: true }).click();
  await expect(table(page, "Jobs")).toBeVisible();
});

test("on a phone a row is a card, and nothing is off the screen", async ({ app, page, accessible }) => {
  await page.setViewportSize({ width: 375, height: 800 });
  await app.startDemo();
  await restored(app, "web-01");
  await page.getByRole("link", { name: "Restores" }).click();
  await expect(rows(page, "Restores")).toHaveCount(1);
  const inside = async () => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    for (const cell of await page.getByRole("cell").all()) {
      const box = await cell.boundingBox();
      expect(box.x + box.width, await cell.innerText()).toBeLessThanOrEqual(375);
    }
  };
  await inside();
  await accessible();
  await page.getByRole("link", { name: "Jobs", exact: true }).click();
  await app.pick("Vault", (_, text) => text === "contoso-vault-weu");
  await expect(page.getByRole("button", { name: /^Track/ }).first()).toBeVisible();
  await inside();
  await accessible();
});
