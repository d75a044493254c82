// What docs/embedding.md shows, as a portal in TypeScript writes it; `cargo xtask check` compiles it.

import { ARM_SCOPES, embed } from "../../www/host.js";
import { mount, type AppEvent, type GetToken } from "../../www/vm-restore.js";
// By URL, as docs/embedding.md has it: the `paths` of tsconfig.json say where the types are.
import { embed as embedByUrl } from "https://restore.example/host.js";
import { mount as mountByUrl } from "https://restore.example/vm-restore.js";

const getToken: GetToken = async ({ scopes, claims, tenant, account, forceRefresh, refused }) =>
  `${scopes.join()}${claims ?? ""}${tenant ?? ""}${account ?? ""}${forceRefresh}${refused}`;
const onEvent = (event: AppEvent): string => {
  switch (event.type) {
    case "restores":
      return event.detail.map(({ vm, code, state, running }) => `${vm}: ${code} ${state}${running ? "…" : ""}`).join();
    case "restoreEnded": {
      const { machine, vault, jobId, outcome, error } = event.detail;
      return outcome === "completed" ? machine : `${vault} ${jobId ?? ""}: ${error?.code} ${error?.message}`;
    }
    case "plans":
      return event.detail.map(({ id, name, state, halted, restored, waiting }) => `${id} ${name}: ${state} ${halted ?? ""} ${restored + waiting}`).join();
    case "navigate":
      return event.detail;
    case "signOut":
      return "";
  }
};

// The element that is looked for may not be there, which `mount` says.
const options = { cloud: "AzureCloud", getToken, theme: "auto", address: "#/restores", signal: new AbortController().signal, onEvent } as const;
export const app = await mount(document.querySelector("#restore"), options);
app.setTheme("dark");
app.go("#/");
app.unmount();

const cloud = { name: "Stack", arm: "https://management.stack.example" };
await mountByUrl(document.querySelector("#restore"), { cloud, scopes: [...ARM_SCOPES, "https://management.stack.example/.default"] });
// @ts-expect-error a theme has one of three names
await mount(document.body, { theme: "blue" });
// @ts-expect-error a token is text
await mount(document.body, { getToken: async () => 5 });
// @ts-expect-error there is no such outcome
onEvent({ type: "restoreEnded", detail: { id: "", jobId: null, vault: "", machine: "", outcome: "Completed", error: null } });
// @ts-expect-error a plan that has not been started is not told
onEvent({ type: "plans", detail: [{ id: "", name: "", state: "draft", halted: null, restored: 0, running: 0, waiting: 0, notRestored: 0, skipped: 0 }] });

export const frame = embed(document.querySelector("#restore"), {
  src: "https://restore.example/",
  getToken,
  onEvent: (event) => {
    if (event.type === "ignored") return event.detail.count;
    return event.type === "problem" ? event.detail.message : onEvent(event);
  },
});
frame.setTheme("light", { "--colorBrandBackground": "#7719aa" });
frame.remove();
// @ts-expect-error a frame gets its tokens from the page around it
embedByUrl(document.querySelector("#restore"), { src: "https://restore.example/" });
