// The screenshots of docs/pictures, taken of the demo: light and dark, wide and narrow.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { App } from "./support/app.mjs";
import { launchOptions } from "./support/browser.mjs";
import { root } from "./support/files.mjs";
import { serve } from "./support/site.mjs";

const SIZES = [{ width: 1440, height: 900 }, { width: 375, height: 812 }];
const SCHEMES = ["light", "dark"];
/** The vault whose primary region is down. */
const DOWN = "/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00002/resourceGroups/rg-shop/providers/Microsoft.RecoveryServices/vaults/fault-vault-region-down";
const folder = join(root, "docs", "pictures");

/** Goes through the demo and calls `shoot(name)` at every page. */
async function journey(app, shoot) {
  await app.open();
  await shoot("connect");
  await app.startDemo();
  await app.page.getByRole("table").getByRole("link").first().waitFor();
  await shoot("virtual-machines");
  await app.openFirstVm();
  await shoot("recovery-points");
  await app.openFirstPoint();
  await shoot("how-and-where");
  await app.proposeDisks();
  await app.review();
  await shoot("review");
  await app.start();
  await app.follow();
  await shoot("follow");
  await app.page.goto(`${app.url}#/secondary?vault=${encodeURIComponent(DOWN)}`);
  await app.page.getByRole("link", { name: "shop-web-01", exact: true }).waitFor();
  await shoot("secondary-region");
}

await mkdir(folder, { recursive: true });
const site = await serve();
const browser = await chromium.launch(launchOptions);
try {
  for (const viewport of SIZES) {
    for (const colorScheme of SCHEMES) {
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce", timezoneId: "UTC", locale: "en-GB" });
      const page = await context.newPage();
      await journey(new App(page, site.url), async (name) => {
        // Of thousands of machines, the first are enough.
        const fullPage = viewport.width < 500 && name !== "virtual-machines";
        await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${viewport.width}.png`), fullPage });
      });
      await context.close();
    }
  }
} finally {
  await browser.close();
  await site.close();
}
