// The restores, drafts and plans that the browser has saved: one record each, in IndexedDB.

const RESTORES = "vm-restore/restores";
const DRAFTS = "vm-restore/drafts";
const PLANS = "vm-restore/plans";

/** In the page: does something with a store in one transaction, and gives what came of it once the transaction has committed. */
async function transact([store, mode, stores], act, given) {
  const done = (request, type = "success") => new Promise((settled, failed) => {
    request.addEventListener(type, () => settled(request.result));
    for (const bad of ["error", "abort"]) request.addEventListener(bad, () => failed(request.error));
  });
  const open = indexedDB.open("vm-restore", 2);
  open.onupgradeneeded = () => stores.forEach((name) => open.result.createObjectStore(name));
  const database = await done(open);
  const transaction = database.transaction(store, mode);
  const committed = done(transaction, "complete");
  const asked = act(transaction.objectStore(store), given);
  await committed;
  database.close();
  return asked?.result;
}

const inStore = (page, store, mode, act, given = null) =>
  page.evaluate(`(${transact})(${JSON.stringify([store, mode, [RESTORES, DRAFTS, PLANS]])}, ${act}, ${JSON.stringify(given)})`);

const all = (page, store) => inStore(page, store, "readonly", (records) => records.getAll());

/** The saved restores of a page. */
export const savedRestores = async (page) => (await all(page, RESTORES)).map((text) => JSON.parse(text));

/** The texts of all records of a page or frame. */
export const everyRecord = async (page) => [await all(page, RESTORES), await all(page, DRAFTS), await all(page, PLANS)].flat().join("\n");

/** Saves a restore as the page does it, or in the place of the one of its id. */
export const plantRestore = (page, record) =>
  inStore(page, RESTORES, "readwrite", (records, [id, text]) => records.put(text, id), [record.id, JSON.stringify(record)]);

/** The id of a record that is made up. */
export const numbered = (nth) => `0a000000-0000-4000-8000-${String(nth).padStart(12, "0")}`;

/** Saves many restores in one transaction. */
export const plantRestores = (page, records) =>
  inStore(page, RESTORES, "readwrite", (store, records) => records.map((record) => store.put(JSON.stringify(record), record.id)).at(-1), records);

/** The saved plans of a page. */
export const savedPlans = async (page) => (await all(page, PLANS)).map((text) => JSON.parse(text));

/** Saves a plan as the page does it. */
export const plantPlan = (page, record) =>
  inStore(page, PLANS, "readwrite", (records, [id, text]) => records.put(text, id), [record.plan.id, JSON.stringify(record)]);

/** Saves restores before the page starts for the first time: the page's own request to open the database waits until that is done. */
export const plantBefore = (page, records) => page.addInitScript(([stores, records]) => {
  const open = indexedDB.open("vm-restore", 2);
  open.onupgradeneeded = () => {
    const [restores] = stores.map((name) => open.result.createObjectStore(name));
    for (const record of records) restores.put(JSON.stringify(record), record.id);
  };
  open.onsuccess = () => open.result.close();
}, [[RESTORES, DRAFTS, PLANS], records]);

/** Saves these entries in `localStorage`, as older versions of the page did it, and no restore in the database. */
async function plantInLocalStorage(page, entries) {
  await inStore(page, RESTORES, "readwrite", (records) => records.clear());
  await page.evaluate((entries) => Object.assign(localStorage, entries), entries);
}

/** Saves restores in one text, as versions of the page before December 2026 did it. */
export const plantOlder = (page, restores) => plantInLocalStorage(page, { [RESTORES]: JSON.stringify({ version: 2, restores }) });

/** Saves each restore as an entry of `localStorage`, as versions of December 2026 did it. */
export const plantOneByOne = (page, restores) =>
  plantInLocalStorage(page, Object.fromEntries(restores.map((restore) => [`${RESTORES}/${restore.id}`, JSON.stringify(restore)])));

/** The names of what older versions have left of restores. */
export const leftByOlder = (page) => page.evaluate((store) => Object.keys(localStorage).filter((name) => name.startsWith(store)), RESTORES);

/** From now on the browser has no room for anything that the page saves. */
export const fillStorage = (page) => page.evaluate(() => {
  const full = () => new DOMException("The quota has been exceeded.", "QuotaExceededError");
  Storage.prototype.setItem = () => {
    throw full();
  };
  // The browser finds out when a transaction is to commit.
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...given) {
    const request = put.apply(this, given);
    Object.defineProperty(this.transaction, "error", { value: full() });
    this.transaction.abort();
    return request;
  };
});
