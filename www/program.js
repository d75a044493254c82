// Fetches the program and its further parts, each once and none before it is wanted. The document that began it says what they are called and
// what they must hash to, and nothing else is run: `index.html`, or, in a portal, `vm-restore.js`, into which the build writes it.

import { crashNotice, onCrash } from "./crash.js";
import { isSuperseded, missing, secured, Told, wrongType } from "./release.js";

const inPortal = typeof RELEASE !== "undefined";
const files = inPortal ? RELEASE : JSON.parse(document.getElementById("release").textContent);
const held = { entry: inPortal ? import.meta.url : location.href, release: files.release };

const at = (file) => new URL(file, import.meta.url).href;

/** Read once; what could not be fetched is fetched anew the next time. */
function once(fetched) {
  let promise;
  return (...given) => (promise ??= fetched(...given).catch((error) => {
    promise = undefined;
    throw error;
  }));
}

function ok(response) {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
  return response;
}

/** The error for a file that cannot be loaded. */
const gone = (name) => missing({ name, href: at(name), integrity: files.integrity[name] }, held);

/** A file, refused by the browser if it is not the one that was built. What a cache has kept of a bad moment is asked for again, around it. */
async function fetched(name) {
  const integrity = files.integrity[name];
  for (const cache of ["default", "reload"]) {
    try {
      return ok(await fetch(at(name), { integrity, cache }));
    } catch {
      // The next one, or why there is none.
    }
  }
  throw await gone(name);
}

/** An element that has the browser fetch a file and refuse it unless it is the one that was built: there once the file is. */
function linked(root, href, integrity, rel) {
  const link = Object.assign(document.createElement("link"), { rel, crossOrigin: "anonymous", integrity, href });
  const loaded = new Promise((load, fail) => {
    link.onload = () => load(link);
    link.onerror = () => {
      link.remove();
      fail(new Error(`${href} couldn't be loaded.`));
    };
  });
  root.append(link);
  return loaded;
}

/** Files that have failed. A failure may be remembered with the address, by the browser or a cache: they are asked for by another one. */
const failed = new Set();

/** Calls `act` with the address of a file, and if that fails once more with another address. */
async function tried(name, act) {
  for (let more = 2; more > 0; more -= 1) {
    try {
      return await act(at(name) + (failed.has(name) ? `?${Date.now()}` : ""), files.integrity[name]);
    } catch {
      failed.add(name);
    }
  }
  throw await gone(name);
}

/**
 * A module. A document fetches the module of an address once: what was fetched and checked for the link is what the import runs. Import maps
 * could say the hash as well, but a portal's policy need not admit one, and browsers that do not know `integrity` there ignore it.
 */
async function imported(name) {
  if (!document.createElement("link").relList.supports("modulepreload")) {
    throw new Told("This browser is too old for VM Restore: it can't check a module before it runs.");
  }
  return tried(name, async (href, integrity) => {
    (await linked(document.head, href, integrity, "modulepreload")).remove();
    return import(href);
  });
}

/** The text of the style sheet. */
export const styleText = async () => (await fetched(files.style)).text();

/** Whether an element's style sheet counts. Browsers may take a file of another type for a sheet that is empty, or that nobody may read. */
export function counts({ sheet }) {
  try {
    return Boolean(sheet?.cssRules.length);
  } catch {
    return false;
  }
}

/** The style sheet in `root`, once it counts. */
export const styled = (root) => tried(files.style, async (href, integrity) => {
  const link = await linked(root, href, integrity, "stylesheet");
  if (counts(link)) return;
  link.remove();
  throw new Error(`${href} isn't a style sheet.`);
});

let remarked = console.warn;

/** Sets the function that gets remarks about problems of the site that do not stop the page. */
export const onRemark = (tell) => (remarked = tell);

function remark(name, answer) {
  const wrong = wrongType(name, answer);
  if (wrong) remarked(`${name}: ${wrong}.`);
}

/** The bytes of an answer; calls `tell` with their number as they arrive. */
async function bytesOf(answer, tell) {
  let received = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      tell((received += chunk.byteLength));
      controller.enqueue(chunk);
    },
  });
  return new Response(answer.body.pipeThrough(counter)).arrayBuffer();
}

