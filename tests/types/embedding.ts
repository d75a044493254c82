// What docs/embedding.md shows, as a portal in TypeScript writes it; `cargo xtask check` compiles it.

import { embed } from "../../www/host.js";
import { mount, type AppEvent, type GetToken } from "../../www/vm-restore.js";

declare const element: HTMLElement;

const getToken: GetToken = async (scopes, claims) => `${scopes.join()}${claims ?? ""}`;
const onEvent = (event: AppEvent): string => {
  switch (event.type) {
    case "restores":
      return event.detail.map(({ vm, state, running }) => `${vm}: ${state}${running ? "…" : ""}`).join();
    case "navigate":
      return event.detail;
    case "signOut":
      return "";
  }
};

export const app = await mount(element, { cloud: "AzureCloud", getToken, theme: "auto", address: "#/restores", onEvent });
app.setTheme("dark");
app.go("#/");
app.unmount();

const cloud = { name: "Stack", arm: "https://management.stack.example" };
await mount(element, { cloud });
// @ts-expect-error a theme has one of three names
await mount(element, { theme: "blue" });
// @ts-expect-error a token is text
await mount(element, { getToken: async () => 5 });

export const frame = embed(element, {
  src: "https://restore.example/",
  getToken,
  onEvent: (event) => (event.type === "ignored" ? event.detail.count : onEvent(event)),
});
frame.setTheme("light", { "--colorBrandBackground": "#7719aa" });
frame.remove();
// @ts-expect-error a frame gets its tokens from the page around it
embed(element, { src: "https://restore.example/" });
