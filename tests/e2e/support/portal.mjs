// Pages that show VM Restore as a part of theirs.

/** A style sheet that means harm: what it says must not reach into VM Restore. */
const HOSTILE = `
  * { letter-spacing: 9px !important; text-transform: uppercase; }
  body, div, button, a, h1, table { font: italic 900 33px/3 cursive !important; color: hotpink !important; background: yellow !important; }
  button { display: none !important; }
  .vm-restore, .vmr-primary, .vmr-panel, main, header { display: none !important; opacity: 0 !important; }
  #one { display: block !important; opacity: 1 !important; }
`;

/**
 * A portal that mounts the module of `site`, gets its tokens from `globalThis.token` and writes down in `globalThis.events` and `globalThis.asked`
 * what it was told and asked.
 * @param {{cloud?: object, scopes?: string[]}} [options] of `mount`
 */
export const modulePortal = (site, options = {}) => `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Portal</title>
<style>${HOSTILE}</style>
<h1 id="own">Portal</h1><div id="one"></div><section id="two"></section>
<script type="module">
  import { mount } from "${site}vm-restore.js";
  globalThis.events = [];
  globalThis.asked = [];
  globalThis.mount = mount;
  globalThis.show = (id, more = {}) => mount(document.getElementById(id), {
    ...${JSON.stringify(options)},
    getToken: async (request) => (asked.push(request), globalThis.token),
    onEvent: (event) => events.push([id, event]),
    ...more,
  });
  globalThis.ready = true;
</script></html>`;

/**
 * A portal that shows `site` in a frame.
 * @param {{scopes?: string[]}} [options] of `embed`
 */
export const framePortal = (site, options = {}) => `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Portal</title>
<h1>Portal</h1><div id="one"></div>
<script type="module">
  import { embed } from "${site}host.js";
  globalThis.events = [];
  globalThis.asked = [];
  globalThis.embed = embed;
  globalThis.frame = embed(document.getElementById("one"), {
    ...${JSON.stringify(options)},
    src: "${site}index.html",
    theme: "dark",
    properties: { "--colorBrandForegroundLink": "rgb(1, 2, 3)", "--durationFast": "9s", "color": "red" },
    getToken: async (request) => {
      asked.push(request);
      if (globalThis.silent) return new Promise(() => {});
      if (!globalThis.token) throw new Error("The portal has nobody signed in.");
      return globalThis.token;
    },
    onEvent: (event) => events.push(event),
  });
</script></html>`;
