// The pickers of the form: searched, pasted into, gone through by keys, and with a thousand options.

import { expect, test } from "../support/fixtures.mjs";
import { accessToken } from "../support/token.mjs";
import { isTyped } from "../support/app.mjs";

const ACCOUNT = "Staging storage account";
/** From a key to the painted result, in milliseconds: below a frame of the page's own time and two of the screen. */
const FLUID = 50;

async function form(app, scenario = "Restore disks") {
  await app.startDemo();
  await app.openVm("app-linux-01");
  await app.openFirstPoint();
  await app.page.getByRole("radio", { name: scenario, exact: true }).check();
  const box = app.field(ACCOUNT);
  await expect.poll(() => isTyped(box)).toBe(true);
  return { box, list: app.page.getByRole("listbox", { name: ACCOUNT }) };
}

test("a picker is gone through by keys and says what it finds once", async ({ app, page, accessible }) => {
  const { box, list } = await form(app);
  const said = box.locator("xpath=ancestor::div[@class='vmr-field']").getByRole("status");
  await box.focus();
  await expect(box).toHaveAttribute("aria-expanded", "false");
  await box.press("Alt+ArrowDown");
  await expect(list).toBeVisible();
  await expect(box).not.toHaveAttribute("aria-activedescendant");
  await expect(said).toHaveText(/^\d+ results, \d+ not suitable$/);
  await accessible();

  const active = () => box.evaluate((it) => document.getElementById(it.getAttribute("aria-activedescendant"))?.textContent ?? "");
  await box.press("ArrowDown");
  const first = await active();
  await box.press("End");
  expect(await active()).toMatch(/^Not suitable \(\d+\)/);
  await box.press("Enter");
  await box.press("ArrowDown");
  const unsuitable = list.getByRole("option", { disabled: true });
  await expect(unsuitable.first()).toBeVisible();
  await accessible();
  await box.press("Enter");
  await expect(box).toHaveValue("");
  await box.press("Home");
  expect(await active()).toBe(first);
  await box.press("PageDown");
  expect(await active()).not.toBe(first);
  await box.press("Home");
  await box.press("Enter");
  await expect(list).toBeHidden();
  await expect(box).not.toHaveValue("");
  await expect(box).toBeFocused();

  await box.press("ArrowDown");
  await box.press("Escape");
  await expect(list).toBeHidden();
  const chosen = await box.inputValue();
  await box.fill("no such account");
  await expect(said).toHaveText("No results");
  await box.press("Escape");
  await box.press("Escape");
  await expect(box).toHaveValue(chosen);
});

test("what is typed is found, and what is wrong with it is told", async ({ app, page, accessible }) => {
  const { box, list } = await form(app);
  await box.fill("nokeys");
  await expect(list.getByRole("option")).toHaveCount(1);
  await box.press("Enter");
  await expect(box).toHaveValue(/nokeys/);
  await expect(page.getByText(/shared key access/).first()).toBeVisible();

  const wrong = async (text, words) => {
    await box.fill(text);
    await box.press("Tab");
    await expect(box).toHaveAttribute("aria-invalid", "true");
    await expect(box).toHaveAccessibleDescription(words);
    // What is shown is no value: nothing else stays behind it.
    await expect(page.getByRole("group", { name: "Actions" }).getByRole("link", { name: ACCOUNT })).toBeVisible();
  };
  const id = (type) => `/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001/resourceGroups/rg-app/providers/${type}/x`;
  await wrong(id("Microsoft.Compute/virtualMachines"), /^This is a virtual machine, not a storage account\./);
  await accessible();
  await wrong("garbage", /^Nothing suitable matches “garbage”/);
  await wrong("https://portal.azure.com/#@t/resource/subscriptions/s", /^This is a web address/);

  await box.fill(id("Microsoft.Storage/storageAccounts"));
  await box.press("Enter");
  await expect(box).not.toHaveAttribute("aria-invalid");
  await expect(box).toHaveValue("x (not in the list)");
});

test("a short list is the browser's own and takes an ID all the same", async ({ app, page, accessible }) => {
  await form(app, "Create a new virtual machine");
  const network = app.field("Virtual network");
  expect(await isTyped(network)).toBe(false);
  await network.selectOption("by-id");
  await expect(network).toBeFocused();
  expect(await isTyped(network)).toBe(true);
  await accessible();
  await network.press("Tab");
  await expect.poll(() => isTyped(network)).toBe(false);
});

test.describe("with a finger", () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 375, height: 812 } });
  test("a picker is the browser's own", async ({ app, page, accessible }) => {
    await app.startDemo();
    await app.openVm("app-linux-01");
    await app.openFirstPoint();
    await page.getByRole("radio", { name: "Restore disks", exact: true }).check();
    const box = app.field(ACCOUNT);
    await expect.poll(() => box.locator("option").count()).toBeGreaterThan(8);
    expect(await isTyped(box)).toBe(false);
    await accessible();
  });
});

test.describe("with much to choose from", () => {
  test.use({ simulatorArgs: ["--progress", "at-once"] });
  test("a thousand groups and five hundred accounts are searched without a wait", async ({ app, page }) => {
    const many = (pattern, count) =>
      page.route(pattern, async (route) => {
        const answer = await route.fetch();
        const json = await answer.json();
        const [like] = json.value;
        json.value = Array.from({ length: count }, (_, n) => {
          const name = `${like.name}${String(n).padStart(4, "0")}`;
          return { ...like, name, id: like.id.replace(/[^/]+$/, name) };
        });
        delete json.nextLink;
        await route.fulfill({ response: answer, json });
      });
    await many(/\/resourcegroups\?/i, 1_000);
    await many(/\/storageAccounts\?/i, 500);
    await app.connect(accessToken());
    await app.openFirstVm();
    await app.openFirstPoint();
    await app.page.getByRole("radio", { name: "Restore disks", exact: true }).check();
    await page.evaluate(() => {
      let at;
      addEventListener("keydown", ({ timeStamp }) => (at = timeStamp), true);
      // The task after the frame: it has been painted.
      addEventListener("input", () => requestAnimationFrame(() => setTimeout(() => globalThis.took.push(performance.now() - at))), true);
    });
    for (const name of ["Target resource group", ACCOUNT]) {
      const box = app.field(name);
      await expect.poll(() => isTyped(box)).toBe(true);
      await box.click();
      const options = page.getByRole("listbox", { name }).getByRole("option");
      await expect(options.first()).toBeVisible();
      expect(await options.count()).toBeLessThan(30);
      await page.evaluate(() => (globalThis.took = []));
      await box.pressSequentially("0123", { delay: 60 });
      for (let n = 0; n < 4; n += 1) await box.press("Backspace", { delay: 60 });
      await expect.poll(() => page.evaluate(() => globalThis.took.length)).toBe(8);
      const took = (await page.evaluate(() => globalThis.took)).sort((a, b) => a - b);
      test.info().annotations.push({ type: "key to frame, ms", description: `${name}: ${took.map(Math.round).join(" ")}` });
      console.log(`${name}: key to frame ${took.map(Math.round).join(" ")} ms`);
      // The fastest: slow work slows every key, other programs only some.
      expect(took[0], "fastest").toBeLessThan(FLUID);
      // The last row is reached at once, and drawn.
      await box.press("ArrowDown");
      await box.press("End");
      await expect(options.last()).toBeInViewport();
      expect(await options.count()).toBeLessThan(30);
      await box.press("Escape");
    }
  });
});
