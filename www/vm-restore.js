// VM Restore as a part of another page: see docs/embedding.md and vm-restore.d.ts.

import { config, program, signIn, signInBy, simulation, style } from "./program.js";

const THEMES = ["light", "dark", "auto"];

/** The style sheet in `root`, once it counts. */
async function styled(root) {
  const link = document.createElement("link");
  const { href, integrity } = await style();
  Object.assign(link, { rel: "stylesheet", crossOrigin: "anonymous", integrity, href });
  const loaded = new Promise((load, fail) => {
    link.onload = load;
    link.onerror = () => fail(new Error(`${href} could not be loaded. The page's policy must allow styles from there.`));
  });
  root.append(link);
  await loaded;
}

/** Shows VM Restore inside `element`. */
export async function mount(element, { cloud, getToken, theme = "auto", address = "#/", onEvent } = {}) {
  const { begin } = await program();
  const shadow = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  if (shadow.childElementCount) throw new Error("VM Restore is already shown in this element. Unmount it first.");
  const tell = (type, detail) => onEvent?.({ type, detail });
  const root = document.createElement("div");
  root.className = "vm-restore";
  try {
    await styled(shadow);
  } catch (error) {
    shadow.replaceChildren();
    throw error;
  }
  shadow.append(root);
  const running = begin(root, {
    config,
    // The program reads both, and says what is wrong with either.
    cloud: cloud === undefined ? undefined : JSON.stringify(cloud),
    simulation,
    signIn: getToken ? signInBy(getToken, () => tell("signOut")) : signIn,
    hosted: Boolean(getToken),
    address,
    event: (type, json) => tell(type, JSON.parse(json)),
  });
  let mounted = true;
  const app = {
    setTheme(name) {
      if (!THEMES.includes(name)) throw new TypeError(`A theme is one of ${THEMES.join(", ")}.`);
      root.dataset.theme = name;
    },
    go(to) {
      if (mounted) running.go(to);
    },
    unmount() {
      if (!mounted) return;
      mounted = false;
      running.end();
      shadow.replaceChildren();
    },
  };
  app.setTheme(theme);
  return app;
}
