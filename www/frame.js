// The page inside a frame of another page, which must be one that `config.json` names. See docs/embedding.md for the messages.

import { program, signInBy } from "./program.js";

const VERSION = 2;
/** How long to wait for the surrounding page's greeting. A page that sends none does not know the protocol, or another version of it. */
const GREETING_PATIENCE_MS = 10_000;
/** The shortest interval of reports about ignored messages. */
const IGNORED_EVERY_MS = 1_000;
const THEMES = ["light", "dark", "auto"];

const isObject = (value) => typeof value === "object" && value !== null;

/** Messages that were not for us, or not from a page that may hold this one. */
let ignored = 0;
let told = 0;
let last;
let resting = false;

function ignore({ origin }, port) {
  ignored += 1;
  last = origin;
  if (port && !resting) tellIgnored(port);
}

/** Reports the number of ignored messages, at most once per interval, so that a flood of messages is not passed on. */
function tellIgnored(port) {
  resting = told !== ignored;
  if (!resting) return;
  told = ignored;
  port.postMessage({ type: "ignored", origin: last, count: ignored });
  setTimeout(() => tellIgnored(port), IGNORED_EVERY_MS);
}

/** The origins that may hold this page, as the program reads config.json; none where that is not right. */
async function allowed(config) {
  const { readConfig } = await program();
  return readConfig(await config().catch(() => "")).parents;
}

/**
 * Waits for the page around this one to introduce itself.
 * @param {() => Promise<string>} config
 */
export async function hosted(config) {
  const parents = await allowed(config);
  const place = document.getElementById("loading");
  if (!parents.length) {
    throw new Error("this site doesn't allow embedding; `embedding.parents` in config.json lists the pages that may embed it");
  }
  // Where the browser tells who is around us; where not, there will be no right greeting.
  const [around] = location.ancestorOrigins ?? [];
  if (around && !parents.includes(around)) {
    throw new Error(`${around} may not embed this site; \`embedding.parents\` in config.json lists the pages that may`);
  }
  const isTold = () => place.getAttribute("role") === "alert";
  const tell = (text) => {
    place.setAttribute("role", "alert");
    place.textContent = text;
  };
  const greeted = greeting(parents, tell);
  await program();
  if (!isTold()) place.textContent = "Waiting for the embedding page…";
  const silent = setTimeout(() => {
    if (isTold()) return;
    tell(
      `The embedding page hasn't introduced itself within ${GREETING_PATIENCE_MS / 1000} seconds, so VM Restore can't start. ` +
        `It must embed this site with this site's host.js (message version ${VERSION}), and its \`sandbox\` attribute must not hide this frame's origin.`,
    );
  }, GREETING_PATIENCE_MS);
  const { port, theme, properties } = await greeted;
  clearTimeout(silent);

  const asked = new Map();
  let number = 0;
  const getToken = (request) =>
    new Promise((resolve, reject) => {
      asked.set((number += 1), { resolve, reject });
      port.postMessage({ ...request, type: "token", id: number });
    });
  const event = (type, detail) => port.postMessage({ type: "event", event: { type, detail } });
  const page = {
    hosted: true,
    signIn: signInBy(getToken, () => event("signOut")),
    event: (type, json) => event(type, JSON.parse(json)),
  };

  function began(root, running) {
    const heard = {
      token({ id, token, error }) {
        const waiting = asked.get(id);
        asked.delete(id);
        if (typeof token === "string") waiting?.resolve(token);
        else waiting?.reject(new Error(typeof error === "string" ? error : "The embedding page gave no token."));
      },
      theme({ theme, properties }) {
        if (THEMES.includes(theme)) root.dataset.theme = theme;
        for (const [name, value] of Object.entries(isObject(properties) ? properties : {})) {
          if (/^--(color|font)\w+$/.test(name) && typeof value === "string") root.style.setProperty(name, value);
        }
      },
      go({ address }) {
        if (typeof address === "string" && address.startsWith("#/")) running.go(address);
      },
    };
    port.onmessage = (event) => {
      const message = event.data;
      if (isObject(message) && Object.hasOwn(heard, message.type)) heard[message.type](message);
      else ignore(event, port);
    };
    heard.theme({ theme, properties });
    root.dataset.framed = "";
    new ResizeObserver(() => port.postMessage({ type: "height", height: root.scrollHeight })).observe(root);
  }
  return { page, began };
}

/**
 * The first right greeting. Everything else is ignored and counted, before and after it; that a page which may hold this one speaks another
 * version is said by `tell`.
 */
function greeting(parents, tell) {
  return new Promise((greeted) => {
    let port;
    addEventListener("message", (event) => {
      const { data, origin, source, ports } = event;
      const hello = source === parent && parents.includes(origin) && isObject(data) && "vmRestore" in data && data.type === "hello";
      if (hello && !port && data.vmRestore !== VERSION) {
        tell(`The embedding page uses message version ${Number(data.vmRestore)}, but this site uses version ${VERSION}. It must use this site's host.js.`);
      }
      const right = hello && data.vmRestore === VERSION;
      if (!right || ports.length !== 1 || port) return ignore(event, port);
      [port] = ports;
      port.postMessage({ type: "ready", version: VERSION });
      greeted({ port, theme: data.theme, properties: data.properties });
    });
    // Says no more than that this is VM Restore: whoever is around it may hear that.
    parent.postMessage({ vmRestore: VERSION, type: "ready" }, "*");
  });
}
