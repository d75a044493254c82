// The bundle of the SDK, made as a page's would be, and how it is asked for what lies at an id.

import { build } from "esbuild";

/** The script that makes `globalThis.sdk`. */
export async function sdkScript() {
  const entry = new URL("sdk.mjs", import.meta.url).pathname;
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, minify: true, format: "iife", target: "es2022", platform: "browser", write: false });
  return outputFiles[0].text;
}

/** What the SDK wants to be told apart, of the id of an item or a recovery point. */
export function partsOf(id) {
  const after = (name) => new RegExp(`/${name}/([^/]+)`, "i").exec(id)?.[1];
  return {
    subscription: after("subscriptions"),
    group: after("resourceGroups"),
    vault: after("vaults"),
    fabric: after("backupFabrics"),
    container: after("protectionContainers"),
    item: after("protectedItems"),
    point: after("recoveryPoints"),
  };
}
