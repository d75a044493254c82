// VM Restore as a part of another page: see docs/embedding.md and vm-restore.d.ts.

import { config, program, signIn, signInBy, simulation, styleText } from "./program.js";
import { ARM_SCOPES, RULES, admitting, check } from "./host.js";

/** Loading ends after this, whatever the network does. */
const LONGEST_LOAD_MS = 180_000;

const isText = (value) => typeof value === "string";

const OPTIONS = {
  ...RULES,
  cloud: [(value) => isText(value) || (isText(value?.name) && isText(value.arm)), "a name of config.json, or an object with `name` and `arm`"],
  signal: [(value) => typeof value?.throwIfAborted === "function", "an AbortSignal"],
};

/** The sign-in comes back to `redirect.html` beside this file, which speaks to pages of its own origin alone. */
async function refuseForeignSignIn() {
  const { origin } = new URL(import.meta.url);
  if (origin === location.origin) return;
  const { readConfig } = await program();
  const { signsIn } = readConfig(await config().catch(() => ""));
  if (signsIn) {
    throw new Error(`VM Restore of ${origin} cannot sign anybody in inside a page of ${location.origin}: its sign-in answers to its own origin alone. Give \`getToken\`, or show it in a frame.`);
  }
}

/** The style sheet, one for all that are mounted. It is fetched and not linked: a link in an element that was removed meanwhile is never heard of again. */
let sheet;
const styled = () =>
  (sheet ??= fetchedSheet().catch((error) => {
    sheet = undefined;
    throw error;
  }));

const fetchedSheet = async () => new CSSStyleSheet().replace(await styleText());

/** How large the browser's user wants text to be, whatever the page around us has made of `rem`. In an element that is in no document nothing has a size: then that of the style sheet stays. */
function textSize(shadow) {
  const probe = document.createElement("span");
  probe.style.font = "medium sans-serif";
  shadow.append(probe);
  const size = getComputedStyle(probe).fontSize;
  probe.remove();
  const measured = new CSSStyleSheet();
  if (size) measured.replaceSync(`:host { --vmr-rem: ${size} }`);
  return measured;
}

/** Resolves like `wanted`, or rejects when `signal` aborts or the time for loading is over. */
async function unless(signal, wanted) {
  const stop = new AbortController();
  const ended = new Promise((_, reject) => {
    const late = () => reject(new Error(`VM Restore couldn't be loaded within ${LONGEST_LOAD_MS / 1000} seconds.`));
    const timer = setTimeout(late, LONGEST_LOAD_MS);
    stop.signal.addEventListener("abort", () => clearTimeout(timer));
    signal?.addEventListener("abort", () => reject(signal.reason), { signal: stop.signal });
  });
  try {
    return await Promise.race([wanted, ended]);
  } finally {
    stop.abort();
  }
}

function shadowOf(element) {
  try {
    return element.shadowRoot ?? element.attachShadow({ mode: "open" });
  } catch (error) {
    throw new Error(`VM Restore cannot be shown in this <${element.localName}>, which can have no open shadow root: ${error.message}`);
  }
}

/** The mounts that are still loading, by their element. */
const loading = new WeakMap();

/** Shows VM Restore inside `element`. */
export async function mount(element, options = {}) {
  check("mount", element, options, OPTIONS);
  options.signal?.throwIfAborted();
  const before = loading.get(element);
  // Up to here nothing was awaited: the element is claimed, or waited for, when the caller goes on.
  const mine = before ? waitFor(before, options.signal).then(() => show(element, options)) : show(element, options);
  loading.set(element, mine);
  try {
    return await mine;
  } finally {
    if (loading.get(element) === mine) loading.delete(element);
  }
}

/**
 * Waits until another mount has settled and whoever asked for it could unmount it again. An effect of React that does so is run twice by its
 * StrictMode: mount, unmount when it is there, mount.
 */
async function waitFor(before, signal) {
  await unless(signal, before.catch(() => {}));
  await new Promise((turn) => setTimeout(turn));
  signal?.throwIfAborted();
}

async function show(element, { cloud, getToken, scopes = ARM_SCOPES, theme = "auto", address = "#/", onEvent, signal }) {
  const shadow = shadowOf(element);
  if (shadow.childElementCount) throw new Error("VM Restore is already shown in this element. Unmount it first.");
  const root = document.createElement("div");
  Object.assign(root, { className: "vm-restore", lang: "en" });
  root.dataset.theme = theme;
  shadow.append(root);

  let mounted = true;
  let running;
  let sheets = [];
  // Not within the program's own work: what the portal does when it is told, such as unmounting, must not meet that half-way.
  const tell = (type, detail) =>
    queueMicrotask(() => {
      if (mounted) onEvent?.({ type, detail });
    });
  const own = typeof cloud === "object" ? [cloud.scope ?? `${cloud.arm}/user_impersonation`] : [];
  const hosted = getToken && signInBy(admitting(getToken, [...scopes, ...own]), () => tell("signOut"));
  const unmount = () => {
    if (!mounted) return;
    mounted = false;
    signal?.removeEventListener("abort", unmount);
    try {
      running?.end();
    } finally {
      shadow.replaceChildren();
      shadow.adoptedStyleSheets = shadow.adoptedStyleSheets.filter((one) => !sheets.includes(one));
    }
  };
  signal?.addEventListener("abort", unmount);
  try {
    const loaded = Promise.all([program(), styled(), hosted ? undefined : refuseForeignSignIn()]);
    const [{ begin }, sheet] = await unless(signal, loaded);
    signal?.throwIfAborted();
    sheets = [sheet, textSize(shadow)];
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, ...sheets];
    running = begin(root, {
      config,
      // The program reads both, and says what is wrong with either.
      cloud: cloud === undefined ? undefined : JSON.stringify(cloud),
      simulation,
      signIn: hosted ?? signIn,
      hosted: Boolean(hosted),
      address,
      event: (type, json) => tell(type, JSON.parse(json)),
    });
  } catch (error) {
    unmount();
    throw error;
  }
  return {
    setTheme(name) {
      check("setTheme", element, { theme: name }, { theme: [...RULES.theme, true] });
      root.dataset.theme = name;
    },
    go(to) {
      if (mounted) running.go(String(to));
    },
    unmount,
  };
}
