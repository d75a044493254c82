// A soft-deleted machine: said to be so, brought back after a question, and restorable then.

import { expect, test } from "../support/fixtures.mjs";
import { accessToken } from "../support/token.mjs";

test("a soft-deleted item is undeleted by the request that was shown", async ({ app, page, accessible }) => {
  await app.startDemo();
  await page.getByRole("searchbox", { name: "Search virtual machines" }).fill("deleted-01");
  const row = page.getByRole("row", { name: /deleted-01/ });
  await expect(row).toContainText("Soft-deleted");
  await expect(row).toContainText(/Kept until \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  await expect(row).not.toContainText("Healthy");
  await accessible();

  await expect(row.getByText("Undelete", { exact: true })).toBeVisible();
  await row.getByRole("link").click();
  await expect(page.getByText(/“?deleted-01”? is soft-deleted/)).toBeVisible();
  await expect(page.getByText("Nothing can be restored until it's undeleted.")).toBeVisible();
  await accessible();

  await app.button("Undelete").click();
  const dialog = page.getByRole("dialog", { name: "Undelete the backup?" });
  await expect(dialog.getByRole("button", { name: "Keep deleted" })).toBeFocused();
  await expect(dialog).toContainText("PUT");
  const body = JSON.parse(await dialog.getByLabel("Request body").innerText());
  expect(body.properties).toMatchObject({ isRehydrate: true, policyId: "", protectionState: "ProtectionStopped" });
  await accessible();

  // On a phone too the question stands above the answer that has the focus.
  const size = page.viewportSize();
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 375, height: 812 });
  await app.button("Undelete").click();
  await expect(dialog.getByRole("heading", { name: "Undelete the backup?" })).toBeInViewport({ ratio: 1 });
  await expect(dialog.getByRole("button", { name: "Keep deleted" })).toBeInViewport({ ratio: 1 });
  await accessible();
  await page.setViewportSize(size);

  // The safe answer first: nothing happens.
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Nothing can be restored until it's undeleted.")).toBeVisible();

  await app.button("Undelete").click();
  await dialog.getByRole("button", { name: "Undelete" }).click();
  await expect(page.getByText("You can restore it again.", { exact: false })).toBeVisible();
  await expect(page.getByText("is soft-deleted")).toHaveCount(0);
  await expect(page.getByRole("table", { name: "Recovery points" }).getByRole("link").first()).toBeVisible();
  await accessible();
});

test("whoever lacks the right to undelete is told which one, and a Backup Operator has it", async ({ app, page, accessible }) => {
  await app.startDemo();
  const role = page.getByRole("combobox", { name: "Your role" });
  await app.openVm("deleted-01");
  const undelete = async () => {
    await app.button("Undelete").click();
    await page.getByRole("dialog", { name: "Undelete the backup?" }).getByRole("button", { name: "Undelete" }).click();
  };
  await role.selectOption("Reader");
  await undelete();
  await expect(page.getByText("Undelete failed").first()).toBeVisible();
  await expect(page.getByText(/protectedItems\/write/).first()).toBeVisible();
  await accessible();
  await role.selectOption("Backup Operator");
  await undelete();
  await expect(page.getByText("You can restore it again.", { exact: false })).toBeVisible({ timeout: 60_000 });
});

test.describe("an undeletion under way", () => {
  test.use({ simulatorArgs: ["--progress", "timetable", "--retry-after", "1"] });

  test("is followed after a reload, and nothing is sent again", async ({ app, arm, page, accessible }) => {
    await page.clock.install();
    await app.connect(accessToken());
    await app.openVm("deleted-01");
    await app.button("Undelete").click();
    await page.getByRole("dialog", { name: "Undelete the backup?" }).getByRole("button", { name: "Undelete" }).click();
    const under_way = page.getByText("Undeleting", { exact: true });
    await expect(under_way).toBeVisible();
    await page.reload();
    await page.getByRole("textbox", { name: "Access token" }).fill(accessToken());
    await app.button("Connect").click();
    await expect(under_way).toBeVisible();
    await expect(app.button("Undelete")).toHaveCount(0);
    await accessible();
    await fetch(`${arm.origin}/_sim/progress?mode=at-once`, { method: "POST" });
    // Operation and job are polled once a minute.
    const back = page.getByText("You can restore it again.", { exact: false });
    await expect.poll(() => page.clock.fastForward("01:00").then(() => back.isVisible()), { intervals: [500] }).toBe(true);
    const requests = await (await fetch(`${arm.origin}/_sim/requests`)).json();
    expect(JSON.stringify(requests).match(/"PUT"/g)).toHaveLength(1);
  });
});

test("threats stand in the list, and those without can be chosen", async ({ app, page, accessible }) => {
  await app.startDemo();
  await page.getByRole("searchbox", { name: "Search virtual machines" }).fill("threat-01");
  await page.getByRole("table").getByRole("link").first().click();
  const table = page.getByRole("table", { name: "Recovery points" });
  await expect(table.getByText("Threats reported").first()).toBeVisible();
  await accessible();
  await page.getByRole("combobox", { name: "Threats" }).selectOption({ label: "None reported" });
  await expect(table.getByText("Threats reported")).toHaveCount(0);
});
