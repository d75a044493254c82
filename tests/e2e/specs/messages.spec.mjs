// What a message does besides saying what happened: it names a permission and who has it, who helps, and that something was copied.

import { expect, test } from "../support/fixtures.mjs";
import { accessToken } from "../support/token.mjs";

const ACTION = "Microsoft.Storage/storageAccounts/read";
const SCOPE = "/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001";
const SUPPORT = { name: "Backup team", url: "https://contoso.example/backup", phone: "+1 (555) 010-0" };

/** Tabs through the whole page; what has the focus must not be below the bar. */
async function tabbedThrough(page) {
  await page.getByRole("heading", { level: 1 }).focus();
  for (let stops = 0; stops < 120; stops += 1) {
    await page.keyboard.press("Tab");
    const place = await page.evaluate(() => {
      const it = document.activeElement;
      const bar = document.querySelector("[aria-label=Actions]");
      if (!it || it === document.body) return "outside";
      if (bar.contains(it)) return "bar";
      const [a, b] = [it.getBoundingClientRect(), bar.getBoundingClientRect()];
      // A list that scrolls in itself may be higher than the window; its beginning is seen.
      const covered = a.top < innerHeight && Math.min(a.bottom, a.top + 40) > b.top + 1;
      return covered ? `${it.tagName} ${it.id || it.textContent.slice(0, 40)} at ${a.top}–${a.bottom}, bar at ${b.top}` : "clear";
    });
    if (place === "outside" && stops > 5) return;
    expect(["outside", "bar", "clear"]).toContain(place);
  }
}

for (const [width, height] of [[1440, 900], [375, 700]]) {
  test.describe(`${width} px wide`, () => {
    test.use({ viewport: { width, height } });
    test("the bar stays in view and covers nothing that has the focus", async ({ app, page, accessible }) => {
      await app.startDemo();
      await app.openVm("web-01");
      await app.openFirstPoint();
      await page.getByRole("radio", { name: "Create a new virtual machine" }).check();
      const bar = page.getByRole("group", { name: "Actions" });
      await expect(bar.getByRole("link", { name: "Review" })).toBeInViewport();
      await tabbedThrough(page);
      const left = bar.getByRole("list").getByRole("link");
      if (await left.count()) {
        const label = await left.first().innerText();
        await left.first().click();
        await expect(page.getByLabel(label, { exact: true })).toBeFocused();
      }
      await page.getByRole("radio", { name: "Restore disks", exact: true }).check();
      await app.proposeDisks();
      await app.review();
      await expect(bar.getByRole("button", { name: "Start restore" })).toBeInViewport();
      await app.unfoldRequest();
      await tabbedThrough(page);
      await accessible();
      await page.getByRole("link", { name: "Edit Staging storage account" }).click();
      await expect(app.field("Staging storage account")).toBeFocused();
    });
  });
}

test("copying is seen, and said once", async ({ app, page, context, accessible }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.startDemo();
  await app.openVm("web-01");
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  await app.unfoldRequest();
  await app.button("Copy JSON").click();
  const seen = page.locator(".vmr-toast span");
  await expect(seen).toBeVisible();
  await accessible();
  await expect(seen).toBeHidden();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(copied)).toEqual(await app.json("Request body"));
});

test.describe("a missing permission", () => {
  test.use({ simulatorArgs: ["--progress", "at-once"], config: { support: SUPPORT } });
  test("is named with its scope, a role that has it, and who helps", async ({ app, page, context, found, accessible }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const message = `The client 'op@contoso.com' with object id '7b1d' does not have authorization to perform action '${ACTION}' over scope '${SCOPE}' or the scope is invalid.`;
    const headers = { "access-control-allow-origin": "*" };
    await page.route(/\/storageAccounts\?/i, (route) =>
      route.request().method() === "OPTIONS" ? route.fallback() : route.fulfill({ status: 403, headers, json: { error: { code: "AuthorizationFailed", message } } }),
    );
    await app.connect(accessToken());
    await app.openFirstVm();
    await app.openFirstPoint();
    await page.getByRole("radio", { name: "Restore disks", exact: true }).check();
    const problems = page.getByRole("region", { name: "Problems" });
    await expect(problems).toContainText(`You need the permission ${ACTION} on ${SCOPE}. The built-in role Reader allows it.`);
    await expect(problems.getByRole("link", { name: SUPPORT.name })).toHaveAttribute("href", SUPPORT.url);
    await expect(problems.getByRole("link", { name: SUPPORT.phone })).toHaveAttribute("href", "tel:+15550100");
    await accessible();
    await problems.getByRole("button", { name: "Copy access request" }).click();
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(copied).toContain(`Permission: ${ACTION}\nScope: ${SCOPE}\nBuilt-in role that allows it: Reader`);
    found.length = 0; // the browser tells the console of a 403 as well
  });
});
