import type { AppEvent, GetToken, Theme } from "./vm-restore.js";

/** Messages to the frame that came from elsewhere and were ignored: their origin, and how many there were in all. */
export type Ignored = { type: "ignored"; detail: { origin: string; count: number } };

export interface FrameOptions {
  /** Where VM Restore is served. Its `config.json` must name this page's origin under `embedding.parents`. */
  src: string;
  getToken: GetToken;
  theme?: Theme;
  /** The portal's colours and fonts: custom properties by Fluent 2's names, `--colorBrandBackground` … */
  properties?: Record<string, string>;
  /** What screen readers call the frame. */
  title?: string;
  onEvent?: (event: AppEvent | Ignored) => void;
}

export interface Frame {
  /** Properties stay as they are where they are left out. */
  setTheme(theme: Theme, properties?: Record<string, string>): void;
  go(address: string): void;
  remove(): void;
}

/** Shows VM Restore in a frame inside an element; the frame is as high as its content. */
export function embed(element: HTMLElement, options: FrameOptions): Frame;
