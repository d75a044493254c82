// For a page that shows VM Restore in a frame: see docs/embedding.md and host.d.ts. It imports nothing, so that a portal can serve a copy of its own.

/** Of the messages. A frame that speaks another one is told to the portal. */
const VERSION = 2;
const THEMES = ["light", "dark", "auto"];

/** Azure Resource Manager of the public cloud, of US Government and of China; each has two names. */
const ARM = ["azure.com", "core.windows.net", "usgovcloudapi.net", "core.usgovcloudapi.net", "chinacloudapi.cn", "core.chinacloudapi.cn"];

/** The scopes that are admitted where the portal names none. Azure writes the first slash twice where the resource's own name ends with one. */
export const ARM_SCOPES = Object.freeze(
  ARM.flatMap((host) => ["/", "//"].flatMap((slash) => [".default", "user_impersonation"].map((name) => `https://management.${host}${slash}${name}`))),
);

/** What may stand behind `Bearer` in a header, by RFC 6750. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * `getToken` of the portal, which is asked only for scopes that are admitted and whose answer is a token, or an error with a sentence.
 * @param {(request: object) => Promise<string>} getToken
 * @param {readonly string[]} scopes
 */
export function admitting(getToken, scopes = ARM_SCOPES) {
  return async (request) => {
    const stranger = request.scopes.find((scope) => !scopes.includes(scope));
    if (stranger !== undefined || !request.scopes.length) {
      throw new Error(
        `The embedding page was asked for a token with the scope “${stranger ?? ""}”, which it does not admit, so it gave none. ` +
          "It admits those of Azure Resource Manager, or those of its option `scopes`; `clouds[].scope` of config.json says which one is asked for.",
      );
    }
    let token;
    try {
      token = await getToken(request);
    } catch (error) {
      throw new Error(words(error), { cause: error });
    }
    return tokenOf(token);
  };
}

/** `given`, if it is a token. */
export function tokenOf(given) {
  if (typeof given !== "string" || !given) throw new Error("The embedding page gave no token. Sign in there, then try again.");
  if (!TOKEN.test(given)) {
    throw new Error("That's not a valid access token: it contains invalid characters, such as spaces or line breaks. It wasn't sent anywhere.");
  }
  return given;
}

/** What a portal says of why there is no token; it may reject with anything. */
function words(error) {
  const said = typeof error === "string" ? error : error?.message;
  return typeof said === "string" && said ? said : "The embedding page gave no token, and does not say why. Sign in there, then try again.";
}

/** Throws a `TypeError` that says what is wrong with what a portal has given to `mount` or `embed`. */
export function check(what, element, options, rules) {
  const wrong = (text) => {
    throw new TypeError(`${what}: ${text}`);
  };
  if (element?.nodeType !== 1) wrong(`expected the element to show VM Restore in, and was given ${element === null ? "null: is there such an element?" : typeof element}`);
  if (typeof options !== "object" || options === null) wrong("expected an object of options");
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(rules, name)) wrong(`there is no option \`${name}\`; expected ${Object.keys(rules).join(", ")}`);
  }
  for (const [name, [fits, expected, needed]] of Object.entries(rules)) {
    const value = options[name];
    if (value === undefined ? needed : !fits(value)) wrong(`\`${name}\` must be ${expected}`);
  }
}

const isFunction = (value) => typeof value === "function";
const isText = (value) => typeof value === "string";

/** What options of `mount` and `embed` have in common. */
export const RULES = {
  getToken: [isFunction, "a function that promises a token"],
  scopes: [(value) => Array.isArray(value) && value.every(isText), "a list of scopes"],
  theme: [(value) => THEMES.includes(value), `one of ${THEMES.join(", ")}`],
  address: [(value) => isText(value) && value.startsWith("#/"), "an address that begins with `#/`"],
  onEvent: [isFunction, "a function"],
};

const PROPERTIES = [
  (value) => typeof value === "object" && value !== null && Object.values(value).every(isText),
  "an object of custom properties, whose values are texts",
];

const FRAME = {
  ...RULES,
  src: [(value) => (isText(value) || value instanceof URL) && URL.canParse(value, document.baseURI), "the URL of VM Restore", true],
  getToken: [...RULES.getToken, true],
  properties: PROPERTIES,
  title: [isText, "a text"],
};

/** Shows the VM Restore at `src` in a frame inside `element`. */
export function embed(element, options = {}) {
  check("embed", element, options, FRAME);
  const { src, getToken, scopes, theme = "auto", properties = {}, title = "VM Restore", address, onEvent } = options;
  const admitted = admitting(getToken, scopes);
  const url = new URL(src, document.baseURI);
  if (address) url.hash = address;
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: url.href, title, allow: "clipboard-write" });
  frame.style.cssText = "inline-size: 100%; border: 0; block-size: 40rem";
  let port;
  let wanted = { theme, properties: { ...properties } };
  let removed = false;

  const tell = (event) => {
    if (!removed) onEvent?.(event);
  };
  const heard = {
    ready() {},
    async token({ id, scopes, claims, tenant, account, forceRefresh, refused }) {
      const from = port;
      try {
        const request = { scopes: Array.isArray(scopes) ? scopes.map(String) : [], claims, tenant, account, forceRefresh: Boolean(forceRefresh), refused: Boolean(refused) };
        from.postMessage({ type: "token", id, token: await admitted(request) });
      } catch (error) {
        from.postMessage({ type: "token", id, error: error.message });
      }
    },
    event({ event }) {
      tell(event);
    },
    height({ height }) {
      if (Number.isFinite(height)) frame.style.blockSize = `${Math.ceil(height)}px`;
    },
    ignored({ origin, count }) {
      tell({ type: "ignored", detail: { origin, count } });
    },
  };

  const greet = ({ source, origin, data }) => {
    if (!source || source !== frame.contentWindow || origin !== url.origin || data?.type !== "ready" || !("vmRestore" in data)) return;
    if (data.vmRestore !== VERSION) {
      const message = `The VM Restore at ${url.origin} speaks version ${Number(data.vmRestore)} of the messages, and this host.js version ${VERSION}. Use the host.js of that site.`;
      return tell({ type: "problem", detail: { code: "version", message } });
    }
    // A frame that was loaded anew begins anew.
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data: message }) => {
      if (Object.hasOwn(heard, message?.type)) heard[message.type](message);
    };
    frame.contentWindow.postMessage({ vmRestore: VERSION, type: "hello", ...wanted }, url.origin, [channel.port2]);
  };
  addEventListener("message", greet);
  element.append(frame);

  return {
    setTheme(name, more = wanted.properties) {
      check("setTheme", element, { theme: name, properties: more }, { theme: [...RULES.theme, true], properties: PROPERTIES });
      wanted = { theme: name, properties: { ...more } };
      port?.postMessage({ type: "theme", ...wanted });
    },
    go(to) {
      port?.postMessage({ type: "go", address: String(to) });
    },
    remove() {
      removed = true;
      removeEventListener("message", greet);
      port?.close();
      frame.remove();
    },
  };
}
