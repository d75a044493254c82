// Keeps a release of the page and its demo, so that they start without a network and in the middle of an outage. `index.html` names the files of a
// release: they are kept all or not at all, and a page is answered only when all of its files are kept. Nothing of other sites, and nothing of
// Azure, is kept.

const { pathname } = new URL(registration.scope);
const NAME = `vm-restore ${pathname} release`;
const mine = (name) => name.startsWith(`vm-restore ${pathname} `);
const at = (file) => new URL(file, registration.scope).href;
const PAGE = at("index.html");
const CONFIG = at("config.json");
const HASHED = /-[0-9a-f]{8,16}(_bg)?\.\w+$/;

/** How long the site may take to answer before what is kept is the answer, and how long once it has been found to be slow. */
const PATIENCE_MS = 3_000;
const NO_PATIENCE_MS = 300;
let patience = PATIENCE_MS;

addEventListener("install", (event) => event.waitUntil(renewed()));
addEventListener("activate", (event) => event.waitUntil(forget()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { href, search } = new URL(request.url);
  if (request.method !== "GET" || !href.startsWith(registration.scope)) return;
  const plain = href.slice(0, href.length - search.length - new URL(href).hash.length);
  if (request.mode === "navigate" && (plain === PAGE || plain === registration.scope)) event.respondWith(page(event));
  else if (plain === CONFIG) event.respondWith(config(event));
  else if (HASHED.test(plain)) event.respondWith(file(request, plain));
});

/** The list of a release's files, of the page's text. Whoever answers for the site with another page has none. */
const listOf = (text) => JSON.parse(/<script type="application\/json" id="release">([^]*?)<\/script>/.exec(text)[1]);

/** Only what is answered well counts. */
function good(answer) {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}.`);
  return answer;
}

let renewing;

/** Asks the site for its page and keeps that release. There is an answer once all of it is kept; the page that was kept before stays until then. */
function renewed() {
  renewing ??= renew().finally(() => (renewing = undefined));
  return renewing.then((answer) => answer.clone());
}

async function renew() {
  const answer = good(await fetch(PAGE, { cache: "no-cache" }));
  const text = await answer.text();
  const list = listOf(text);
  const cache = await caches.open(NAME);
  const before = await cache.match(PAGE, { ignoreVary: true }).then(async (kept) => kept && listOf(await kept.text()));
  await Promise.all(list.offline.map((name) => keep(cache, name, list.integrity[name])));
  if (!(await cache.match(CONFIG, { ignoreVary: true }))) {
    // A site without one has a demo all the same.
    await configuration(CONFIG).then((answer) => cache.put(CONFIG, answer), () => undefined);
  }
  // A new answer: one that was redirected may not stand for the address that was asked for.
  const headers = new Headers(answer.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  const fresh = new Response(text, { headers });
  await cache.put(PAGE, fresh.clone());
  // Pages of the release before may be open, and want further parts.
  if (before && before.release !== list.release) await drop(cache, [...list.offline, ...before.offline]);
  return fresh;
}

/** Caches a file of a release, if its hash fits. */
async function keep(cache, name, integrity) {
  if (await cache.match(at(name), { ignoreVary: true })) return;
  const asked = async (mode) => good(await fetch(at(name), { integrity, cache: mode }));
  // What a cache has kept of a bad moment is asked for again, around it.
  await cache.put(at(name), await asked("default").catch(() => asked("reload")));
}

async function drop(cache, wanted) {
  const all = new Set([PAGE, CONFIG, ...wanted.map(at)]);
  for (const { url } of await cache.keys()) if (!all.has(url)) await cache.delete(url, { ignoreVary: true });
}

/** Deletes the caches of earlier workers that no open page uses. */
async function forget() {
  for (const name of await caches.keys()) if (mine(name) && name !== NAME) await caches.delete(name);
}

/** What comes first: the answer, or the end of the patience, or nothing at all. */
const soon = (answer) => Promise.race([answer.catch(() => undefined), new Promise((done) => setTimeout(done, patience))]);

/** The site's release, if it comes whole and in time; else the one that is kept. */
async function page(event) {
  const fresh = renewed();
  event.waitUntil(fresh.catch(() => undefined));
  const kept = await caches.match(PAGE, { cacheName: NAME, ignoreVary: true });
  if (!kept) return fetch(event.request);
  const answer = await soon(fresh);
  patience = answer ? PATIENCE_MS : NO_PATIENCE_MS;
  return answer ?? kept;
}

/** A configuration; a page in its place is none. Whether it is right, the page says. */
async function configuration(request) {
  const answer = good(await fetch(request, { cache: "no-cache" }));
  if ((await answer.clone().text()).trimStart().startsWith("<")) throw new Error("A page came in place of config.json.");
  return answer;
}

/** The site's configuration, so that a new one counts at once; else the one that is kept. */
async function config(event) {
  const cache = await caches.open(NAME);
  const kept = await cache.match(CONFIG, { ignoreVary: true });
  if (!kept) return fetch(event.request);
  const fresh = configuration(event.request).then(async (answer) => {
    await cache.put(CONFIG, answer.clone());
    return answer;
  });
  event.waitUntil(fresh.catch(() => undefined));
  return (await soon(fresh)) ?? kept;
}

/** Files whose names are made of their content never change. A page that was not content with what is kept asks around it. */
async function file(request, plain) {
  const kept = await caches.match(plain, { cacheName: NAME, ignoreVary: true });
  if (!kept) return fetch(request);
  return request.url === plain && request.cache !== "reload" ? kept : fetch(request).catch(() => kept);
}
