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

/** Calls `saved(key, value)` when the browser has saved something. */
export function watchSaves(saved) {
  const { setItem } = Storage.prototype;
  replace(Storage.prototype, "setItem", {
    value(key, value) {
      setItem.call(this, key, value);
      saved(key, value);
    },
  });
}

/** A browser that blocks this site's data: already to ask for the storage throws. */
export function blockStorage() {
  replace(window, "localStorage", { get: () => { throw refusal(); } });
}

/** A browser whose storage is full. */
export function fillStorage() {
  replace(Storage.prototype, "setItem", { value: () => { throw new DOMException("The quota has been exceeded.", "QuotaExceededError"); } });
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