/** The value of an attribute `integrity` for some bytes. */
async function integrityOf(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
  return `sha384-${btoa(String.fromCharCode(...hash))}`;
}

/**
 * A WebAssembly module, compiled while it arrives. `fetch` with `integrity` would hold all of it back until the hash has been checked, and only then
 * could it be compiled; here the hash is checked afterwards, before anything of the module can run.
 */
async function compiled(name, tell = () => {}) {
  for (const cache of ["default", "reload"]) {
    try {
      const answer = ok(await fetch(at(name), { cache }));
      remark(name, answer);
      const copy = bytesOf(answer.clone(), tell);
      const streamed = WebAssembly.compileStreaming(answer);
      streamed.catch(() => {}); // of another media type, for one: the bytes are compiled then
      const bytes = await copy;
      if (await integrityOf(bytes) === files.integrity[name]) return await streamed.catch(() => WebAssembly.compile(bytes));
    } catch {
      // The next one, or why there is none.
    }
  }
  throw await gone(name);
}

async function part(name, tell) {
  secured();
  const { script, wasm, size } = files.parts[name];
  const [module, program] = await Promise.all([imported(script), compiled(wasm, tell && ((bytes) => tell(bytes, size)))]);
  await module.default({ module_or_path: program });
  return module;
}

/**
 * The program's module, whose `begin(root, page)` begins it in an element with the class `vm-restore`. `page` is
 * `{config(): Promise<string>, simulation, signIn, event?(name, json), hosted?: boolean, address?: string}`.
 * @param {(bytes: number, of: number) => void} [tell] is told what has come
 */
export const program = once(async (tell) => {
  const { begin, readConfig } = await part("app", tell);
  const ours = Object.values(files.parts).flatMap(({ script, wasm }) => [script, wasm]);
  // On our own page this script is part of what runs; in a portal it also throws what the portal has asked for wrongly.
  if (!inPortal) ours.push(import.meta.url);
  return {
    /** What the text of `config.json` says, as the program reads it: `{connect, frame, parents, signsIn, error}`. */
    readConfig,
    begin(root, page) {
      const running = begin(root, page);
      let crashed = false;
      const forget = onCrash(ours, (error) => {
        crashed = true;
        try {
          running.stop();
        } catch {
          // It has stopped in the middle of something, and does nothing any more by itself.
        }
        root.before(crashNotice(error, files.release));
      });
      return {
        go: (address) => running.go(String(address)),
        end() {
          forget();
          try {
            running.end();
          } catch (error) {
            if (!crashed) throw error; // what has stopped need not end well, but the page around us must be rid of it
          }
        },
      };
    },
  };
});

/** A part that is wanted later: what to do where it does not come. */
async function later(loading) {
  try {
    return await loading;
  } catch (error) {
    throw error instanceof Told ? error : new Error(`${error.message}. Try again, or reload the page.`, { cause: error });
  }
}

/** The demo's simulator as a module; fetched with the first call. */
export const simulator = once(() => later(part("simulator")));

/** The demo's simulator, with its saved world. */
export const simulation = async (saved, now) => new (await simulator()).Simulation(saved, now);

/** One for each configuration: two that are mounted beside each other may be of two clouds. */
const opened = (settings) => {
  const key = JSON.stringify(settings);
  if (!signIns.has(key)) {
    signIns.set(key, once(async () => {
      const [module] = await later(Promise.all([part("signIn"), imported(files.msal)]));
      return module.SignIn.open(settings, location.href.split("#")[0], at("."));
    }));
  }
  return signIns.get(key)();
};
const signIns = new Map();

/** Sign-in with MSAL.js: calls a method of `SignIn` in `crates/sign-in`. */
export const signIn = async (settings, method, ...asked) => (await opened(settings))[method](...asked);

/** What may stand behind `Bearer` in a header, by RFC 6750. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Sign-in as the page around ours does it: `getToken` gives tokens, after asking the person for what `claims` want. Each call makes a sign-in of
 * its own, so that two that are mounted share nothing.
 * @param {(request: {scopes: string[], claims?: string, tenant?: string, account?: string, forceRefresh: boolean, refused: boolean}) => Promise<string>} getToken
 * @param {() => void} signOut is told that the person wants to leave
 */
