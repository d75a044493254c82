// The guards are worth something only if they see what they are there for.

import { expect, test } from "../support/fixtures.mjs";
import { axe } from "../support/axe.mjs";

test.beforeEach(async ({ app }) => void app);

test("a violation of the page's policy is seen", async ({ page, found }) => {
  await page.evaluate(() => document.body.append(Object.assign(new Image(), { src: "http://localhost:9/picture.png", alt: "" })));
  await expect.poll(() => found.some((it) => it.startsWith("console: Content-Security-Policy: img-src refused http://localhost:9/picture.png"))).toBe(true);
  found.length = 0;
});

test("a style attribute is seen", async ({ page, found }) => {
  await page.evaluate(() => document.querySelector("h1").setAttribute("style", "color: red"));
  await expect.poll(() => found.some((it) => it.includes("style-src-attr"))).toBe(true);
  found.length = 0;
});

test("an exception and an error on the console are seen", async ({ page, found }) => {
  await page.evaluate(() => {
    setTimeout(() => {
      throw new Error("thrown by the test");
    });
    console.error("told by the test");
  });
  await expect.poll(() => found.length).toBe(2);
  expect(found).toContain("uncaught: thrown by the test");
  expect(found).toContain("console: told by the test");
  found.length = 0;
});

test("a request to another origin is seen", async ({ page, found }) => {
  await page.evaluate(() => fetch("https://management.azure.com/elsewhere?secret").catch(() => undefined));
  await expect.poll(() => found).toContain("request to another origin: GET https://management.azure.com/elsewhere");
  found.length = 0;
});

test("axe-core sees a picture without a text", async ({ page, found }) => {
  await page.evaluate(() => {
    const picture = Object.assign(document.createElement("img"), { src: "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" });
    document.querySelector("main").append(picture);
  });
  expect((await axe(page)).some((it) => it.startsWith("image-alt"))).toBe(true);
  expect(found).toEqual([]);
});
