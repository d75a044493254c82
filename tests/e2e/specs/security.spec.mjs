// An Azure Resource Manager that means harm: it sends the page elsewhere, and writes markup wherever it may write.

import { createServer } from "node:http";
import { App } from "../support/app.mjs";
import { configFor } from "../support/config.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { guard } from "../support/guard.mjs";
import { serve } from "../support/site.mjs";
import { accessToken } from "../support/token.mjs";

const MARKUP = `<img src=x onerror="globalThis.harmed=1"><script>globalThis.harmed=1</script>`;
const ID = "/subscriptions/11111111-2222-4333-8444-555555555555";

/** A server that answers every request by `answer(path)`, with the headers that let a page read it. */
async function server(answer) {
  const asked = [];
  const listening = createServer((request, response) => {
    const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*, authorization", "Access-Control-Expose-Headers": "*" };
    if (request.method === "OPTIONS") return response.writeHead(204, cors).end();
    asked.push([request.url, request.headers.authorization]);
    const { status = 200, headers = {}, body = {} } = answer(request.url) ?? { status: 404 };
    response.writeHead(status, { ...cors, "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
  });
  await new Promise((ready) => listening.listen(0, "127.0.0.1", ready));
  const close = () => new Promise((closed) => {
    listening.close(closed);
    listening.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${listening.address().port}`, asked, close };
}

/** The page, connected with a token to an ARM that answers by `answer(path, stranger)`; afterwards the stranger must not have been asked. */
async function against(page, context, answer, then) {
  const stranger = await server(() => ({ body: { value: [] } }));
  const arm = await server((path) => answer(path, stranger.origin));
  const site = await serve({ config: configFor(arm.origin) });
  const found = await guard(context, { origins: [site.origin, arm.origin] });
  const app = new App(page, site.url, found);
  await app.open();
  await app.connect(accessToken());
  await then(app);
  expect(stranger.asked).toEqual([]);
  expect(arm.asked.length).toBeGreaterThan(0);
  expect(arm.asked.every(([, token]) => token?.startsWith("Bearer "))).toBe(true);
  expect(await page.evaluate(() => globalThis.harmed)).toBeUndefined();
  for (const one of [stranger, arm, site]) await one.close();
  return found;
}

const subscription = (name) => ({ id: ID, subscriptionId: ID.split("/")[2], displayName: name, state: "Enabled", tenantId: "t" });

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect (${status}) is not followed`, async ({ page, context }) => {
    const found = await against(page, context, (path, stranger) => ({ status, headers: { Location: `${stranger}${path}` } }), async () => {
      await expect(page.getByRole("region", { name: "Problems" })).toContainText("Couldn't load protected items");
    });
    expect(found.filter((it) => it.includes("another origin"))).toEqual([]);
  });
}

test("a next page at another host is not asked for", async ({ page, context }) => {
  const hosts = (stranger) => [stranger, stranger.replace("127.0.0.1", "localhost"), stranger.replace("http://", "http://user@"), `${stranger}@127.0.0.1`];
  for (const which of [0, 1, 2, 3]) {
    const answer = (_, stranger) => ({ body: { value: [subscription("First page")], nextLink: `${hosts(stranger)[which]}/subscriptions?page=2` } });
    await against(page, context, answer, async () => {
      await expect(page.getByRole("region", { name: "Problems" })).toContainText(/isn't part of the configured cloud|user name|absolute URL/);
    });
  }
});

test("markup in Azure's texts is text", async ({ page, context, accessible }) => {
  const answer = (path) => {
    if (path.startsWith("/subscriptions?")) return { body: { value: [subscription(MARKUP)] } };
    const error = { code: MARKUP, message: MARKUP, target: MARKUP, details: [{ code: MARKUP, message: MARKUP }] };
    return { status: 403, headers: { "x-ms-request-id": MARKUP, "x-ms-correlation-request-id": "javascript:alert(1)" }, body: { error } };
  };
  const found = await against(page, context, answer, async (app) => {
    await expect(page.getByRole("region", { name: "Problems" })).toContainText("onerror");
    await expect(page.locator("#app img, #app script")).toHaveCount(0);
    await accessible();
    await page.getByRole("link", { name: "Activity" }).click();
    await app.heading("Activity").waitFor();
    await expect(page.locator("#app img, #app script")).toHaveCount(0);
  });
  expect(found).toEqual([]);
});