export function signInBy(getToken, signOut) {
  /** The tenant and the account that the operator has switched to; until he does, the page around us decides. */
  let chosen = {};
  /** Whose tokens the program was told that these are. */
  let owner = {};
  /** How many sign-ins were begun or given up: only of the last one is anything wanted. */
  let latest = 0;

  const ask = async (request) => {
    const token = await getToken({ forceRefresh: false, refused: false, ...request });
    if (typeof token !== "string" || !token) throw new Error("The embedding page gave no token. Sign in there, then try again.");
    if (!TOKEN.test(token)) {
      throw new Error("That's not a valid access token: it contains invalid characters, such as spaces or line breaks. It wasn't sent anywhere.");
    }
    return token;
  };

  return async ({ scope }, method, _how, claims, tenant, account, refused) => {
    if (method === "cancel" || method === "signOut") latest += 1;
    if (method === "cancel") return "";
    if (method === "signOut") {
      chosen = owner = {};
      return signOut();
    }
    const scopes = [scope];
    if (method === "token") {
      const told = owner;
      const token = await ask({ scopes, ...chosen });
      // What one account has begun does not go on with the token of another, to whom the page around this one has turned meanwhile.
      const now = bearer(token);
      const differs = (name) => told[name] && now[name] && told[name].toLowerCase() !== now[name].toLowerCase();
      if (["homeAccountId", "username", "tenantId"].some(differs)) {
        throw new Error(`The embedding page now uses another account (${now.username || now.homeAccountId}). Nothing was sent with its token.`);
      }
      return token;
    }
    const wanted = account === undefined ? { ...chosen, ...(tenant && { tenant }) } : { account };
    const request = { scopes, ...wanted, ...(claims && { claims }), forceRefresh: Boolean(claims || refused), refused: Boolean(refused) };
    const mine = (latest += 1);
    const who = bearer(await ask(request));
    if (mine !== latest) throw Object.assign(new Error("Sign-in was canceled."), { name: "cancelled" });
    if (tenant && who.tenantId && who.tenantId.toLowerCase() !== tenant.toLowerCase()) {
      throw new Error(`The embedding page hasn't switched: a token for tenant ${tenant} was requested, but it gave one for ${who.tenantId}.`);
    }
    owner = who;
    // Whoever was to be chosen is known by the token alone.
    chosen = account === "" ? (who.homeAccountId ? { account: who.homeAccountId } : {}) : wanted;
    return JSON.stringify({ account: who, accounts: [] });
  };
}

/** Whose token it is, as far as it says so itself. */
function bearer(token) {
  let claims = {};
  try {
    const [, middle = ""] = token.split(".");
    const bytes = Uint8Array.from(atob(middle.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    claims = JSON.parse(new TextDecoder().decode(bytes)) ?? {};
  } catch {
    // A token that only Azure can read.
  }
  const text = (...all) => all.find((one) => typeof one === "string") ?? "";
  return { homeAccountId: text(claims.oid, claims.sub), username: text(claims.upn, claims.unique_name, claims.appid), tenantId: text(claims.tid) };
}

/** What comes of a promise within so many milliseconds. */
const within = (patience, wanted, late) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error(late)), patience);
  wanted.then(resolve, reject).finally(() => clearTimeout(timer));
});

const CONFIG_PATIENCE_MS = 30_000;

/** The request for config.json that www/start.js has made. Used once, because a failed request must be repeated. */
const early = [globalThis.vmRestoreConfig].filter(() => !inPortal);

/** `config.json` beside this file, as text; what a cache has of it counts only if the site says so. */
export const config = once(() => {
  const read = async () => {
    const answer = ok(await (early.pop() ?? fetch(at("config.json"), { cache: "no-cache" })));
    remark("config.json", answer);
    return answer.text();
  };
  return within(CONFIG_PATIENCE_MS, read(), "it didn't load within 30 seconds");
});

/** Whether the site's service worker is the one of this release. A browser gives no way to say so when it is registered. */
export const workerFits = () => fetch(at(WORKER), { integrity: files.integrity[WORKER], cache: "no-cache" }).then(({ ok }) => ok, () => false);
const WORKER = "sw.js";

/** Whether the site has another release by now. */
export const superseded = () => isSuperseded(held, "no-cache");
