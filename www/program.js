// Fetches the program and its further parts, each once and none before it is wanted. `files.json`, which the build writes, says
// what they are called and what they must hash to.

const at = (file) => new URL(file, import.meta.url).href;

/** Read once; what could not be fetched is fetched anew the next time. */
function once(fetched) {
  let promise;
  return (...given) => (promise ??= fetched(...given).catch((error) => {
    promise = undefined;
    throw error;
  }));
}

const files = once(async () => (await ok(await fetch(at("files.json")))).json());

function ok(response) {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
  return response;
}

/** A file, refused by the browser if it is not the one that was built. */
async function fetched(name) {
  return ok(await fetch(at(name), { integrity: (await files()).integrity[name] }));
}

/** A module. Our own page has an import map that says what it must hash to; elsewhere its file is checked first. */
async function imported(name) {
  if (!document.querySelector("script[type=importmap]")?.textContent.includes(`"./${name}"`)) await fetched(name);
  return import(at(name));
}

/** Tells as a copy of an answer arrives how much has come. The answer itself keeps its address, by which an error names the program. */
function watch(copy, tell) {
  let received = 0;
  const counted = new WritableStream({ write: (chunk) => tell((received += chunk.byteLength)) });
  copy.body.pipeTo(counted).catch(() => {}); // whoever reads the answer hears of it
}

async function part(name, tell) {
  const { script, wasm, size } = (await files()).parts[name];
  const [module, response] = await Promise.all([imported(script), fetched(wasm)]);
  if (tell) watch(response.clone(), (bytes) => tell(bytes, size));
  await module.default({ module_or_path: response });
  return module;
}

/**
 * The program's module, whose `begin(root, page)` begins it in an element with the class `vm-restore`. `page` is
 * `{config(): Promise<string>, simulation, signIn, event?(name, json), hosted?: boolean, address?: string}`.
 * @param {(bytes: number, of: number) => void} [tell] is told what has come
 */
export const program = once(async (tell) => {
  const [{ begin, readConfig }, { parts }] = [await part("app", tell), await files()];
  const ours = Object.values(parts).flatMap(({ script, wasm }) => [script, wasm]);
  return {
    /** What the text of `config.json` says, as the program reads it: `{connect, frame, parents, error}`. */
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
        root.before(alert(error));
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

/** Calls `crashed` once, when a part of the program stops in the middle of something, until the answer is called. */
function onCrash(ours, crashed) {
  const hear = ({ error, reason = error }) => {
    if (!isCrash(reason, ours)) return;
    forget();
    crashed(reason);
  };
  const forget = () => ["error", "unhandledrejection"].forEach((type) => removeEventListener(type, hear));
  ["error", "unhandledrejection"].forEach((type) => addEventListener(type, hear));
  return forget;
}

/**
 * Whether a part of the program has stopped: WebAssembly of ours, or what joins it to the browser, which throws what the browser throws. The
 * page around us may fail in its own ways: what stopped is the innermost place of the stack that names a file, and the names of ours are made
 * of their content, so that nobody else's file is called so.
 */
function isCrash(error, ours) {
  const place = String(error?.stack ?? "").split("\n").find((line) => line.includes("://"));
  return Boolean(place) && ours.some((name) => place.includes(name));
}

/** Nothing is retried: the state can no longer be trusted, while what was saved can. The stack tells a developer of this build where it was. */
function alert(error) {
  const place = document.createElement("div");
  place.setAttribute("role", "alert");
  place.className = "vm-restore-crash";
  const name = `${error.name}: ${error.message}`;
  const stack = String(error.stack);
  const details = stack.startsWith(name) ? stack : `${name}\n${stack}`;
  place.textContent = `VM Restore has stopped because of an error in the program. Restores that were started go on in Azure and are remembered in this browser: reload the page to follow them. Details: ${details}`;
  return place;
}

/** The style sheet's address and what it hashes to. */
export async function style() {
  const { style, integrity } = await files();
  return { href: at(style), integrity: integrity[style] };
}

const simulator = once(() => part("simulator"));

/** The demo's simulator. */
export const simulation = async (saved, now) => new (await simulator()).Simulation(saved, now);

const opened = once(async (settings) => {
  const [module] = await Promise.all([part("signIn"), imported((await files()).msal)]);
  return module.SignIn.open(settings, location.href.split("#")[0], at("."));
});

/** Sign-in with MSAL.js: calls a method of `SignIn` in `crates/sign-in`. */
export const signIn = async (settings, method, ...asked) => (await opened(settings))[method](...asked);

/**
 * Sign-in as the page around ours does it: `getToken` gives tokens, after asking the person for what `claims` want.
 * @param {(scopes: string[], claims?: string) => Promise<string>} getToken
 * @param {() => void} signOut is told that the person wants to leave
 */
export function signInBy(getToken, signOut) {
  return async ({ scope }, method, _how, claims) => {
    if (method === "cancel") return "";
    if (method === "signOut") return signOut();
    const token = await (claims ? getToken([scope], claims) : getToken([scope]));
    if (typeof token !== "string" || !token) throw new Error("The page around this one gave no token. Sign in there, then try again.");
    return method === "token" ? token : JSON.stringify({ account: bearer(token), accounts: [] });
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

/** `config.json` beside this file, as text. */
export const config = once(() => {
  const read = async () => ok(await fetch(at("config.json"))).text();
  return within(CONFIG_PATIENCE_MS, read(), "it did not come within 30 seconds");
});
