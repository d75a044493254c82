// The page's configuration, pointed at another Azure Resource Manager.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dist } from "./files.mjs";

/** `www/config.json` as built, with its cloud's endpoint replaced by `arm`, an origin on loopback. */
export async function configFor(arm) {
  const config = JSON.parse(await readFile(join(dist, "config.json"), "utf8"));
  return { ...config, cloud: { ...config.cloud, name: "Test", arm, admitted: [arm] } };
}
