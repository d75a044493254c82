// Keeps what the page and its demo are made of, so that they start without a network. Nothing of other sites, and nothing of Azure, is kept.

const BUILD = "unsealed";
const NAME = `vm-restore ${new URL(registration.scope).pathname} ${BUILD}`;
const mine = (name) => name.startsWith(`vm-restore ${new URL(registration.scope).pathname} `);

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(forget()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  event.respondWith(answer(request));
});

async function keep() {
  const cache = await caches.open(NAME);
  const { offline } = await (await fetch("files.json", { cache: "no-cache" })).json();
  await cache.addAll(["./", "index.html", "files.json", "config.json", ...offline].map((file) => new Request(file, { cache: "no-cache" })));
}

async function forget() {
  for (const name of await caches.keys()) if (mine(name) && name !== NAME) await caches.delete(name);
}

/** Files whose names are made of their content never change; all others are asked for first, so that a new configuration counts at once. */
async function answer(request) {
  const kept = await caches.match(request, { cacheName: NAME, ignoreSearch: true });
  if (kept && /-[0-9a-f]{8,16}(_bg)?\.\w+$/.test(new URL(request.url).pathname)) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
