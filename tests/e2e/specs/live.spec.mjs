// The page and Azure Resource Manager on two origins, as in the real world: with its headers readable, and without.

import { expect, test } from "../support/fixtures.mjs";
import { everyRecord } from "../support/records.mjs";
import { accessToken } from "../support/token.mjs";

const QUICK = ["--progress", "per-read:3", "--retry-after", "1"];

for (const expose of ["all", "none"]) {
  test.describe(`headers exposed: ${expose}`, () => {
    test.use({ simulatorArgs: [...QUICK, "--expose", expose] });

    test("a restore of disks is followed to its end", async ({ app, accessible }) => {
      await app.connect(accessToken());
      await accessible();
      await app.openFirstVm();
      await accessible();
      await app.openFirstPoint();
      await app.proposeDisks();
      await accessible();
      await app.review();
      await accessible();
      await app.start();
      expect(await app.follow()).toBe("Completed");
      await accessible();
    });
  });
}

test.describe("a token that is no good", () => {
  test.use({ simulatorArgs: QUICK });

  test("is refused where it is pasted, and the page stays", async ({ app, page }) => {
    const bad = [["two words", /not a valid token/], ["e30.damaged.c2ln", /incomplete/], [accessToken({ exp: 1_000_000_000 }), /expired at 2001-09-09/]];
    for (const [token, words] of bad) {
      const field = page.getByRole("textbox", { name: "Access token" });
      await field.fill(token);
      await app.button("Connect").click();
      await expect(field).toHaveAccessibleDescription(words);
      await expect(app.heading("Restore an Azure virtual machine")).toBeVisible();
    }
  });

  test("brings neither simulator nor sign-in with it", async ({ app, page }) => {
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await app.connect(accessToken());
    await app.openFirstVm();
    expect(asked.filter((url) => /arm-sim-page|sign-in|msal/.test(url))).toEqual([]);
  });

  test("is nowhere in the page's storage", async ({ app, page }) => {
    const token = accessToken();
    await app.connect(token);
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    expect(stored + (await everyRecord(page))).not.toContain(token.split(".")[1]);
  });
});
