// The program stops in the middle of something: whoever looks at it is told, and told nothing of what is not ours.

import { configFor } from "../support/config.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { modulePortal } from "../support/portal.mjs";
import { filesOf } from "../support/release.mjs";
import { serve } from "../support/site.mjs";
import { accessToken } from "../support/token.mjs";

const alerts = (page) => page.locator(".vm-restore-crash");

/** Makes the running program read at an address that its memory does not have, by the very functions that the page calls it by. */
const trap = (page, site, { later = "task" } = {}) => page.evaluate(async ([url, later]) => {
  const exports = await (await import(url)).default();
  const go = () => exports.program_go(0xfffffff0, 0, 0);
  if (later === "task") setTimeout(go);
  else Promise.resolve().then(go);
}, [site.url + filesOf().parts.app.script, later]);

for (const later of ["task", "promise"]) {
  test(`a trap in a ${later} is shown before the program`, async ({ app, page, site, found, accessible }) => {
    await expect(app.heading()).toBeVisible();
    await expect(alerts(page)).toHaveCount(0);
    await trap(page, site, { later });
    const alert = page.getByRole("alert").and(alerts(page));
    await expect(alert).toContainText("VM Restore stopped because of an error in the program. Running restores continue in Azure");
    await expect(alert).toContainText(/Details: RuntimeError: .*_bg\.wasm:wasm-function\[\d+\]:0x[0-9a-f]+/s);
    expect(await page.evaluate(() => document.querySelector(".vm-restore-crash + #app.vm-restore") !== null)).toBe(true);
    await accessible();
    // Once is enough.
    await trap(page, site, { later });
    await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
    await expect(alerts(page)).toHaveCount(1);
    expect(found.filter((it) => !it.includes("memory access out of bounds"))).toEqual([]);
    found.length = 0; // what was done on purpose
  });
}

/** A script takes away the element before which Yew draws its next one, as some browser extensions do: Yew panics. */
const panic = (page) => page.evaluate(() => {
  const { insertBefore } = Node.prototype;
  Node.prototype.insertBefore = function (node, next) {
    Node.prototype.insertBefore = insertBefore;
    const gone = next ?? document.createComment("");
    gone.remove();
    return insertBefore.call(this, node, gone);
  };
});

test("a panic is shown with its message and its place in the source, and can be copied for support", async ({ app, page, context, found }) => {
  await expect(app.heading()).toBeVisible();
  await panic(page);
  await page.evaluate(() => (location.hash = "#/settings"));
  const alert = page.getByRole("alert").and(alerts(page));
  await expect(alert).toContainText("VM Restore stopped because of an error in the program.");
  // Message and place are those of Yew; the folder is not that of the machine that built the page.
  const panicked = /Error: panicked at crates\/[^/\s]+\/yew-[\d.]+\/src\/[\w/]+\.rs:\d+:\d+:\s+failed to (insert|append)/;
  await expect(alert).toContainText(panicked);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await alert.getByRole("button", { name: "Copy support details" }).click();
  await expect(alert.getByRole("button", { name: "Copied" })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(panicked);
  expect(copied).toContain(`Release: ${filesOf().release}`);
  expect(found.some((it) => /^uncaught: panicked at /.test(it))).toBe(true);
  found.length = 0; // what was done on purpose
});

test("where copying is not allowed, the button says what to do instead", async ({ app, page, site, found }) => {
  await expect(app.heading()).toBeVisible();
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await trap(page, site);
  await alerts(page).getByRole("button").click();
  await expect(alerts(page).getByRole("button")).toHaveText("The browser doesn't allow copying: select the text above");
  found.length = 0; // what was done on purpose
});

test.describe("in a portal", () => {
  /** `(module (func (export "stop") unreachable))` */
  const FOREIGN = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 115, 116, 111, 112, 0, 0, 10, 5, 1, 3, 0, 0, 11];

  const portal = async (page, use) => {
    const site = await serve({ config: configFor("http://127.0.0.1:9"), headers: { "Access-Control-Allow-Origin": "*" } });
    const policy = `default-src 'none'; script-src 'unsafe-inline' ${site.origin} 'wasm-unsafe-eval'; style-src 'unsafe-inline' ${site.origin}; connect-src *; img-src data:`;
    const around = await serve({ pages: { "/": modulePortal(site.url) }, headers: { "Content-Security-Policy": policy } });
    await page.addInitScript((token) => (globalThis.token = token), accessToken());
    await page.goto(around.url);
    await page.waitForFunction(() => globalThis.ready);
    await page.evaluate(async () => (globalThis.app = await globalThis.show("one")));
    await use(site);
    await Promise.all([site.close(), around.close()]);
  };

  const told = (page) => page.evaluate(() => new Promise((done) => setTimeout(done, 100)));

  test("a foreign trap shows nothing, our own is shown in each place", async ({ page }) => {
    await portal(page, async (site) => {
      await page.evaluate(async () => (globalThis.other = await globalThis.show("two")));
      const heard = page.waitForEvent("pageerror");
      await page.evaluate(async (bytes) => {
        const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes));
        setTimeout(instance.exports.stop);
        Promise.resolve().then(instance.exports.stop);
      }, FOREIGN);
      expect((await heard).message).toContain("unreachable");
      await told(page);
      await expect(alerts(page)).toHaveCount(0);
      await trap(page, site);
      await expect(page.locator("#one").locator(".vm-restore-crash")).toContainText("VM Restore stopped");
      await expect(page.locator("#two").locator(".vm-restore-crash")).toContainText("VM Restore stopped");
    });
  });

  test("after unmounting nobody listens", async ({ page }) => {
    await portal(page, async (site) => {
      await page.evaluate(() => globalThis.app.unmount());
      await trap(page, site);
      await told(page);
      await expect(alerts(page)).toHaveCount(0);
    });
  });

  test("what has stopped can be unmounted", async ({ page }) => {
    await portal(page, async (site) => {
      await trap(page, site);
      await expect(alerts(page)).toHaveCount(1);
      await page.evaluate(() => globalThis.app.unmount());
      await expect(page.locator("#one").locator("*")).toHaveCount(0);
    });
  });
});
