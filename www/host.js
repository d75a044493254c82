// For a page that shows VM Restore in a frame: see docs/embedding.md and host.d.ts.

const VERSION = 1;

/** Shows the VM Restore at `src` in a frame inside `element`. */
export function embed(element, { src, getToken, theme = "auto", properties = {}, title = "VM Restore", onEvent } = {}) {
  const url = new URL(src, document.baseURI);
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: url.href, title, allow: "clipboard-write" });
  frame.style.cssText = "inline-size: 100%; border: 0; block-size: 40rem";
  let port;
  let wanted = { theme, properties };

  const heard = {
    ready() {},
    async token({ id, scopes, claims }) {
      try {
        port?.postMessage({ type: "token", id, token: await getToken(scopes, claims) });
      } catch (error) {
        port?.postMessage({ type: "token", id, error: String(error?.message ?? error) });
      }
    },
    event({ event }) {
      onEvent?.(event);
    },
    height({ height }) {
      if (Number.isFinite(height)) frame.style.blockSize = `${Math.ceil(height)}px`;
    },
    ignored({ origin, count }) {
      onEvent?.({ type: "ignored", detail: { origin, count } });
    },
  };

  const greet = ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== url.origin || data?.vmRestore !== VERSION || data.type !== "ready") return;
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
      wanted = { theme: name, properties: more };
      port?.postMessage({ type: "theme", ...wanted });
    },
    go(address) {
      port?.postMessage({ type: "go", address });
    },
    remove() {
      removeEventListener("message", greet);
      port?.close();
      frame.remove();
    },
  };
}
