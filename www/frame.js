// The page inside a frame of another page, which must be one that `config.json` names. See docs/embedding.md for the messages.

import { program, signInBy } from "./program.js";

const VERSION = 1;
const THEMES = ["light", "dark", "auto"];

const isObject = (value) => typeof value === "object" && value !== null;

/** Messages that were not for us, or not from a page that may hold this one. */
let ignored = 0;

function ignore(event, port) {
  ignored += 1;
  port?.postMessage({ type: "ignored", origin: event.origin, count: ignored });
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
    throw new Error("this site does not allow other pages to show it; `embedding.parents` in config.json names those that may");
  }
  // Where the browser tells who is around us; where not, there will be no right greeting.
  const [around] = location.ancestorOrigins ?? [];
  if (around && !parents.includes(around)) {
    throw new Error(`${around} may not show this site; \`embedding.parents\` in config.json names the pages that may`);
  }
  const greeted = greeting(parents);
  await program();
  place.textContent = "Waiting for the page around this one…";
  const { port, theme, properties } = await greeted;

  const asked = new Map();
  let last = 0;
  const getToken = (scopes, claims) =>
    new Promise((resolve, reject) => {
      asked.set((last += 1), { resolve, reject });
      port.postMessage({ type: "token", id: last, scopes, claims });
    });
  const tell = (type, detail) => port.postMessage({ type: "event", event: { type, detail } });
  const page = {
    hosted: true,
    signIn: signInBy(getToken, () => tell("signOut")),
    event: (type, json) => tell(type, JSON.parse(json)),
  };

  function began(root, running) {
    const heard = {
      token({ id, token, error }) {
        const waiting = asked.get(id);
        asked.delete(id);
        if (typeof token === "string") waiting?.resolve(token);
        else waiting?.reject(new Error(typeof error === "string" ? error : "The page around this one gave no token."));
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

/** The first right greeting. Everything else is ignored and counted, before and after it. */
function greeting(parents) {
  return new Promise((greeted) => {
    let port;
    addEventListener("message", (event) => {
      const { data, origin, source, ports } = event;
      const right = source === parent && parents.includes(origin) && isObject(data) && data.vmRestore === VERSION && data.type === "hello";
      if (!right || ports.length !== 1 || port) return ignore(event, port);
      [port] = ports;
      port.postMessage({ type: "ready", version: VERSION });
      greeted({ port, theme: data.theme, properties: data.properties });
    });
    // Says no more than that this is VM Restore: whoever is around it may hear that.
    parent.postMessage({ vmRestore: VERSION, type: "ready" }, "*");
  });
}
