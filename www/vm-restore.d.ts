/** A cloud, as in `config.json`. */
export interface Cloud {
  name: string;
  /** Origin of Azure Resource Manager. */
  arm: string;
  /** Further origins that Azure's answers may lead to. */
  admitted?: string[];
  portal?: string;
  authority?: string;
  scope?: string;
}

/** How a restore that was started in this browser stands. */
export interface Restore {
  id: string;
  vm: string;
  /** As the page shows it: `Completed`, `Failed`, `Job in progress` … */
  state: string;
  running: boolean;
}

export type AppEvent =
  | { type: "restores"; detail: Restore[] }
  /** The operator has gone to another place; `detail` is its address, to be given back as `address` or to `go`. */
  | { type: "navigate"; detail: string }
  /** The operator wants to sign out. */
  | { type: "signOut"; detail?: undefined };

export type Theme = "light" | "dark" | "auto";

/**
 * Gives an access token for the scopes. It is asked for each call: answer from a cache. `claims` is a claims challenge of Azure, as JSON text: the
 * token must satisfy it, now and from then on, which may need the person. Rejecting shows the error's message.
 */
export type GetToken = (scopes: string[], claims?: string) => Promise<string>;

export interface Options {
  /** A name of `config.json`, or a cloud of its own; without it the one that `config.json` chooses. */
  cloud?: string | Cloud;
  /** Without it the person signs in, pastes a token or starts the demo. */
  getToken?: GetToken;
  /** `auto`, which is the default, follows the system. */
  theme?: Theme;
  /** Where to begin: `#/`, `#/restores`, … */
  address?: string;
  onEvent?: (event: AppEvent) => void;
}

export interface App {
  setTheme(theme: Theme): void;
  go(address: string): void;
  /** Ends the program and frees everything. Restores go on in Azure. */
  unmount(): void;
}

/** Shows VM Restore inside an element, in a shadow root. Colours are custom properties of the element: see docs/embedding.md. */
export function mount(element: HTMLElement, options?: Options): Promise<App>;
