// Pages that show VM Restore as a part of theirs.

/** A style sheet that means harm: what it says must not reach into VM Restore. */
const HOSTILE = `
  * { letter-spacing: 9px !important; text-transform: uppercase; }
  body, div, button, a, h1, table { font: italic 900 33px/3 cursive !important; color: hotpink !important; background: yellow !important; }
  button { display: none !important; }
  .vm-restore, .vmr-primary, .vmr-panel, main, header { display: none !important; opacity: 0 !important; }
  #one { display: block !important; opacity: 1 !important; }
`;

/** A portal that mounts the module of `site`, gets its tokens from `globalThis.token` and writes events down in `globalThis.events`. */
export const modulePortal = (site, options = {}) => `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Portal</title>
<style>${HOSTILE}</style>
<h1 id="own">Portal</h1><div id="one"></div><section id="two"></section>
<script type="module">
  import { mount } from "${site}vm-restore.js";
  globalThis.events = [];
  globalThis.asked = [];
  globalThis.show = (id, more = {}) => mount(document.getElementById(id), {
    cloud: ${JSON.stringify(options.cloud)},
    getToken: async (scopes, claims) => (asked.push([scopes, claims]), globalThis.token),
    onEvent: (event) => events.push([id, event]),
    ...more,
  });
  globalThis.ready = true;
</script></html>`;

/** A portal that shows `site` in a frame. */
export const framePortal = (site) => `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Portal</title>
<h1>Portal</h1><div id="one"></div>
<script type="module">
  import { embed } from "${site}host.js";
  globalThis.events = [];
  globalThis.asked = [];
  globalThis.frame = embed(document.getElementById("one"), {
    src: "${site}index.html",
    theme: "dark",
    properties: { "--colorBrandForegroundLink": "rgb(1, 2, 3)", "--durationFast": "9s", "color": "red" },
    getToken: async (scopes, claims) => {
      asked.push([scopes, claims]);
      if (!globalThis.token) throw new Error("The portal has nobody signed in.");
      return globalThis.token;
    },
    onEvent: (event) => events.push(event),
  });
</script></html>`;
