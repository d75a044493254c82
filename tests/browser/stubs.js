// What tests put in the place of the browser's own functions. `restore` puts those back.

const undo = [];

function replace(owner, name, descriptor) {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { configurable: true, ...descriptor });
  undo.push(() => (before ? Object.defineProperty(owner, name, before) : delete owner[name]));
}

export function restore() {
  while (undo.length) undo.pop()();
}

const never = () => new Promise(() => {});
const refusal = () => new DOMException("Access is denied for this document.", "SecurityError");

/** Answers requests by `answer(method, url, headers, body)`, which gives `[status, headers, body]`, or nothing where the connection dies. */
export function answerBy(answer) {
  const value = (request) => {
    const headers = [...request.headers].map(([name, value]) => `${name}: ${value}\n`).join("");
    const left = answer.bind(null, request.method, request.url, headers);
    return request.arrayBuffer().then((body) => {
      const [status, told, content] = left(new Uint8Array(body)) ?? [];
      if (!status) throw new TypeError("Failed to fetch");
      return new Response(status === 204 ? null : content, { status, headers: told });
    });
  };
  replace(window, "fetch", { value });
}

/** Calls `sent(method, url)` when a request is handed to the browser. */
export function watchRequests(sent) {
  const { fetch } = window;
  replace(window, "fetch", { value: (request) => (sent(request.method, request.url), fetch(request)) });
}

/** Calls `saved(store, key, text)` when the database has committed a record. */
export function watchSaves(saved) {
  const { put } = IDBObjectStore.prototype;
  replace(IDBObjectStore.prototype, "put", {
    value(text, key) {
      this.transaction.addEventListener("complete", () => saved(this.name, key, text));
      return put.call(this, text, key);
    },
  });
}

/** A browser that blocks this site's data: already to ask for the storage throws. */
export function blockStorage() {
  for (const name of ["localStorage", "indexedDB"]) replace(window, name, { get: () => { throw refusal(); } });
}

/** A browser whose storage is full. The database finds out when a transaction is to commit. */
export function fillStorage() {
  const full = () => new DOMException("The quota has been exceeded.", "QuotaExceededError");
  replace(Storage.prototype, "setItem", { value: () => { throw full(); } });
  const { put } = IDBObjectStore.prototype;
  replace(IDBObjectStore.prototype, "put", {
    value(text, key) {
      const request = put.call(this, text, key);
      Object.defineProperty(this.transaction, "error", { value: full() });
      this.transaction.abort();
      return request;
    },
  });
}

const STORES = ["vm-restore/restores", "vm-restore/drafts", "vm-restore/plans"];
const NAME = "vm-restore";

const settled = (request, type = "success") => new Promise((done, failed) => {
  request.addEventListener(type, () => done(request.result));
  for (const bad of ["error", "abort", "blocked"]) request.addEventListener(bad, () => failed(request.error ?? bad));
});

async function connection(version) {
  const open = indexedDB.open(NAME, version);
  open.onupgradeneeded = () => STORES.filter((name) => !open.result.objectStoreNames.contains(name)).forEach((name) => open.result.createObjectStore(name));
  return settled(open);
}

async function inStores(act) {
  const database = await connection(2);
  const transaction = database.transaction(STORES, "readwrite");
  const committed = settled(transaction, "complete");
  const asked = act(transaction);
  await committed;
  database.close();
  return asked?.result;
}

/** Removes all that the browser has saved for this page. */
export async function emptyStorage() {
  localStorage.clear();
  await removeDatabase();
}

/** The browser removes the database, as when somebody deletes this site's data. */
export const removeDatabase = () => settled(indexedDB.deleteDatabase(NAME));

/** The keys of a store's records. */
export const keysOf = (store) => inStores((transaction) => transaction.objectStore(store).getAllKeys());

/** Saves a record. */
export const plant = (store, key, text) => inStores((transaction) => transaction.objectStore(store).put(text, key));

/** Saves so many restores that are over, under ids of their own, made of one. */
export const plantMany = (record, count) => inStores((transaction) => {
  for (let nth = 0; nth < count; nth += 1) {
    const id = `aaaaaaaa-0000-4000-8000-${String(nth).padStart(12, "0")}`;
    const over = { ...JSON.parse(record), id, stage: { notSent: { fault: null, search: null } } };
    transaction.objectStore(STORES[0]).put(JSON.stringify(over), id);
  }
});

/** A newer version of this page opens the database, whose shape it changes. */
export const upgrade = async () => (await connection(3)).close();

/** Another page of this site writes to the database, and does not come to an end until the function that this gives is called. */
export async function holdDatabase() {
  const database = await connection(2);
  const store = database.transaction(STORES, "readwrite").objectStore(STORES[0]);
  let held = true;
  const again = () => {
    if (held) store.get("").onsuccess = again;
  };
  again();
  return () => {
    held = false;
    database.close();
  };
}

/** The browser closes the page's connections to the database: the next transaction is refused. */
export function closeDatabase() {
  const { transaction } = IDBDatabase.prototype;
  const closed = new Set();
  replace(IDBDatabase.prototype, "transaction", {
    value(...given) {
      if (closed.size === 0) {
        closed.add(this);
        this.close();
      }
      return transaction.apply(this, given);
    },
  });
}

/** A browser that grants no locks: `how` is "rejected", "thrown", "absent"; or one that never says who holds them: "silent". */
export function refuseLocks(how) {
  if (how === "absent") replace(navigator, "locks", { value: undefined });
  if (how === "rejected") replace(navigator.locks, "request", { value: () => Promise.reject(refusal()) });
  if (how === "thrown") replace(navigator.locks, "request", { value: () => { throw refusal(); } });
  if (how === "silent") replace(navigator.locks, "query", { value: never });
}

/** A clipboard that does not say whether it was written. */
export function silenceClipboard() {
  replace(navigator.clipboard, "writeText", { value: never });
}

/** A network that never answers; `aborted` hears that a request is given up. */
export function silenceNetwork(aborted) {
  const value = (request) => new Promise((_, failed) => request.signal.addEventListener("abort", () => {
    aborted();
    failed(refusal());
  }));
  replace(window, "fetch", { value });
}

/** Lets waits of seconds pass a thousand times as fast; `begun` hears how long each was to be, in milliseconds. */
export function hurry(begun) {
  const { setTimeout } = window;
  const value = (then, wait = 0, ...more) => {
    if (wait < 5_000) return setTimeout(then, wait, ...more);
    begun(wait);
    return setTimeout(then, wait / 1_000, ...more);
  };
  replace(window, "setTimeout", { value });
}

/** The page around the program. What is absent of `config`, `simulation` and `signIn` never answers; `asked` hears what the sign-in is asked. */
export function page(config, account, asked) {
  return {
    config: config === undefined ? never : async () => config,
    simulation: () => (asked("simulation"), never()),
    signIn: (_, method) => {
      asked(method);
      if (method === "cancel") return Promise.resolve("");
      return account !== undefined && method !== "token" ? Promise.resolve(account) : never();
    },
    hosted: account !== undefined,
  };
}

/** The text after a time in milliseconds. */
export const later = (text, wait) => new Promise((come) => setTimeout(() => come(text), wait));
