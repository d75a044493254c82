import type { AppEvent, GetToken, Theme } from "./vm-restore.js";

/** Messages to the frame that came from elsewhere and were ignored: their origin, and how many there were in all. Told at most once a second. */
export type Ignored = { type: "ignored"; detail: { origin: string; count: number } };

/** The frame cannot be spoken with: it is of a release with another version of the messages. */
export type Problem = { type: "problem"; detail: { code: "version"; message: string } };

export interface FrameOptions {
  /** Where VM Restore is served. Its `config.json` must name this page's origin under `embedding.parents`. */
  src: string | URL;
  getToken: GetToken;
  /** Scopes that tokens may be asked for, instead of Azure Resource Manager's. */
  scopes?: readonly string[];
  theme?: Theme;
  /** The portal's colours and fonts: custom properties by Fluent 2's names, `--colorBrandBackground` … */
  properties?: Record<string, string>;
  /** What screen readers call the frame. */
  title?: string;
  /** Where to begin: `#/`, `#/restores`, … */
  address?: string;
  onEvent?: (event: AppEvent | Ignored | Problem) => void;
}

export interface Frame {
  /** Properties stay as they are where they are left out. */
  setTheme(theme: Theme, properties?: Record<string, string>): void;
  go(address: string): void;
  remove(): void;
}

/** The scopes that are admitted where `scopes` is left out: Azure Resource Manager's of the public cloud, of US Government and of China. */
export const ARM_SCOPES: readonly string[];

/** Shows VM Restore in a frame inside an element; the frame is as high as its content. Throws where there is no such element or an option is wrong. */
export function embed(element: Element | null, options: FrameOptions): Frame;
