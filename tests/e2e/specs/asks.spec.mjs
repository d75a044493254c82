// What ends something asks first, with the safe answer in focus; and what goes from the page hands the focus on.

import { IN_PROGRESS } from "../support/app.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { press } from "../support/keyboard.mjs";
import { accessToken } from "../support/token.mjs";

test.describe("a job that takes its time", () => {
  test.use({ simulatorArgs: ["--progress", "per-read:60", "--retry-after", "1"] });

  test("is cancelled from the list of jobs only when the operator is sure", async ({ app, page, accessible }) => {
    const cancelled = [];
    page.on("request", (request) => request.method() === "POST" && /\/cancel\?/.test(request.url()) && cancelled.push(request.url()));
    await app.connect(accessToken());
    await app.openFirstVm();
    await app.openFirstPoint();
    await app.proposeDisks();
    await app.review();
    await app.start();
    await app.follow({ enough: (state) => state === IN_PROGRESS });
    // The same question on the restore's own page: Enter twice changes nothing.
    await press(app.button("Cancel the job"));
    await expect(app.button("Keep running")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    const vault = (await page.getByRole("definition").filter({ hasText: "/vaults/" }).first().innerText()).split("/").at(-1).trim();
    await page.getByRole("link", { name: "Jobs", exact: true }).click();
    await app.pick("Vault", (value, text) => text === vault || value.toLowerCase().endsWith(`/${vault.toLowerCase()}`));
    const row = page.getByRole("table", { name: "Jobs" }).getByRole("row").filter({ hasText: "In progress" }).first();
    const [follow, cancel] = [row.getByRole("button", { name: /^Track/ }), row.getByRole("button", { name: /^Cancel/ })];
    await expect(cancel).toBeVisible();
    const [left, right] = [await follow.boundingBox(), await cancel.boundingBox()];
    const apart = right.y > left.y + left.height - 1 ? right.y - left.y - left.height : right.x - left.x - left.width;
    expect(apart, "between Track and Cancel").toBeGreaterThanOrEqual(8);
    await press(cancel);
    const dialog = page.getByRole("dialog", { name: "Cancel the job?" });
    await expect(dialog).toContainText(vault);
    await expect(dialog).toContainText(/in this browser|which you started/);
    await accessible();
    await expect(dialog.getByRole("button", { name: "Keep running" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(cancel).toBeFocused();
    expect(cancelled).toEqual([]);
    await press(cancel);
    await dialog.getByRole("button", { name: "Cancel the job" }).click();
    await expect(page.getByRole("table", { name: "Jobs" }).getByText(/^Cancel(ing|ed)$/).first()).toBeVisible();
    expect(cancelled).toHaveLength(1);
  });
});

test("a button that goes from the page hands the focus on", async ({ app, page }) => {
  await app.startDemo();
  await app.openFirstVm();
  await page.getByLabel("From", { exact: true }).fill("2000-01-01");
  await press(app.button("Show all"));
  await expect(page.getByLabel("Latest at or before")).toBeFocused();
  await page.getByLabel("To", { exact: true }).fill("2000-01-01");
  await press(app.button("Show all").first());
  await expect(page.getByLabel("Latest at or before")).toBeFocused();
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  const check = app.button("Check again");
  const outcome = page.getByRole("group", { name: "Actions" }).getByText(/^Validation passed$|^\d+ issues?$/);
  await expect(outcome).toBeVisible();
  await press(check);
  await expect(check).toBeEnabled();
  await expect(outcome).toBeVisible();
  await expect(check).toBeFocused();
});
